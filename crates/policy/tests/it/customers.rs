//! The customer policies: one table of cases for each text, each naming its decisions and requirements.

use crate::cases;

// S5.8-03, S5.8-04, S5.8-05, S5.8-06, S5.8-07, S5.8-08, S5.8-17, S5.8-18, S5.8-19, S5.8-20.
// Rules class5.class, class5.base, class5.retest, class5.gate, class5.level, class5.self-employed, class5.premium,
// class5.staff, class5.employer, class5.quota, class5.class-1.condition, class5.class-2.condition,
// class5.class-3.condition, class5.class-4.condition, class5.class-5.condition.
#[test]
fn five_classes_with_every_alternative_and_both_sides_of_every_edge() {
    let shown = cases::run("customer_class.csv");
    for decision in ["customer_class", "retest_class", "premium_enterprise", "self_employed", "quota_loan"] {
        assert!(shown.contains(decision), "{decision}");
    }
}

// S5.6-01, S5.6-02, S5.6-03, S5.6-04, S5.6-05, S5.6-06, S5.6-08, S5.6-09, S5.6-10.
// S5.7-02, S5.7-03, S5.7-05, S5.7-06, S5.7-07.
// Rules capacity.prohibited, capacity.age-term, capacity.ratio, capacity.offset, capacity.offset.debt, capacity.card,
// capacity.income, capacity.proof, score.borrower, score.methods.
#[test]
fn prohibited_applicants_terms_ratios_and_methods() {
    let shown = cases::run("repayment.csv");
    assert!(shown.contains("repayment_ratio") && shown.contains("longest_term"));
}

// S5.1-02, S5.1-04, S5.2-02, S5.2-04, S5.2-05, S5.2-06, S5.3-01, S5.3-02, S5.3-04, S5.3-05.
// S5.5-01, S5.5-02, S5.5-03, S5.5-07.
// Rules layer.table, template.classes, tier.table, tier.benefits, rating.scale, rating.category, rating.flag.
#[test]
fn layers_template_classes_tiers_and_ratings() {
    let shown = cases::run("layers.csv");
    assert!(shown.contains("customer_layer") && shown.contains("template_class"));
}

// S1-20, S1-28, S3-07, S5.2-04, S5.2-05, S5.2-06.
// Rules lending.effect, loan.admission.
#[test]
fn what_classes_do_at_lending_and_what_stands_behind_a_loan() {
    let shown = cases::run("lending.csv");
    assert!(shown.contains("lending_effect") && shown.contains("opening_ground"));
}

// S3-04, S3-06, S3-07, S3-08, S3-16, S3-17, S3-18, S3-22.
// Rules sorting.risk_grade, sorting.class, sorting.premium, sorting.general, sorting.high_risk, sorting.service,
// sorting.debt_ratio, sorting.cooperation, sorting.profit, sorting.plan3, sorting.plan3_risk, sorting.evaluated_risk,
// sorting.indicators.
#[test]
fn guarantee_customers_are_sorted_in_both_orders() {
    let shown = cases::run("sorting.csv");
    assert!(
        shown.contains("guarantee_class") && shown.contains("plan3_class") && shown.contains("guarantee_indicator")
    );
}

// S3-25. Rule size.enterprise.
#[test]
fn enterprise_sizes_of_all_industries_on_both_sides_of_every_bound() {
    assert!(cases::run("enterprise_size.csv").contains("enterprise_size"));
}

// S1-07, S1-08, S1-09, S1-10, S1-11, S1-19, S1-28, S1-33.
// Rules admission.person, admission.enterprise, grade.score, grade.table, warning.level, axis.premium_service,
// axis.mapping.
#[test]
fn micro_loan_admission_grades_and_warnings() {
    let shown = cases::run("microloan.csv");
    assert!(shown.contains("credit_grade") && shown.contains("premium_service"));
}

// S2.3-04, S2.3-06, S2.3-09, S2.3-11, S2.3-12, S2.3-13, S2.5-09, S2.5-10, S2.5-28, S4-19, S2.5-25, S2.5-26, S2.5-33, S2.5-34, S2.5-35, S2.5-36, S2.10-12, S2.10-13, S2.14-03, S2.16-02,
// S2.16-03, S2.20-07.
// Rules inspection.by_rating, inspection.interval, sme.post_loan_mode, sme.customer_category, fund_use.levels,
// case.life_stage, cause.loss, cause.hint, risk.rating, call.checklist, post.tasks,
// cause.measures, cause.gate, cause.route, pattern.answers, pattern.segments, pattern.spouse, pattern.custody, key.priority,
// class.auto, class.guarantee, class.bank.
#[test]
fn inspection_intervals_fund_use_causes_and_patterns() {
    let shown = cases::run("post_loan.csv");
    assert!(shown.contains("inspection_interval") && shown.contains("fund_use"));
}
