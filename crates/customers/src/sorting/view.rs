//! How sorting is shown: states, shares, scopes, migrations, strategies.

use platform::locale::Lang;
use platform::page::{Chart, Html, Icon, Series, Shape, Side, Table, Tone, Ui};
use platform::policies::InForce;

use super::measured::reduced;
use super::model::{Content, Item, ItemState, Migration, ProblemState, Project, ProjectState, ReportState, Share};
use super::rules::{self, Axis, said};
use crate::datum::view::points;
use crate::standing::why::{axis_title, outcome_title};

/// Where a project stands.
pub(super) fn state(ui: &Ui, state: ProjectState) -> (Html, String) {
    let (tone, icon) = match state {
        ProjectState::Submitted => (Tone::Watch, Icon::Clock),
        ProjectState::Approved => (Tone::Info, Icon::CircleCheck),
        ProjectState::Running => (Tone::Accent, Icon::Checklist),
        ProjectState::Reporting => (Tone::Watch, Icon::FileText),
        ProjectState::Closed => (Tone::Ok, Icon::Archive),
        ProjectState::Stopped => (Tone::Neutral, Icon::Ban),
        ProjectState::Refused => (Tone::Sub, Icon::Ban),
    };
    let word = ui.t(format!("sorting-state-{}", state.as_str()));
    (ui.badge(tone, icon, &word), word)
}

/// Where a customer of a project stands.
pub(super) fn item_state(ui: &Ui, state: ItemState) -> (Html, String) {
    let (tone, icon) = match state {
        ItemState::Open => (Tone::Accent, Icon::Clock),
        ItemState::Returned => (Tone::Sub, Icon::ArrowBackUp),
        ItemState::Verified => (Tone::Info, Icon::Check),
        ItemState::Accepted => (Tone::Ok, Icon::CircleCheck),
    };
    let word = ui.t(format!("sorting-item-state-{}", state.as_str()));
    (ui.badge(tone, icon, &word), word)
}

/// Where a problem stands.
pub(super) fn problem_state(ui: &Ui, state: ProblemState) -> (Html, String) {
    let (tone, icon) = match state {
        ProblemState::Open => (Tone::Sub, Icon::AlertTriangle),
        ProblemState::Rectified => (Tone::Watch, Icon::Clock),
        ProblemState::Confirmed => (Tone::Ok, Icon::CircleCheck),
    };
    let word = ui.t(format!("sorting-problem-state-{}", state.as_str()));
    (ui.badge(tone, icon, &word), word)
}

/// Where a report stands.
pub(super) fn report_state(ui: &Ui, state: ReportState) -> (Html, String) {
    let (tone, icon) = match state {
        ReportState::Submitted => (Tone::Watch, Icon::Clock),
        ReportState::Approved => (Tone::Ok, Icon::CircleCheck),
        ReportState::Refused => (Tone::Sub, Icon::Ban),
    };
    let word = ui.t(format!("sorting-report-state-{}", state.as_str()));
    (ui.badge(tone, icon, &word), word)
}

/// A share in per cent with its part and whole; in words where there is nothing to divide.
pub(super) fn share(ui: &Ui, share: Share) -> String {
    match share.bp() {
        None => ui.t("sorting-no-data"),
        Some(bp) => {
            let percent = format!("{}.{:02}%", bp / 100, bp % 100);
            ui.tn(
                "sorting-share",
                &[("percent", percent), ("part", share.part.to_string()), ("whole", share.whole.to_string())],
            )
        }
    }
}

/// What the figures say of a goal.
pub(super) fn measured(ui: &Ui, reached: Option<bool>) -> String {
    ui.t(match reached {
        Some(true) => "sorting-measured-yes",
        Some(false) => "sorting-measured-no",
        None => "sorting-measured-none",
    })
}

/// How satisfaction moved: the latest score less the one before.
pub(super) fn satisfaction(ui: &Ui, (before, now): (Option<i64>, Option<i64>)) -> String {
    match (before, now) {
        (Some(before), Some(now)) => {
            let sign = if now >= before { "+" } else { "−" };
            let change = format!("{sign}{}", points((now - before).abs()));
            ui.tn(
                "sorting-satisfaction-change",
                &[("now", points(now)), ("before", points(before)), ("change", change)],
            )
        }
        (None, Some(now)) => ui.t1("sorting-satisfaction-first", "now", points(now)),
        (_, None) => ui.t("sorting-no-data"),
    }
}

