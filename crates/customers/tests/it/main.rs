//! Customers through their public functions and through HTTP, on every database.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has nothing to say")]

mod accounts;
mod admissions;
mod asset_proofs;
mod bulk;
mod campaigns;
mod care;
mod comparisons;
mod complaints;
mod credit;
mod data;
mod documents;
mod duplicates;
mod evaluations;
mod exports;
mod files;
mod fits;
mod guarantees;
mod leads;
mod lender;
mod lending;
mod measures;
mod merges;
mod pages;
mod portraits;
mod premiums;
mod records;
mod reveals;
mod rewards;
mod scope;
mod searching;
mod sorting_pages;
mod sortings;
mod standards;
mod statements;
mod surveys;
mod updates;
mod views;
mod warnings;
mod watch;
