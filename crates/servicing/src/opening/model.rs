//! What the form of a new loan says, as typed and as understood. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use finance::{Fen, Terms};
use jiff::civil::Date;
use platform::error::FieldError;
use policy::Product;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::plan;
use crate::loan::model::{ContractId, Security};
use crate::security::model::{Backing, SecurityForm};

/// The methods that the form can ask for where the product leaves the choice.
pub const METHODS: [&str; 7] =
    ["equal_instalment", "equal_principal", "interest_only", "bullet", "flat", "balloon", "custom"];
/// How a rate is stated (利率单位).
pub const RATE_KINDS: [&str; 4] = ["year", "month", "lpr-1y", "lpr-5y"];
/// Units of a period.
pub const UNITS: [&str; 5] = ["day", "week", "month", "quarter", "year"];
/// Which day is due.
pub const DAYS: [&str; 3] = ["by-start", "fixed", "settlement"];
/// What a first period of unusual length looks like.
pub const FIRST_PERIODS: [&str; 3] = ["next_period", "short", "long"];
/// What happens to a due date on a rest day.
pub const REST_DAYS: [&str; 3] = ["kept", "forward", "forward_with_interest"];

/// What the form sends; kept as typed until it is understood.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct OpeningForm {
    /// The borrower.
    pub customer: String,
    /// 产品.
    pub product: String,
    /// `new`, or the key of a contract of this customer.
    pub contract: String,
    /// 合同号, where the lender gives one.
    pub contract_number: String,
    /// 合同金额, when more than one loan is to come.
    pub contract_amount: String,
    /// 签约日.
    pub signed_on: String,
    /// 借据号, where the lender gives one.
    pub number: String,
    /// 借款本金.
    pub principal: String,
    /// 本次放款, when less than the principal.
    pub drawn: String,
    /// One of [`RATE_KINDS`].
    pub rate_kind: String,
    /// 利率: percent a year, permille a month, or basis points.
    pub rate: String,
    /// 起息日.
    pub start_on: String,
    /// 期数.
    pub periods: String,
    /// 到期日.
    pub maturity_on: String,
    /// 首期还款日.
    pub first_due_on: String,
    /// One of [`METHODS`].
    pub method: String,
    /// 尾款本金 of a balloon loan.
    pub residual: String,
    /// 按几期计算月供 of a balloon loan, where no residual is agreed.
    pub amortised_over: String,
    /// 自定义还款计划: a line an instalment, date, principal and, where agreed, interest.
    pub plan: String,
    /// 首付, part of the principal.
    pub down_payment: String,
    /// Every so many.
    pub every: String,
    /// One of [`UNITS`].
    pub unit: String,
    /// One of [`DAYS`].
    pub repayment_day: String,
    /// The day of the month.
    pub day: String,
    /// One of [`FIRST_PERIODS`].
    pub first_period: String,
    /// One of [`REST_DAYS`].
    pub rest_days: String,
    /// 还本宽限期数.
    pub grace_principal: String,
    /// 付息宽限期数.
    pub grace_interest: String,
    /// 免息期数.
    pub interest_free: String,
    /// 用途.
    pub purpose: String,
    /// 担保方式.
    pub security: String,
    /// 备注.
    pub note: String,
    /// The decision on rescue money that the loan carries out.
    pub rescue: String,
    /// `preview` only computes.
    pub step: String,
    /// 保证人.
    pub guarantor: String,
    /// The kind of the guarantor's document.
    pub guarantor_identity_kind: String,
    /// 保证人证件号码.
    pub guarantor_identity: String,
    /// 保证方式.
    pub guarantee_kind: String,
    /// 保证金额.
    pub guarantee_amount: String,
    /// 保证期间止.
    pub guarantee_until: String,
    /// 抵押物或质物.
    pub thing: String,
    /// 抵押 or 质押.
    pub thing_kind: String,
    /// 所有权人.
    pub owner: String,
    /// 评估价值.
    pub thing_value: String,
}

