//! Reversals (冲正): a payment booked by mistake is taken back by an entry that points to it, once a second person agreed.

pub mod actions;
pub mod model;
pub mod rules;
