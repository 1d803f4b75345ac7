//! A dossier in words: labels, values, what follows from an entry.

use finance::Fen;
use platform::page::Ui;

use super::model::{Block, Entry};
use super::parts::{self, Holds, Part};

/// A word of the code as messages name it.
fn word(text: &str) -> String {
    text.replace('_', "-")
}

/// The name of a block.
pub(crate) fn block(ui: &Ui, block: Block) -> String {
    ui.t(format!("dossier-block-{}", block.as_str()))
}

/// The label of a field.
pub(crate) fn label(ui: &Ui, block: Block, name: &str) -> String {
    ui.t(format!("dossier-{}-{}", block.as_str(), word(name)))
}

/// A choice of a field; yes and no are the same everywhere.
pub(crate) fn choice(ui: &Ui, block: Block, name: &str, chosen: &str) -> String {
    match chosen {
        "yes" | "no" => ui.t(chosen),
        "unknown" => ui.t("dossier-unknown"),
        _ => ui.t(format!("dossier-{}-{}-{}", block.as_str(), word(name), word(chosen))),
    }
}

/// A sign of fraud.
pub(crate) fn sign(ui: &Ui, sign: &str) -> String {
    ui.t(format!("dossier-sign-{}", word(sign)))
}

/// A value as people read it; empty where nothing was entered.
pub(crate) fn value(ui: &Ui, entry: &Entry, part: &Part) -> String {
    let text = entry.content.get(part.name);
    match part.holds {
        _ if text.is_empty() => String::new(),
        Holds::Money => text.parse().map(|fen| ui.yuan(Fen(fen))).unwrap_or_default(),
        Holds::One(_) => choice(ui, entry.block, part.name, text),
        Holds::Several => text.split('|').map(|one| sign(ui, one)).collect::<Vec<_>>().join(&ui.t("list-semicolon")),
        Holds::Line | Holds::Words | Holds::Day | Holds::PastDay | Holds::Days => text.to_owned(),
    }
}

/// Label and value of every field that was filled.
pub(crate) fn lines(ui: &Ui, entry: &Entry) -> Vec<(String, String)> {
    let filled = parts::of(entry.block).iter().map(|part| (label(ui, entry.block, part.name), value(ui, entry, part)));
    filled.filter(|(_, value)| !value.is_empty()).collect()
}

/// What follows from an entry; empty where nothing does.
pub(crate) fn outcome(ui: &Ui, entry: &Entry) -> String {
    if entry.outcome.is_empty() {
        return String::new();
    }
    let told = ui.t(format!("dossier-outcome-{}", word(&entry.outcome)));
    match entry.cap.filter(|_| entry.outcome == "owes") {
        Some(cap) => ui.tn("dossier-capped", &[("outcome", told), ("cap", ui.yuan(cap))]),
        None => told,
    }
}

/// What names an entry: the first line of it, or its day.
pub(crate) fn title(ui: &Ui, entry: &Entry) -> String {
    let name = ["what", "creditor"].iter().map(|field| entry.content.get(field)).find(|text| !text.is_empty());
    match name {
        Some(name) => name.to_owned(),
        None => format!("{} {}", block(ui, entry.block), entry.on),
    }
}
