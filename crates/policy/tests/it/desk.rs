//! The policy desk's pure parts over the shipped packs: difference, DMN, plans for passes over the book.

use jiff::civil::{Date, date};
use policy::{Change, Difference, Facts, Pack, TableText, Value, from_dmn, to_dmn};

use crate::shipped::{INSTITUTIONS, facts, files, pack};

const ON: Date = date(2026, 11, 20);

/// The microloan pack under an own layer with these files.
fn own(layer: &[(&str, String)]) -> Pack {
    let mut files = files();
    let head = "id,own,\nkind,institution,\ninstitution,microloan,\ntitle,本机构,Own\nversion,2,\nextends,microloan,\n";
    files.insert("own/pack.csv".to_owned(), head.to_owned());
    files.extend(layer.iter().map(|(name, text)| (format!("own/{name}"), text.clone())));
    Pack::load(&files, "own", &facts()).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn class_table(change: (&str, &str)) -> String {
    let text = files()["microloan/tables/asset_class.csv"].clone();
    assert!(text.contains(change.0));
    text.replacen(change.0, change.1, 1)
}

#[test]
fn a_table_in_the_own_layer_stands_above_the_shipped_one() {
    //
    let row = ("C2,[1..param.npl_min_overdue_days),special_mention", "C2,[1..30],special_mention");
    let text = class_table(row).replace("C3,[param.npl_min_overdue_days..", "C3,[31..");
    let changed = own(&[("tables/asset_class.csv", text)]);
    let case = |days: i64| Facts::from([("overdue_days".to_owned(), Value::Integer(days))]);
    for (days, before, after) in [
        (30, "special_mention", "special_mention"),
        (31, "special_mention", "substandard"),
        (90, "substandard", "substandard"),
    ] {
        let class = |pack: &Pack| {
            pack.on(ON).decide("asset_class", &case(days)).unwrap().text("asset_class").map(str::to_owned)
        };
        assert_eq!(
            (class(&pack("microloan")).as_deref(), class(&changed).as_deref()),
            (Some(before), Some(after)),
            "{days}"
        );
    }
    let difference = Difference::between((&pack("microloan"), ON), (&changed, ON));
    assert_eq!(difference.tables.len(), 1);
    let table = &difference.tables[0];
    assert_eq!((table.decision.as_str(), table.change, table.form), ("asset_class", Change::Changed, false));
    let told: Vec<(usize, &str, &str, &str)> = table
        .rows
        .iter()
        .map(|row| (row.row, row.cells[0].column.as_str(), row.cells[0].from.as_str(), row.cells[0].to.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (2, "overdue_days", "[1..param.npl_min_overdue_days)", "[1..30]"),
            (
                3,
                "overdue_days",
                "[param.npl_min_overdue_days..param.doubtful_min_overdue_days)",
                "[31..param.doubtful_min_overdue_days)"
            ),
        ]
    );
    let affected = difference.affected(changed.on(ON));
    for decision in ["asset_class", "npl", "provision_rate"] {
        assert!(affected.iter().any(|one| one == decision), "{decision} hangs on the class: {affected:?}");
    }
    assert!(!affected.iter().any(|one| one == "overdue_bucket"), "{affected:?}");
}

#[test]
fn rows_put_in_and_taken_out_are_told_as_such() {
    let row = "C4,[param.doubtful_min_overdue_days..param.loss_min_overdue_days),doubtful,house.class-days,,\n";
    let text = class_table((row, "")).replace("..param.doubtful_min_overdue_days)", "..param.loss_min_overdue_days)");
    let changed = own(&[("tables/asset_class.csv", text)]);
    let rows = &Difference::between((&pack("microloan"), ON), (&changed, ON)).tables[0].rows;
    let told: Vec<(usize, Change)> = rows.iter().map(|row| (row.row, row.change)).collect();
    assert_eq!(told, [(3, Change::Changed), (4, Change::Removed)]);
    let back = &Difference::between((&changed, ON), (&pack("microloan"), ON)).tables[0].rows;
    let told: Vec<(usize, Change)> = back.iter().map(|row| (row.row, row.change)).collect();
    assert_eq!(told, [(3, Change::Changed), (4, Change::Added)]);
}

#[test]
fn a_changed_parameter_reaches_the_tables_that_name_it() {
    let head = "name,type,value,effective_from,article,confidence,title_zh,title_en\n";
    let rows = "npl_min_overdue_days,days 1..,61,,house.class-days,house,不良起点,Start\n";
    let changed = own(&[("parameters.csv", format!("{head}{rows}"))]);
    let difference = Difference::between((&pack("microloan"), ON), (&changed, ON));
    let one = &difference.parameters[0];
    assert_eq!(
        (one.name.as_str(), one.from.as_deref(), one.to.as_deref()),
        ("npl_min_overdue_days", Some("90"), Some("61"))
    );
    assert!(difference.tables.is_empty());
    assert!(difference.affected(changed.on(ON)).contains(&"asset_class".to_owned()));
    let nothing = Difference::between((&changed, ON), (&changed, ON));
    assert!(nothing.is_empty() && nothing.affected(changed.on(ON)).is_empty());
}

#[test]
fn other_registers_are_compared_by_key() {
    let (old, mut new) = (files(), files());
    let text = new.get_mut("common/duties.csv").unwrap();
    let line = text.lines().find(|line| line.starts_with("asset_warning,")).unwrap().to_owned();
    *text = text.replace(&line, &line.replacen("asset_warning,", "other_warning,", 1));
    let found = Difference::default().with_registers(&old, &new).registers;
    let told: Vec<(&str, &str, Change)> =
        found.iter().map(|one| (one.file.as_str(), one.id.as_str(), one.change)).collect();
    assert_eq!(
        told,
        [("duties.csv", "asset_warning", Change::Removed), ("duties.csv", "other_warning", Change::Added)]
    );
}

#[test]
fn every_shipped_table_survives_dmn_and_decides_alike() {
    // other engines can run the tables
    let mut seen = 0;
    let all = files();
    for id in INSTITUTIONS {
        let pack = pack(id);
        let mut changed = all.clone();
        for (_, sheet) in pack.tables() {
            let back = from_dmn(&to_dmn(sheet)).unwrap_or_else(|error| panic!("{}: {error}", sheet.file));
            let written = TableText::parse(&all[&sheet.file]).unwrap();
            assert_eq!(back.rows().len(), written.rows().len(), "{}", sheet.file);
            changed.insert(sheet.file.clone(), back.to_csv());
        }
        let again = Pack::load(&changed, id, &facts()).unwrap_or_else(|problems| panic!("{id}: {problems:?}"));
        for (_, sheet) in pack.tables() {
            let twin = again.tables().find(|(_, twin)| twin.file == sheet.file).unwrap().1;
            // What the cells mean, not how they are written: 20万元 comes back as the number of fen.
            assert_eq!(to_dmn(twin), normal(&to_dmn(sheet), sheet, twin), "{}", sheet.file);
            seen += 1;
        }
    }
    assert!(seen > 100, "{seen}");
}

/// The numbers of the rows are those of the file, whose header may be shorter.
fn normal(xml: &str, sheet: &policy::TableSheet, twin: &policy::TableSheet) -> String {
    let mut text = xml.to_owned();
    for (old, new) in sheet.rows.iter().zip(&twin.rows) {
        text = text.replace(&format!("id=\"row-{}\"", old.number), &format!("id=\"now-{}\"", new.number));
    }
    text.replace("id=\"now-", "id=\"row-")
}

#[test]
fn a_plan_decides_as_the_derivation_does() {
    let pack = pack("microloan");
    let edition = pack.on(ON);
    let known = ["amount_fen".to_owned(), "overdue_days".to_owned()];
    let plan = edition.plan("provision_rate", &known).expect("the class comes from the days");
    assert_eq!(plan.reads(), [1]);
    for days in [0, 1, 89, 90, 180, 181, 360, 361, 4_000] {
        let case = Facts::from([("overdue_days".to_owned(), Value::Integer(days))]);
        let derived = edition.derive("provision_rate", &case).unwrap().decision;
        let decided = plan.decide(&[None, Some(Value::Integer(days))]).unwrap();
        assert_eq!(decided[0].as_ref(), derived.output("provision_ppm"), "{days}");
    }
    assert!(edition.plan("credit_grade", &known).is_none(), "its facts are not at hand");
    assert!(edition.plan("no_such", &known).is_none());
    assert_eq!(plan.decide(&[None, None]).unwrap_err().code(), "missing_fact");
}
