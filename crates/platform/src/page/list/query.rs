//! What a person asks of a list, read strictly from the address.

use jiff::civil::Date;
use thiserror::Error;

use super::super::control::query_pair;
use super::{Column, Filter, FilterKind, ListSpec};
use crate::error::{RefusalKind, Refused};
use crate::locale::MoneyUnit;

/// The sizes a page can have.
pub const SIZES: [u32; 4] = [15, 30, 50, 100];
/// The last page that can be asked for: beyond it a filter is the better way.
const MAX_PAGE: u32 = 100_000;
/// The longest text a filter takes.
const MAX_TEXT: usize = 100;

/// What is asked of a list (列表请求).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListQuery {
    /// The view; empty in a list without views.
    pub view: String,
    /// The filters that are set, in the order of the spec.
    pub filters: Vec<(&'static str, FilterValue)>,
    /// The order.
    pub sort: Option<Sort>,
    /// The page, from 1.
    pub page: u32,
    /// The rows of a page.
    pub size: u32,
    /// The columns shown, in the order of the spec.
    pub columns: Vec<&'static str>,
    /// The unit of money.
    pub unit: MoneyUnit,
    /// Whether rows are high (40) instead of compact (32).
    pub comfortable: bool,
    /// The view that was asked for and that the list does not have: a page shows the first one instead, a program is
    /// told.
    pub no_view: Option<String>,
    pub(super) chosen_columns: bool,
}

/// The order of a result (排序).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sort {
    /// The column's id.
    pub column: &'static str,
    /// Whether the greatest comes first.
    pub descending: bool,
}

/// What a filter is set to (筛选值).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FilterValue {
    /// Some of the choices, as submitted.
    Choice(Vec<String>),
    /// Whole numbers; money in fen.
    Range(Option<i64>, Option<i64>),
    /// Dates.
    Dates(Option<Date>, Option<Date>),
    /// A piece of text.
    Text(String),
}

/// Why an address is not understood (地址有误); answered with 400 and the message.
#[derive(Debug, Clone, Error, PartialEq, Eq)]
pub enum ListQueryError {
    /// The list knows no such parameter.
    #[error("this list has no parameter {0:?}")]
    UnknownParameter(String),
    /// The value is none that the parameter takes.
    #[error("{parameter} does not take {value:?}")]
    BadValue {
        /// The parameter.
        parameter: String,
        /// What was given.
        value: String,
    },
    /// The parameter can be given once.
    #[error("{0} is given twice")]
    Twice(String),
    /// From is after to.
    #[error("{0}: the lower end is above the upper end")]
    Reversed(String),
}

impl ListQueryError {
    /// The id and arguments of its message.
    #[must_use]
    pub fn message(&self) -> (&'static str, Vec<(&'static str, String)>) {
        match self {
            Self::UnknownParameter(name) => ("list-error-unknown", vec![("name", name.clone())]),
            Self::BadValue { parameter, value } => {
                ("list-error-value", vec![("name", parameter.clone()), ("value", value.clone())])
            }
            Self::Twice(name) => ("list-error-twice", vec![("name", name.clone())]),
            Self::Reversed(name) => ("list-error-reversed", vec![("name", name.clone())]),
        }
    }
}

impl ListQuery {
    /// What is asked when the address says nothing.
    #[must_use]
    pub fn of(spec: &ListSpec) -> Self {
        Self {
            view: spec.views.first().map(|view| view.id.clone()).unwrap_or_default(),
            filters: Vec::new(),
            sort: spec.default_sort,
            page: 1,
            size: SIZES[0],
            columns: spec.columns.iter().filter(|column| column.shown).map(|column| column.id).collect(),
            unit: MoneyUnit::Yuan,
            comfortable: false,
            no_view: None,
            chosen_columns: false,
        }
    }

