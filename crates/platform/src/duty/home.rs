//! The home page 待办 and what capabilities put on it.

use crate::error::ActionError;
use crate::event::BoxFuture;
use crate::page::{Icon, Tile, Tone, Ui};
use crate::work::Work;

/// A figure of the month at the foot of the home page (本月指标).
#[derive(Debug, Clone, Default)]
pub struct HomeFigure {
    /// What it is.
    pub label: String,
    /// The figure as text.
    pub figure: String,
    /// Its unit, small behind it.
    pub unit: String,
    /// How much of the whole, in parts of a thousand.
    pub permille: u32,
    /// The target in the same parts.
    pub target: Option<u32>,
    /// The line under it.
    pub note: String,
    /// Where its derivation is.
    pub why: Option<String>,
}

/// What a capability puts on the home page (首页指标): counts that open their rows, figures of the month.
pub trait HomeTile: Send + Sync {
    /// Counts for the head of the page, each linked to exactly the rows it counts.
    fn tiles<'a>(&'a self, work: &'a mut Work, ui: &'a Ui) -> BoxFuture<'a, Result<Vec<Tile>, ActionError>>;

    /// Figures of the month for its foot.
    fn figures<'a>(&'a self, work: &'a mut Work, ui: &'a Ui) -> BoxFuture<'a, Result<Vec<HomeFigure>, ActionError>>;
}

/// A count with its icon, as the head of the home page shows it.
pub(super) fn tile(ui: &Ui, icon: Icon, label: &str, count: i64, note: Option<(Tone, String)>, href: String) -> Tile {
    Tile {
        icon: Some(icon),
        label: ui.t(label),
        figure: ui.count(count),
        note,
        href: Some(href),
        ..Tile::default()
    }
}
