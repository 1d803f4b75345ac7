//! Bank accounts (银行账户): where a customer repays from and is paid to, sealed, verified by a second person.

pub mod actions;
mod form;
pub mod model;
pub mod pages;
pub(crate) mod sheets;
pub mod store;
