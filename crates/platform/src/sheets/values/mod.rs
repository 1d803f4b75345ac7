//! Values as people write them (常见写法的取值): pure parsers from a cell or a text to a typed value.
//!
//! Each parser answers with the value or with the reason, never with a guess that loses digits.
//! A number that Excel stores as a double is read through its 15 significant digits, which is what Excel shows;
//! from there on everything is decimal or integer arithmetic.

mod amount;
mod date;
mod decimal;
mod identity;
mod name;
mod period;
mod phone;
mod rate;
mod text;

pub use amount::{Amount, AmountError, AmountUnit, parse_amount, parse_amount_text};
pub use date::{DateError, MonthHeading, date_time_of_serial, parse_date, parse_date_text, parse_month_heading};
pub use decimal::Decimal;
pub use identity::{IdError, IdKind, Identity, parse_identity, resident_check, uscc_check};
pub use name::{normalise_name, split_names};
pub use period::{Period, parse_period};
pub use phone::{PhoneError, parse_phone};
pub use rate::{RateError, RatePer, RateUnit, YearlyRate, parse_rate, parse_rate_text};
pub use text::{half_width, squeeze};
