//! A4 PDF documents (打印件): schedules, derivations, receipts, notices, statements and lists.
//!
//! Plain data in, PDF bytes out. This crate knows nothing of loans or policy: the caller computes every
//! figure and supplies every sentence whose wording is the institution's (letters, notes, articles).
//! What is fixed here is layout and the labels of tables, in Chinese and English (`templates/labels.typ`).
//!
//! - A document is a struct ([`RepaymentSchedule`], [`Agreement`], [`Bundle`], [`Derivation`], [`Receipt`], [`Notice`],
//!   [`Statement`], [`Report`], [`List`]) with a template of the same name in `templates/`.
//! - [`Press::print`] renders it. **It is synchronous and takes tens to hundreds of milliseconds: call it in
//!   `tokio::task::spawn_blocking`.** One [`Press`] is made at start and cloned; fonts are read on first use.
//! - Totals are added up here and compared with what the caller states; a document that does not foot
//!   is refused ([`PrintError::DoesNotFoot`]), and so is a letter with an empty mandatory field
//!   ([`PrintError::EmptyField`]).
//! - The same input gives the same bytes; metadata holds the kind of document, never a person.
//! - Data reaches typst as values, never as source text: `#panic()` in a name prints as those letters.

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod agreement;
mod bundle;
mod capital;
mod clean;
mod derivation;
mod document;
mod error;
mod figures;
mod fonts;
mod list;
mod notice;
mod press;
mod receipt;
mod report;
mod schedule;
mod statement;

pub use agreement::Agreement;
pub use bundle::{Bundle, Chapter, EnclosedKind, Enclosure};
pub use capital::capital;
pub use derivation::{Derivation, DerivationLine, Figure};
pub use document::{Borrower, Document, Frame, Imprint, Lang, Letterhead};
pub use error::PrintError;
pub use figures::yuan;
pub use fonts::FontFolders;
pub use list::{Align, Column, List};
pub use notice::{DueItem, Notice};
pub use press::{Press, Printed};
pub use receipt::{AllocationRow, BalanceRow, Receipt};
pub use report::{Report, ReportTable, Section};
pub use schedule::{Instalment, Moved, RepaymentSchedule, Signatures};
pub use statement::{Statement, StatementRow};
