//! Scorecards (评分卡): which facts and judgements of a customer give how many points, and how the points become one score.
//!
//! A scorecard is data of a pack: `scorecards.csv` names it, `scorecards/<id>.csv` holds its items and their bands.
//! Quantitative items look at a fact by bands; qualitative ones are chosen by a person from a scale with help text
//! (S1-17, S1-18). Everything is whole numbers: points, weights, and scores in hundredths of a point.

mod read;

use std::cmp::Ordering;
use std::collections::BTreeMap;

pub(crate) use read::{ScorecardRow, read, refuse_unknown};

use crate::facts::{Facts, Title};
use crate::period::Period;
use crate::table::cell::{Bound, Operand, Test, Tests};
use crate::value::{FactType, Value};

/// A scorecard (评分卡).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scorecard {
    /// Its id.
    pub id: String,
    /// Of whom: `person` or `company`.
    pub of: String,
    /// What people call it.
    pub title: Title,
    /// The fact that its score becomes.
    pub score: String,
    /// The decision that grades by that fact; none when the score stands by itself.
    pub grade: Option<String>,
    /// The rule.
    pub rule: String,
    /// How points become a score.
    pub method: Method,
    /// Points that everybody begins with.
    pub base_points: i64,
    /// The weights of the quantitative and the qualitative part.
    pub weights: (i64, i64),
    /// After how many months an evaluation is made again.
    pub review_months: i64,
    /// For how many months at most a grade may be set by hand; 0: never.
    pub override_months: i64,
    /// Whether new evaluations may use it.
    pub active: bool,
    /// When it is in force.
    pub period: Period,
    /// The article.
    pub article: String,
    /// Its items in order.
    pub items: Vec<Item>,
}

/// How points become a score (合成方法).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Each part is the weighted mean of its items, 0 to 100; the composite is the weighted mean of the parts.
    Weighted,
    /// The points are added to the base: a card that was fitted on data.
    Sum,
}

/// Of which kind an item is (项目类别), S1-18.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ItemKind {
    /// A fact, by bands (定量).
    Quantitative,
    /// A judgement on a scale (定性).
    Qualitative,
}

impl ItemKind {
    /// Its name in a pack.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Quantitative => "quantitative",
            Self::Qualitative => "qualitative",
        }
    }
}

/// The dimensions of an evaluation (评估维度), S1-17.
pub const DIMENSIONS: [&str; 4] = ["credit", "capacity", "operations", "collateral"];

/// An item of a scorecard (评分项).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its id.
    pub id: String,
    /// Of which kind.
    pub kind: ItemKind,
    /// The dimension it belongs to.
    pub dimension: String,
    /// Its weight within its part.
    pub weight: i64,
    /// The fact that a quantitative item looks at.
    pub fact: String,
    /// Whether the item falls out when nothing is known of it; otherwise it must be supplied.
    pub if_known: bool,
    /// What people call it; empty: as the fact.
    pub title: Title,
    /// Its bands, or the steps of its scale, in order.
    pub bands: Vec<Band>,
    kind_of_fact: Option<FactType>,
}

/// A band of an item (分档).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    /// The row of the file.
    pub row: u32,
    /// What it says: a test of the fact, or the step of the scale.
    pub cell: String,
    /// The points.
    pub points: i64,
    /// When it is to be chosen, for people.
    pub help: Title,
    tests: Option<Tests>,
}

/// What a scorecard says of a case (评分结果).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scored {
    /// The items in order.
    pub items: Vec<ItemScore>,
    /// The quantitative part in hundredths of a point.
    pub quantitative_centi: Option<i64>,
    /// The qualitative part.
    pub qualitative_centi: Option<i64>,
    /// Both together; none while something is lacking.
    pub composite_centi: Option<i64>,
    /// The items that want a fact or a judgement.
    pub lacking: Vec<String>,
}

/// What an item gave (单项得分).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemScore {
    /// The item.
    pub item: String,
    /// The value looked at, or the step chosen.
    pub value: Option<Value>,
    /// The band that holds, by its place.
    pub band: Option<usize>,
    /// Its points; none when it does not count.
    pub points: Option<i64>,
}