/// A loan to be opened (放款登记), understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// 产品.
    pub product: String,
    /// An existing contract; `None`: a new one.
    pub contract: Option<ContractId>,
    /// 合同号 of a new contract.
    pub contract_number: Option<String>,
    /// 合同金额 of a new contract.
    pub contract_amount: Fen,
    /// 签约日.
    pub signed_on: Date,
    /// 借据号.
    pub number: Option<String>,
    /// 条款.
    pub terms: Terms,
    /// 本次放款.
    pub drawn: Fen,
    /// 用途.
    pub purpose: String,
    /// 担保方式.
    pub security: Security,
    /// 备注.
    pub note: Option<String>,
    /// 担保明细.
    pub securities: Vec<Backing>,
    /// 救助资金审定: the decision that the loan carries out.
    pub rescue: Option<i64>,
}

/// Whether a product leaves a parameter to the contract.
pub fn leaves_free(product: &Product, parameter: &str) -> bool {
    product.terms.get(parameter).is_none()
}

/// Reads what is typed, and notes what is wrong field by field.
pub(crate) struct Reader<'a> {
    wrong: &'a mut Vec<FieldError>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(wrong: &'a mut Vec<FieldError>) -> Self {
        Self { wrong }
    }

    pub(crate) fn complain(&mut self, field: &'static str, code: &'static str, text: &str) {
        self.wrong.push(FieldError::new(field, code).with("text", text));
    }

    pub(crate) fn refuse(&mut self, wrong: FieldError) {
        self.wrong.push(wrong);
    }

    pub(crate) fn text(text: &str) -> Option<String> {
        Some(text.trim().to_owned()).filter(|t| !t.is_empty())
    }

    pub(crate) fn needed(&mut self, field: &'static str, text: &str) -> String {
        Self::text(text).unwrap_or_else(|| {
            self.complain(field, "field-empty", "");
            String::new()
        })
    }

    pub(crate) fn amount(&mut self, field: &'static str, text: &str) -> Option<Fen> {
        match Self::text(text)?.parse::<Fen>() {
            Ok(amount) if amount.is_positive() => Some(amount),
            Ok(amount) => {
                self.wrong.push(FieldError::new(field, "amount-not-positive").with("amount", amount));
                None
            }
            Err(_) => {
                self.complain(field, "amount-unreadable", text);
                None
            }
        }
    }

    pub(crate) fn date(&mut self, field: &'static str, text: &str) -> Option<Date> {
        let date = Self::text(text)?.parse::<Date>().ok();
        if date.is_none() {
            self.complain(field, "date-unreadable", text);
        }
        date
    }

    fn whole(&mut self, field: &'static str, text: &str) -> Option<u32> {
        let number = Self::text(text)?.parse::<u32>().ok();
        if number.is_none() {
            self.complain(field, "count-unreadable", text);
        }
        number
    }

    pub(crate) fn choice<'b>(&mut self, field: &'static str, text: &str, of: &[&'b str]) -> &'b str {
        of.iter().copied().find(|one| *one == text).unwrap_or_else(|| {
            self.complain(field, "choice-unknown", text);
            ""
        })
    }
}

