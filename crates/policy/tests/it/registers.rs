//! Parameters, switches, approvals, roles, numbers, products, articles, explanations, JSON.

use std::collections::BTreeMap;

use jiff::civil::date;
use policy::{Facts, Pack, Scope, Value, json};
use serde_json::json;

use crate::shipped;

// a decision keeps its version, inputs, rows and articles.
#[test]
fn a_decision_carries_what_it_rests_on() {
    let pack = shipped::pack("microloan");
    let facts = BTreeMap::from([("overdue_days".to_owned(), Value::Integer(30))]);
    let found = pack.on(date(2026, 8, 1)).decide("overdue_bucket", &facts).unwrap();
    assert_eq!(found.rule, "overdue.bucket");
    assert_eq!((found.version.pack.as_str(), found.version.version.as_str()), ("microloan", "2026.11"));
    let layers: Vec<&str> = found.version.layers.iter().map(|(pack, _)| pack.as_str()).collect();
    assert_eq!(layers, ["law-cn", "common", "credit-grade", "inspection", "microloan"]);
    assert_eq!(found.inputs.len(), 1);
    assert_eq!(found.inputs[0].value, Some(Value::Integer(30)));
    assert_eq!(found.articles, ["overdue.buckets"]);
    assert_eq!((found.rows[0].file.as_str(), found.rows[0].row), ("common/tables/overdue_bucket.csv", 10));
    // The nearest rows that missed stand beside the one that hit.
    let missed: Vec<(&str, &str)> =
        found.missed.iter().map(|row| (row.row.label.as_str(), row.failing[0].cell.as_str())).collect();
    assert_eq!(missed, [("B0", "0"), ("B2", "[31..60]"), ("B3", "[61..90]")]);
    assert_eq!(found.missed[1].failing[0].reference, "B11");
}

// S2.5-29: M4 to M7 in steps of 30 days when the scale is chosen so.
#[test]
fn the_m_scale_is_a_switch() {
    let mut files = shipped::files();
    let text = files.get_mut("common/parameters.csv").unwrap();
    *text = text.replace("choice to_m3|to_m6,to_m3", "choice to_m3|to_m6,to_m6");
    let pack = policy::Pack::load(&files, "microloan", &shipped::facts()).unwrap();
    let bucket = |days: i64| {
        let facts = BTreeMap::from([("overdue_days".to_owned(), Value::Integer(days))]);
        let found = pack.on(date(2026, 8, 1)).decide("m_bucket", &facts).unwrap();
        assert_eq!(found.inputs[1].formula.as_deref(), Some("param.m_bucket_scale"));
        found.text("m_bucket").unwrap().to_owned()
    };
    let edges = [(90, "M3"), (91, "M4"), (120, "M4"), (121, "M5"), (150, "M5"), (151, "M6"), (180, "M6"), (181, "M7")];
    for (days, expected) in edges {
        assert_eq!(bucket(days), expected, "{days}");
    }
}

#[test]
fn choices_between_contradicting_texts_are_named_switches() {
    let pack = shipped::pack("microloan");
    let edition = pack.on(date(2026, 8, 1));
    let settled: Vec<&str> = edition.switches().filter_map(|switch| switch.resolves.as_deref()).collect();
    for id in ["A-15", "A-16", "A-17", "A-25", "C-01", "C-02", "C-04", "C-08", "C-44"] {
        assert!(settled.contains(&id), "{id} in {settled:?}");
    }
    assert_eq!(edition.text("post_loan_segregation"), Ok("warn"));
    assert_eq!(shipped::pack("bank-personal").on(date(2026, 8, 1)).text("post_loan_segregation"), Ok("block"));
    assert_eq!(edition.integer("no_such").map_err(|error| error.code()), Err("unknown_parameter"));
    assert_eq!(edition.flag("password_min_length").map_err(|error| error.code()), Err("wrong_parameter_type"));
}