impl Scorecard {
    /// The item of this id.
    #[must_use]
    pub fn item(&self, id: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.id == id)
    }

    /// The items that a person judges.
    pub fn judged(&self) -> impl Iterator<Item = &Item> {
        self.items.iter().filter(|item| item.kind == ItemKind::Qualitative)
    }

    /// Scores a case: facts by name, and the steps chosen for the qualitative items by their ids.
    ///
    /// Rule `evaluation.composite` (S1-18): within a part each counted item weighs what the card says; a part of which
    /// nothing counts leaves the whole to the other. The composite is rounded once, half up, to a hundredth of a point.
    #[must_use]
    pub fn score(&self, facts: &Facts, chosen: &BTreeMap<String, String>) -> Scored {
        let items: Vec<ItemScore> = self.items.iter().map(|item| item.score(facts, chosen)).collect();
        let lacking: Vec<String> = self
            .items
            .iter()
            .zip(&items)
            .filter(|(item, one)| one.points.is_none() && !item.if_known)
            .map(|(item, _)| item.id.clone())
            .collect();
        let part = |kind: ItemKind| self.part(&items, kind);
        let (quantitative, qualitative) = (part(ItemKind::Quantitative), part(ItemKind::Qualitative));
        let composite_centi = if lacking.is_empty() { self.composite(quantitative, qualitative) } else { None };
        Scored {
            quantitative_centi: self.shown(quantitative, self.base_points),
            qualitative_centi: self.shown(qualitative, 0),
            composite_centi,
            lacking,
            items,
        }
    }

    /// The sum of points by weight and the sum of weights of the items of a kind that count.
    fn part(&self, items: &[ItemScore], kind: ItemKind) -> (i128, i128) {
        let counted = self.items.iter().zip(items).filter(|(item, _)| item.kind == kind);
        let counted = counted.filter_map(|(item, one)| Some((i128::from(item.weight), i128::from(one.points?))));
        counted.fold((0, 0), |(sum, weights), (weight, points)| (sum + weight * points, weights + weight))
    }

    fn shown(&self, (sum, weights): (i128, i128), base: i64) -> Option<i64> {
        match self.method {
            Method::Sum => i64::try_from((sum + i128::from(base)) * 100).ok(),
            Method::Weighted if weights == 0 => None,
            Method::Weighted => rounded(sum * 100, weights),
        }
    }

    fn composite(&self, quantitative: (i128, i128), qualitative: (i128, i128)) -> Option<i64> {
        if self.method == Method::Sum {
            return i64::try_from((quantitative.0 + qualitative.0 + i128::from(self.base_points)) * 100).ok();
        }
        let (mut over, mut under) = (0_i128, 0_i128);
        // Over the common denominator of both means, so that nothing is rounded twice.
        for ((sum, weights), other, share) in
            [(quantitative, qualitative.1, self.weights.0), (qualitative, quantitative.1, self.weights.1)]
        {
            if weights > 0 {
                let other = other.max(1);
                over += i128::from(share) * sum * other;
                under += i128::from(share) * weights * other;
            }
        }
        if under == 0 { None } else { rounded(over * 100, under) }
    }

    /// The score as the fact holds it: hundredths for a fact that counts them, whole points otherwise.
    #[must_use]
    pub fn as_fact(&self, composite_centi: i64) -> i64 {
        if self.score.ends_with("_centi") { composite_centi } else { (composite_centi + 50).div_euclid(100) }
    }
}

/// A quotient rounded half up.
fn rounded(over: i128, under: i128) -> Option<i64> {
    i64::try_from((2 * over + under).div_euclid(2 * under)).ok()
}

impl Item {
    fn score(&self, facts: &Facts, chosen: &BTreeMap<String, String>) -> ItemScore {
        let value = match self.kind {
            ItemKind::Quantitative => facts.get(&self.fact).cloned(),
            ItemKind::Qualitative => chosen.get(&self.id).map(|step| Value::Text(step.clone())),
        };
        let band = self.bands.iter().position(|band| match (&band.tests, &value) {
            (Some(tests), value) => self.kind_of_fact.as_ref().is_some_and(|kind| holds(tests, kind, value.as_ref())),
            (None, Some(Value::Text(step))) => band.cell == *step,
            (None, _) => false,
        });
        let points = band.and_then(|at| self.bands.get(at)).map(|band| band.points);
        ItemScore { item: self.id.clone(), value, band, points }
    }
}

/// Whether a cell holds for a value; an unknown value meets only `null`.
fn holds(tests: &Tests, kind: &FactType, value: Option<&Value>) -> bool {
    match (tests, value) {
        (Tests::Null, found) => found.is_none(),
        (_, None) => false,
        (Tests::Any, Some(_)) => true,
        (Tests::Some(tests), Some(value)) => tests.iter().any(|test| within(test, kind, value)),
        (Tests::Not(tests), Some(value)) => !tests.iter().any(|test| within(test, kind, value)),
    }
}

