//! The conditions of a list (筛选条件), put together from fixed fragments and bound values.

use sqlx::AssertSqlSafe;

use super::value::{ToValue, Value};

/// A `where` clause that grows: fragments are fixed texts, values are always bound.
///
/// ```
/// use platform::db::Conditions;
/// let mut filter = Conditions::new();
/// filter.and("l.branch_id = ?", [&7_i64]).and("l.number >= ? and l.number < ?", [&"JJ-2026", &"JJ-2027"]);
/// assert_eq!(filter.sql(), "l.branch_id = $1 and l.number >= $2 and l.number < $3");
/// assert_eq!(filter.args().len(), 3);
/// ```
#[derive(Debug, Clone, Default)]
pub struct Conditions {
    sql: String,
    args: Vec<Value>,
}

impl Conditions {
    /// No condition.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a condition; each `?` in it takes the next value.
    pub fn and<'v, V: ToValue + 'v>(
        &mut self,
        fragment: &'static str,
        values: impl IntoIterator<Item = &'v V>,
    ) -> &mut Self {
        self.and_values(fragment, values.into_iter().map(ToValue::to_value).collect())
    }

    /// Adds a condition with values of different types, as `args!` makes them.
    pub fn and_values(&mut self, fragment: &'static str, values: Vec<Value>) -> &mut Self {
        if !self.sql.is_empty() {
            self.sql.push_str(" and ");
        }
        let mut values = values.into_iter();
        for c in fragment.chars() {
            match c {
                '?' => {
                    self.args.extend(values.next());
                    self.sql.push_str(&format!("${}", self.args.len()));
                }
                other => self.sql.push(other),
            }
        }
        self
    }

    /// Adds `column in (…)` for the chosen values; nothing chosen is no condition.
    pub fn one_of<V: ToValue>(&mut self, column: &'static str, values: &[V]) -> &mut Self {
        if values.is_empty() {
            return self;
        }
        if !self.sql.is_empty() {
            self.sql.push_str(" and ");
        }
        let places: Vec<String> = values
            .iter()
            .map(|value| {
                self.args.push(value.to_value());
                format!("${}", self.args.len())
            })
            .collect();
        self.sql.push_str(&format!("{column} in ({})", places.join(", ")));
        self
    }

    /// The condition; `1 = 1` when there is none.
    pub fn sql(&self) -> &str {
        if self.sql.is_empty() { "1 = 1" } else { &self.sql }
    }

    /// The bound values.
    pub fn args(&self) -> Vec<Value> {
        self.args.clone()
    }

    /// `head where CONDITION tail`, ready to run: all three parts are fixed texts and placeholders.
    pub fn select(&self, head: &'static str, tail: &str) -> AssertSqlSafe<String> {
        AssertSqlSafe(format!("{head} where {} {tail}", self.sql()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_values_stay_values() {
        let mut filter = Conditions::new();
        filter.and("name = ?", [&"x' or 1=1 --"]).one_of("class", &["normal", "'; drop table loan; --"]);
        assert_eq!(filter.sql(), "name = $1 and class in ($2, $3)");
        assert_eq!(filter.args().len(), 3);
    }

    #[test]
    fn nothing_chosen_is_no_condition() {
        let mut filter = Conditions::new();
        filter.one_of::<&str>("class", &[]);
        assert_eq!(filter.sql(), "1 = 1");
    }
}
