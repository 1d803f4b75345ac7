//! The walks: each module is one way of a person through the program.

#![allow(clippy::unwrap_used, reason = "a test may stop where it stands")]

mod changes;
mod close;
mod collecting;
mod customers;
mod dashboard;
mod entry;
mod every_page;
mod first_run;
mod house;
mod imports;
mod isolated;
mod newcomer;
mod packs;
mod placing;
mod rules;
mod starts;
mod steps;
mod whole_book;