    /// Reads the query part of an address.
    ///
    /// # Errors
    /// [`ListQueryError`] names the first parameter that is not understood. Empty values, as a form
    /// sends them, count as not given.
    pub fn parse(spec: &ListSpec, query: &str) -> Result<Self, ListQueryError> {
        let mut asked = Self::of(spec);
        let mut seen = Vec::new();
        let mut columns = Vec::new();
        for (name, value) in pairs(query)? {
            let value = value.trim().to_owned();
            // The language of the page is chosen in any address; it is no question to the list.
            if value.is_empty() || name == "lang" {
                continue;
            }
            let many = name == "col" || is_choice(spec, &name);
            if !many && seen.contains(&name) {
                return Err(ListQueryError::Twice(name));
            }
            match name.as_str() {
                "col" => columns.push(column(spec, &value)?.id),
                "view" | "sort" | "page" | "size" | "unit" | "rows" => asked.set(spec, &name, &value)?,
                _ => asked.set_filter(spec, &name, &value)?,
            }
            seen.push(name);
        }
        if !columns.is_empty() {
            asked.columns = spec.columns.iter().map(|c| c.id).filter(|id| columns.contains(id)).collect();
            asked.chosen_columns = true;
        }
        asked.filters.sort_by_key(|(id, _)| spec.filters.iter().position(|filter| filter.id == *id));
        asked.in_order()?;
        Ok(asked)
    }

    /// The value of a filter, when it is set.
    #[must_use]
    pub fn filter(&self, id: &str) -> Option<&FilterValue> {
        self.filters.iter().find(|(set, _)| *set == id).map(|(_, value)| value)
    }

    /// The values of a choice filter; empty when it is not set.
    #[must_use]
    pub fn choice(&self, id: &str) -> &[String] {
        match self.filter(id) {
            Some(FilterValue::Choice(values)) => values,
            _ => &[],
        }
    }

    /// The ends of a range or money filter.
    #[must_use]
    pub fn range(&self, id: &str) -> (Option<i64>, Option<i64>) {
        match self.filter(id) {
            Some(FilterValue::Range(from, to)) => (*from, *to),
            _ => (None, None),
        }
    }

    /// The ends of a date filter.
    #[must_use]
    pub fn dates(&self, id: &str) -> (Option<Date>, Option<Date>) {
        match self.filter(id) {
            Some(FilterValue::Dates(from, to)) => (*from, *to),
            _ => (None, None),
        }
    }

