//! The rules (规则) that the arithmetic follows: id, a plain sentence in both languages, source.

/// A rule (规则) as pages and derivations cite it; `docs/rules/finance.md` says the same at length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Stable id.
    pub id: &'static str,
    /// What it says, in Chinese.
    pub zh: &'static str,
    /// What it says, in English.
    pub en: &'static str,
    /// Article, circular or contract clause it comes from.
    pub source: &'static str,
}

const CONTRACT: &str = "借款合同 (contract)";
const PBC_2005: &str = "银发〔2005〕129号 (人民币存贷款计结息)";
const PBC_2003: &str = "银发〔2003〕251号 (人民币贷款利率)";

/// Every rule of the engine.
///
/// ```
/// assert!(finance::rules().iter().any(|rule| rule.id == "allocation.statutory"));
/// ```
pub const fn rules() -> &'static [Rule] {
    RULES
}

/// The rule of an id.
///
/// ```
/// assert_eq!(finance::rule("interest.penalty").unwrap().source, "银发〔2003〕251号 (人民币贷款利率)");
/// ```
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id)
}

const fn new(id: &'static str, zh: &'static str, en: &'static str, source: &'static str) -> Rule {
    Rule { id, zh, en, source }
}

static RULES: &[Rule] = &[
    // Rule `schedule.equal-instalment`.
    new(
        "schedule.equal-instalment",
        "等额本息：每期本息合计相等，A = P·i·(1+i)^n ÷ ((1+i)^n − 1)；当期本金 = A − 当期利息。",
        "Equal instalments: every period pays the same sum A = P·i·(1+i)^n ÷ ((1+i)^n − 1); principal is A less interest.",
        CONTRACT,
    ),
    // Rule `schedule.equal-principal`.
    new(
        "schedule.equal-principal",
        "等额本金：每期本金 = 本金 ÷ 期数，利息按余额计算。",
        "Equal principal: every period pays principal ÷ periods, and interest on the balance.",
        CONTRACT,
    ),
    // Rule `schedule.flat`.
    new(
        "schedule.flat",
        "等本等息：每期本金相等，每期利息按原始本金计算。",
        "Flat: every period pays equal principal, and interest on the original principal.",
        CONTRACT,
    ),
    // Rule `schedule.at-end`.
    new(
        "schedule.at-end",
        "先息后本、利随本清：本金到期一次归还。",
        "Interest only and bullet: principal is paid at maturity.",
        CONTRACT,
    ),
    // Rule `schedule.custom`.
    new("schedule.custom", "自定义计划：按约定的日期和本金归还。", "Custom plan: principal as agreed.", CONTRACT),
    // Rule `schedule.remainder`.
    new(
        "schedule.remainder",
        "尾差：末期本金为剩余全部本金。",
        "The last instalment takes all principal that is left.",
        CONTRACT,
    ),
    // Rule `schedule.balloon`.
    new(
        "schedule.balloon",
        "气球贷：约定的尾款留在末期归还。",
        "Balloon: the agreed remainder is left for the last instalment.",
        CONTRACT,
    ),
    // Rule `schedule.grace`.
    new("schedule.grace", "还本宽限期内不归还本金。", "No principal is paid during principal grace.", CONTRACT),
    // Rule `schedule.rest-day`.
    new(
        "schedule.rest-day",
        "到期日为非工作日的，按合同不顺延、顺延不计息或顺延计息。",
        "A due date on a rest day stays, or moves to the next workday with or without interest.",
        CONTRACT,
    ),
    // Rule `interest.period`.
    new(
        "interest.period",
        "按期计息：整期利息 = 余额 × 年利率 × 期间月数 ÷ 12，与天数无关。",
        "By periods: a whole period counts as its months of 1/12 year, whatever its days.",
        PBC_2005,
    ),
    // Rule `interest.flat`.
    new(
        "interest.flat",
        "等本等息的利息 = 原始本金 × 期利率。",
        "Flat interest is the original principal times the periodic rate.",
        CONTRACT,
    ),
    // Rule `interest.daycount.30-360`.
    new("interest.daycount.30-360", "每月按30天、每年按360天计息。", "Months count 30 days, years 360.", PBC_2005),
    // Rule `interest.daycount.act360`.
    new(
        "interest.daycount.act360",
        "按实际天数计息，日利率 = 年利率 ÷ 360；算头不算尾。",
        "Actual days over 360; the first day counts, the last does not.",
        PBC_2005,
    ),
    // Rule `interest.daycount.act365`.
    new("interest.daycount.act365", "按实际天数计息，日利率 = 年利率 ÷ 365。", "Actual days over 365.", CONTRACT),
    // Rule `interest.daycount.act364`.
    new("interest.daycount.act364", "按实际天数计息，日利率 = 年利率 ÷ 364。", "Actual days over 364.", CONTRACT),
    // Rule `interest.daycount.actact`.
    new(
        "interest.daycount.actact",
        "按实际天数计息，平年除以365，闰年除以366。",
        "Actual days over 365 in common years and 366 in leap years.",
        CONTRACT,
    ),
    // Rule `interest.daycount.whole-months`.
    new(
        "interest.daycount.whole-months",
        "对年对月对日：整年整月按月利率，零头天数按日利率（年利率 ÷ 360）。",
        "Whole months at the monthly rate, odd days at 1/360 of the yearly rate.",
        PBC_2005,
    ),
    // Rule `interest.lpr`.
    new(
        "interest.lpr",
        "浮动利率 = 重定价日已公布的LPR加点。",
        "A floating rate is the LPR in force on the repricing day plus basis points.",
        "中国人民银行公告〔2019〕第15号",
    ),
    // Rule `interest.penalty`.
    new(
        "interest.penalty",
        "罚息：逾期本金 × 罚息利率 × 逾期天数；罚息利率为合同利率加收约定比例；到期日计入，还款日不计入；结息日已计合同利息的，次日起计。",
        "Penalty: overdue principal × penalty rate × days; the due date counts, the day of payment does not; after a counted settlement day, which bears contract interest, it begins the next day.",
        PBC_2003,
    ),
    // Rule `interest.misuse`.
    new(
        "interest.misuse",
        "挪用罚息：未到期本金按挪用加收部分计收；逾期与挪用并存时择其重，不并处。",
        "Misuse: principal not yet due bears the surcharge; late and misused, the heavier rate applies, never both.",
        PBC_2003,
    ),
    // Rule `acceleration.due`.
    new(
        "acceleration.due",
        "提前到期：贷款人依约宣布提前到期之日，未到期本金和截至当日的利息一并到期，此后按逾期本金计收罚息。",
        "Acceleration: on the day the lender calls the loan all principal and the interest so far fall due; penalty runs on it from then on.",
        "《民法典》第六百七十三条；借款合同 (contract)",
    ),
    // Rule `interest.compound`.
    new(
        "interest.compound",
        "复利：对未付利息按约定利率计收；对罚息默认不计复利。",
        "Compound interest on unpaid interest; on penalty only where agreed.",
        PBC_2003,
    ),
    // Rule `interest.penalty.rounding`.
    new(
        "interest.penalty.rounding",
        "罚息、复利按累计数舍入一次，或按约定逐段舍入。",
        "Penalty and compound interest are rounded once on the running total, or per segment where agreed.",
        CONTRACT,
    ),
    // Rule `overdue.days`.
    new(
        "overdue.days",
        "逾期天数自顺延后的到期日起算；宽限期只影响收费，不影响天数；仅欠罚息或费用不算逾期。",
        "Days overdue count from the due date after holiday shift; grace changes charges, not days; penalty or fees alone make nothing overdue.",
        CONTRACT,
    ),
    // Rule `overdue.grace`.
    new(
        "overdue.grace",
        "宽限期内还清不收罚息；逾宽限期的，按合同自到期日或宽限期满日起计收。",
        "Paid within grace costs nothing; after it, penalty counts from the due date or from the end of grace as agreed.",
        CONTRACT,
    ),
    // Rule `overdue.non-accrual`.
    new(
        "overdue.non-accrual",
        "逾期超过约定天数的，利息转表外核算（非应计）。",
        "Overdue for more than the agreed days, interest leaves the books.",
        "财金〔2002〕5号",
    ),
    // Rule `allocation.statutory`.
    new(
        "allocation.statutory",
        "无约定时：实现债权的费用 → 利息（复利、罚息、利息）→ 本金，先到期者先偿。",
        "Where nothing is agreed: costs and fees, then interest (compound, penalty, interest), then principal; oldest instalment first.",
        "《民法典》第五百六十条、第五百六十一条",
    ),
    // Rule `allocation.agreed`.
    new("allocation.agreed", "按合同约定的冲账顺序。", "In the order that the contract agrees.", CONTRACT),
    // Rule `allocation.overdue`.
    new(
        "allocation.overdue",
        "逾期超过约定天数的，按约定改变顺序（默认先本后息）。",
        "Long overdue, in the order agreed for it (principal first by default).",
        CONTRACT,
    ),
    // Rule `allocation.stated`.
    new("allocation.stated", "按还款时指定的用途。", "As stated with the payment.", "《民法典》第五百六十条"),
    // Rule `allocation.credit`.
    new(
        "allocation.credit",
        "多还的款项留作预存款，于下一到期日使用。",
        "Money left over is kept and used on the next due date.",
        CONTRACT,
    ),
    // Rule `prepayment.principal`.
    new(
        "prepayment.principal",
        "提前归还的本金减少计息余额；提前还款按实际借款期间计息。",
        "Principal paid early no longer bears interest; interest runs for the actual time.",
        "《民法典》第六百七十七条",
    ),
    // Rule `prepayment.charge`.
    new(
        "prepayment.charge",
        "提前还款违约金 = 提前归还本金 × 约定比例。",
        "The charge is a share of the principal paid early.",
        CONTRACT,
    ),
    // Rule `change.extension`.
    new(
        "change.extension",
        "展期：本金移至新的到期日。",
        "An extension moves principal to the new maturity.",
        "《贷款通则》第十二条",
    ),
    // Rule `change.restructuring`.
    new(
        "change.restructuring",
        "重组：未还本金按新的条件归还。",
        "A restructuring puts what is owed under other terms.",
        CONTRACT,
    ),
    // Rule `writeoff.tracked`.
    new(
        "writeoff.tracked",
        "核销后账销案存，停止计息，继续追索；收回款项冲减已核销债权。",
        "Written off, the debt stays tracked, stops accruing, and recoveries reduce the claim.",
        "财金〔2017〕90号",
    ),
    // Rule `cost.irr`.
    new(
        "cost.irr",
        "年化成本：按各期剩余本金实际占用计算的内部收益率，列示名义（×12）与有效两种口径。",
        "The yearly cost is the internal rate of return on principal actually held, nominal and effective.",
        "中国人民银行公告〔2021〕第3号",
    ),
    // Rule `cost.table`.
    new(
        "cost.table",
        "综合融资成本：逐项列示利息、费用及收取主体，并分别年化。",
        "All-in cost: every item with who takes it, each as a yearly rate.",
        "金规〔2026〕2号",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_every_rule_is_documented() {
        let doc = include_str!("../../../docs/rules/finance.md");
        for (k, rule) in RULES.iter().enumerate() {
            assert!(RULES[..k].iter().all(|other| other.id != rule.id), "{} twice", rule.id);
            assert!(doc.contains(&format!("`{}`", rule.id)), "{} is not in docs/rules/finance.md", rule.id);
            assert!(!rule.zh.is_empty() && !rule.en.is_empty() && !rule.source.is_empty());
        }
    }
}
