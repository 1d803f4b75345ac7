//! What an import decides beyond reading the book: classes by days, rates above the cap, what is masked. Pure.

use std::collections::{BTreeMap, BTreeSet};

use finance::{Context, Method, Tenor, Terms};
use platform::error::{Refusal, RefusalKind, Refused};
use platform::sheets::SheetError;
use platform::vault::{Identity, Personal as _};
use policy::{Edition, Value};

use super::model::{Finding, Level, RunState};
use crate::book::{BookDraft, ClassBand, Field, Glance, LoanDraft, SheetClass, SheetLayout};
use crate::position::model::GradeTable;

/// Billionths in one millionth: rates are kept in billionths, caps in millionths.
const E9_PER_PPM: i64 = 1_000;

/// Why an import says no.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be read.
    #[error(transparent)]
    File(#[from] SheetError),
    /// There is no such import, or not for this person.
    #[error("no such import")]
    NotFound,
    /// Nobody answered yet which product and conventions apply.
    #[error("the import has no answers yet")]
    NotAnswered,
    /// The step does not fit the state.
    #[error("the import is {}", .state.as_str())]
    WrongState {
        /// Where it stands.
        state: RunState,
    },
    /// Rows are refused and nobody asked to import the rest.
    #[error("{rows} rows are refused")]
    RowsRefused {
        /// How many.
        rows: usize,
    },
    /// The date of the book lies after the business date.
    #[error("{as_of} is after {business_date}")]
    BookDate {
        /// As given.
        as_of: jiff::civil::Date,
        /// The business date.
        business_date: jiff::civil::Date,
    },
    /// The policy knows no such product.
    #[error("no product {product}")]
    ProductUnknown {
        /// As given.
        product: String,
    },
    /// Imported customers and loans need somebody who manages them.
    #[error("the system itself manages no customers")]
    NobodyManages,
    /// Another import is being written.
    #[error("{file} is being written until {until} at the latest")]
    Busy {
        /// The file that is written.
        file: String,
        /// When whoever writes it counts as gone.
        until: String,
    },
    /// Whoever wrote was too slow or gone, and somebody else writes now.
    #[error("somebody else writes now")]
    LeaseLost,
    /// The run brought nothing that could be undone.
    #[error("the import brought nothing")]
    NothingToUndo,
    /// Later facts stand on what the run brought.
    #[error("{count} later facts stand on it, the first: {first}")]
    LaterFacts {
        /// How many.
        count: usize,
        /// The first of them.
        first: String,
    },
}

impl Refusal for ImportError {
    fn refused(&self) -> Refused {
        use RefusalKind::{Conflict, Invalid, NotFound};
        match self {
            Self::File(error) => Refused::new(Invalid, "import-file").with("code", error.code()),
            Self::NotFound => Refused::new(NotFound, "import-not-found"),
            Self::NotAnswered => Refused::new(Conflict, "import-not-answered"),
            Self::WrongState { state } => Refused::new(Conflict, "import-state").with("state", state.as_str()),
            Self::RowsRefused { rows } => {
                // Rule `import.partial`.
                Refused::new(Conflict, "import-rows-refused").with("rows", rows).under("import.partial", None)
            }
            Self::BookDate { as_of, business_date } => Refused::new(Invalid, "import-book-date")
                .with("as_of", as_of)
                .with("business_date", business_date)
                .under("fact.effective-date", None),
            Self::ProductUnknown { product } => Refused::new(Invalid, "product-unknown").with("product", product),
            Self::NobodyManages => Refused::new(Conflict, "import-nobody-manages"),
            // Rule `import.one-writer`.
            Self::Busy { file, until } => Refused::new(Conflict, "import-busy")
                .with("file", file)
                .with("until", until)
                .under("import.one-writer", None),
            Self::LeaseLost => Refused::new(Conflict, "import-lease-lost").under("import.one-writer", None),
            // Rule `import.undo`.
            Self::NothingToUndo => Refused::new(Conflict, "import-undo-nothing").under("import.undo", None),
            Self::LaterFacts { count, first } => Refused::new(Conflict, "import-undo-later-facts")
                .with("count", count)
                .with("first", first)
                .under("import.undo", None),
        }
    }
}

/// The classes by days overdue of the policy in force, as the sheet's own classes are compared with them.
pub fn bands(grades: &GradeTable) -> Vec<ClassBand> {
    let mut bands: Vec<ClassBand> = Vec::new();
    for (from_days, grade) in grades.steps() {
        let Some(class) = class_of(&grade.class) else { continue };
        if bands.last().is_none_or(|last| last.class != class) {
            bands.push(ClassBand { from_days: *from_days, class });
        }
    }
    bands
}

fn class_of(class: &str) -> Option<SheetClass> {
    match class {
        "normal" => Some(SheetClass::Normal),
        "special_mention" => Some(SheetClass::SpecialMention),
        "substandard" => Some(SheetClass::Substandard),
        "doubtful" => Some(SheetClass::Doubtful),
        "loss" => Some(SheetClass::Loss),
        _ => None,
    }
}

