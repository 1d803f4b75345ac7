//! Decision tables: read from CSV, checked, compiled, evaluated.

pub(crate) mod cell;
pub(crate) mod check;
pub(crate) mod compiled;
pub(crate) mod evaluation;
pub(crate) mod index;
pub(crate) mod sheet;

pub use cell::{End, ranges};
pub use compiled::{Decision, Hit};
pub use evaluation::{EvalError, Evaluation, FailingCell, FloorApplied, InputValue, MissedRow, RowHit};
pub(crate) use index::day_number;
pub use sheet::{HitPolicy, Input, Output, Row, TableSheet};
