//! Our own template (导入模板): the sheets and columns that are always recognised, with rules and a sample.

use platform::sheets::{TemplateColumn, TemplateSheet};

use super::field::{Field, Role};
use super::notes::Say;

/// A column of the template: field, whether it must be filled in, and a sample.
type Line = (Field, bool, &'static str);

const CUSTOMERS: &[Line] = &[
    (Field::Name, true, "示例甲"),
    (Field::PartyKind, false, "个人"),
    (Field::IdNo, true, "990505197506058235"),
    (Field::Phone, false, "19900000000"),
    (Field::Address, false, "示例县示例路1号"),
    (Field::Note, false, ""),
];

const LOANS: &[Line] = &[
    (Field::LoanNo, true, "示例2026001"),
    (Field::ContractNo, false, "示例借字2026001"),
    (Field::Name, true, "示例甲"),
    (Field::IdNo, true, "990505197506058235"),
    (Field::CoName, false, ""),
    (Field::CoIdNo, false, ""),
    (Field::Principal, true, "50000.00"),
    (Field::Rate, true, "12%"),
    (Field::Method, true, "等额本息"),
    (Field::DisbursedOn, true, "2026-01-15"),
    (Field::MaturityOn, true, "2027-01-15"),
    (Field::RepaymentDay, false, "15"),
    (Field::Security, false, "保证"),
    (Field::Class, false, "正常"),
    (Field::Balance, false, "50000.00"),
    (Field::Purpose, false, "周转资金"),
    (Field::DayCount, false, "30/360"),
    (Field::Note, false, ""),
];

const REPAYMENTS: &[Line] = &[
    (Field::Serial, false, "示例0001"),
    (Field::LoanNo, true, "示例2026001"),
    (Field::PaidOn, true, "2026-02-15"),
    (Field::Amount, true, "4442.44"),
    (Field::PaidPrincipal, false, "3942.44"),
    (Field::PaidInterest, false, "500.00"),
    (Field::PaidPenalty, false, "0.00"),
    (Field::PaidFee, false, "0.00"),
    (Field::Kind, false, ""),
];

const SECURITY: &[Line] = &[
    (Field::LoanNo, true, "示例2026001"),
    (Field::Security, true, "保证"),
    (Field::Guarantor, true, "示例乙"),
    (Field::GuarantorId, false, ""),
    (Field::GuaranteeAmount, false, "50000.00"),
    (Field::Collateral, false, ""),
    (Field::CollateralValue, false, ""),
];

/// The sheets of the template in the user's language, for [`platform::sheets::write_template`].
///
/// Headings are the field labels of the locale, which the synonyms contain in both languages;
/// rules and sample stand in rows that reading tells apart as notes.
pub fn template(say: &Say<'_>) -> Vec<TemplateSheet> {
    let sheets = [
        (Role::Customers, CUSTOMERS),
        (Role::Loans, LOANS),
        (Role::Repayments, REPAYMENTS),
        (Role::Security, SECURITY),
    ];
    sheets.into_iter().map(|(role, lines)| sheet(role, lines, say)).collect()
}

/// The repayment sheet alone, for bank files (批量还款模板).
pub fn receipts_template(say: &Say<'_>) -> Vec<TemplateSheet> {
    vec![sheet(Role::Repayments, REPAYMENTS, say)]
}

fn sheet(role: Role, lines: &[Line], say: &Say<'_>) -> TemplateSheet {
    let name = say(&format!("book-role-{}", role.code()), &[]);
    let column = |(field, required, sample): &Line| TemplateColumn {
        heading: say(&format!("book-field-{}", field.code().replace('_', "-")), &[]),
        rule: say(rule_id(*field), &[]),
        sample: (*sample).to_owned(),
        choices: choices(*field).iter().map(|word| (*word).to_owned()).collect(),
        required: *required,
    };
    TemplateSheet {
        title: name.clone(),
        name,
        columns: lines.iter().map(column).collect(),
        rules_mark: say("book-template-rules", &[]),
        sample_mark: say("book-template-sample", &[]),
    }
}

/// The rule that a field's values follow.
fn rule_id(field: Field) -> &'static str {
    match field {
        Field::Principal
        | Field::Balance
        | Field::Amount
        | Field::PaidPrincipal
        | Field::PaidInterest
        | Field::PaidPenalty
        | Field::PaidFee
        | Field::GuaranteeAmount
        | Field::CollateralValue => "book-rule-amount",
        Field::DisbursedOn | Field::MaturityOn | Field::PaidOn => "book-rule-date",
        Field::IdNo | Field::CoIdNo | Field::GuarantorId => "book-rule-id",
        Field::Rate => "book-rule-rate",
        Field::LoanNo => "book-rule-loan-no",
        Field::RepaymentDay => "book-rule-day",
        Field::Kind => "book-rule-kind",
        Field::PartyKind | Field::Method | Field::Security | Field::Class | Field::DayCount => "book-rule-choice",
        Field::Serial
        | Field::ContractNo
        | Field::Name
        | Field::Phone
        | Field::Address
        | Field::Note
        | Field::CoName
        | Field::Periods
        | Field::Purpose
        | Field::Guarantor
        | Field::Collateral
        | Field::Total => "book-rule-text",
    }
}

/// The words that a field knows, offered as a list; they are words of `words.csv`.
fn choices(field: Field) -> &'static [&'static str] {
    match field {
        Field::PartyKind => &["个人", "企业"],
        Field::Method => &["等额本息", "等额本金", "等本等息", "先息后本", "利随本清"],
        Field::Security => &["信用", "保证", "抵押", "质押"],
        Field::Class => &["正常", "关注", "次级", "可疑", "损失"],
        Field::DayCount => &["30/360", "ACT/360", "ACT/365"],
        _ => &[],
    }
}