/// The figures of a report: label and text.
pub(super) fn figures(ui: &Ui, content: &Content) -> Vec<(String, String)> {
    let (all, verified, reviewed) = content.items;
    let (found, rectified, confirmed) = content.problems;
    let done = [("all", all.to_string()), ("verified", verified.to_string()), ("reviewed", reviewed.to_string())];
    let problems =
        [("found", found.to_string()), ("rectified", rectified.to_string()), ("confirmed", confirmed.to_string())];
    let line = |label: &str, text: String| (ui.t(label), text);
    vec![
        line("sorting-figure-items", ui.tn("sorting-figure-items-text", &done)),
        line("sorting-figure-completeness", share(ui, content.completeness)),
        line("sorting-figure-accuracy", share(ui, content.accuracy)),
        line("sorting-figure-warned", share(ui, content.warned)),
        line("sorting-figure-false-alarms", share(ui, content.false_alarms)),
        line("sorting-figure-satisfaction", satisfaction(ui, content.satisfaction)),
        line("sorting-figure-premium-before", share(ui, content.premium_before)),
        line("sorting-figure-premium-now", share(ui, content.premium_now)),
        line("sorting-figure-problems", ui.tn("sorting-figure-problems-text", &problems)),
        line("sorting-figure-key", share(ui, content.measured.key_first)),
        line("sorting-figure-served", share(ui, content.measured.served)),
        line("sorting-figure-exposure", exposure(ui, content)),
    ]
}

/// How the exposure moved that is to be reduced.
fn exposure(ui: &Ui, content: &Content) -> String {
    match reduced(&content.measured.classes) {
        None => ui.t("sorting-no-data"),
        Some((start, now)) => ui.t2("sorting-figure-exposure-text", "start", ui.yuan(start), "now", ui.yuan(now)),
    }
}

/// What people call an outcome of a migration; the empty one is not decided.
pub(super) fn outcome(ui: &Ui, migration: &Migration, name: &str) -> String {
    if name.is_empty() {
        return ui.t("standing-open");
    }
    let found = migration.outcomes.iter().find(|(known, _)| known == name);
    found.map_or_else(|| name.to_owned(), |(_, title)| said(ui.lang(), title).to_owned())
}

/// The outcomes of a migration on which anybody stands or stood.
pub(super) fn used(migration: &Migration) -> Vec<&str> {
    let stands = |name: &str| migration.standing(name) != (0, 0);
    migration.outcomes.iter().map(|(name, _)| name.as_str()).filter(|name| stands(name)).collect()
}

/// From where to where customers moved: a row an outcome before, a column an outcome now.
pub(super) fn matrix(ui: &Ui, migration: &Migration) -> Table {
    let names = used(migration);
    let title = said(ui.lang(), &migration.title).to_owned();
    let heads = std::iter::once((ui.t("sorting-before"), Side::Left))
        .chain(names.iter().map(|name| (outcome(ui, migration, name), Side::Right)))
        .chain(std::iter::once((ui.t("sorting-sum"), Side::Right)));
    let mut table = Table::new(title, heads);
    for before in &names {
        let moved = |now: &str| {
            let found = migration.moves.iter().find(|(a, b, _)| a == before && b == now);
            found.map_or(0, |(_, _, n)| *n)
        };
        let cells = names.iter().map(|now| Html::of_text(moved(now).to_string()));
        let head = Html::of_text(outcome(ui, migration, before));
        let sum = Html::of_text(migration.standing(before).0.to_string());
        table.row(std::iter::once(head).chain(cells).chain(std::iter::once(sum)));
    }
    let sums = names.iter().map(|name| Html::of_text(migration.standing(name).1.to_string()));
    let all: i64 = migration.moves.iter().map(|(_, _, n)| *n).sum();
    let head = Html::of_text(ui.t("sorting-now"));
    table.total(std::iter::once(head).chain(sums).chain(std::iter::once(Html::of_text(all.to_string()))));
    table
}

/// How many stood and stand on each outcome, as a picture.
pub(super) fn picture(ui: &Ui, migration: &Migration) -> Html {
    let names = used(migration);
    let of = |now: bool| -> Vec<Option<String>> {
        let count = |name: &&str| {
            let (before, after) = migration.standing(name);
            Some(if now { after } else { before }.to_string())
        };
        names.iter().map(count).collect()
    };
    let series = |label: &str, now: bool| Series { name: ui.t(label), values: of(now), notes: Vec::new() };
    ui.chart(Chart {
        title: said(ui.lang(), &migration.title).to_owned(),
        shape: Shape::Columns,
        labels: names.iter().map(|name| outcome(ui, migration, name)).collect(),
        series: vec![series("sorting-before", false), series("sorting-now", true)],
        height: 220,
        ..Chart::default()
    })
}

