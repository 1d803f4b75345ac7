//! Pages (页面): the frame around every page and the components that pages are made of.
//!
//! See `README.md` beside this file for how to write a page, and
//! `crates/platform/examples/gallery` for pages built of everything here.

mod badge;
mod chart;
mod control;
mod derivation;
mod door;
mod duty;
mod figure;
mod form;
mod frame;
pub mod grid;
mod html;
mod icon;
pub mod list;
mod notice;
mod subject;
mod table;
mod ui;

pub use badge::{LoanClass, Tone};
pub use chart::{Chart, Graph, GraphEdge, GraphNode, Series, Shape};
pub use control::{Button, Look, Tab, query_pair};
pub use derivation::{Articles, Derivation, FactLine, RuleLine, StepLine};
pub use door::{CodePage, DoorPage, ErrorPage, LoginPage, PasswordPage};
pub use duty::DutyRow;
pub use figure::{KeyFigure, Tile};
pub use form::{CSRF_FIELD, Choice, Field, FieldError, Guard, Input, ONCE_FIELD};
pub use frame::{Frame, NavGroup, NavItem, Page, Person, Rail, monogram};
pub use html::{Html, escape, own_address, query_escape};
pub use icon::Icon;
pub use notice::{Banner, Empty, Refusal, StampLook};
pub use subject::{Clocks, Subject};
pub use table::{Side, Table, TableRow};
pub use ui::{Given, Ui};

#[cfg(test)]
mod tests;