    /// The text of a text filter.
    #[must_use]
    pub fn text(&self, id: &str) -> Option<&str> {
        match self.filter(id) {
            Some(FilterValue::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// How many rows come before this page.
    #[must_use]
    pub fn offset(&self) -> i64 {
        i64::from(self.page - 1) * i64::from(self.size)
    }

    /// The same question with a filter set.
    #[must_use]
    pub fn with(mut self, id: &'static str, value: FilterValue) -> Self {
        self.filters.retain(|(set, _)| *set != id);
        self.filters.push((id, value));
        self.page = 1;
        self
    }

    /// The same question without a filter.
    #[must_use]
    pub fn without(&self, id: &str) -> Self {
        let mut other = self.clone();
        other.filters.retain(|(set, _)| *set != id);
        other.page = 1;
        other
    }

    /// A program is never shown another view than the one it asked for.
    ///
    /// Rule `api.no-other-view`.
    ///
    /// # Errors
    /// The list has no such view; the refusal names those that it has.
    pub fn known_view(&self, spec: &ListSpec) -> Result<(), Refused> {
        let Some(view) = &self.no_view else { return Ok(()) };
        let views: Vec<&str> = spec.views.iter().map(|one| one.id.as_str()).collect();
        let code = if views.is_empty() { "list-without-views" } else { "list-view-unknown" };
        let refused = Refused::new(RefusalKind::Invalid, code).under("api.no-other-view", None);
        Err(refused.with("given", view).with("views", views.join(", ")))
    }

    /// Its parameters in one canonical order, only what differs from the default.
    #[must_use]
    pub fn pairs(&self, spec: &ListSpec) -> Vec<(String, String)> {
        let plain = Self::of(spec);
        let mut out = Vec::new();
        let mut add = |name: &str, value: String| out.push((name.to_owned(), value));
        if self.view != plain.view {
            add("view", self.view.clone());
        }
        for (id, value) in &self.filters {
            let money = spec.filters.iter().any(|f| f.id == *id && matches!(f.kind, FilterKind::Money));
            for (end, value) in filter_pairs(value, money) {
                add(&format!("{id}{end}"), value);
            }
        }
        if let Some(sort) = self.sort.filter(|_| self.sort != plain.sort) {
            add("sort", format!("{}{}", if sort.descending { "-" } else { "" }, sort.column));
        }
        if self.size != plain.size {
            add("size", self.size.to_string());
        }
        if self.chosen_columns {
            for id in &self.columns {
                add("col", (*id).to_owned());
            }
        }
        if self.unit != plain.unit {
            add("unit", self.unit.code().to_owned());
        }
        if self.comfortable {
            add("rows", "high".to_owned());
        }
        if self.page != 1 {
            add("page", self.page.to_string());
        }
        out
    }

    /// Its canonical query, without the question mark.
    #[must_use]
    pub fn query(&self, spec: &ListSpec) -> String {
        let pairs: Vec<_> = self.pairs(spec).iter().map(|(name, value)| query_pair(name, value)).collect();
        pairs.join("&")
    }

    /// The same as the audit trail keeps it: what was typed freely may be a name or a number and stands as `-`.
    ///
    /// Rule `export.no-text-in-trail`.
    #[must_use]
    pub fn for_trail(&self, spec: &ListSpec) -> String {
        let mut kept = self.clone();
        for (_, value) in &mut kept.filters {
            if let FilterValue::Text(text) = value {
                "-".clone_into(text);
            }
        }
        kept.query(spec)
    }

    fn set(&mut self, spec: &ListSpec, name: &str, value: &str) -> Result<(), ListQueryError> {
        let bad = || bad(name, value);
        match name {
            "view" => {
                // A view that a list does not have (any more), from an old link, shows the first one.
                if spec.views.iter().any(|view| view.id == value) {
                    value.clone_into(&mut self.view);
                } else {
                    self.no_view = Some(value.chars().take(MAX_TEXT).collect());
                }
            }
            "sort" => {
                let descending = value.starts_with('-');
                let column = column(spec, value.trim_start_matches('-')).map_err(|_| bad())?;
                self.sort = Some(column.sortable.then_some(Sort { column: column.id, descending }).ok_or_else(bad)?);
            }
            "page" => {
                self.page = value.parse().ok().filter(|page| (1..=MAX_PAGE).contains(page)).ok_or_else(bad)?;
            }
            "size" => self.size = value.parse().ok().filter(|size| SIZES.contains(size)).ok_or_else(bad)?,
            "unit" => self.unit = MoneyUnit::parse(value).ok_or_else(bad)?,
            _ => self.comfortable = (value == "high").then_some(true).ok_or_else(bad)?,
        }
        Ok(())
    }

    fn set_filter(&mut self, spec: &ListSpec, name: &str, value: &str) -> Result<(), ListQueryError> {
        let (id, end) = match name.rsplit_once('.') {
            Some((id, end @ ("from" | "to"))) => (id, Some(end)),
            _ => (name, None),
        };
        let unknown = || ListQueryError::UnknownParameter(name.to_owned());
        let filter = spec.filters.iter().find(|filter| filter.id == id).ok_or_else(unknown)?;
        let parsed = read(filter, end, name, value)?;
        match (self.filters.iter_mut().find(|(set, _)| *set == filter.id), parsed) {
            (Some((_, FilterValue::Choice(old))), FilterValue::Choice(new)) => {
                old.extend(new);
                old.sort();
                old.dedup();
            }
            (Some((_, FilterValue::Range(from, to))), FilterValue::Range(new_from, new_to)) => {
                *from = from.or(new_from);
                *to = to.or(new_to);
            }
            (Some((_, FilterValue::Dates(from, to))), FilterValue::Dates(new_from, new_to)) => {
                *from = from.or(new_from);
                *to = to.or(new_to);
            }
            (_, new) => self.filters.push((filter.id, new)),
        }
        Ok(())
    }

    /// No range may end before it starts.
    fn in_order(&self) -> Result<(), ListQueryError> {
        for (id, value) in &self.filters {
            let reversed = match value {
                FilterValue::Range(Some(from), Some(to)) => from > to,
                FilterValue::Dates(Some(from), Some(to)) => from > to,
                FilterValue::Choice(_) | FilterValue::Text(_) | FilterValue::Range(..) | FilterValue::Dates(..) => {
                    false
                }
            };
            if reversed {
                return Err(ListQueryError::Reversed((*id).to_owned()));
            }
        }
        Ok(())
    }
}

fn is_choice(spec: &ListSpec, name: &str) -> bool {
    spec.filters.iter().any(|filter| filter.id == name && matches!(filter.kind, FilterKind::Choice(_)))
}

fn column<'a>(spec: &'a ListSpec, id: &str) -> Result<&'a Column, ListQueryError> {
    spec.columns.iter().find(|column| column.id == id).ok_or_else(|| bad("col", id))
}

fn bad(parameter: &str, value: &str) -> ListQueryError {
    ListQueryError::BadValue { parameter: parameter.to_owned(), value: value.to_owned() }
}

/// One parameter of a filter read into its value.
fn read(filter: &Filter, end: Option<&str>, name: &str, value: &str) -> Result<FilterValue, ListQueryError> {
    let bad = || bad(name, value);
    let unknown = || ListQueryError::UnknownParameter(name.to_owned());
    let place = |number: i64| match end {
        Some("from") => Ok(FilterValue::Range(Some(number), None)),
        Some(_) => Ok(FilterValue::Range(None, Some(number))),
        None => Err(unknown()),
    };
    match (&filter.kind, end) {
        (FilterKind::Choice(choices), None) => {
            let known = choices.iter().any(|choice| choice.value == value);
            known.then(|| FilterValue::Choice(vec![value.to_owned()])).ok_or_else(bad)
        }
        (FilterKind::Text, None) => {
            (value.chars().count() <= MAX_TEXT).then(|| FilterValue::Text(value.to_owned())).ok_or_else(bad)
        }
        (FilterKind::Range, _) => place(value.parse().map_err(|_| bad())?),
        (FilterKind::Money, _) => place(fen(value).ok_or_else(bad)?),
        (FilterKind::Dates, Some(end)) => {
            let on: Date = value.parse().map_err(|_| bad())?;
            Ok(if end == "from" { FilterValue::Dates(Some(on), None) } else { FilterValue::Dates(None, Some(on)) })
        }
        (FilterKind::Choice(_) | FilterKind::Text, Some(_)) | (FilterKind::Dates, None) => Err(unknown()),
    }
}

/// A sum typed in 元, with or without thousands, as fen.
fn fen(typed: &str) -> Option<i64> {
    let plain = typed.replace([',', '，'], "");
    let (sign, size) = match plain.strip_prefix(['-', '−']) {
        Some(rest) => (-1, rest),
        None => (1, plain.as_str()),
    };
    let (yuan, cents) = size.split_once('.').unwrap_or((size, ""));
    let digits = |text: &str| text.chars().all(|one| one.is_ascii_digit());
    if yuan.is_empty() || cents.len() > 2 || !digits(yuan) || !digits(cents) {
        return None;
    }
    let yuan: i64 = yuan.parse().ok()?;
    let cents: i64 = format!("{cents:0<2}").parse().ok()?;
    yuan.checked_mul(100)?.checked_add(cents)?.checked_mul(sign)
}

/// The parameters that say a filter's value, by the end of their names.
fn filter_pairs(value: &FilterValue, money: bool) -> Vec<(&'static str, String)> {
    let number = |value: &i64| {
        if money { crate::locale::money(*value).replace(',', "").replace('−', "-") } else { value.to_string() }
    };
    let ends = |from: Option<String>, to: Option<String>| {
        [(".from", from), (".to", to)].into_iter().filter_map(|(end, value)| Some((end, value?))).collect()
    };
    match value {
        FilterValue::Choice(values) => values.iter().map(|value| ("", value.clone())).collect(),
        FilterValue::Text(text) => vec![("", text.clone())],
        FilterValue::Range(from, to) => ends(from.as_ref().map(number), to.as_ref().map(number)),
        FilterValue::Dates(from, to) => ends(from.map(|on| on.to_string()), to.map(|on| on.to_string())),
    }
}

/// The pairs of a query, percent-decoded.
fn pairs(query: &str) -> Result<Vec<(String, String)>, ListQueryError> {
    let mut out = Vec::new();
    for part in query.split('&').filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let decode = |text: &str| decode(text).ok_or_else(|| ListQueryError::UnknownParameter(part.to_owned()));
        out.push((decode(name)?, decode(value)?));
    }
    Ok(out)
}

fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let high = char::from(rest.next()?).to_digit(16)?;
                let low = char::from(rest.next()?).to_digit(16)?;
                u8::try_from(high * 16 + low).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::super::super::Choice;
    use super::super::{ColumnKind, View};
    use super::*;

    fn spec() -> ListSpec {
        ListSpec {
            path: "/loans".into(),
            columns: vec![
                Column::new("no", "x", ColumnKind::Text).sortable(),
                Column::new("balance", "x", ColumnKind::Money).sortable(),
                Column::new("officer", "x", ColumnKind::Text).hidden(),
            ],
            filters: vec![
                Filter::new("overdue", "x", FilterKind::Range),
                Filter::new("class", "x", FilterKind::Choice(vec![Choice::new("pass", "p"), Choice::new("loss", "l")])),
                Filter::new("due", "x", FilterKind::Dates),
                Filter::new("sum", "x", FilterKind::Money),
                Filter::new("name", "x", FilterKind::Text),
            ],
            views: vec![View { id: "all".into(), ..View::default() }, View { id: "mine".into(), ..View::default() }],
            default_sort: Some(Sort { column: "balance", descending: true }),
            ..ListSpec::default()
        }
    }

    #[test]
    fn what_is_written_is_read_again() {
        let rows = [
            "",
            "view=mine&overdue.from=1&overdue.to=60&class=loss&class=pass&due.from=2026-11-01",
            "sum.from=1234.50&name=%E6%A2%81%26b&sort=no&size=50&col=no&col=officer&unit=wan&rows=high&page=3",
        ];
        for query in rows {
            let asked = ListQuery::parse(&spec(), query).unwrap();
            assert_eq!(asked.query(&spec()), query);
            assert_eq!(ListQuery::parse(&spec(), &asked.query(&spec())).unwrap(), asked);
        }
    }

    // Rule `export.no-text-in-trail`
    #[test]
    fn the_trail_keeps_which_filters_were_set_and_no_typed_text() {
        let asked = ListQuery::parse(&spec(), "class=loss&name=%E6%A2%81%26b").unwrap();
        assert_eq!(asked.for_trail(&spec()), "class=loss&name=-");
    }

    #[test]
    fn a_view_that_is_not_there_shows_the_first() {
        let asked = ListQuery::parse(&spec(), "view=gone").unwrap();
        assert_eq!(asked.view, "all");
        assert_eq!(asked.query(&spec()), "", "what is not there goes into no link");
        assert_eq!(ListQuery::parse(&spec(), "view=mine").unwrap().view, "mine");
    }

    // Rule `api.no-other-view`
    #[test]
    fn a_program_is_told_which_views_there_are() {
        assert_eq!(ListQuery::parse(&spec(), "view=mine").unwrap().known_view(&spec()), Ok(()));
        assert_eq!(ListQuery::parse(&spec(), "").unwrap().known_view(&spec()), Ok(()));
        let refused = ListQuery::parse(&spec(), "view=gone").unwrap().known_view(&spec()).unwrap_err();
        assert_eq!(refused.code, "list-view-unknown");
        assert_eq!(refused.details, [("given", "gone".to_owned()), ("views", "all, mine".to_owned())]);
        let bare = ListSpec { views: Vec::new(), ..spec() };
        let refused = ListQuery::parse(&bare, "view=all").unwrap().known_view(&bare).unwrap_err();
        assert_eq!(refused.code, "list-without-views");
    }

    #[test]
    fn a_form_that_leaves_fields_empty_sets_nothing() {
        let asked = ListQuery::parse(&spec(), "overdue.from=&overdue.to=&name=+&class=").unwrap();
        assert_eq!(asked, ListQuery::of(&spec()));
    }

    #[test]
    fn money_is_read_in_yuan_and_compared_in_fen() {
        let asked = ListQuery::parse(&spec(), "sum.from=1%2C234.5&sum.to=2000").unwrap();
        assert_eq!(asked.range("sum"), (Some(123_450), Some(200_000)));
    }

    #[test]
    fn what_is_not_understood_is_refused_by_name() {
        let bad = |parameter: &str, value: &str| ListQueryError::BadValue {
            parameter: parameter.into(),
            value: value.into(),
        };
        let rows = [
            ("colour=red", ListQueryError::UnknownParameter("colour".into())),
            ("overdue=5", ListQueryError::UnknownParameter("overdue".into())),
            ("class.from=1", ListQueryError::UnknownParameter("class.from".into())),
            ("overdue.from=x", bad("overdue.from", "x")),
            ("class=best", bad("class", "best")),
            ("sort=officer", bad("sort", "officer")),
            ("page=0", bad("page", "0")),
            ("size=7", bad("size", "7")),
            ("due.to=2026-02-30", bad("due.to", "2026-02-30")),
            ("sum.from=1.005", bad("sum.from", "1.005")),
            ("sum.from=99999999999999999999", bad("sum.from", "99999999999999999999")),
            ("page=1&page=2", ListQueryError::Twice("page".into())),
            ("overdue.from=9&overdue.to=1", ListQueryError::Reversed("overdue".into())),
            ("a=%zz", ListQueryError::UnknownParameter("a=%zz".into())),
        ];
        for (query, error) in rows {
            assert_eq!(ListQuery::parse(&spec(), query), Err(error), "{query}");
        }
    }
}
