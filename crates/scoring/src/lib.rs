//! Scorecards fitted on data (评分卡拟合): binning with weight of evidence, logistic regression, points, and how well it tells.
//!
//! Statistics, not money: this crate computes with `f64`, because logarithms and regression have no exact form. What
//! leaves it for a policy pack are whole points and whole cut values; no amount of anybody is ever computed here.
//! Pure: data in, a model and its measures out; no input or output, no clock, no chance (the split is a hash of the row).
//!
//! - [`Data`]: columns and the target (`true` is bad).
//! - [`fit()`]: the whole way from data to a [`Fitted`] card, or a [`Refused`] that says what is wrong with the data.
//! - [`bins`], [`logistic`], [`measure`]: the single steps.

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod bins;
pub mod data;
pub mod fit;
pub mod logistic;
pub mod measure;

pub use bins::{Bin, Binned, Edge};
pub use data::{Column, Data, Values};
pub use fit::{Fitted, Plan, Refused, Scale, Term, fit};
pub use logistic::{Regression, regress};
pub use measure::{Confusion, Measured, Roc};
