//! The parts of a loan's page: head, schedule, transactions, terms, security, history.

use finance::{Allocation, Fen, InstalmentPosition, PenaltyRate, RateTerms, Target, Terms, TransactionKind};
use jiff::civil::Date;
use platform::page::{Html, Icon, KeyFigure, Side, Subject, Tab, Table, TableRow, Tone, Ui};

use super::ceiling::percent;
use super::model::LoanTransaction;
use super::pages::Looked;
use super::provision::Provision;
use super::store::HistoryRow;
use crate::ledger::pages::{class_of, standing_badge};
use crate::position::model::Standing;

/// The head: whose, which, how bad, how much, when next.
pub fn head(ui: &Ui, looked: &Looked, tab: &str) -> Subject {
    let (loan, position) = (&looked.file.loan, &looked.position);
    let id = loan.key.loan;
    let query = looked.query(ui.business_date);
    let figure = |label: &str, amount: Fen, why: Option<&str>| KeyFigure {
        label: ui.t(label),
        value: ui.money(amount),
        why: why.map(|what| format!("/loans/{id}/why/{what}{query}")),
        ..KeyFigure::default()
    };
    let penalty = position.outstanding.penalty.checked_add(position.outstanding.compound).unwrap_or_default();
    let mut figures = vec![
        figure("loan-principal", loan.principal, None),
        figure("loan-balance", position.outstanding.principal, Some("principal")),
        figure("loan-overdue-principal", position.overdue.principal, None),
        figure("loan-overdue-interest", position.overdue.interest, None),
        figure("loan-penalty", penalty, Some("penalty")),
        KeyFigure {
            overdue: true,
            ..figure("loan-overdue-total", position.overdue.total().unwrap_or_default(), Some("overdue"))
        },
    ];
    if let Some(next) = position.next_due {
        let value = ui.money(next.amount);
        figures.push(KeyFigure { label: ui.t1("loan-next-on", "on", next.on), value, ..KeyFigure::default() });
    }
    let mut belongs_to = Html::new();
    belongs_to.raw("<a").href(format!("/customers/{}", loan.key.customer)).raw(">").text(&looked.customer).raw("</a> ");
    belongs_to.text(&looked.identity_masked);
    Subject {
        belongs_to,
        name: loan.number.clone(),
        badges: badges(ui, looked),
        note: note(ui, looked),
        figures,
        tabs: tabs(ui, looked, tab),
        ..Subject::default()
    }
}

fn badges(ui: &Ui, looked: &Looked) -> Html {
    let standing = Standing::from(looked.position.status);
    let mut out = Html::new();
    match class_of(&looked.kept.grade.class) {
        Some(class) if standing == Standing::Overdue || standing == Standing::Current => {
            out.push(&ui.class_badge(class));
            out.push(&ui.why(format!(
                "/loans/{}/why/class{}",
                looked.file.loan.key.loan,
                looked.query(ui.business_date)
            )));
        }
        Some(_) | None => {
            out.push(&standing_badge(ui, standing));
        }
    }
    out.push(&ui.bucket(i64::from(looked.position.days_overdue)));
    if let Some(on) = looked.position.non_accrual_since {
        out.push(&ui.badge(Tone::Info, Icon::Lock, ui.t1("loan-non-accrual", "on", on)));
    }
    if looked.position.provisional {
        out.push(&ui.badge(Tone::Watch, Icon::Calendar, ui.t("loan-provisional")));
    }
    out
}

fn note(ui: &Ui, looked: &Looked) -> String {
    let method = ui.t(format!("method-{}", method_id(looked)));
    let rate = platform::locale::rate_percent(looked.position.yearly_e9);
    let count = looked.position.instalments.len().to_string();
    ui.tn("loan-note", &[("method", method), ("count", count), ("rate", rate)])
}

/// The method's name in message ids.
pub fn method_id(looked: &Looked) -> &'static str {
    use finance::Method;
    match looked.file.terms.method {
        Method::EqualInstalment => "equal-instalment",
        Method::EqualPrincipal => "equal-principal",
        Method::InterestOnly => "interest-only",
        Method::Bullet => "bullet",
        Method::Flat => "flat",
        Method::Balloon(_) => "balloon",
        Method::Custom(_) => "custom",
    }
}

fn tabs(ui: &Ui, looked: &Looked, active: &str) -> Vec<Tab> {
    let id = looked.file.loan.key.loan;
    let query = looked.query(ui.business_date);
    let joint = if query.is_empty() { "?" } else { "&" };
    let count = i64::try_from(looked.file.transactions.len()).ok();
    [("schedule", None), ("transactions", count), ("terms", None), ("history", None)]
        .into_iter()
        .map(|(tab, count)| Tab {
            text: ui.t(format!("loan-tab-{tab}")),
            href: format!("/loans/{id}{query}{joint}tab={tab}"),
            count,
            active: active == tab || (active.is_empty() && tab == "schedule"),
            shared: false,
        })
        .collect()
}

