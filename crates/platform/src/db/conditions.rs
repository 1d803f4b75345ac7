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

    /// Adds `(one or other)`; the values of both are bound.
    pub fn either(&mut self, one: &Self, other: &Self) -> &mut Self {
        if !self.sql.is_empty() {
            self.sql.push_str(" and ");
        }
        self.sql.push('(');
        self.take_over(one);
        self.sql.push_str(" or ");
        self.take_over(other);
        self.sql.push(')');
        self
    }

    /// Takes over another condition, its places counted on from the own ones.
    fn take_over(&mut self, other: &Self) {
        let before = self.args.len();
        let mut pieces = other.sql().split('$');
        self.sql.push_str(pieces.next().unwrap_or_default());
        for piece in pieces {
            let digits = piece.chars().take_while(char::is_ascii_digit).count();
            let (place, rest) = piece.split_at(digits);
            let place: usize = place.parse().unwrap_or_default();
            self.sql.push_str(&format!("${}{rest}", before + place));
        }
        self.args.extend(other.args.iter().cloned());
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
    fn one_of_two_conditions_counts_its_places_on() {
        let (mut filter, mut one, mut other) = (Conditions::new(), Conditions::new(), Conditions::new());
        filter.and("state = ?", [&"active"]);
        one.and("number >= ? and number < ?", [&"C1", &"C2"]);
        other.one_of("id", &[7_i64, 8]);
        filter.either(&one, &other).and("kind = ?", [&"person"]);
        assert_eq!(filter.sql(), "state = $1 and (number >= $2 and number < $3 or id in ($4, $5)) and kind = $6");
        assert_eq!(filter.args().len(), 6);
    }

    #[test]
    fn nothing_chosen_is_no_condition() {
        let mut filter = Conditions::new();
        filter.one_of::<&str>("class", &[]);
        assert_eq!(filter.sql(), "1 = 1");
    }
}