// the limits stand as data of the law layer for the contact guard to come.
#[test]
fn contact_limits_are_parameters_of_the_law() {
    let pack = shipped::pack("microloan");
    let edition = pack.on(date(2026, 8, 1));
    let numbers = [
        ("quiet_hours_start", 22 * 60),
        ("quiet_hours_end", 8 * 60),
        ("effective_calls_per_debtor_day", 3),
        ("unanswered_dials_per_number_day", 6),
        ("recording_retention_years", 2),
    ];
    for (name, expected) in numbers {
        assert_eq!(edition.integer(name), Ok(expected), "{name}");
    }
    assert_eq!(
        pack.on(date(2026, 1, 29)).integer("unanswered_dials_per_number_day").map_err(|e| e.code()),
        Err("unknown_parameter")
    );
}

// Section P: numbers that the source texts fix.
#[test]
fn parameters_have_the_numbers_of_the_texts() {
    let pack = shipped::pack("microloan");
    let edition = pack.on(date(2026, 8, 1));
    let numbers = [
        ("early_reminder_opens_working_days", 1),
        ("early_reminder_working_days", 3),
        ("dunning_per_week_1_30", 1),
        ("dunning_per_week_31_60", 2),
        ("dunning_per_week_61_90", 3),
        ("dunning_per_day_91", 1),
        ("legal_min_overdue_days", 91),
        ("legal_min_attempts", 3),
        ("npl_min_overdue_days", 90),
        ("provision_general_ppm", 10_000),
        ("provision_substandard_ppm", 250_000),
        ("penalty_late_max_ppm", 500_000),
        ("extension_filing_days_before", 30),
        ("overdue_tolerance_fen", 0),
    ];
    for (name, expected) in numbers {
        assert_eq!(edition.integer(name), Ok(expected), "{name}");
    }
    assert_eq!(edition.flag("dunning_daily_working_days_only"), Ok(false));
    let bank = shipped::pack("bank-personal");
    assert_eq!(bank.on(date(2026, 8, 1)).integer("npl_min_overdue_days"), Ok(91));
    assert_eq!(bank.on(date(2026, 8, 1)).integer("extension_filing_days_before"), Ok(15));
}

// rules `approval.waiver`, `approval.extension`, `approval.restructure`, `approval.rate_change`,
// `approval.write_off`, `approval.class_override`, `approval.classification`, `approval.reversal`, `approval.policy`, `approval.import_undo`,
// `approval.agreement_plan`, `approval.agreement_waiver`, `approval.agreement_terms`.
#[test]
fn every_delicate_act_has_a_chain_of_approvals() {
    let pack = shipped::pack("microloan");
    let edition = pack.on(date(2026, 8, 1));
    let chain = |subject: &str, facts: &Facts| {
        let chain = edition.approval(subject, facts).unwrap();
        let steps: Vec<String> = chain.steps.iter().map(|step| step.join("|")).collect();
        (chain.rule.clone(), steps.join(">"))
    };
    let amount = |fen: i64| BTreeMap::from([("amount_fen".to_owned(), Value::Integer(fen))]);
    let small = ("approval.waiver".to_owned(), "credit_supervisor".to_owned());
    let large = ("approval.waiver".to_owned(), "credit_supervisor>general_manager".to_owned());
    assert_eq!(chain("waiver", &amount(100_000)), small);
    assert_eq!(chain("waiver", &amount(100_001)), large);
    let none = Facts::new();
    assert_eq!(chain("agreement_waiver", &amount(100_000)).1, "credit_supervisor");
    assert_eq!(chain("agreement_waiver", &amount(100_001)).1, "credit_supervisor>general_manager");
    for subject in [
        "agreement_plan",
        "agreement_terms",
        "extension",
        "restructure",
        "rate_change",
        "suspension",
        "misuse",
        "acceleration",
        "write_off",
        "class_override",
        "classification",
        "reversal",
        "policy",
        "import_undo",
    ] {
        let (rule, steps) = chain(subject, &none);
        assert_eq!(rule, format!("approval.{subject}"));
        assert!(!steps.is_empty());
    }
    assert_eq!(edition.approval("gift", &none).map_err(|error| error.code()), Err("unknown_decision"));
    assert_eq!(edition.approval("waiver", &none).map_err(|error| error.code()), Err("formula"));
}

