//! How fast a table of 10 rows and 3 inputs decides: `cargo bench -p policy`. Goal: 2,000,000 a second on one core.

use std::collections::BTreeMap;

use divan::counter::ItemsCount;
use jiff::civil::Date;
use policy::{Decision, FactDefinition, FactDictionary, FactType, Facts, Pack, Unit, Value};

fn main() {
    divan::main();
}

const CASES: i64 = 1_000;

fn pack() -> Pack {
    let mut facts = FactDictionary::new();
    let kinds = [
        ("overdue_days", FactType::natural(Unit::Days)),
        ("amount_fen", FactType::natural(Unit::Fen)),
        ("security", FactType::one_of(&["credit", "guarantee", "mortgage", "pledge"])),
    ];
    for (name, kind) in kinds {
        facts.add(FactDefinition::new(name, kind, name, name)).expect("the names differ");
    }
    let rows = "a,0,-,-,0,a1\nb,[1..30],< 10万元,-,1,a1\nc,[1..30],-,\"\"\"credit\"\"\",2,a1\nd,[1..30],-,-,3,a1\n\
                e,[31..90],< 10万元,\"\"\"mortgage\"\",\"\"pledge\"\"\",4,a1\nf,[31..90],-,\"\"\"credit\"\"\",5,a1\n\
                g,[31..90],-,-,6,a1\nh,[91..360],\">= 10万元\",not(\"\"credit\"\"),7,a1\ni,[91..360],-,-,8,a1\nj,> 360,-,-,9,a1\n";
    let rows = rows.replace("not(\"\"credit\"\")", "\"not(\"\"credit\"\")\"");
    let table = format!(
        "decision,level\ntitle,级,Level\nrule,level\nhit,first\ncolumn,overdue_days,amount_fen,security,level,article\n\
         use,input,input,input,output,article\ntype,,,,count,\n{rows}"
    );
    let files = BTreeMap::from([
        ("p/pack.csv".to_owned(), "id,p\nkind,institution\ninstitution,x\ntitle,测,T\nversion,1\n".to_owned()),
        (
            "p/articles.csv".to_owned(),
            "id,title_zh,title_en,gist_zh,gist_en,source,confidence\na1,一,1,要,G,本,house\n".to_owned(),
        ),
        ("p/tables/level.csv".to_owned(), table),
    ]);
    Pack::load(&files, "p", &facts).expect("the table is in order")
}

fn cases() -> Vec<Facts> {
    let securities = ["credit", "guarantee", "mortgage", "pledge"];
    (0..CASES)
        .map(|case| {
            BTreeMap::from([
                ("overdue_days".to_owned(), Value::Integer(case * 37 % 400)),
                ("amount_fen".to_owned(), Value::Integer(case * 7_919 % 20_000_000)),
                ("security".to_owned(), Value::from(securities[usize::try_from(case % 4).expect("0 to 3")])),
            ])
        })
        .collect()
}

fn decision(pack: &Pack) -> &Decision {
    pack.on(Date::MIN).decision("level").expect("the pack has it")
}

/// Rows hit and outcome, for values in the order of the columns: what passes over the whole book use.
#[divan::bench]
fn hit_and_outcome(bencher: divan::Bencher<'_, '_>) {
    let (pack, cases) = (pack(), cases());
    let decision = decision(&pack);
    let values: Vec<Vec<Option<&Value>>> = cases.iter().map(|case| decision.values(case)).collect();
    bencher.counter(ItemsCount::new(values.len())).bench(|| {
        let mut sum = 0;
        for values in &values {
            let hit = decision.hit(divan::black_box(values)).expect("the table is complete");
            sum += decision.outcome(&hit, 0).and_then(Value::as_integer).unwrap_or(0);
        }
        sum
    });
}

/// The same from facts by name.
#[divan::bench]
fn from_facts_by_name(bencher: divan::Bencher<'_, '_>) {
    let (pack, cases) = (pack(), cases());
    let decision = decision(&pack);
    bencher.counter(ItemsCount::new(cases.len())).bench(|| {
        let mut sum = 0;
        for case in &cases {
            let hit = decision.hit(&decision.values(divan::black_box(case))).expect("the table is complete");
            sum += decision.outcome(&hit, 0).and_then(Value::as_integer).unwrap_or(0);
        }
        sum
    });
}

/// With the whole explanation: rows, inputs, articles, version, nearest missed rows.
#[divan::bench]
fn explained(bencher: divan::Bencher<'_, '_>) {
    let (pack, cases) = (pack(), cases());
    let decision = decision(&pack);
    bencher.counter(ItemsCount::new(cases.len())).bench(|| {
        cases
            .iter()
            .map(|case| decision.evaluate(divan::black_box(case)).expect("complete").articles.len())
            .sum::<usize>()
    });
}
