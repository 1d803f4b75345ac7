//! What every component needs to draw: the language, the unit of money, the business date.

use jiff::civil::Date;

use super::{Html, Icon};
use crate::locale::{self, AsFen, Lang, Locale, MoneyUnit};

/// A value or a reference to it: what a component takes, because templates pass references.
pub trait Given<T: ?Sized> {
    /// The value.
    fn given(&self) -> &T;
}

impl<T> Given<T> for T {
    fn given(&self) -> &T {
        self
    }
}

impl<T> Given<T> for &T {
    fn given(&self) -> &T {
        self
    }
}

impl<T> Given<T> for &&T {
    fn given(&self) -> &T {
        self
    }
}

/// The pen of a page (画笔): a template holds one as `ui` and draws everything with it.
///
/// Components are methods in the files beside this one, by what they show.
/// All take references or values alike, because templates pass references.
#[derive(Debug, Clone)]
pub struct Ui {
    /// The language.
    pub locale: Locale,
    /// The unit in which lists show money.
    pub unit: MoneyUnit,
    /// The business date (营业日).
    pub business_date: Date,
}

impl Ui {
    /// A pen that writes 元.
    #[must_use]
    pub fn new(locale: Locale, business_date: Date) -> Self {
        Self { locale, unit: MoneyUnit::Yuan, business_date }
    }

    /// The same pen with another unit.
    #[must_use]
    pub fn with_unit(&self, unit: MoneyUnit) -> Self {
        Self { unit, ..self.clone() }
    }

    /// The language.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.locale.lang()
    }

    /// The message `id`.
    #[must_use]
    pub fn t(&self, id: impl AsRef<str>) -> String {
        self.locale.t(id)
    }

    /// The message `id` with one argument.
    #[must_use]
    pub fn t1(&self, id: impl AsRef<str>, name: impl AsRef<str>, value: impl ToString) -> String {
        self.locale.t1(id, name.as_ref(), value)
    }

    /// The message `id` with two arguments.
    #[must_use]
    pub fn t2(
        &self,
        id: impl AsRef<str>,
        name: impl AsRef<str>,
        value: impl ToString,
        name2: impl AsRef<str>,
        value2: impl ToString,
    ) -> String {
        self.locale.tn(id, &[(name.as_ref(), value.to_string()), (name2.as_ref(), value2.to_string())])
    }

    /// The message `id` with any arguments.
    #[must_use]
    pub fn tn<V: AsRef<str>>(&self, id: impl AsRef<str>, arguments: &[(&str, V)]) -> String {
        self.locale.tn(id, arguments)
    }

    /// An icon.
    #[must_use]
    pub fn icon(&self, icon: impl Given<Icon>) -> Html {
        icon.given().html()
    }

    /// A sum in 元 as plain text, for sentences and titles.
    #[must_use]
    pub fn yuan(&self, amount: impl AsFen) -> String {
        locale::money(amount)
    }

    /// A sum in the unit of the page as plain text.
    #[must_use]
    pub fn in_unit(&self, amount: impl AsFen) -> String {
        locale::money_in(self.unit, amount)
    }

    /// The name of the unit: 元, 万元, yuan, 10k yuan.
    #[must_use]
    pub fn unit_name(&self) -> String {
        self.t(match self.unit {
            MoneyUnit::Yuan => "unit-yuan",
            MoneyUnit::WanYuan => "unit-wan",
        })
    }

    /// The short name of a weekday: 周五, Fri.
    #[must_use]
    pub fn weekday(&self, on: impl Given<Date>) -> String {
        self.locale.weekday(*on.given())
    }

    /// A count with thousands.
    #[must_use]
    pub fn count(&self, number: impl Given<i64>) -> String {
        locale::count(*number.given())
    }
}