// roles with least privilege; who approves may do so, who makes cannot also approve by the same role.
#[test]
fn approvers_hold_the_permission_and_makers_do_not() {
    let pack = shipped::pack("microloan");
    assert!(pack.roles().count() >= 40, "the roles of the catalogue");
    let edition = pack.on(date(2026, 8, 1));
    let facts = BTreeMap::from([
        ("amount_fen".to_owned(), Value::Integer(1)),
        ("grade_overridden".to_owned(), Value::Boolean(false)),
        ("admission_risky".to_owned(), Value::Boolean(false)),
        ("admission_fast".to_owned(), Value::Boolean(true)),
    ]);
    for subject in edition.approval_subjects() {
        for role in edition.approval(subject, &facts).unwrap().steps.iter().flatten() {
            // A contract with an agency and its early end are decided under one permission.
            let action = match subject {
                "agency_contract" | "agency_end" => "agency.approve".to_owned(),
                other => format!("{other}.approve"),
            };
            assert!(pack.role(role).unwrap().scope_of(&action).is_some(), "{role} needs {action}");
        }
    }
    assert_eq!(pack.role("customer_manager").unwrap().scope_of("loan.view"), Some(Scope::Own));
    assert_eq!(pack.role("customer_manager").unwrap().scope_of("waiver.approve"), None);
    assert_eq!(pack.role("credit_supervisor").unwrap().scope_of("loan.view"), Some(Scope::Branch));
    assert_eq!(pack.role("internal_audit").unwrap().scope_of("loan.edit"), None);
    assert_eq!(pack.role("compliance_admin").unwrap().scope_of("customer.edit"), None);
}

#[test]
fn numbers_follow_their_rules() {
    let pack = shipped::pack("microloan");
    let number = |rule: &str, sequence: u64| {
        pack.numbering(rule).unwrap().format("990001", "1", date(2026, 8, 1), sequence).map_err(|error| error.code())
    };
    assert_eq!(number("customer", 1), Ok("C00000001".to_owned()));
    assert_eq!(number("contract", 42), Ok("990001202600042".to_owned()));
    assert_eq!(number("contract_8_2_5", 42), Ok("009900012600042".to_owned()));
    assert_eq!(number("loan", 7), Ok("J0012026000007".to_owned()));
    assert_eq!(number("voucher", 999_999), Ok("202608999999".to_owned()));
    assert_eq!(number("voucher", 1_000_000), Err("number_used_up"));
    assert_eq!(pack.numbering("voucher").unwrap().series(date(2026, 8, 31)), "2026-08");
    assert_eq!(pack.numbering("customer").unwrap().series(date(2026, 8, 31)), "");
    let too_wide = pack.numbering("contract").unwrap().format("9900012", "1", date(2026, 8, 1), 1);
    assert_eq!(too_wide.map_err(|error| error.code()), Err("number_code_width"));
}

#[test]
fn products_have_titles_and_terms_and_legacy_ones_are_not_offered() {
    let pack = shipped::pack("microloan");
    let offered: Vec<&str> =
        pack.on(date(2026, 8, 1)).products(date(2026, 8, 1)).map(|product| product.id.as_str()).collect();
    assert_eq!(
        offered,
        ["business_equal", "business_interest_only", "consumer_equal", "short_bullet", "business_agreed"]
    );
    let legacy = pack.product("flat_legacy").unwrap();
    assert_eq!((legacy.terms["method"].as_str(), legacy.active), (Some("flat"), false));
    for product in pack.products() {
        assert!(!product.title.zh.is_empty() && !product.title.en.is_empty(), "{}", product.id);
        // One product leaves the method to the contract; all others fix it.
        let fixed = product.terms.get("method").is_some_and(serde_json::Value::is_string);
        assert_eq!(fixed, product.id != "business_agreed", "{}", product.id);
    }
}

