//! Rebuilding (重建): caches of facts computed anew and compared with what is kept, or written over it.
//!
//! Every capability offers its rebuilders. [`verify`] reads only, batch by batch in transactions of its own;
//! [`write`] mends what differs, each batch in one transaction with its mark and its audit entry, so that it goes on
//! where a kill left it. While it writes it holds the lease of the close: neither runs while the other does.

mod driver;
pub mod model;
mod store;

pub use driver::{verify, write};
pub use model::{Difference, Found, Mode, Progress, RebuildBatch, Rebuilder};