impl OpeningForm {
    /// Reads all fields, or says everything that is wrong with them at once.
    ///
    /// What the product fixes is taken from it, whatever the form says.
    pub fn read(&self, product: &Product) -> Result<Opening, Vec<FieldError>> {
        let mut wrong = Vec::new();
        let mut reader = Reader::new(&mut wrong);
        let mut own = Map::new();
        let principal = reader.amount("principal", &self.principal);
        if principal.is_none() && self.principal.trim().is_empty() {
            reader.complain("principal", "field-empty", "");
        }
        let start_on = reader.date("start_on", &self.start_on);
        if start_on.is_none() && self.start_on.trim().is_empty() {
            reader.complain("start_on", "field-empty", "");
        }
        own.insert("principal".to_owned(), json!(principal));
        own.insert("start_on".to_owned(), json!(start_on));
        if let Some(rate) = self.rate(&mut reader) {
            own.insert("rate".to_owned(), rate);
        }
        self.term(&mut reader, &mut own);
        self.free(product, &mut reader, &mut own);
        let drawn = reader.amount("drawn", &self.drawn).or(principal);
        let contract_amount = reader.amount("contract_amount", &self.contract_amount).or(principal);
        let signed_on = reader.date("signed_on", &self.signed_on).or(start_on);
        let contract = match self.contract.as_str() {
            "" | "new" => None,
            id => {
                let id = id.parse().ok();
                if id.is_none() {
                    reader.complain("contract", "choice-unknown", &self.contract);
                }
                id
            }
        };
        let purpose = reader.needed("purpose", &self.purpose);
        let security = Security::parse(&self.security);
        if security.is_none() {
            reader.complain("security", "choice-unknown", &self.security);
        }
        let securities = self.securities(&mut reader);
        let rescue = Reader::text(&self.rescue).map(|id| id.parse::<i64>());
        if matches!(rescue, Some(Err(_))) {
            reader.complain("rescue", "choice-unknown", &self.rescue);
        }
        let terms = terms_of(product, own);
        if terms.is_none() && wrong.is_empty() {
            wrong.push(FieldError::new("product", "product-terms").with("text", &product.id));
        }
        match (terms, drawn, contract_amount, signed_on, security) {
            (Some(terms), Some(drawn), Some(contract_amount), Some(signed_on), Some(security)) if wrong.is_empty() => {
                Ok(Opening {
                    product: product.id.clone(),
                    contract,
                    contract_number: Reader::text(&self.contract_number),
                    contract_amount,
                    signed_on,
                    number: Reader::text(&self.number),
                    terms,
                    drawn,
                    purpose,
                    security,
                    note: Reader::text(&self.note),
                    securities,
                    rescue: rescue.and_then(Result::ok),
                })
            }
            _ => Err(wrong),
        }
    }

    /// The rate as the engine's JSON says it.
    fn rate(&self, reader: &mut Reader<'_>) -> Option<Json> {
        let kind = reader.choice("rate_kind", &self.rate_kind, &RATE_KINDS);
        if reader.needed("rate", &self.rate).is_empty() {
            return None;
        }
        let typed = self.rate.trim().trim_end_matches(['%', '％', '‰']).trim();
        let fixed = |unit: &str| {
            let text = format!("{typed}{unit}");
            text.parse::<finance::Rate>().ok().map(|_| json!({ "fixed": text }))
        };
        let floating = |tenor: &str| {
            let points: Option<i32> = typed.trim_start_matches('+').parse().ok();
            points.map(|add_bp| json!({ "lpr": { "tenor": tenor, "add_bp": add_bp } }))
        };
        let rate = match kind {
            "year" => fixed("%/year"),
            "month" => fixed("‰/month"),
            "lpr-1y" => floating("1y"),
            "lpr-5y" => floating("5y"),
            _ => return None,
        };
        if rate.is_none() {
            reader.complain("rate", "opening-rate-unreadable", &self.rate);
        }
        rate
    }

    fn term(&self, reader: &mut Reader<'_>, own: &mut Map<String, Json>) {
        if let Some(periods) = reader.whole("periods", &self.periods) {
            own.insert("periods".to_owned(), json!(periods));
        }
        if let Some(on) = reader.date("maturity_on", &self.maturity_on) {
            own.insert("maturity_on".to_owned(), json!(on));
        }
        if let Some(on) = reader.date("first_due_on", &self.first_due_on) {
            own.insert("first_due_on".to_owned(), json!(on));
        }
    }

