//! Lists (列表): one component for every long table.
//!
//! A capability describes its list once ([`ListSpec`]), reads what the person asked for
//! ([`ListQuery::parse`], strict), runs its own SQL, and hands back a [`ListPage`];
//! [`Ui::list`](super::Ui::list) draws views, filters, table, totals and pages from these three.
//! The export is made from the same spec and query, so it holds exactly the rows of the page's result.

mod query;
mod render;
mod saved;
mod workbook;

pub use query::{FilterValue, ListQuery, ListQueryError, SIZES, Sort};
pub use render::address;
pub use saved::SavedView;
pub use workbook::ListBook;

use jiff::civil::Date;

use super::{Choice, Guard, Html};

/// What a list is (列表定义).
#[derive(Debug, Clone, Default)]
pub struct ListSpec {
    /// Its page: `/loans`.
    pub path: String,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// Its filters, in order.
    pub filters: Vec<Filter>,
    /// Its views; the first is the default.
    pub views: Vec<View>,
    /// The order without a `sort` in the address.
    pub default_sort: Option<Sort>,
    /// Where the whole result is exported (the query is added); none, no button.
    pub export: Option<String>,
    /// What can be done to a selection; none, no check boxes.
    pub batch: Option<Batch>,
    /// What the list counts: id of a message with `{ $count }`, for instance `list-loans`.
    pub counted: &'static str,
    /// The views that people saved; [`crate::saved_view::offer`] fills them.
    pub saved: Vec<SavedView>,
    /// The hidden fields of the form that saves a view; none, no form.
    pub save: Option<Guard>,
    /// Counts and sums of the whole result take longer than its rows and come by a second request, as a fragment of the
    /// page: whether there is a page behind this one.
    pub later: Option<bool>,
}

/// A column (列).
#[derive(Debug, Clone)]
pub struct Column {
    /// Its id in the address and in totals.
    pub id: &'static str,
    /// The id of its title.
    pub title: &'static str,
    /// What it holds.
    pub kind: ColumnKind,
    /// Whether the result can be ordered by it.
    pub sortable: bool,
    /// Whether it is shown when nobody chose.
    pub shown: bool,
}

impl Column {
    /// A column that is shown and not sortable.
    #[must_use]
    pub const fn new(id: &'static str, title: &'static str, kind: ColumnKind) -> Self {
        Self { id, title, kind, sortable: false, shown: true }
    }

    /// That can be sorted by.
    #[must_use]
    pub const fn sortable(mut self) -> Self {
        self.sortable = true;
        self
    }

    /// That is hidden until chosen.
    #[must_use]
    pub const fn hidden(mut self) -> Self {
        self.shown = false;
        self
    }
}

/// What a column holds (列类型); decides side, form and the type in Excel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Words.
    Text,
    /// Money, in the unit of the list; exact 元 in Excel.
    Money,
    /// A yearly rate, percent.
    Rate,
    /// A whole number.
    Count,
    /// A date.
    Date,
    /// A state: badge, meter.
    State,
}

impl ColumnKind {
    /// Whether it stands at the right.
    #[must_use]
    pub fn is_number(self) -> bool {
        matches!(self, Self::Money | Self::Rate | Self::Count | Self::Date)
    }
}

/// A filter (筛选).
#[derive(Debug, Clone)]
pub struct Filter {
    /// Its id in the address.
    pub id: &'static str,
    /// The id of its title.
    pub title: &'static str,
    /// What it takes.
    pub kind: FilterKind,
    /// Whether it is in sight without opening 更多条件.
    pub pinned: bool,
}

impl Filter {
    /// A filter in sight.
    #[must_use]
    pub const fn new(id: &'static str, title: &'static str, kind: FilterKind) -> Self {
        Self { id, title, kind, pinned: true }
    }

    /// Behind 更多条件.
    #[must_use]
    pub fn more(mut self) -> Self {
        self.pinned = false;
        self
    }
}

/// What a filter takes (筛选类型).
#[derive(Debug, Clone)]
pub enum FilterKind {
    /// Some of these; texts are already in the language of the page.
    Choice(Vec<Choice>),
    /// Whole numbers from, to; either may be open.
    Range,
    /// Money from, to, typed in 元, compared in fen.
    Money,
    /// Dates from, to; either may be open.
    Dates,
    /// A piece of text.
    Text,
}

/// A view (视图): a named filter with its count, as a tab.
#[derive(Debug, Clone, Default)]
pub struct View {
    /// Its id in the address.
    pub id: String,
    /// Its name in the language of the page.
    pub text: String,
    /// How many rows it has, when counted.
    pub count: Option<i64>,
    /// Whether others see it too.
    pub shared: bool,
}

/// What can be done to a selection (批量办理).
#[derive(Debug, Clone)]
pub struct Batch {
    /// The verbs, in order.
    pub verbs: Vec<BatchVerb>,
    /// The hidden fields of their form.
    pub guard: Guard,
}

/// A verb on the selection (批量动作); each opens a preview before it acts.
#[derive(Debug, Clone)]
pub struct BatchVerb {
    /// The page of the preview; the selected keys are posted as `key`.
    pub action: String,
    /// Its word.
    pub text: String,
    /// Its icon.
    pub icon: super::Icon,
}

/// One page of a result (结果页), as the capability read it.
#[derive(Debug, Clone, Default)]
pub struct ListPage {
    /// The rows of this page.
    pub rows: Vec<Row>,
    /// The sums of this page by column id.
    pub page_totals: Vec<(&'static str, i64)>,
    /// The sums of the whole result by column id.
    pub totals: Vec<(&'static str, i64)>,
    /// How many rows the whole result has.
    pub count: i64,
    /// What to show when it has none.
    pub empty: Option<super::Empty>,
}

/// A row (行).
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// Its key for the selection.
    pub key: String,
    /// The page Enter opens.
    pub href: String,
    /// One cell per column of the spec, hidden ones too.
    pub cells: Vec<Cell>,
}

/// A cell (格).
#[derive(Debug, Clone, Default)]
pub enum Cell {
    /// Not applicable: `—`.
    #[default]
    None,
    /// Words.
    Text(String),
    /// Words that matter: a name.
    Strong(String),
    /// Words in grey: a masked number.
    Muted(String),
    /// A link to the page of something: word and address.
    Link(String, String),
    /// Money in fen.
    Money(i64),
    /// Money in fen that is overdue, with the page of its derivation.
    MoneyWhy(i64, String),
    /// A yearly rate in billionths.
    Rate(i64),
    /// A whole number.
    Count(i64),
    /// A date.
    Date(Date),
    /// A class of loan quality.
    Class(super::LoanClass),
    /// Days overdue, as the meter.
    Bucket(i64),
    /// A state drawn by a component, with its word for the export.
    State(Html, String),
}

impl Cell {
    /// `—` when there is none.
    #[must_use]
    pub fn date(on: Option<Date>) -> Self {
        on.map_or(Cell::None, Cell::Date)
    }

    /// `—` when there is none.
    #[must_use]
    pub fn money(fen: Option<i64>) -> Self {
        fen.map_or(Cell::None, Cell::Money)
    }
}
