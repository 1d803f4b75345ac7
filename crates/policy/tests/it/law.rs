//! Law outranks the institution: what is looser is refused, what is stricter is kept, the worse outcome holds.

use std::collections::BTreeMap;

use jiff::civil::date;
use policy::{Facts, Pack, Value};
use proptest::prelude::*;

use crate::shipped;

/// The shipped micro-lender with one more parameter row of its own.
fn with_parameter(row: &str) -> Result<Pack, Vec<policy::Problem>> {
    let mut files = shipped::files();
    *files.get_mut("microloan/parameters.csv").unwrap() += &format!("{row}\n");
    Pack::load(&files, "microloan", &shipped::facts())
}

fn days(days: i64) -> Facts {
    BTreeMap::from([("overdue_days".to_owned(), Value::Integer(days))])
}

// X-01, S5.5-08, rule `policy.only_tighten`: per direction of the law's parameter.
#[test]
fn a_parameter_may_only_tighten_the_law() {
    let rows: &[(&str, &str)] = &[
        // max
        ("all_in_rate_cap_ppm,ppm 0..,24%,2025-12-24,,house.choices,house,,上限,Cap", "ok"),
        ("all_in_rate_cap_ppm,ppm 0..,18%,2025-12-24,,house.choices,house,,上限,Cap", "ok"),
        ("all_in_rate_cap_ppm,ppm 0..,24.0001%,2025-12-24,,house.choices,house,,上限,Cap", "looser_than_law"),
        // min
        ("recording_retention_years,years 0..,5,2026-01-01,,house.choices,house,,录音,Rec", "ok"),
        ("recording_retention_years,years 0..,1,2026-01-01,,house.choices,house,,录音,Rec", "looser_than_law"),
        // subset
        ("contact_targets,texts,debtor|guarantor,2026-01-01,,house.choices,house,,对象,Who", "ok"),
        ("contact_targets,texts,debtor|colleague,2026-01-01,,house.choices,house,,对象,Who", "looser_than_law"),
        // no direction
        ("limitation_years,years 0..,3,2026-01-01,,house.choices,house,,时效,Lim", "not_overridable"),
        // another unit is another value
        ("recording_retention_years,months 0..,24,2026-01-01,,house.choices,house,,录音,Rec", "wrong_type"),
    ];
    for (row, expected) in rows {
        let found = with_parameter(row).map_or_else(|problems| problems[0].code(), |_| "ok");
        assert_eq!(found, *expected, "{row}");
    }
}

#[test]
fn the_refusal_names_both_values_the_article_and_the_cell() {
    let row = "quiet_hours_start,minutes 0..1440,1380,2026-01-01,,house.choices,house,,静默,Quiet";
    let problems = with_parameter(row).unwrap_err();
    assert_eq!(problems.len(), 1);
    assert_eq!(
        problems[0].to_string(),
        "microloan/parameters.csv, row 5, column 3 (C): quiet_hours_start = 1380 is looser than the law, max 1320 \
         (gbt-45251-2025, on 2026-01-01)"
    );
}

#[test]
fn a_value_that_a_later_law_forbids_is_refused_for_that_date() {
    // 6 unanswered dials are the limit only from 2026-01-30.
    let row = "unanswered_dials_per_number_day,count 0..,8,2025-01-01,2026-01-29,house.choices,house,,拨打,Dials";
    assert!(with_parameter(row).is_ok());
    let row = "unanswered_dials_per_number_day,count 0..,8,2025-01-01,,house.choices,house,,拨打,Dials";
    let problems = with_parameter(row).unwrap_err();
    assert!(problems[0].fields().contains(&("on", "2026-01-30".to_owned())), "{}", problems[0]);
}

// Rule `policy.law_floor`, rules `class.law.bank` and `class.law.microloan`: the result is the worse of law and pack.
#[test]
fn the_floor_of_the_law_puts_the_worse_class_in_place() {
    let mut files = shipped::files();
    let table = files.get_mut("class-bank/tables/asset_class.csv").unwrap();
    *table =
        table.replace("[1..param.npl_min_overdue_days)", "[1..120)").replace("[param.npl_min_overdue_days..", "[120..");
    let pack = Pack::load(&files, "bank-personal", &shipped::facts()).unwrap();
    let class = |overdue: i64| {
        let found = pack.on(date(2026, 8, 1)).decide("asset_class", &days(overdue)).unwrap();
        (found.text("asset_class").unwrap().to_owned(), found.floor.is_some())
    };
    assert_eq!(class(90), ("special_mention".to_owned(), false));
    assert_eq!(class(91), ("substandard".to_owned(), true));
    assert_eq!(class(120), ("substandard".to_owned(), false));
    let found = pack.on(date(2026, 8, 1)).decide("asset_class", &days(91)).unwrap();
    let floor = found.floor.unwrap();
    assert_eq!(floor.pack, Some(Value::from("special_mention")));
    assert_eq!((floor.row.file.as_str(), floor.row.label.as_str()), ("law-cn/tables/asset_class_bank.csv", "L3"));
    assert_eq!(found.articles, ["risk-class-2023.10", "risk-class-2023.11"]);
}