/// What the policy says to do for an outcome, in words.
pub(super) fn strategy(ui: &Ui, policy: &InForce, axis: &Axis, outcome: &str) -> String {
    let words: Vec<String> = rules::strategy(policy, ui.business_date, axis, outcome)
        .into_iter()
        .map(|(output, value)| outcome_title(ui, policy, &output, &value))
        .collect();
    if words.is_empty() { "—".to_owned() } else { words.join(&ui.t("list-comma")) }
}

/// The strategies of each class with its customers, axis by axis (S3-07, S3-18, S3-31).
pub(super) fn strategies(ui: &Ui, policy: &InForce, axes: &[Axis], migrations: &[Migration]) -> Table {
    let heads = [
        ("sorting-axis", Side::Left),
        ("sorting-class", Side::Left),
        ("sorting-before", Side::Right),
        ("sorting-now", Side::Right),
        ("sorting-strategy", Side::Left),
    ];
    let mut table = Table::new(ui.t("sorting-strategies"), heads.map(|(id, side)| (ui.t(id), side)));
    for (axis, migration) in axes.iter().zip(migrations) {
        for (name, _) in &migration.outcomes {
            let (before, now) = migration.standing(name);
            if name.is_empty() && (before, now) == (0, 0) {
                continue;
            }
            table.row([
                Html::of_text(said(ui.lang(), &migration.title)),
                Html::of_text(outcome(ui, migration, name)),
                Html::of_text(before.to_string()),
                Html::of_text(now.to_string()),
                Html::of_text(strategy(ui, policy, axis, name)),
            ]);
        }
    }
    table
}

/// What people call a scheme, a step or a goal of the policy.
pub(super) fn word(ui: &Ui, policy: &InForce, output: &str, value: &str) -> String {
    said(ui.lang(), &rules::both(policy, output, value)).to_owned()
}

/// Which customers a project goes over, in words.
pub(super) fn scope(ui: &Ui, policy: &InForce, one: &Project, branch: &str, manager: &str) -> String {
    let scope = &one.plan.scope;
    let mut parts = vec![if branch.is_empty() { ui.t("sorting-whole-house") } else { branch.to_owned() }];
    if let Some(kind) = scope.kind {
        parts.push(ui.t(format!("customer-kind-{}", kind.as_str())));
    }
    if !manager.is_empty() {
        parts.push(ui.t1("sorting-scope-manager", "name", manager));
    }
    if !scope.axis.is_empty() {
        let axis = axis_title(ui, policy, &scope.axis);
        let output = policy.edition(ui.business_date).decision(&scope.axis).ok();
        let output = output.and_then(|found| found.sheet().outputs.first()).map_or("", |output| output.name.as_str());
        parts.push(format!("{axis}: {}", outcome_title(ui, policy, output, &scope.outcome)));
    }
    if !scope.industry.is_empty() {
        parts.push(ui.t1("sorting-scope-industry", "code", &scope.industry));
    }
    parts.join(" · ")
}

/// How complete a file was when it was verified.
pub(super) fn completeness(ui: &Ui, item: &Item) -> String {
    match (item.filled, item.wanted) {
        (Some(part), Some(whole)) => share(ui, Share { part, whole }),
        _ => "—".to_owned(),
    }
}

/// A panel with a head.
pub(crate) fn panel(out: &mut Html, title: &str, end: &Html, inner: &Html) {
    out.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(title).raw("</h2><div class=\"end\">");
    out.push(end).raw("</div></header>").push(inner).raw("</section>");
}

/// Words in a panel that has no table.
pub(crate) fn hint(text: &str) -> Html {
    let mut out = Html::new();
    out.raw("<div class=\"panel-body\"><p class=\"hint\">").text(text).raw("</p></div>");
    out
}

/// Labels and values.
pub(crate) fn facts(rows: &[(String, Html)]) -> Html {
    let mut out = Html::new();
    out.raw("<div class=\"panel-body\"><dl class=\"facts\">");
    for (label, value) in rows {
        out.raw("<dt>").text(label).raw("</dt><dd>").push(value).raw("</dd>");
    }
    out.raw("</dl></div>");
    out
}

/// A link in a line.
pub(crate) fn link(href: impl AsRef<str>, text: impl AsRef<str>) -> Html {
    let mut out = Html::new();
    out.raw("<a").href(href).raw(">").text(text).raw("</a>");
    out
}

/// Whether the page is in English.
pub(super) fn english(ui: &Ui) -> bool {
    ui.lang() == Lang::En
}