    /// The parameters that the product leaves to the contract.
    fn free(&self, product: &Product, reader: &mut Reader<'_>, own: &mut Map<String, Json>) {
        if leaves_free(product, "method") {
            let method = reader.choice("method", &self.method, &METHODS);
            own.insert("method".to_owned(), self.method_of(method, reader));
        }
        if leaves_free(product, "down_payment")
            && let Some(amount) = reader.amount("down_payment", &self.down_payment)
        {
            own.insert("down_payment".to_owned(), json!(amount));
        }
        if leaves_free(product, "frequency") && !self.unit.is_empty() {
            let every = reader.whole("every", &self.every).unwrap_or(1);
            let unit = reader.choice("unit", &self.unit, &UNITS);
            own.insert("frequency".to_owned(), json!({ "every": every, "unit": unit }));
        }
        if leaves_free(product, "repayment_day") && !matches!(self.repayment_day.as_str(), "" | "by-start") {
            let kind = reader.choice("repayment_day", &self.repayment_day, &DAYS);
            let day = reader.whole("day", &self.day);
            if day.is_none() && self.day.trim().is_empty() {
                reader.complain("day", "field-empty", "");
            }
            let day = day.and_then(|day| i8::try_from(day).ok()).unwrap_or(i8::MAX);
            let value = if kind == "fixed" { json!({ "fixed": day }) } else { json!({ "settlement": { "day": day } }) };
            own.insert("repayment_day".to_owned(), value);
        }
        if leaves_free(product, "first_period") && !self.first_period.is_empty() {
            let value = reader.choice("first_period", &self.first_period, &FIRST_PERIODS);
            own.insert("first_period".to_owned(), json!(value));
        }
        if leaves_free(product, "rest_days") && !self.rest_days.is_empty() {
            own.insert("rest_days".to_owned(), json!(reader.choice("rest_days", &self.rest_days, &REST_DAYS)));
        }
        if leaves_free(product, "grace") {
            let principal = reader.whole("grace_principal", &self.grace_principal).unwrap_or(0);
            let interest = reader.whole("grace_interest", &self.grace_interest).unwrap_or(0);
            let interest_free = reader.whole("interest_free", &self.interest_free).unwrap_or(0);
            let grace = json!({ "principal": principal, "interest": interest, "interest_free": interest_free });
            own.insert("grace".to_owned(), grace);
        }
    }

    /// The method as the engine's JSON says it, with what belongs to it.
    fn method_of(&self, method: &str, reader: &mut Reader<'_>) -> Json {
        match method {
            "balloon" => {
                let residual = reader.amount("residual", &self.residual);
                match (residual, reader.whole("amortised_over", &self.amortised_over)) {
                    (Some(amount), None) => json!({ "balloon": { "amount": amount } }),
                    (None, Some(periods)) => json!({ "balloon": { "amortised_over": periods } }),
                    (None, None) | (Some(_), Some(_)) => {
                        reader.complain("residual", "opening-residual", "");
                        Json::Null
                    }
                }
            }
            "custom" => json!({ "custom": plan::read(reader, &self.plan) }),
            other => json!(other),
        }
    }

    /// The guarantor and the thing, where they were filled in; more come on the loan's page.
    fn securities(&self, reader: &mut Reader<'_>) -> Vec<Backing> {
        let guarantee = SecurityForm {
            kind: self.guarantee_kind.clone(),
            who: self.guarantor.clone(),
            identity_kind: self.guarantor_identity_kind.clone(),
            identity: self.guarantor_identity.clone(),
            amount: self.guarantee_amount.clone(),
            until: self.guarantee_until.clone(),
            ..SecurityForm::default()
        };
        let thing = SecurityForm {
            kind: self.thing_kind.clone(),
            who: self.thing.clone(),
            owner: self.owner.clone(),
            amount: self.thing_value.clone(),
            ..SecurityForm::default()
        };
        let mut all = Vec::new();
        if !guarantee.who.trim().is_empty() {
            let fields = ["guarantee_kind", "guarantor", "guarantee_amount", "guarantee_until", "guarantor_identity"];
            all.extend(guarantee.read_as(reader, fields));
        }
        if !thing.who.trim().is_empty() {
            all.extend(thing.read_as(reader, ["thing_kind", "thing", "thing_value", "thing_value", "thing"]));
        }
        all
    }
}

/// The product's terms with what this contract adds; `None` where both together are no terms.
fn terms_of(product: &Product, own: Map<String, Json>) -> Option<Terms> {
    let mut whole = product.terms.as_object()?.clone();
    for (name, value) in own {
        // What the product fixes stays as it is.
        whole.entry(name).or_insert(value);
    }
    serde_json::from_value(Json::Object(whole)).ok()
}
