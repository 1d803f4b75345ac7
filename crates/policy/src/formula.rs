//! Formulas in CEL, for what a cell cannot say: computed inputs, computed outputs, conditions of duties and approvals.
//!
//! A formula sees facts by name, parameters as `param.name`, whole numbers, texts, dates (as ISO text) and booleans.
//! Floating-point literals, unknown names, unknown functions and a wrong type of the result are refused at load.
//! `days_between(from, to)` is the one function beyond the operators.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use cel::common::ast::{CallExpr, Expr, LiteralValue, operators};
use cel::{Context, Env, ExecutionError, Program, Value as Cel};
use jiff::civil::Date;

use crate::problem::{ProblemKind, nearest};
use crate::table::day_number;
use crate::value::{FactType, Value};

/// Longer formulas belong into a table; a limit also bounds the parser's recursion.
const LONGEST: usize = 1_000;
/// Deepest nesting of parentheses, brackets, signs and conditions: the parser recurses some twenty frames a level.
const DEEPEST: usize = 10;

/// What a formula can see while it is checked.
pub(crate) struct Scope<'a> {
    /// The type of a fact.
    pub(crate) fact: &'a dyn Fn(&str) -> Option<FactType>,
    /// All facts, to find the one that was meant.
    pub(crate) fact_names: &'a [String],
}

/// A compiled formula (公式).
#[derive(Debug, Clone)]
pub(crate) struct Formula {
    source: String,
    program: Arc<Program>,
    facts: Vec<String>,
    parameters: Vec<String>,
}

/// The type of a part of a formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Integer,
    Text,
    Date,
    Boolean,
    /// A parameter: its type is known only on a date.
    Unknown,
}

impl Kind {
    fn of(kind: &FactType) -> Self {
        match kind {
            FactType::Integer { .. } => Self::Integer,
            FactType::Date => Self::Date,
            FactType::Text | FactType::OneOf { .. } => Self::Text,
            FactType::Boolean => Self::Boolean,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Integer => "integer",
            Self::Text => "text",
            Self::Date => "date",
            Self::Boolean => "boolean",
            Self::Unknown => "parameter",
        }
    }

    /// Whether the two can meet in a comparison; a date may meet a text literal.
    fn meets(self, other: Self) -> bool {
        let pair = |a, b| (self == a && other == b) || (self == b && other == a);
        self == other || self == Self::Unknown || other == Self::Unknown || pair(Self::Date, Self::Text)
    }
}

impl Formula {
    /// Compiles a formula whose result must be of type `result`.
    pub(crate) fn compile(source: &str, result: &FactType, scope: &Scope<'_>) -> Result<Self, ProblemKind> {
        let unreadable = |detail: &str| ProblemKind::Unreadable { found: source.to_owned(), detail: detail.to_owned() };
        if source.len() > LONGEST || nesting(source) > DEEPEST {
            return Err(unreadable("the formula is too long or nested too deeply"));
        }
        let program = Program::compile(source).map_err(|errors| {
            let first = errors.errors.first().map(|error| error.msg.clone()).unwrap_or_default();
            unreadable(first.lines().next().unwrap_or("not a formula"))
        })?;
        let mut check = Check { scope, source, facts: Vec::new(), parameters: Vec::new() };
        let kind = check.kind(&program.expression().expr)?;
        if !kind.meets(Kind::of(result)) {
            return Err(ProblemKind::WrongType { expected: result.to_text(), found: kind.name().to_owned() });
        }
        let (facts, parameters) = (check.facts, check.parameters);
        Ok(Self { source: source.to_owned(), program: Arc::new(program), facts, parameters })
    }

    /// As written.
    pub(crate) fn source(&self) -> &str {
        &self.source
    }

    /// The facts it reads.
    pub(crate) fn facts(&self) -> &[String] {
        &self.facts
    }

    /// The parameters it reads.
    pub(crate) fn parameters(&self) -> &[String] {
        &self.parameters
    }