// S5.4-01: the 1998 version is kept as history: number, date, repeal.
#[test]
fn the_repealed_version_of_1998_stays_readable() {
    let pack = shipped::pack("microloan");
    let article = pack.article("yinfa-1998-151").unwrap();
    assert!(article.title.zh.contains("银发〔1998〕151号"));
    assert_eq!(article.period.from, Some(date(1998, 4, 20)));
    assert!(article.period.contains(date(2007, 1, 4)) && !article.period.contains(date(2007, 1, 5)));
    assert_eq!(article.repealed_by.as_deref(), Some("中国人民银行公告〔2007〕第4号"));
}

// S5.4-02, S5.4-03: five classes with definitions in both languages; the last three are NPL.
#[test]
fn the_five_classes_are_named_and_defined() {
    let pack = shipped::pack("bank-personal");
    let names = [
        ("normal", "正常"),
        ("special_mention", "关注"),
        ("substandard", "次级"),
        ("doubtful", "可疑"),
        ("loss", "损失"),
    ];
    for (value, zh) in names {
        let outcome = pack.outcome("asset_class", value).unwrap();
        assert_eq!(outcome.title.zh, zh);
        assert!(!outcome.definition.zh.is_empty() && !outcome.definition.en.is_empty());
    }
}

#[test]
fn decisions_and_refusals_come_as_json() {
    let pack = shipped::pack("microloan");
    let on = date(2026, 8, 1);
    let found = json::eval(&pack, "asset_class", &json!({"overdue_days": 90}), on).unwrap();
    assert_eq!(found["outputs"][0]["asset_class"], "substandard");
    assert_eq!(found["names"]["asset_class=substandard"]["zh"], "次级");
    assert_eq!(found["rows"][0]["label"], "C3");
    assert_eq!(found["articles"], json!(["house.class-days", "microloan-2024.npl"]));
    assert_eq!(found["on"], "2026-08-01");
    let code = |decision: &str, facts: serde_json::Value| {
        json::eval(&pack, decision, &facts, on).unwrap_err()["error"]["code"].as_str().unwrap().to_owned()
    };
    assert_eq!(code("asset_class", json!({"overdue_days": 90.0})), "floating_point");
    assert_eq!(code("asset_class", json!({"overdue_dayz": 90})), "unknown_fact");
    assert_eq!(code("asset_class", json!({"overdue_days": "90"})), "wrong_type");
    assert_eq!(code("asset_class", json!({"overdue_days": -1})), "not_allowed");
    assert_eq!(code("asset_class", json!({"overdue_days": null})), "missing_fact");
    assert_eq!(code("asset_class", json!([1])), "wrong_type");
    assert_eq!(code("colour", json!({})), "unknown_decision");
    let early = json::eval(&pack, "asset_class", &json!({"overdue_days": 9}), date(2020, 1, 1)).unwrap_err();
    assert_eq!(early["error"]["code"], "no_rule");
    assert_eq!(early["error"]["on"], "2020-01-01");
}

#[test]
fn a_check_as_json_lists_problems_or_contents() {
    let mut files = shipped::files();
    let good = json::check(&files, "microloan", &shipped::facts());
    assert_eq!((&good["ok"], &good["decisions"]["overdue_bucket"]), (&json!(true), &json!(5)));
    *files.get_mut("common/tables/overdue_bucket.csv").unwrap() =
        files["common/tables/overdue_bucket.csv"].replace("[31..60]", "[32..60]");
    let bad = json::check(&files, "microloan", &shipped::facts());
    assert_eq!(bad["ok"], false);
    let problem = &bad["problems"][0];
    assert_eq!((&problem["code"], &problem["inputs"]), (&json!("gap"), &json!("overdue_days = 31")));
    assert_eq!(problem["row"], 14);
    let unknown = json::check(&files, "no-such-pack", &shipped::facts());
    assert_eq!(unknown["problems"][0]["code"], "missing_file");
}