fn within(test: &Test, kind: &FactType, value: &Value) -> bool {
    let side = |bound: &Bound, wanted: Ordering| match bound {
        Bound::Open => true,
        Bound::Including(Operand::Literal(end)) => {
            compare(kind, value, end).is_some_and(|found| found == wanted || found == Ordering::Equal)
        }
        Bound::Excluding(Operand::Literal(end)) => compare(kind, value, end) == Some(wanted),
        Bound::Including(Operand::Parameter(_)) | Bound::Excluding(Operand::Parameter(_)) => false,
    };
    side(&test.low, Ordering::Greater) && side(&test.high, Ordering::Less)
}

fn compare(kind: &FactType, left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Integer(left), Value::Integer(right)) => Some(left.cmp(right)),
        (Value::Date(left), Value::Date(right)) => Some(left.cmp(right)),
        (Value::Boolean(left), Value::Boolean(right)) => Some(left.cmp(right)),
        (Value::Text(left), Value::Text(right)) if left == right => Some(Ordering::Equal),
        (Value::Text(left), Value::Text(right)) => match kind {
            FactType::OneOf { values, ordered: true } => {
                let place = |text: &String| values.iter().position(|value| value == text);
                Some(place(left)?.cmp(&place(right)?))
            }
            FactType::OneOf { .. } | FactType::Integer { .. } | FactType::Date | FactType::Text | FactType::Boolean => {
                None
            }
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::Scope;
    use crate::problem::Problem;

    fn fact(name: &str) -> Option<FactType> {
        let text = match name {
            "age" => "years 0..150",
            "debt" => "ppm 0..",
            "record" => "good<ordinary<poor",
            "owner" => "boolean",
            "composite_score_centi" | "points" => "count 0..10000",
            _ => return None,
        };
        FactType::parse(text).ok()
    }

    fn load(head: &str, items: &str) -> (Vec<ScorecardRow>, Vec<Problem>) {
        let mut problems = Vec::new();
        let names: Vec<String> = ["age", "debt", "record", "owner", "points"].map(str::to_owned).to_vec();
        let scope = Scope { fact: &fact, fact_names: &names };
        let files = BTreeMap::from([("p/scorecards/card.csv".to_owned(), items.to_owned())]);
        let rows = read("p", &files, head, &scope, &mut problems);
        (rows, problems)
    }

    const HEAD: &str = "id,of,title_zh,title_en,score,grade,rule,method,base_points,quantitative,qualitative,\
                        review_months,override_months,status,article\n";
    const COLUMNS: &str = "item,kind,dimension,weight,fact,needed,cell,points,title_zh,title_en,help_zh,help_en\n";
    const ITEMS: &str = "\
age,quantitative,capacity,30,age,yes,< 25,40,,,,
age,,,,,,[25..55],100,,,,
age,,,,,,> 55,60,,,,
record,quantitative,credit,70,record,yes,\"\"\"good\"\"\",100,,,,
record,,,,,,\">= \"\"ordinary\"\"\",20,,,,
debt,quantitative,collateral,50,debt,if_known,<= 50%,80,,,,
debt,,,,,,> 50%,10,,,,
visit,qualitative,capacity,10,,yes,sound,90,现场,On the spot,井然,In order
visit,,,,,,weak,30,,,凌乱,In disorder
";

    fn card(weights: &str) -> Scorecard {
        let head = format!("{HEAD}card,person,卡,Card,composite_score_centi,,r,weighted,0,{weights},12,6,active,a1\n");
        let (rows, problems) = load(&head, &format!("{COLUMNS}{ITEMS}"));
        assert_eq!(problems, []);
        rows[0].card.clone()
    }

    fn facts(pairs: &[(&str, Value)]) -> Facts {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
    }

    // S1-17, S1-18. Rule evaluation.composite
    #[test]
    fn parts_and_whole_are_weighted_means_rounded_once_and_what_is_lacking_is_named() {
        let card = card("70,30");
        let known = facts(&[("age", Value::Integer(25)), ("record", Value::from("poor"))]);
        let chosen = BTreeMap::from([("visit".to_owned(), "sound".to_owned())]);
        let scored = card.score(&known, &chosen);
        // By hand: (30·100 + 70·20) / 100 = 44; qualitative 90; 0.7·44 + 0.3·90 = 57.8.
        assert_eq!((scored.quantitative_centi, scored.qualitative_centi), (Some(4_400), Some(9_000)));
        assert_eq!(scored.composite_centi, Some(5_780));
        assert_eq!(scored.items[2].points, None, "collateral is none: the item falls out");
        let mut more = known.clone();
        more.insert("debt".to_owned(), Value::Integer(500_000));
        // (30·100 + 70·20 + 50·80) / 150 = 56; 0.7·56 + 0.3·90 = 66.2.
        assert_eq!(card.score(&more, &chosen).composite_centi, Some(6_620));
        let none = card.score(&known, &BTreeMap::new());
        assert_eq!((none.composite_centi, none.lacking), (None, vec!["visit".to_owned()]));
        assert_eq!(card.as_fact(5_780), 5_780);
    }

    // Rule evaluation.composite: edges of the bands on both sides.
    #[test]
    fn bands_hold_at_their_edges() {
        let card = card("100,0");
        let rows = [(24, 40), (25, 100), (55, 100), (56, 60)];
        for (age, points) in rows {
            let found = card.score(&facts(&[("age", Value::Integer(age))]), &BTreeMap::new());
            assert_eq!(found.items[0].points, Some(points), "{age}");
        }
    }

    #[test]
    fn a_fitted_card_adds_points_and_has_one_for_the_unknown() {
        let head = format!("{HEAD}card,person,卡,Card,points,,r,sum,300,1,0,12,0,active,a1\n");
        let items = format!(
            "{COLUMNS}age,quantitative,capacity,,age,yes,< 30,-12,,,,\nage,,,,,,>= 30,25,,,,\nage,,,,,,null,3,,,,\n"
        );
        let (rows, problems) = load(&head, &items);
        assert_eq!(problems, []);
        let card = &rows[0].card;
        let at = |known: &Facts| card.score(known, &BTreeMap::new()).composite_centi;
        assert_eq!(at(&facts(&[("age", Value::Integer(29))])), Some(28_800));
        assert_eq!(at(&facts(&[("age", Value::Integer(30))])), Some(32_500));
        assert_eq!(at(&Facts::new()), Some(30_300));
        assert_eq!(card.as_fact(32_550), 326, "whole points, half up");
    }

    // S1-17: what is wrong with a card is named by row and column when the pack is loaded.
    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let head = format!("{HEAD}card,person,卡,Card,composite_score_centi,,r,weighted,0,70,30,12,6,active,a1\n");
        let rows = [
            ("age,quantitative,capacity,30,age,yes,< 25,40,,,,\nage,,,,,,> 25,60,,,,\n", "gap", "2"),
            (
                "age,quantitative,capacity,30,age,yes,< 25,40,,,,\nage,,,,,,[20..24],10,,,,\nage,,,,,,>= 25,60,,,,\n",
                "unreachable",
                "G3",
            ),
            ("age,quantitative,capacity,30,agee,yes,-,40,,,,\n", "unknown_fact", "E2"),
            ("age,quantitative,wealth,30,age,yes,-,40,,,,\n", "not_allowed", "C2"),
            ("age,quantitative,operations,30,age,yes,-,40,,,,\n", "not_allowed", "C2"),
            ("age,quantitative,capacity,0,age,yes,-,40,,,,\n", "not_allowed", "D2"),
            ("age,quantitative,capacity,30,age,yes,-,101,,,,\n", "not_allowed", "H2"),
            ("age,quantitative,capacity,30,age,maybe,-,40,,,,\n", "not_allowed", "F2"),
            ("age,quantitative,capacity,30,age,yes,>= param.x,40,,,,\n", "unreadable", "G2"),
            ("visit,qualitative,capacity,30,,yes,good,40,现场,,,\n", "empty_cell", "K2"),
            ("visit,qualitative,capacity,30,,yes,good,40,现场,,井然,\nvisit,,,,,,good,10,,,乱,\n", "duplicate", "G3"),
            ("visit,qualitative,capacity,30,,yes,good,40,,,井然,\n", "empty_cell", "I2"),
        ];
        for (items, code, place) in rows {
            let (_, problems) = load(&head, &format!("{COLUMNS}{items}"));
            let found: Vec<(&str, String)> = problems.iter().map(|one| (one.code(), one.place.reference())).collect();
            assert!(found.contains(&(code, place.to_owned())), "{items}: {found:?}");
        }
        let (_, problems) = load(&head.replace("composite_score_centi", "record"), &format!("{COLUMNS}{ITEMS}"));
        assert_eq!(problems[0].code(), "wrong_type");
        let (_, problems) = load(&head.replace("card,person", "other,person"), &format!("{COLUMNS}{ITEMS}"));
        assert_eq!(problems[0].code(), "missing_file");
    }
}