#[test]
fn a_pack_stricter_than_the_floor_keeps_its_class() {
    let mut files = shipped::files();
    *files.get_mut("microloan/parameters.csv").unwrap() =
        files["microloan/parameters.csv"].replace(",90,2023", ",60,2023");
    let pack = Pack::load(&files, "microloan", &shipped::facts()).unwrap();
    let found = pack.on(date(2026, 8, 1)).decide("asset_class", &days(60)).unwrap();
    assert_eq!(found.text("asset_class"), Some("substandard"));
    assert_eq!(found.floor, None);
}

#[test]
fn a_table_of_the_law_without_a_floor_cannot_be_replaced() {
    let mut files = shipped::files();
    let own = files["law-cn/tables/npl.csv"].replace("\">= \"\"substandard\"\"\"", "\">= \"\"doubtful\"\"\"");
    files.insert("microloan/tables/npl.csv".to_owned(), own);
    let problems = Pack::load(&files, "microloan", &shipped::facts()).unwrap_err();
    assert!(problems.iter().any(|p| p.code() == "not_overridable" && p.place.file == "microloan/tables/npl.csv"));
}

#[test]
fn an_order_of_classes_other_than_the_laws_is_refused() {
    let mut files = shipped::files();
    let table = files.get_mut("microloan/tables/asset_class.csv").unwrap();
    *table = table.replace(
        "normal<special_mention<substandard<doubtful<loss",
        "loss<normal<special_mention<substandard<doubtful",
    );
    let problems = Pack::load(&files, "microloan", &shipped::facts()).unwrap_err();
    assert!(problems.iter().any(|p| ["floor_order", "wrong_type"].contains(&p.code())), "{problems:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    // a pack loosened below the law is always refused, whatever the amount and the parameter.
    #[test]
    fn a_pack_loosened_below_the_law_is_always_refused(which in 0usize..6, by in 1i64..100_000) {
        let (name, kind, law, up) = [
            ("all_in_rate_cap_ppm", "ppm 0..", 240_000, true),
            ("penalty_late_max_ppm", "ppm 0..", 500_000, true),
            ("effective_calls_per_debtor_day", "count 0..", 3, true),
            ("npl_min_overdue_days", "days 1..", 90, true),
            ("provision_loss_ppm", "ppm 0..1000000", 1_000_000, false),
            ("restructure_observation_months", "months 0..", 12, false),
        ][which];
        let loosened = if up { law + by } else { (law - by).max(0) };
        let mut files = shipped::files();
        let text = files.get_mut("microloan/parameters.csv").unwrap();
        // A second row of the name in one layer would be refused for that reason alone.
        *text = text.lines().filter(|line| !line.starts_with(name)).collect::<Vec<_>>().join("\n");
        *text += &format!("\n{name},{kind},{loosened},2025-12-24,,house.choices,house,,名,Name\n");
        let problems = Pack::load(&files, "microloan", &shipped::facts()).unwrap_err();
        prop_assert!(problems.iter().any(|problem| problem.code() == "looser_than_law"), "{:?}", problems);
    }

    // The outcome is never milder than the law's floor, for any days overdue.
    #[test]
    fn no_class_is_milder_than_the_law(overdue in 0i64..500, edge in 1i64..400) {
        let mut files = shipped::files();
        let table = files.get_mut("class-bank/tables/asset_class.csv").unwrap();
        let head = table.split("C1,").next().unwrap().to_owned();
        *table = format!(
            "{head}C1,< {edge},normal,house.class-days,,\nC2,>= {edge},special_mention,house.class-days,,\n"
        );
        let pack = Pack::load(&files, "bank-personal", &shipped::facts()).unwrap();
        let found = pack.on(date(2026, 8, 1)).decide("asset_class", &days(overdue)).unwrap();
        let order = ["normal", "special_mention", "substandard", "doubtful", "loss"];
        let rank = |class: &str| order.iter().position(|known| *known == class).unwrap();
        let law = match overdue { 361.. => "loss", 271.. => "doubtful", 91.. => "substandard", 1.. => "special_mention", _ => "normal" };
        let own = if overdue < edge { "normal" } else { "special_mention" };
        prop_assert_eq!(rank(found.text("asset_class").unwrap()), rank(law).max(rank(own)));
    }
}