/// The schedule as it now stands; it foots.
pub fn schedule(ui: &Ui, looked: &Looked) -> Html {
    let heads = ["no", "due-on", "principal", "interest", "penalty", "total", "paid", "waived", "open", "state"];
    let side = |head: &str| if matches!(head, "no" | "due-on" | "state") { Side::Left } else { Side::Right };
    let mut table = Table::new(ui.t("loan-tab-schedule"), heads.map(|h| (ui.t(format!("schedule-{h}")), side(h))));
    let mut sums = [Fen::ZERO; 7];
    for instalment in &looked.position.instalments {
        let figures = Figures::of(instalment);
        for (sum, amount) in sums.iter_mut().zip(figures.amounts()) {
            *sum = sum.checked_add(amount).unwrap_or(*sum);
        }
        table.rows.push(schedule_row(ui, looked, instalment, &figures));
    }
    let mut total =
        vec![Html::new(), Html::of_text(ui.t1("schedule-count", "count", looked.position.instalments.len()))];
    total.extend(sums.iter().map(|sum| ui.money(*sum)));
    if let Some(penalty) = total.get_mut(4) {
        penalty.push(&ui.no_why());
    }
    total.push(Html::new());
    table.total(total);
    let mut out = Html::new();
    out.raw("<section class=\"panel\" id=\"schedule\">").push(&ui.table(table)).raw("</section>");
    out
}

/// The figures of one instalment.
pub struct Figures {
    /// 应还本金.
    pub principal: Fen,
    /// 应还利息.
    pub interest: Fen,
    /// 罚息与复利.
    pub penalty: Fen,
    /// 应还合计.
    pub total: Fen,
    /// 已还.
    pub paid: Fen,
    /// 减免.
    pub waived: Fen,
    /// 未还.
    pub open: Fen,
}

impl Figures {
    /// Adds up the heads of one instalment; what an extension moved is due elsewhere.
    pub fn of(i: &InstalmentPosition) -> Self {
        let sum = |parts: &[Fen]| Fen::checked_sum(parts.iter().copied()).unwrap_or_default();
        let less = |due: Fen, moved: Fen| due.checked_sub(moved).unwrap_or(due);
        let principal = less(i.principal.due, i.principal.moved);
        let interest = less(i.interest.due, i.interest.moved);
        let penalty = sum(&[less(i.penalty.due, i.penalty.moved), less(i.compound.due, i.compound.moved)]);
        let heads = [i.principal, i.interest, i.penalty, i.compound];
        Self {
            principal,
            interest,
            penalty,
            total: sum(&[principal, interest, penalty]),
            paid: sum(&heads.map(|h| h.paid)),
            waived: sum(&heads.map(|h| h.waived)),
            open: sum(&heads.map(|h| h.outstanding())),
        }
    }

    fn amounts(&self) -> [Fen; 7] {
        [self.principal, self.interest, self.penalty, self.total, self.paid, self.waived, self.open]
    }
}

fn schedule_row(ui: &Ui, looked: &Looked, i: &InstalmentPosition, figures: &Figures) -> TableRow {
    let id = looked.file.loan.key.loan;
    let query = looked.query(ui.business_date);
    let mut due = ui.date(i.due_on);
    if i.due_on != i.nominal_due_on {
        due.raw(" <span class=\"note\">").text(ui.t1("schedule-moved", "on", i.nominal_due_on)).raw("</span>");
    }
    if i.provisional {
        due.raw(" <span class=\"note\">").text(ui.t("schedule-provisional")).raw("</span>");
    }
    let shown = |amount: Fen| amount.is_positive().then_some(amount);
    let mut interest = ui.money(figures.interest);
    interest.push(&ui.why(format!("/loans/{id}/why/interest-{}{query}", i.no)));
    let mut penalty = ui.money_or_dash(shown(figures.penalty));
    penalty.push(&if figures.penalty.is_positive() {
        ui.why(format!("/loans/{id}/why/penalty-{}{query}", i.no))
    } else {
        ui.no_why()
    });
    let cells = vec![
        Html::of_text(i.no.to_string()),
        due,
        ui.money(figures.principal),
        interest,
        penalty,
        ui.money(figures.total),
        ui.money_or_dash(shown(figures.paid)),
        ui.money_or_dash(shown(figures.waived)),
        ui.money(figures.open),
        instalment_state(ui, looked.as_of, i),
    ];
    TableRow { cells, href: None, lit: i.cleared_on.is_none() && i.due_on < looked.as_of }
}