/// The yearly cost of a loan in parts per million: the contract's rate, and where interest does not follow the
/// balance (等本等息) the internal rate of return.
pub fn all_in_ppm(loan: &LoanDraft, terms: &Terms, context: &Context<'_>) -> i64 {
    let contract = loan.annual_rate_e9 / E9_PER_PPM;
    if terms.method != Method::Flat {
        return contract;
    }
    let plan = finance::schedule(terms, context).ok();
    let table = plan.and_then(|plan| finance::cost(terms, &plan, &[]).ok());
    table.map_or(contract, |table| table.nominal_e9 / E9_PER_PPM)
}

/// The warning about a rate above the cap of the day on which the loan was made (decision `rate_cap`).
///
/// Rule `import.rate-cap`: an existing loan is a fact; its rate is told and not refused.
pub fn rate_above_cap(edition: &Edition, loan: &LoanDraft, all_in_ppm: i64, context: &Context<'_>) -> Option<Finding> {
    let mut facts = BTreeMap::from([("all_in_rate_ppm".to_owned(), Value::Integer(all_in_ppm))]);
    if let Some(lpr) = context.rates.latest(Tenor::OneYear, loan.disbursed_on) {
        facts.insert("lpr_1y_ppm".to_owned(), Value::Integer(lpr / E9_PER_PPM));
    }
    let decision = edition.decision("rate_cap").ok()?;
    let hit = decision.hit(&decision.values(&facts)).ok()?;
    if decision.outcome(&hit, 0).map(Value::to_text).as_deref() != Some("above_cap") {
        return None;
    }
    let cap = edition.integer("all_in_rate_cap_ppm").ok();
    let percent = |ppm: i64| format!("{}.{:02}", ppm / 10_000, ppm % 10_000 / 100);
    let facts =
        vec![("rate".to_owned(), percent(all_in_ppm)), ("cap".to_owned(), cap.map(percent).unwrap_or_default())];
    Some(of_loan(loan, Level::Warning, "rate_above_cap", facts))
}

/// A finding about a loan as a whole.
pub fn of_loan(loan: &LoanDraft, level: Level, code: &str, facts: Vec<crate::book::Fact>) -> Finding {
    Finding {
        sheet: loan.source.sheet.clone(),
        row: Some(loan.source.row),
        column: None,
        heading: None,
        level,
        code: code.to_owned(),
        facts,
        value: None,
        loan: Some(loan.no.clone()),
        glance: Glance::default(),
    }
}

/// The findings of reading, values of personal columns masked; a loan that cannot be replayed is refused.
/// Answers also the numbers of those loans.
pub fn findings_of(draft: &BookDraft) -> (Vec<Finding>, BTreeSet<String>) {
    let mut found = Vec::with_capacity(draft.refused.len() + draft.warnings.len());
    let mut broken = BTreeSet::new();
    for r in &draft.refused {
        let layout = draft.layouts.iter().find(|l| l.sheet == r.sheet);
        found.push(Finding {
            sheet: r.sheet.clone(),
            row: Some(r.row),
            column: r.column,
            heading: r.heading.clone(),
            level: Level::Refused,
            code: r.code.code().to_owned(),
            facts: r.facts.clone(),
            value: r.value.as_ref().map(|value| masked(layout, r.column, value)),
            loan: r.loan.clone(),
            glance: Glance::default(),
        });
    }
    for w in &draft.warnings {
        let broken_loan = w.code == crate::book::WarningCode::NotReplayable;
        if broken_loan {
            broken.extend(w.loan.clone());
        }
        found.push(Finding {
            sheet: w.sheet.clone(),
            row: w.row,
            column: w.column,
            heading: None,
            level: if broken_loan { Level::Refused } else { Level::Warning },
            code: w.code.code().to_owned(),
            facts: w.facts.clone(),
            value: None,
            loan: w.loan.clone(),
            glance: Glance::default(),
        });
    }
    (found, broken)
}

/// What may be shown of a cell: personal columns, and cells of no known column, masked.
fn masked(layout: Option<&SheetLayout>, column: Option<u32>, value: &str) -> String {
    let used = layout.and_then(|l| l.columns.iter().find(|c| Some(c.column) == column));
    match used.map(|c| c.field) {
        Some(Some(field)) if !is_personal(field) => value.to_owned(),
        Some(None) if used.is_some_and(|c| c.month.is_some()) => value.to_owned(),
        _ => Identity::from_clear(value.to_owned()).masked(),
    }
}

/// Columns whose values are personal data.
pub fn is_personal(field: Field) -> bool {
    matches!(field, Field::IdNo | Field::CoIdNo | Field::GuarantorId | Field::Phone | Field::Address)
}
