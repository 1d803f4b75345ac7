//! Kept files (附件): scans, photos and papers that belong to a thing of a customer's file.
//!
//! A capability authorises by its own action and scope and then calls [`keep`], [`open`], [`withdraw`]. The content lies
//! in sealed pieces; its digest is compared whenever it is opened, and by `loanward rebuild --verify`. Every look is in
//! the audit trail. Nothing is edited: a newer file replaces one, or it is withdrawn with a reason. What kinds of files
//! are taken, and how large, is policy.

mod actions;
mod download;
mod error;
mod media;
mod model;
mod rebuild;
pub mod rules;
pub(crate) mod sheets;
mod store;
pub mod travel;

pub use actions::{NewAttachment, Opened, keep, keep_made, limits, open, withdraw};
pub use download::response;
pub use error::AttachmentError;
pub use model::{Attachment, AttachmentId, Media, Withdrawn};
pub(crate) use rebuild::Contents;
pub use rules::Limits;
pub use store::{all_until, load, of_customer};

/// The place of a piece in its seal.
pub(crate) const PIECE: &str = "attachment_piece.sealed";