    /// Computes the formula; `Err` carries what went wrong, such as an overflow.
    pub(crate) fn evaluate<'v>(
        &self,
        fact: &dyn Fn(&str) -> Option<&'v Value>,
        parameter: &dyn Fn(&str) -> Option<Value>,
        result: &FactType,
    ) -> Result<Value, String> {
        static ENVIRONMENT: OnceLock<Arc<Env>> = OnceLock::new();
        let mut context = Context::with_env(ENVIRONMENT.get_or_init(|| Arc::new(Env::stdlib())).clone());
        context.add_function("days_between", days_between).map_err(|error| error.to_string())?;
        for name in &self.facts {
            let value = fact(name).ok_or_else(|| format!("the fact {name} is not known"))?;
            context.add_variable_from_value(name.as_str(), to_cel(value));
        }
        if !self.parameters.is_empty() {
            let mut parameters = std::collections::HashMap::new();
            for name in &self.parameters {
                let value = parameter(name).ok_or_else(|| format!("the parameter {name} is not known"))?;
                parameters.insert(name.clone(), to_cel(&value));
            }
            context.add_variable_from_value("param", parameters);
        }
        let value = match self.program.execute(&context).map_err(|error| error.to_string())? {
            Cel::Int(number) => Value::Integer(number),
            Cel::Bool(yes) => Value::Boolean(yes),
            Cel::String(text) if *result == FactType::Date => {
                Value::Date(crate::value::parse_date(&text).ok_or_else(|| format!("{text} is not a date"))?)
            }
            Cel::String(text) => Value::Text(text.to_string()),
            other => return Err(format!("{other:?} is no value of a policy")),
        };
        result.admit(value).map_err(|problem| problem.to_string())
    }

    /// A condition over a map of facts.
    pub(crate) fn holds(
        &self,
        facts: &BTreeMap<String, Value>,
        parameter: &dyn Fn(&str) -> Option<Value>,
    ) -> Result<bool, String> {
        let value = self.evaluate(&|name| facts.get(name), parameter, &FactType::Boolean)?;
        Ok(value == Value::Boolean(true))
    }
}

/// Whole days from the first date to the second.
fn days_between(from: Arc<String>, to: Arc<String>) -> Result<i64, ExecutionError> {
    let read = |text: &str| -> Result<Date, ExecutionError> {
        crate::value::parse_date(text).ok_or_else(|| ExecutionError::function_error("days_between", "not a date"))
    };
    Ok(day_number(read(&to)?) - day_number(read(&from)?))
}

fn to_cel(value: &Value) -> Cel {
    match value {
        Value::Integer(number) => Cel::Int(*number),
        Value::Boolean(yes) => Cel::Bool(*yes),
        Value::Text(text) => Cel::from(text.as_str()),
        Value::Date(date) => Cel::from(date.to_string()),
    }
}

