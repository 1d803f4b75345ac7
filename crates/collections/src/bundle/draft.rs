//! What a bundle is written from (卷宗底稿): the case, the files that were one customer, and the loans as they stood on the day
//! and were known then.

use std::sync::Arc;

use customers::Customer;
use customers::merge;
use jiff::Timestamp;
use jiff::civil::Date;
use platform::audit::{self, Broken, Trail};
use platform::error::ActionError;
use platform::id::CustomerId;
use platform::locale::{Lang, Locale};
use platform::page::Ui;
use platform::policies::{self, InForce, PolicyError};
use platform::work::Work;
use print::{Align, Column, ReportTable, Section};
use servicing::loan::pages::{Looked, look_at};
use servicing::loan::store as loans;

use super::model::{BundleError, Limits};
use crate::case::model::{Case, CaseKey};
use crate::case::store as cases;
use crate::dossier::DOSSIER_VIEW;
use crate::known::Known;

/// The article behind bundles.
const ARTICLE: &str = "house.bundle";

/// What somebody must be allowed to do to a merged file whose things stand in a bundle.
pub(super) const SEEN: [&str; 3] = [customers::VIEW, "loan.view", DOSSIER_VIEW];

/// One of the files that were one customer (卷内档案).
pub(super) struct Part {
    /// The file.
    pub customer: Customer,
    /// The cases of it that are told of: of the file itself its case, of one that was merged those that were pursued besides.
    pub cases: Vec<CaseKey>,
    /// Its audit trail, which holds.
    pub trail: Trail,
}

/// What a bundle is written from (卷宗底稿).
pub(super) struct Draft {
    /// Chinese, whoever makes it: it goes to a court or an authority in China.
    pub ui: Ui,
    /// The case.
    pub case: Case,
    /// The debtor.
    pub customer: Customer,
    /// The end of the last day that it tells of.
    pub known: Known,
    /// The file itself and those that were merged with it by then, as far as its maker sees them.
    pub parts: Vec<Part>,
    /// The numbers of merged files that its maker does not see.
    pub left_out: usize,
    /// The loans that were not settled on that day, of all files.
    pub loans: Vec<Looked>,
    /// The policy of the day on which it is made.
    pub policy: Arc<InForce>,
    /// What the policy lets it hold.
    pub limits: Limits,
}

impl Draft {
    /// Reads what all chapters need.
    ///
    /// # Errors
    /// Not within scope of the loans; a loan cannot be replayed; a trail that does not hold; too much for one bundle.
    pub async fn load(work: &mut Work, case: Case, customer: Customer, as_of: Date) -> Result<Self, ActionError> {
        let today = work.business_date;
        let policy = policies::in_force(work, today).await?;
        let title = policy.article_title(ARTICLE, false);
        let limits = Limits::read(policy.edition(today), title).map_err(PolicyError::from)?;
        let ui = Ui::new(Locale::new(Arc::clone(&work.app.catalogue), Lang::ZhCn), today);
        let known = Known::at_end_of(work, as_of).await?;
        let (parts, left_out) = parts(work, &case, &customer, as_of).await?;
        let mut found = Vec::new();
        for part in &parts {
            let most = limits.lines.saturating_add(1);
            let keys = loans::of_customer(&mut work.tx, part.customer.id, most).await?;
            limits.hold(keys.len())?;
            for key in keys {
                let looked = look_at(work, key, as_of, known.moment()).await?;
                if !matches!(looked.position.status, finance::Status::Settled | finance::Status::Undrawn) {
                    found.push(looked);
                }
            }
        }
        Ok(Self { ui, case, customer, known, parts, left_out, loans: found, policy, limits })
    }

    /// The last day that it tells of.
    pub fn as_of(&self) -> Date {
        self.known.on
    }

    /// A moment as it is printed.
    pub fn at(moment: Timestamp) -> String {
        platform::clock::civil_minute(moment)
    }

    /// A title that names the file, where there are several.
    pub fn of_file(&self, title: String, part: &Part) -> String {
        match self.parts.len() {
            1 => title,
            _ if title.is_empty() => self.ui.t1("bundle-of-file", "number", &part.customer.number),
            _ => format!("{title} · {}", self.ui.t1("bundle-of-file", "number", &part.customer.number)),
        }
    }

    /// The article on bundles.
    pub fn article(&self) -> String {
        self.limits.article.clone()
    }
}

/// Whether somebody may do a thing to a file.
pub(super) fn may(work: &Work, action: &str, file: &Customer) -> bool {
    work.authorise(action).is_ok_and(|scope| scope.covers(file.branch, file.team, file.manager))
}

/// The file of the case, and those that were one with it on the day and are seen by the person under everything that a bundle
/// tells of; how many are not.
async fn parts(
    work: &mut Work,
    case: &Case,
    customer: &Customer,
    as_of: Date,
) -> Result<(Vec<Part>, usize), ActionError> {
    let trail = verified(work, customer.id).await?;
    let mut parts = vec![Part { customer: customer.clone(), cases: vec![case.key], trail }];
    let mut left_out = 0;
    for id in merge::same_on(&mut work.tx, customer.id, as_of).await? {
        if id == customer.id {
            continue;
        }
        let Some(file) = customers::load(&mut work.tx, id).await? else { continue };
        let seen = SEEN.iter().all(|action| may(work, action, &file));
        if !seen {
            left_out += 1;
            continue;
        }
        let mut own = cases::all_of(&mut work.tx, id).await?;
        own.retain(|one| one.opened_on <= as_of);
        own.reverse();
        let trail = verified(work, id).await?;
        parts.push(Part { customer: file, cases: own.into_iter().map(|one| one.key).collect(), trail });
    }
    Ok((parts, left_out))
}

/// The trail of a file, from its beginning. Rule `bundle.trail`: one that is broken proves nothing.
async fn verified(work: &mut Work, customer: CustomerId) -> Result<Trail, ActionError> {
    let trail = audit::verify_chain(&mut work.tx, customer).await?;
    match &trail.broken {
        Some(broken) => Err(BundleError::TrailBroken { entry: entry_of(broken) }.into()),
        None => Ok(trail),
    }
}

fn entry_of(broken: &Broken) -> i64 {
    match broken {
        Broken::Content { seq, .. } | Broken::Order { seq, .. } | Broken::Head { seq, .. } => *seq,
        Broken::Root { .. } | Broken::Anchor { .. } => 0,
    }
}

/// A column: its message, how it is aligned, its share of the width.
pub(super) type Head<'a> = (&'a str, Align, u32);

/// A table with these columns.
pub(super) fn table(ui: &Ui, heads: &[Head<'_>], rows: Vec<Vec<String>>) -> ReportTable {
    let column = |&(id, align, share): &Head<'_>| Column { title: ui.t(id), align, share };
    ReportTable { columns: heads.iter().map(column).collect(), rows }
}

/// A section of one table.
pub(super) fn listed(title: String, ui: &Ui, heads: &[Head<'_>], rows: Vec<Vec<String>>) -> Section {
    Section { title, paragraphs: Vec::new(), table: Some(table(ui, heads, rows)) }
}

/// A day, or a dash.
pub(super) fn day(on: Option<Date>) -> String {
    on.map_or_else(|| "—".to_owned(), |on| on.to_string())
}

/// A text, or a dash.
pub(super) fn said(text: &str) -> String {
    if text.trim().is_empty() { "—".to_owned() } else { text.trim().to_owned() }
}
