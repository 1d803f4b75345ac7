//! Collections through their public functions and pages, on real databases.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has nothing to say")]

mod agency;
mod agreement;
mod bundle;
mod bundle_day;
mod case;
mod dossier;
mod early;
mod guard;
mod guard_attack;
mod guard_pages;
mod legal;
mod lender;
mod letter;
mod limitation;
mod lists;
mod lost;
mod measure;
mod meeting;
mod message;
mod message_ways;
mod one_person;
mod playbook;
mod recording;
mod recovery;
mod release;
mod strategy;
mod telephone;
mod visit;
