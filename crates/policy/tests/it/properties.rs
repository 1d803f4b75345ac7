//! A compiled table decides as a plain reading of its rows does.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use policy::{FactDefinition, FactDictionary, FactType, Facts, Pack, Unit, Value};
use proptest::prelude::*;

/// A cell together with the plain meaning of what it says.
#[derive(Debug, Clone)]
enum Cell {
    Any,
    Number(&'static str, i64),
    Between(bool, i64, i64, bool),
    NotNumber(i64),
    Texts(Vec<&'static str>),
    NotText(&'static str),
    Before(i8),
    Yes(bool),
    Unknown,
}

impl Cell {
    fn text(&self) -> String {
        match self {
            Self::Any => "-".to_owned(),
            Self::Number("=", number) => number.to_string(),
            Self::Number(sign, number) => format!("{sign} {number}"),
            Self::Between(open, low, high, ends) => {
                format!("{}{low}..{high}{}", if *open { '(' } else { '[' }, if *ends { ')' } else { ']' })
            }
            Self::NotNumber(number) => format!("not({number})"),
            Self::Texts(texts) => texts.iter().map(|text| format!("\"{text}\"")).collect::<Vec<_>>().join(","),
            Self::NotText(text) => format!("not(\"{text}\")"),
            Self::Before(day) => format!("< 2026-01-{day:02}"),
            Self::Yes(yes) => yes.to_string(),
            Self::Unknown => "null".to_owned(),
        }
    }

    fn holds(&self, value: Option<&Value>) -> bool {
        match (self, value) {
            (Self::Any, _) | (Self::Unknown, None) => true,
            (Self::Number(sign, number), Some(Value::Integer(found))) => match *sign {
                "=" => found == number,
                ">" => found > number,
                ">=" => found >= number,
                "<" => found < number,
                _ => found <= number,
            },
            (Self::Between(open, low, high, ends), Some(Value::Integer(found))) => {
                (if *open { found > low } else { found >= low }) && (if *ends { found < high } else { found <= high })
            }
            (Self::NotNumber(number), Some(Value::Integer(found))) => found != number,
            (Self::Texts(texts), Some(Value::Text(found))) => texts.contains(&found.as_str()),
            (Self::NotText(text), Some(Value::Text(found))) => found != text,
            (Self::Before(day), Some(Value::Date(found))) => *found < date(2026, 1, *day),
            (Self::Yes(yes), Some(Value::Boolean(found))) => found == yes,
            _ => false,
        }
    }
}

fn number() -> impl Strategy<Value = Cell> {
    prop_oneof![
        Just(Cell::Any),
        (prop::sample::select(vec!["=", ">", ">=", "<", "<="]), 0i64..40).prop_map(|(sign, n)| Cell::Number(sign, n)),
        (any::<bool>(), 0i64..40, 0i64..40, any::<bool>()).prop_map(|(a, low, high, b)| Cell::Between(a, low, high, b)),
        (0i64..40).prop_map(Cell::NotNumber),
    ]
}

fn text() -> impl Strategy<Value = Cell> {
    let words = vec!["A", "B", "C"];
    prop_oneof![
        Just(Cell::Any),
        Just(Cell::Unknown),
        prop::sample::subsequence(words.clone(), 1..3).prop_map(Cell::Texts),
        prop::sample::select(words).prop_map(Cell::NotText),
    ]
}

fn row() -> impl Strategy<Value = [Cell; 4]> {
    let day = prop_oneof![Just(Cell::Any), (1i8..28).prop_map(Cell::Before)];
    let yes = prop_oneof![Just(Cell::Any), any::<bool>().prop_map(Cell::Yes)];
    (number(), text(), day, yes).prop_map(|(n, t, d, y)| [n, t, d, y])
}

fn case() -> impl Strategy<Value = (i64, Option<&'static str>, i8, bool)> {
    (0i64..45, prop::option::of(prop::sample::select(vec!["A", "B", "C", "D"])), 1i8..28, any::<bool>())
}

fn load(rows: &[[Cell; 4]], hit: &str) -> Result<Pack, Vec<policy::Problem>> {
    let mut facts = FactDictionary::new();
    let kinds =
        [("n", FactType::natural(Unit::Days)), ("t", FactType::Text), ("d", FactType::Date), ("y", FactType::Boolean)];
    for (name, kind) in kinds {
        facts.add(FactDefinition::new(name, kind, name, name)).unwrap();
    }
    let mut table = format!(
        "decision,x\ntitle,表,T\nrule,x\nhit,{hit}\ncolumn,n,t,d,y,out,article\nuse,input,optional,input,input,output,article\ntype,,,,,count,\n"
    );
    for (index, row) in rows.iter().enumerate() {
        let cells: Vec<String> = row.iter().map(|cell| format!("\"{}\"", cell.text().replace('"', "\"\""))).collect();
        table += &format!("r{index},{},{index},a1\n", cells.join(","));
    }
    let files = BTreeMap::from([
        ("p/pack.csv".to_owned(), "id,p\nkind,institution\ninstitution,x\ntitle,测,T\nversion,1\n".to_owned()),
        (
            "p/articles.csv".to_owned(),
            "id,title_zh,title_en,gist_zh,gist_en,source,confidence\na1,一,1,要,G,本,house\n".to_owned(),
        ),
        ("p/tables/x.csv".to_owned(), table),
    ]);
    Pack::load(&files, "p", &facts)
}

fn facts_of(case: &(i64, Option<&'static str>, i8, bool)) -> Facts {
    let mut facts = Facts::new();
    facts.insert("n".to_owned(), Value::Integer(case.0));
    if let Some(text) = case.1 {
        facts.insert("t".to_owned(), Value::from(text));
    }
    facts.insert("d".to_owned(), Value::Date(date(2026, 1, case.2)));
    facts.insert("y".to_owned(), Value::Boolean(case.3));
    facts
}

fn naive(rows: &[[Cell; 4]], facts: &Facts) -> Vec<usize> {
    let values = ["n", "t", "d", "y"].map(|name| facts.get(name));
    (0..rows.len()).filter(|row| rows[*row].iter().zip(values).all(|(cell, value)| cell.holds(value))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn a_compiled_table_decides_as_a_plain_reading(
        mut rows in prop::collection::vec(row(), 1..70),
        cases in prop::collection::vec(case(), 1..20),
    ) {
        // Rows that can never take effect are refused: leave out those that the loader names.
        rows.push([Cell::Any, Cell::Any, Cell::Any, Cell::Any]);
        let pack = loop {
            match load(&rows, "first") {
                Ok(pack) => break pack,
                Err(problems) => {
                    prop_assert!(problems.iter().all(|problem| problem.code() == "unreachable"), "{:?}", problems);
                    let dead: Vec<usize> = problems.iter().map(|p| p.place.row.unwrap() as usize - 8).collect();
                    let mut index = 0;
                    rows.retain(|_| { index += 1; !dead.contains(&(index - 1)) });
                }
            }
        };
        let edition = pack.on(Date::MIN);
        for case in &cases {
            let facts = facts_of(case);
            let expected = naive(&rows, &facts)[0];
            let found = edition.decide("x", &facts).unwrap();
            prop_assert_eq!(found.integer("out"), i64::try_from(expected).ok(), "{:?}", facts);
            let values = edition.decision("x").unwrap().values(&facts);
            let decision = edition.decision("x").unwrap();
            let hit = decision.hit(&values).unwrap();
            prop_assert_eq!(decision.outcome(&hit, 0), found.output("out"));
        }
    }

    #[test]
    fn a_collecting_table_finds_every_row_that_holds(
        rows in prop::collection::vec(row(), 1..8),
        cases in prop::collection::vec(case(), 1..20),
    ) {
        let Ok(pack) = load(&rows, "collect") else { return Ok(()) };
        for case in &cases {
            let facts = facts_of(case);
            let found = pack.on(Date::MIN).decide("x", &facts).unwrap();
            let hit: Vec<usize> = found.rows.iter().map(|row| row.label[1..].parse().unwrap()).collect();
            prop_assert_eq!(hit, naive(&rows, &facts));
        }
    }

    // What the loader calls a gap is one, and where it finds none every case has a row.
    #[test]
    fn a_table_without_reported_gaps_has_none(
        rows in prop::collection::vec(row(), 1..8),
        cases in prop::collection::vec(case(), 1..30),
    ) {
        let gaps = match load(&rows, "first") {
            Ok(_) => 0,
            Err(problems) => problems.iter().filter(|problem| problem.code() == "gap").count(),
        };
        let uncovered = cases.iter().filter(|case| naive(&rows, &facts_of(case)).is_empty()).count();
        prop_assert!(gaps > 0 || uncovered == 0);
    }

    #[test]
    fn any_text_as_a_table_is_loaded_or_refused(text in "(decision,x\n)?(hit,first\n)?[a-z0-9,\"\\[\\]().<>=\n -]{0,120}") {
        let files = BTreeMap::from([
            ("p/pack.csv".to_owned(), "id,p\nkind,institution\ninstitution,x\ntitle,测,T\nversion,1\n".to_owned()),
            ("p/tables/x.csv".to_owned(), text),
        ]);
        prop_assert!(Pack::load(&files, "p", &FactDictionary::new()).is_err());
    }
}