/// The word for where one instalment stands.
pub fn instalment_state(ui: &Ui, as_of: Date, i: &InstalmentPosition) -> Html {
    if i.cleared_on.is_some() {
        return ui.badge(Tone::Ok, Icon::CircleCheck, ui.t("instalment-cleared"));
    }
    let days = finance::days_between(i.due_on, as_of);
    match days {
        1.. => ui.badge(Tone::Sub, Icon::AlertTriangle, ui.t1("instalment-overdue", "days", days)),
        0 => ui.badge(Tone::Watch, Icon::Clock, ui.t("instalment-today")),
        _ => ui.badge(Tone::Neutral, Icon::CalendarEvent, ui.t("instalment-to-come")),
    }
}

/// The transactions, newest first, with what each payment paid.
pub fn transactions(ui: &Ui, looked: &Looked, most: Option<usize>) -> Html {
    let heads = [
        ("on", Side::Left),
        ("kind", Side::Left),
        ("number", Side::Left),
        ("amount", Side::Right),
        ("split", Side::Left),
        ("recorded", Side::Left),
        ("verb", Side::Left),
    ];
    let title = ui.t(if most.is_some() { "transactions-latest" } else { "loan-tab-transactions" });
    let mut table = Table::new(title.clone(), heads.map(|(h, side)| (ui.t(format!("transaction-{h}")), side)));
    let known =
        |t: &&LoanTransaction| looked.known_at.is_none_or(|at| t.recorded_at <= at) && t.fact.on <= looked.as_of;
    for t in looked.file.transactions.iter().rev().filter(known).take(most.unwrap_or(usize::MAX)) {
        table.row(transaction_cells(ui, looked, t));
    }
    let mut out = Html::new();
    out.raw("<section class=\"panel\" id=\"transactions\"><header class=\"panel-head\"><h2>")
        .text(title)
        .raw("</h2></header>");
    out.push(&ui.table(table)).raw("</section>");
    out
}

fn transaction_cells(ui: &Ui, looked: &Looked, t: &LoanTransaction) -> Vec<Html> {
    let id = looked.file.loan.key.loan;
    let mut kind = Html::of_text(ui.t(format!("kind-{}", t.fact.kind.name().replace('_', "-"))));
    if let Some(by) = looked.file.reversed_by(t.id) {
        kind.raw(" ").push(&ui.badge(Tone::Neutral, Icon::Ban, ui.t1("transaction-reversed", "by", &by.number)));
    }
    let mut number = Html::new();
    let mut verb = Html::new();
    if matches!(t.fact.kind, TransactionKind::Repay(_) | TransactionKind::Recover { .. }) {
        number.raw("<a").href(format!("/loans/{id}/transactions/{}", t.id)).raw(">").text(&t.number).raw("</a>");
        if looked.file.reversed_by(t.id).is_none() {
            verb.raw("<a").href(format!("/loans/{id}/transactions/{}/receipt.pdf", t.id)).raw(">");
            verb.text(ui.t("print-receipt")).raw("</a>");
        }
    } else {
        number.text(&t.number);
    }
    vec![
        ui.date(t.fact.on),
        kind,
        number,
        ui.money_or_dash(t.amount.is_positive().then_some(t.amount)),
        Html::of_text(split(ui, &looked.position.allocations, t.fact.id)),
        Html::of_text(platform::clock::civil_minute(t.recorded_at)),
        verb,
    ]
}

/// What a payment paid, in words: `罚息 100.44 · 利息 1,544.76 · 本金 8,354.80`.
pub fn split(ui: &Ui, allocations: &[Allocation], transaction: u64) -> String {
    split_of(ui, allocations.iter().filter(|line| line.transaction == transaction))
}

/// What these lines paid, by head, in words.
pub fn split_of<'a>(ui: &Ui, lines: impl Iterator<Item = &'a Allocation> + Clone) -> String {
    const ORDER: [Target; 7] = [
        Target::Cost,
        Target::Fee,
        Target::Penalty,
        Target::Compound,
        Target::Interest,
        Target::Principal,
        Target::Credit,
    ];
    let parts: Vec<String> = ORDER
        .into_iter()
        .filter_map(|target| {
            let of = lines.clone().filter(|line| line.target == target).map(|line| line.amount);
            let sum = Fen::checked_sum(of)?;
            sum.is_positive().then(|| format!("{} {}", ui.t(target_message(target)), ui.yuan(sum)))
        })
        .collect();
    parts.join(" · ")
}

/// The message of what a payment paid.
pub fn target_message(target: Target) -> &'static str {
    match target {
        Target::Cost => "head-cost",
        Target::Fee => "head-fee",
        Target::Penalty => "head-penalty",
        Target::Compound => "head-compound",
        Target::Interest => "head-interest",
        Target::Principal => "head-principal",
        Target::Credit => "head-credit",
    }
}

