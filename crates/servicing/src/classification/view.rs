//! What a run says, for its page, its paper and programs: the goals with figures and words, the tables.

use platform::error::ActionError;
use platform::page::Ui;
use platform::work::Work;

use super::actions::yardstick;
use super::model::Run;
use super::rules::{Part, Report, report};
use super::store;
use crate::ledger::pages::class_of;
use crate::loan::ceiling::percent;

/// A goal of a classification in the report (认定目标): figures, and what people say of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Goal {
    /// Its name in data.
    pub id: &'static str,
    /// What it is called.
    pub title: String,
    /// Label and value.
    pub figures: Vec<(String, String)>,
    /// In words.
    pub words: String,
}

/// What the latest counts of a run say, beside those of the run before it; nothing of it reads a loan.
pub(super) async fn load(work: &mut Work, one: &Run) -> Result<Report, ActionError> {
    let now = store::counts(&mut work.tx, one.id, one.step()).await?;
    let before = match one.former {
        None => Vec::new(),
        Some((former, _)) => match store::find(&mut work.tx, former).await? {
            None => Vec::new(),
            Some(former) => store::counts(&mut work.tx, former.id, former.step()).await?,
        },
    };
    let yardstick = yardstick(work, one.as_of).await?;
    Ok(report(&yardstick, &now, &before, one.provision_held))
}

/// A class in words; what is in no class yet came in since.
pub(super) fn class_word(ui: &Ui, class: &str) -> String {
    match class_of(class) {
        Some(known) => ui.t(known.message()),
        None if class.is_empty() => ui.t("classification-new-loan"),
        None => ui.t("class-unclassified"),
    }
}

/// A ratio in words, or `—`.
pub(super) fn ratio(ppm: Option<i64>) -> String {
    ppm.map_or_else(|| "—".to_owned(), |ppm| format!("{} %", percent(ppm)))
}

fn part(ui: &Ui, part: Part) -> String {
    ui.t2("classification-part", "loans", part.loans, "amount", ui.yuan(part.principal))
}

/// The goals of a classification in their order (S5.4-04).
pub(super) fn goals(ui: &Ui, one: &Run, found: &Report) -> Vec<Goal> {
    let figure = |label: &str, value: String| (ui.t(label), value);
    let figures = |id: &str| match id {
        "value" => vec![
            figure("classification-total", part(ui, found.total)),
            figure("classification-bad", part(ui, found.bad)),
            figure("classification-bad-ratio", ratio(found.bad_ppm())),
            figure("classification-former-bad-ratio", ratio(found.former_bad_ppm())),
            figure("classification-differing", found.differing.to_string()),
        ],
        "granting" => vec![
            figure("classification-fresh", part(ui, found.fresh)),
            figure("classification-fresh-worse", part(ui, found.fresh_worse)),
            figure("classification-fresh-share", ratio(found.fresh_worse.share_of(found.fresh))),
        ],
        "monitoring" => vec![figure("classification-worse", part(ui, found.worse))],
        "collection" => vec![
            figure("classification-better", part(ui, found.better)),
            figure("classification-overdue", ui.yuan(found.overdue)),
        ],
        _ => vec![
            figure("classification-needed", ui.yuan(found.needed)),
            figure("classification-held", found.held.map_or_else(|| "—".to_owned(), |held| ui.yuan(held))),
            figure("classification-short", found.short.map_or_else(|| "—".to_owned(), |short| ui.yuan(short))),
        ],
    };
    one.findings
        .each()
        .into_iter()
        .map(|(id, words)| Goal {
            id,
            title: ui.t(format!("classification-goal-{id}")),
            figures: figures(id),
            words: words.to_owned(),
        })
        .collect()
}
