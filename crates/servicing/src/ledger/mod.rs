//! The loan ledger (贷款台账): every loan in one list, filtered, summed and exported; the overdue list is one of its views.

pub mod export;
pub mod pages;
pub mod standpoint;
pub mod store;