/// The terms of the contract, each with its name and in words.
pub fn term_rows(ui: &Ui, looked: &Looked, product: &str) -> Vec<(String, String)> {
    let (loan, terms) = (&looked.file.loan, &looked.file.terms);
    let rate = match terms.rate {
        RateTerms::Fixed(_) => ui.t("terms-rate-fixed"),
        RateTerms::Lpr(lpr) => ui.t1("terms-rate-lpr", "bp", lpr.add_bp),
    };
    let grace = ui.t1("terms-days", "count", terms.overdue.grace_days);
    let mut rows = vec![
        ("loan-product", product.to_owned()),
        ("loan-purpose", loan.purpose.clone()),
        ("loan-security", ui.t(format!("security-{}", loan.security.as_str()))),
        ("loan-start", loan.start_on.to_string()),
        ("loan-maturity", looked.position.maturity_on.to_string()),
        ("terms-method", ui.t(format!("method-{}", method_id(looked)))),
        ("loan-rate", format!("{} % · {rate}", platform::locale::rate_percent(looked.position.yearly_e9))),
        ("terms-day-count", json_word(&terms.interest.day_count)),
        ("terms-penalty", penalty(ui, terms)),
        ("terms-compound", ui.t(if terms.overdue.compound.is_some() { "yes" } else { "no" })),
        ("terms-grace", grace),
        ("terms-rest-days", ui.t(format!("rest-days-{}", json_word(&terms.rest_days).replace('_', "-")))),
    ];
    if terms.down_payment.is_positive() {
        rows.push(("opening-down-payment", ui.yuan(terms.down_payment)));
    }
    rows.into_iter().map(|(label, value)| (ui.t(label), value)).collect()
}

/// The terms, and what the policy sets aside for the loan.
pub fn terms(ui: &Ui, looked: &Looked, product: &str, provision: Option<&Provision>) -> Html {
    let loan = &looked.file.loan;
    let mut out = Html::new();
    out.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("loan-tab-terms"));
    out.raw("</h2></header><dl class=\"facts panel-body\">");
    for (label, value) in term_rows(ui, looked, product) {
        out.raw("<div><dt>").text(label).raw("</dt><dd>").text(value).raw("</dd></div>");
    }
    out.raw("<div><dt>").text(ui.t("loan-provision")).raw("</dt><dd>");
    out.push(&ui.money_or_dash(provision.map(|provision| provision.amount)));
    let why = format!("/loans/{}/why/provision{}", loan.key.loan, looked.query(ui.business_date));
    out.push(&ui.why(why)).raw("</dd></div></dl></section>");
    out
}

/// What an overdue amount costs, in words; without a penalty `—`.
fn penalty(ui: &Ui, terms: &Terms) -> String {
    match terms.overdue.penalty {
        None => "—".to_owned(),
        Some(PenaltyRate::Uplift(ppm)) => ui.t1("opening-uplift", "percent", percent(i64::from(ppm))),
        Some(PenaltyRate::Fixed(rate)) => {
            let yearly = rate.yearly_e9(terms.interest.year_basis).unwrap_or_default();
            ui.t1("terms-penalty-fixed", "percent", platform::locale::rate_percent(yearly))
        }
    }
}

/// A parameter as the engine's JSON calls it.
fn json_word(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default().trim_matches('"').to_owned()
}

/// How bucket, class and balance changed, newest first, in both clocks.
pub fn history(ui: &Ui, rows: &[HistoryRow]) -> Html {
    let heads = [
        ("from", Side::Left),
        ("to", Side::Left),
        ("known", Side::Left),
        ("balance", Side::Right),
        ("overdue", Side::Right),
        ("days", Side::Left),
        ("class", Side::Left),
    ];
    let mut table = Table::new(ui.t("loan-tab-history"), heads.map(|(h, side)| (ui.t(format!("history-{h}")), side)));
    for row in rows {
        let days = crate::position::model::days_overdue(row.oldest_due_on, row.from_on);
        let class =
            class_of(&row.class).map_or_else(|| Html::of_text(ui.t("class-unclassified")), |c| ui.class_badge(c));
        table.row([
            ui.date(row.from_on),
            row.to_on.map_or_else(|| Html::of_text(ui.t("history-now")), |on| ui.date(on)),
            Html::of_text(platform::clock::civil_minute(row.recorded_at)),
            ui.money(row.principal),
            ui.money_or_dash(row.overdue.is_positive().then_some(row.overdue)),
            ui.bucket(i64::from(days)),
            class,
        ]);
    }
    let mut out = Html::new();
    out.raw("<section class=\"panel\">").push(&ui.table(table)).raw("</section>");
    out
}