/// How deep a formula nests, rather too deep than too shallow: what stands in quotation marks counts too.
fn nesting(source: &str) -> usize {
    let (mut depth, mut deepest) = (0usize, 0usize);
    let mut previous = ' ';
    for character in source.chars().filter(|character| !character.is_whitespace()) {
        // A minus behind an operand is a difference (or stands in a date), otherwise a sign.
        let sign = character == '-' && !(previous.is_alphanumeric() || matches!(previous, ')' | ']' | '_'));
        match character {
            '(' | '[' | '{' | '?' | '!' => depth += 1,
            '-' if sign => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
        previous = character;
    }
    deepest
}

/// Walks a formula before it may ever run.
struct Check<'a, 'b> {
    scope: &'a Scope<'b>,
    source: &'a str,
    facts: Vec<String>,
    parameters: Vec<String>,
}

impl Check<'_, '_> {
    fn kind(&mut self, expression: &Expr) -> Result<Kind, ProblemKind> {
        match expression {
            Expr::Literal(literal) => match literal {
                LiteralValue::Int(_) => Ok(Kind::Integer),
                LiteralValue::Boolean(_) => Ok(Kind::Boolean),
                LiteralValue::String(_) => Ok(Kind::Text),
                LiteralValue::Double(_) => Err(ProblemKind::FloatingPoint { found: self.source.to_owned() }),
                LiteralValue::UInt(_) | LiteralValue::Bytes(_) | LiteralValue::Null => {
                    Err(self.unreadable("only whole numbers, texts, dates and true or false are values here"))
                }
            },
            Expr::Ident(name) => self.fact(name),
            Expr::Select(select) => match &select.operand.expr {
                Expr::Ident(root) if root == "param" && !select.test => {
                    if !self.parameters.contains(&select.field) {
                        self.parameters.push(select.field.clone());
                    }
                    Ok(Kind::Unknown)
                }
                _ => Err(self.unreadable("only param.name has a dot")),
            },
            Expr::Call(call) => self.call(call),
            Expr::List(_) | Expr::Map(_) | Expr::Struct(_) | Expr::Comprehension(_) | Expr::Unspecified => {
                Err(self.unreadable("lists stand only after in; maps and macros are not used"))
            }
        }
    }

    fn fact(&mut self, name: &str) -> Result<Kind, ProblemKind> {
        let Some(kind) = (self.scope.fact)(name) else {
            let nearest = nearest(name, self.scope.fact_names.iter().map(String::as_str));
            return Err(ProblemKind::UnknownFact { name: name.to_owned(), nearest });
        };
        if !self.facts.iter().any(|known| known == name) {
            self.facts.push(name.to_owned());
        }
        Ok(Kind::of(&kind))
    }

    fn call(&mut self, call: &CallExpr) -> Result<Kind, ProblemKind> {
        if call.target.is_some() {
            return Err(self.unreadable("methods are not used"));
        }
        if call.func_name == operators::IN {
            return self.membership(call);
        }
        let kinds = call.args.iter().map(|argument| self.kind(&argument.expr)).collect::<Result<Vec<Kind>, _>>()?;
        match (call.func_name.as_str(), kinds.as_slice()) {
            (operators::LOGICAL_AND | operators::LOGICAL_OR | operators::LOGICAL_NOT, _) => {
                self.all(&kinds, Kind::Boolean)?;
                Ok(Kind::Boolean)
            }
            (
                operators::ADD
                | operators::SUBSTRACT
                | operators::MULTIPLY
                | operators::DIVIDE
                | operators::MODULO
                | operators::NEGATE,
                _,
            ) => {
                self.all(&kinds, Kind::Integer)?;
                Ok(Kind::Integer)
            }
            (operators::EQUALS | operators::NOT_EQUALS, [left, right]) => {
                self.same(*left, *right)?;
                Ok(Kind::Boolean)
            }
            (
                operators::LESS | operators::LESS_EQUALS | operators::GREATER | operators::GREATER_EQUALS,
                [left, right],
            ) => {
                self.same(*left, *right)?;
                if *left == Kind::Boolean || *right == Kind::Boolean {
                    return Err(self.wrong("integer or date", Kind::Boolean));
                }
                Ok(Kind::Boolean)
            }
            (operators::CONDITIONAL, [condition, yes, no]) => {
                self.all(&[*condition], Kind::Boolean)?;
                self.same(*yes, *no)?;
                Ok(if *yes == Kind::Unknown { *no } else { *yes })
            }
            ("days_between", [from, to]) => {
                self.same(*from, Kind::Date)?;
                self.same(*to, Kind::Date)?;
                Ok(Kind::Integer)
            }
            (name, _) => Err(self.unreadable(&format!("the function {name} is not used here"))),
        }
    }

    fn membership(&mut self, call: &CallExpr) -> Result<Kind, ProblemKind> {
        let [item, list] = call.args.as_slice() else {
            return Err(self.unreadable("in takes a value and a list"));
        };
        let Expr::List(list) = &list.expr else {
            return Err(self.unreadable("in takes a list such as [\"a\", \"b\"]"));
        };
        let item = self.kind(&item.expr)?;
        for element in &list.elements {
            let element = self.kind(&element.expr)?;
            self.same(item, element)?;
        }
        Ok(Kind::Boolean)
    }

    fn all(&self, kinds: &[Kind], expected: Kind) -> Result<(), ProblemKind> {
        match kinds.iter().find(|kind| !(**kind == expected || **kind == Kind::Unknown)) {
            Some(kind) => Err(self.wrong(expected.name(), *kind)),
            None => Ok(()),
        }
    }

    fn same(&self, left: Kind, right: Kind) -> Result<(), ProblemKind> {
        if left.meets(right) { Ok(()) } else { Err(self.wrong(left.name(), right)) }
    }

    fn wrong(&self, expected: &str, found: Kind) -> ProblemKind {
        ProblemKind::WrongType { expected: expected.to_owned(), found: format!("{} in {}", found.name(), self.source) }
    }

    fn unreadable(&self, detail: &str) -> ProblemKind {
        ProblemKind::Unreadable { found: self.source.to_owned(), detail: detail.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Unit;
    use proptest::prelude::*;

    fn compile(source: &str, result: &FactType) -> Result<Formula, ProblemKind> {
        let fact = |name: &str| match name {
            "days" => Some(FactType::integer(Unit::Days)),
            "name" => Some(FactType::Text),
            "due_on" => Some(FactType::Date),
            "late" => Some(FactType::Boolean),
            _ => None,
        };
        let names: Vec<String> = ["days", "name", "due_on", "late"].map(str::to_owned).into();
        Formula::compile(source, result, &Scope { fact: &fact, fact_names: &names })
    }

    #[test]
    fn formulas_are_checked_before_they_run() {
        let days = FactType::integer(Unit::Days);
        let rows: &[(&str, &FactType, &str)] = &[
            ("(days + 29) / 30", &days, "ok"),
            ("days > 30 && name in [\"a\", \"b\"]", &FactType::Boolean, "ok"),
            ("due_on < \"2026-01-01\" ? days : param.edge", &days, "ok"),
            ("days_between(due_on, \"2026-01-31\")", &days, "ok"),
            ("days * 1.5 > 3", &FactType::Boolean, "floating_point"),
            ("dayz > 3", &FactType::Boolean, "unknown_fact"),
            ("days + name", &days, "wrong_type"),
            ("days > 3", &days, "wrong_type"),
            ("days == late", &FactType::Boolean, "wrong_type"),
            ("double(days) > 3", &FactType::Boolean, "unreadable"),
            ("[1, 2].exists(x, x == days)", &FactType::Boolean, "unreadable"),
            ("days >", &FactType::Boolean, "unreadable"),
            ("", &FactType::Boolean, "unreadable"),
        ];
        for (source, result, expected) in rows {
            let found = compile(source, result).map_or_else(|problem| problem.code(), |_| "ok");
            assert_eq!(found, *expected, "{source}");
        }
    }

    #[test]
    fn arithmetic_that_overflows_is_an_error_not_a_panic() {
        let days = FactType::integer(Unit::Days);
        let huge = Value::Integer(i64::MAX);
        for source in ["days + 1", "days * days", "-days - 2 - days", "1 / (days - days)", "1 % (days - days)"] {
            let formula = compile(source, &days).expect("compiles");
            assert!(formula.evaluate(&|_| Some(&huge), &|_| None, &days).is_err(), "{source}");
        }
    }

    #[test]
    fn the_deepest_formula_allowed_compiles_and_a_deeper_one_is_refused() {
        let nested = |depth: usize| format!("{}late{}", "(".repeat(depth), ")".repeat(depth));
        assert!(compile(&nested(DEEPEST), &FactType::Boolean).is_ok());
        // Long chains are no nesting, but must not exhaust the stack either.
        let chain = vec!["late"; LONGEST / 9].join(" || ");
        let formula = compile(&chain, &FactType::Boolean).expect("compiles");
        assert!(formula.evaluate(&|_| Some(&Value::Boolean(false)), &|_| None, &FactType::Boolean).is_ok());
        let signs = format!("{}days > 0", "-".repeat(DEEPEST + 1));
        assert!(compile(&signs, &FactType::Boolean).is_err());
        let dates = ["due_on < \"2026-01-01\""; DEEPEST].join(" && ");
        assert!(compile(&dates, &FactType::Boolean).is_ok());
        let sum = vec!["1"; LONGEST / 2].join("+");
        assert_eq!(compile(&sum, &FactType::integer(Unit::Days)).map(|formula| formula.facts().len()), Ok(0));
        let found = compile(&nested(DEEPEST + 1), &FactType::Boolean);
        assert_eq!(found.err().map(|problem| problem.code()), Some("unreadable"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn any_characters_are_compiled_or_refused(source in "[\\\\\"'xuU0-9a-f{}逾。\t\n@#$%^~`;rb]{0,24}") {
            let _ = compile(&source, &FactType::Boolean).map(|formula| formula.source().len());
        }

        #[test]
        fn any_text_is_compiled_or_refused(source in "[a-z0-9 ()+*?:<>=!&|.\"\\[\\]-]{0,40}") {
            let _ = compile(&source, &FactType::Boolean).map(|formula| formula.source().len());
        }
    }
}
