//! A whole fit on a sample, held against figures that scikit-learn and scipy computed.

use scoring::{Column, Data, Edge, Fitted, Plan, Refused, Scale, Values, fit};

/// 1,200 rows of a linear congruential generator; 276 are bad.
const SAMPLE: &str = include_str!("../golden/sample.csv");
/// What the fit must say, and who computed it.
const GOLDEN: &str = include_str!("../golden/fit.txt");

fn plan() -> Plan {
    Plan {
        most_bins: 5,
        least_permille: 50,
        least_iv_milli: 20,
        ridge_milli: 500,
        held_out_percent: 0,
        seed: 1,
        least_bads: 50,
        scale: Scale { base: 600, odds: 50, double: 20 },
    }
}

fn data() -> Data {
    let rows: Vec<Vec<&str>> = SAMPLE.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let numbers = |at: usize| Values::Numbers(rows.iter().map(|row| row[at].parse().ok()).collect());
    let words = |at: usize| Values::Words(rows.iter().map(|row| Some(row[at].to_owned())).collect());
    let column = |name: &str, monotone, values| Column { name: name.to_owned(), monotone, values };
    let columns = vec![
        column("income", true, numbers(0)),
        column("times", true, numbers(1)),
        column("job", false, words(2)),
        column("debt", true, numbers(3)),
    ];
    Data { columns, bad: rows.iter().map(|row| row[4] == "1").collect() }
}

fn edge(edge: &Edge) -> String {
    match edge {
        Edge::Numbers(from, to) => {
            let end = |end: &Option<i64>| end.map(|end| end.to_string()).unwrap_or_default();
            format!("{}..{}", end(from), end(to))
        }
        Edge::Words(words, _) => words.join("+"),
        Edge::Unknown => "unknown".to_owned(),
    }
}

/// The fit as lines of words and figures.
fn told(fitted: &Fitted) -> Vec<(String, Vec<String>, Vec<f64>)> {
    let mut lines = Vec::new();
    for term in &fitted.terms {
        let bins = term.binned.bins.iter();
        let mut figures = vec![term.binned.iv, term.weight];
        figures.extend(bins.clone().map(|bin| bin.woe));
        lines.push((term.binned.name.clone(), bins.map(|bin| edge(&bin.edge)).collect(), figures));
    }
    let whole = vec![fitted.intercept, fitted.base_points as f64, fitted.train.auc, fitted.train.ks];
    lines.push(("whole".to_owned(), Vec::new(), whole));
    lines
}

// S1-18. Rules scorecard.bins, scorecard.fit
#[test]
fn evidence_weights_and_measures_are_those_of_other_programs() {
    let fitted = fit(&data(), &plan()).unwrap();
    let mut found = told(&fitted).into_iter();
    for line in GOLDEN.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()) {
        let parts: Vec<&str> = line.split('|').map(str::trim).collect();
        let (name, edges, figures) = found.next().unwrap();
        assert_eq!(name, parts[0]);
        assert_eq!(edges.join(" "), parts[1], "{name}");
        let wanted: Vec<f64> = parts[2].split_whitespace().map(|text| text.parse().unwrap()).collect();
        assert_eq!(figures.len(), wanted.len(), "{name}");
        for (found, wanted) in figures.iter().zip(&wanted) {
            assert!((found - wanted).abs() < 2e-6, "{name}: {found} is not {wanted}");
        }
    }
    assert!(found.next().is_none());
    for term in &fitted.terms {
        let rates: Vec<f64> =
            term.binned.bins.iter().filter(|bin| bin.edge != Edge::Unknown).map(|b| b.bad_rate()).collect();
        let up = rates.windows(2).all(|pair| pair[0] <= pair[1]);
        assert!(up || rates.windows(2).all(|pair| pair[0] >= pair[1]), "{}: {rates:?}", term.binned.name);
    }
}

// Rule scorecard.fit: the scale means what it says.
#[test]
fn twice_the_odds_are_so_many_points_more() {
    let fitted = fit(&data(), &plan()).unwrap();
    let odds = |score: f64| (1.0 - fitted.chance_at(score)) / fitted.chance_at(score);
    assert!((odds(600.0) - 50.0).abs() < 1e-9 && (odds(620.0) - 100.0).abs() < 1e-9);
}

// Rule scorecard.split
#[test]
fn rows_held_out_are_measured_by_themselves_and_the_same_every_time() {
    let plan = Plan { held_out_percent: 30, ..plan() };
    let fitted = fit(&data(), &plan).unwrap();
    assert_eq!(fitted, fit(&data(), &plan).unwrap());
    assert_eq!(fitted.train.good + fitted.train.bad + fitted.test.good + fitted.test.bad, 1_200);
    assert!(fitted.test.auc > 0.6 && fitted.psi < 0.1, "{} {}", fitted.test.auc, fitted.psi);
    let cut = fitted.cuts[0];
    let all = cut.bad_accepted + cut.bad_refused + cut.good_accepted + cut.good_refused;
    assert_eq!(all, fitted.test.good + fitted.test.bad);
}

// Rule scorecard.refuse
#[test]
fn data_that_cannot_give_a_card_are_refused() {
    let base = data();
    let strict = Plan { least_bads: 277, ..plan() };
    assert_eq!(fit(&base, &strict), Err(Refused::TooFew { found: 276, least: 277, bads: true }));
    let knows = Values::Numbers(base.bad.iter().map(|bad| Some(i64::from(*bad))).collect());
    let column = |name: &str, values| Column { name: name.to_owned(), monotone: false, values };
    let with = |column| Data { columns: vec![column], bad: base.bad.clone() };
    let separates = fit(&with(column("outcome", knows)), &plan());
    assert_eq!(separates, Err(Refused::Separates { column: "outcome".to_owned() }));
    let constant = fit(&with(column("same", Values::Numbers(vec![Some(7); 1_200]))), &plan());
    assert_eq!(constant, Err(Refused::NothingTells));
    let ragged = fit(&with(column("short", Values::Numbers(vec![Some(7); 3]))), &plan());
    assert_eq!(ragged, Err(Refused::Ragged { column: "short".to_owned() }));
    // The same column twice: one of the two is left out.
    let mut twice = data();
    let mut again = twice.columns[1].clone();
    again.name = "times_again".to_owned();
    twice.columns.push(again);
    let fitted = fit(&twice, &Plan { ridge_milli: 0, ..plan() }).unwrap();
    assert_eq!(fitted.terms.iter().filter(|term| term.binned.name.starts_with("times")).count(), 1);
    assert!(fitted.left_out.iter().any(|(name, _, _)| name.starts_with("times")));
}