// S5.5-04, X-03: classes are set from a post of their own, which never agrees to what it asked for.
#[test]
fn classification_is_a_post_of_its_own_that_approves_nothing() {
    for id in shipped::INSTITUTIONS {
        let pack = shipped::pack(id);
        let post = pack.role("classification_post").unwrap();
        assert!(post.title.zh.contains("分类"), "{id}: {}", post.title.zh);
        assert_eq!(post.scope_of("class_override.request"), Some(Scope::Institution), "{id}");
        let approves = post.permissions.iter().find(|(action, _)| action.ends_with(".approve"));
        assert_eq!(approves, None, "{id}");
        let edition = pack.on(date(2026, 8, 1));
        let chain = edition.approval("class_override", &BTreeMap::new()).unwrap();
        assert!(chain.steps.iter().flatten().all(|role| role != "classification_post"), "{id}");
    }
}

// S5.5-04, X-02: the post is a role of its own, apart from the rating post; it alone classifies, other posts may only suggest,
// and whoever suggests by its role neither reviews nor approves.
#[test]
fn only_the_classification_post_classifies_and_who_suggests_confirms_nothing() {
    for id in shipped::INSTITUTIONS {
        let pack = shipped::pack(id);
        let holders = |action: &str| -> Vec<String> {
            pack.roles().filter(|role| role.scope_of(action).is_some()).map(|role| role.id.clone()).collect()
        };
        assert_eq!(holders("classification.prepare"), ["classification_post"], "{id}");
        assert_eq!(holders("class_override.request"), ["classification_post"], "{id}");
        assert_eq!(holders("classification.review"), ["risk_dept"], "{id}");
        let rating = pack.role("rating_post").unwrap();
        assert!(rating.scope_of("evaluation.record").is_some() && rating.title.zh.contains("评级"), "{id}");
        let suggests = holders("classification.suggest");
        assert!(!suggests.is_empty(), "{id}");
        for role in &suggests {
            let role = pack.role(role).unwrap();
            for action in ["prepare", "review", "approve"] {
                assert_eq!(role.scope_of(&format!("classification.{action}")), None, "{id}");
            }
        }
        let edition = pack.on(date(2026, 8, 1));
        let chain = edition.approval("classification", &BTreeMap::new()).unwrap();
        for role in chain.steps.iter().flatten() {
            let role = pack.role(role).unwrap();
            assert!(role.scope_of("classification.approve").is_some(), "{id}");
            assert_eq!(role.scope_of("classification.review"), None, "{id}");
        }
    }
}

// S5.8-16, S5.7-01: what a product is for, for whom, and what it is not.
#[test]
fn products_say_what_they_are_for_and_for_whom() {
    let pack = shipped::pack("consumer-finance");
    for (id, revolving, words) in [
        ("house_equal", false, vec!["住房", "商业用房"]),
        ("car_equal", false, vec!["自用车"]),
        ("quota_consumption", true, vec!["装修", "购车", "车位", "学费", "旅游", "其他合法消费"]),
    ] {
        let product = pack.product(id).unwrap();
        assert_eq!((product.nature.revolving, product.nature.borrower.as_str()), (Some(revolving), "person"), "{id}");
        assert!(words.iter().all(|word| product.nature.purposes.zh.contains(word)), "{id}");
        assert!(!product.nature.purposes.en.is_empty(), "{id}");
    }
    let bank = shipped::pack("bank-personal");
    let comprehensive = bank.product("consumer_comprehensive").unwrap();
    assert_eq!(comprehensive.nature.designated, Some(false));
    assert!(comprehensive.nature.purposes.zh.contains("不限定消费用途的人民币贷款"));
    for other in ["指定用途贷款", "信用卡透支"] {
        assert!(comprehensive.nature.excludes.zh.contains(other), "{other}");
    }
    let mut files = shipped::files();
    let register = files.get_mut("consumer-finance/products.csv").unwrap();
    *register = register.replace("non_revolving", "sometimes");
    let problems = Pack::load(&files, "consumer-finance", &shipped::facts()).unwrap_err();
    assert_eq!(problems[0].code(), "not_allowed");
}
