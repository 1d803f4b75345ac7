//! Policy (制度): the institution's written rules as dated, versioned data that runs and explains itself.
//!
//! A *policy pack* (策略包) is a folder of CSV files: decision tables, parameters, an article register, duty rules,
//! approval chains, roles, texts, numbering and products. `docs/policy-format.md` describes the files. Packs stand in
//! layers: `law-cn` at the bottom, shared parts above it, the institution's own pack on top; a pack may only tighten
//! what the law layer fixes.
//!
//! This crate is pure. It reads no file and no clock: [`Pack::load`] takes the texts of the files as a map from path
//! to content, and everything that depends on time takes a date. Terms:
//!
//! - [`Pack`]: a loaded and checked stack of layers. [`Pack::on`] gives the [`Edition`] in force on a date.
//! - [`Decision`]: a compiled decision table with the law's floor under it; [`Decision::evaluate`] decides and
//!   explains, [`Decision::hit`] only decides, fast.
//! - [`Evaluation`]: outputs, rows hit, inputs, articles, version, nearest missed rows, rows that only wait for facts.
//! - [`Derivation`]: a decision with the decisions it builds on, from [`Edition::derive`].
//! - [`Scorecard`]: which facts and judgements give how many points; [`Scorecard::score`] adds them up and explains.
//! - [`Parameter`], [`DutyRule`], [`ApprovalChain`], [`Role`], [`Template`], [`Numbering`], [`Product`], [`Outcome`],
//!   [`Article`]: the other things a pack holds.
//! - [`Problem`]: what is wrong with a pack, with file, row and column; loading reports all of them at once.
//!
//! ```
//! use std::collections::BTreeMap;
//! use policy::{FactDictionary, Facts, Pack, Value};
//!
//! let facts = FactDictionary::from_csv("facts.csv", "name,type,title_zh,title_en\noverdue_days,days 0..,逾期天数,Days overdue\n").unwrap();
//! let mut files = BTreeMap::new();
//! files.insert("tiny/pack.csv".to_owned(), "id,tiny\nkind,institution\ninstitution,microloan\ntitle,小,Tiny\nversion,1\n".to_owned());
//! files.insert("tiny/articles.csv".to_owned(),
//!     "id,title_zh,title_en,gist_zh,gist_en,source,confidence\na1,第一条,Article 1,逾期,Overdue,本公司制度,house\n".to_owned());
//! files.insert("tiny/tables/late.csv".to_owned(),
//!     "decision,late\ntitle,是否逾期,Overdue or not\nrule,late\nhit,unique\n\
//!      column,overdue_days,late,article\nuse,input,output,article\ntype,,boolean,\n\
//!      ,0,false,a1\n,>= 1,true,a1\n".to_owned());
//! let pack = Pack::load(&files, "tiny", &facts).unwrap();
//! let mut case = Facts::new();
//! case.insert("overdue_days".to_owned(), Value::Integer(31));
//! let found = pack.on(jiff::civil::date(2026, 8, 1)).decide("late", &case).unwrap();
//! assert_eq!(found.output("late"), Some(&Value::Boolean(true)));
//! assert_eq!(found.articles, ["a1"]);
//! assert_eq!(found.missed[0].failing[0].cell, "0");
//! ```
#![expect(clippy::result_large_err, reason = "a problem is rare, is read by people, and carries all that they need")]
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test may fail by panicking"))]

mod approval;
mod article;
mod calendar;
mod difference;
mod dmn;
mod duty;
mod edit;
mod facts;
mod formula;
pub mod json;
mod numbering;
mod outcome;
mod pack;
mod parameter;
mod period;
mod problem;
mod product;
mod register;
mod role;
mod scorecard;
mod sheet;
mod table;
mod template;
mod value;

pub use approval::ApprovalChain;
pub use article::Article;
pub use calendar::{CalendarError, WorkingDays, add_days, add_working_days};
pub use difference::{CellChange, Change, Difference, ParameterChange, RegisterChange, RowChange, TableChange};
pub use dmn::{DmnError, from_dmn, to_dmn};
pub use duty::{DutyDates, DutyRule, Offset};
pub use edit::{CELL_CHARACTERS, CellHelp, EditError, TableText, TextColumn};
pub use facts::{FactDefinition, FactDictionary, Facts, Title};
pub use numbering::{NumberError, Numbering, Reset};
pub use outcome::Outcome;
pub use pack::{Derivation, Edition, Further, PRINCIPLES, Pack, PackKind, ParameterError, Plan, RuleSet, Version};
pub use parameter::{Confidence, Direction, Parameter, ParameterType, ParameterValue};
pub use period::Period;
pub use problem::{Place, Problem, ProblemKind};
pub use product::{Nature, Product};
pub use register::RegisterText;
pub use role::{Role, Scope};
pub use scorecard::{Band, DIMENSIONS, Item, ItemKind, ItemScore, Method, Scorecard, Scored};
pub use table::{
    Decision, End, EvalError, Evaluation, FailingCell, FloorApplied, Hit, HitPolicy, Input, InputValue, MissedRow,
    Output, Row, RowHit, TableSheet, ranges,
};
pub use template::{Template, TemplateError};
pub use value::{FactType, Unit, Value};

/// The texts for codes of refusals (`error-…`) and problems (`problem-…`): (language tag, Fluent source).
pub const MESSAGES: [(&str, &str); 2] =
    [("zh-CN", include_str!("../locales/zh-CN/policy.ftl")), ("en", include_str!("../locales/en/policy.ftl"))];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_has_a_text_in_both_languages() {
        for (language, texts) in MESSAGES {
            for code in ProblemKind::CODES {
                let id = format!("problem-{} =", code.replace('_', "-"));
                assert!(texts.lines().any(|line| line.starts_with(&id)), "{language}: {id}");
            }
        }
    }
}
