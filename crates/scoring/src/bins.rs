//! Binning (分箱): a column cut into few groups, each with its weight of evidence.
//!
//! Weight of evidence of a bin: `ln((goods of the bin / all goods) / (bads of the bin / all bads))`. A bin without goods or
//! without bads counts half a row in place of none, so that the logarithm exists. The information value of a column is
//! the sum of `(share of goods − share of bads) × weight of evidence`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::data::{Column, Values};

/// How many fine groups a column of numbers is cut into before they are merged.
const FINE: usize = 20;

/// Which values a bin holds (箱边界).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Edge {
    /// Numbers from the first, included, to the second, excluded; an open side is `None`.
    Numbers(Option<i64>, Option<i64>),
    /// These words; the last bin of a column of words also takes those never seen.
    Words(Vec<String>, bool),
    /// The unknown.
    Unknown,
}

/// A bin (箱).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bin {
    /// What it holds.
    pub edge: Edge,
    /// Good rows.
    pub good: u64,
    /// Bad rows.
    pub bad: u64,
    /// Weight of evidence.
    pub woe: f64,
    /// Its part of the information value.
    pub iv: f64,
}

impl Bin {
    /// Rows.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.good + self.bad
    }

    /// Bad rows of all.
    #[must_use]
    pub fn bad_rate(&self) -> f64 {
        if self.rows() == 0 { 0.0 } else { self.bad as f64 / self.rows() as f64 }
    }
}

/// A column in bins (分箱结果).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Binned {
    /// The column.
    pub name: String,
    /// The bins in order; the unknown last.
    pub bins: Vec<Bin>,
    /// The information value.
    pub iv: f64,
}

impl Binned {
    /// The bin of a row, by its place.
    #[must_use]
    pub fn place(&self, values: &Values, row: usize) -> usize {
        let found = match values {
            Values::Numbers(numbers) => match numbers[row] {
                None => self.find(|edge| *edge == Edge::Unknown),
                Some(number) => self.find(|edge| match edge {
                    Edge::Numbers(from, to) => {
                        from.is_none_or(|from| from <= number) && to.is_none_or(|to| number < to)
                    }
                    Edge::Words(..) | Edge::Unknown => false,
                }),
            },
            Values::Words(words) => match &words[row] {
                None => self.find(|edge| *edge == Edge::Unknown),
                Some(word) => self
                    .find(|edge| matches!(edge, Edge::Words(words, _) if words.contains(word)))
                    .or_else(|| self.find(|edge| matches!(edge, Edge::Words(_, true)))),
            },
        };
        // A value unknown in training has no bin of its own: it is treated as the fullest one.
        found.unwrap_or_else(|| self.fullest())
    }

    fn find(&self, holds: impl Fn(&Edge) -> bool) -> Option<usize> {
        self.bins.iter().position(|bin| holds(&bin.edge))
    }

    fn fullest(&self) -> usize {
        (0..self.bins.len()).max_by_key(|at| self.bins[*at].rows()).unwrap_or(0)
    }
}

/// Good and bad rows of a group while it is being merged.
#[derive(Debug, Clone)]
struct Group<K> {
    key: K,
    good: u64,
    bad: u64,
}

impl<K> Group<K> {
    fn rows(&self) -> u64 {
        self.good + self.bad
    }

    fn rate(&self) -> f64 {
        self.bad as f64 / self.rows().max(1) as f64
    }
}

/// Bins a column on the rows that are used (rule `scorecard.bins`): fine groups by quantiles, merged until there are at most
/// `most` of them, each holds `least` rows, and, where asked for, the bad rate runs one way. Groups of words are ordered
/// by their bad rate first. `None` when every used row has the same value.
#[must_use]
pub fn bin(column: &Column, bad: &[bool], used: &[bool], (most, least): (usize, u64)) -> Option<Binned> {
    let rows = || (0..bad.len()).filter(|row| used[*row]);
    let mut unknown = Group { key: (), good: 0, bad: 0 };
    let mut count = |is_bad: bool| if is_bad { unknown.bad += 1 } else { unknown.good += 1 };
    let mut edges: Vec<(Edge, u64, u64)> = match &column.values {
        Values::Numbers(numbers) => {
            let mut known: BTreeMap<i64, (u64, u64)> = BTreeMap::new();
            for row in rows() {
                match numbers[row] {
                    None => count(bad[row]),
                    Some(number) => add(known.entry(number).or_default(), bad[row]),
                }
            }
            let groups = merged(quantiles(&known), most, least, column.monotone);
            number_edges(&groups)
        }
        Values::Words(words) => {
            let mut known: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
            for row in rows() {
                match &words[row] {
                    None => count(bad[row]),
                    Some(word) => add(known.entry(word).or_default(), bad[row]),
                }
            }
            let each = known.into_iter().map(|(word, (good, bad))| Group { key: vec![word.to_owned()], good, bad });
            let mut groups: Vec<Group<Vec<String>>> = each.collect();
            groups.sort_by(|a, b| a.rate().total_cmp(&b.rate()).then_with(|| a.key.cmp(&b.key)));
            // Ordered by their rate, words run one way by themselves.
            let groups = merged(groups, most, least, false);
            let last = groups.len();
            let edge = |(at, group): (usize, Group<Vec<String>>)| {
                (Edge::Words(group.key, at + 1 == last), group.good, group.bad)
            };
            groups.into_iter().enumerate().map(edge).collect()
        }
    };
    if unknown.rows() > 0 {
        edges.push((Edge::Unknown, unknown.good, unknown.bad));
    }
    if edges.len() < 2 { None } else { Some(weighed(&column.name, edges)) }
}

fn add(entry: &mut (u64, u64), bad: bool) {
    if bad { entry.1 += 1 } else { entry.0 += 1 }
}

/// Distinct numbers in at most [`FINE`] groups of about equal rows.
fn quantiles(known: &BTreeMap<i64, (u64, u64)>) -> Vec<Group<Vec<i64>>> {
    let all: u64 = known.values().map(|(good, bad)| good + bad).sum();
    let step = all.div_ceil(FINE as u64).max(1);
    let mut groups: Vec<Group<Vec<i64>>> = Vec::new();
    for (number, (good, bad)) in known {
        match groups.last_mut() {
            Some(last) if last.rows() < step => {
                last.key.push(*number);
                last.good += good;
                last.bad += bad;
            }
            _ => groups.push(Group { key: vec![*number], good: *good, bad: *bad }),
        }
    }
    groups
}

/// Merges neighbours: first those that are too small or break the direction, then the most alike, until few enough are left.
fn merged<T: Clone>(mut groups: Vec<Group<Vec<T>>>, most: usize, least: u64, monotone: bool) -> Vec<Group<Vec<T>>> {
    while let Some(at) = groups.iter().position(|group| group.rows() < least)
        && groups.len() > 1
    {
        let into = nearest(&groups, at);
        join(&mut groups, into);
    }
    while groups.len() > most.max(1) {
        let alike = (0..groups.len() - 1).min_by(|a, b| apart(&groups, *a).total_cmp(&apart(&groups, *b)));
        join(&mut groups, alike.unwrap_or(0));
    }
    if monotone {
        let rising = correlates(&groups) >= 0.0;
        let breaks = |groups: &[Group<Vec<T>>]| {
            (0..groups.len().saturating_sub(1)).find(|at| {
                let (one, next) = (groups[*at].rate(), groups[*at + 1].rate());
                if rising { next < one } else { next > one }
            })
        };
        while let Some(at) = breaks(&groups) {
            join(&mut groups, at);
        }
    }
    groups
}

/// With which neighbour a small group joins: the one whose bad rate is nearer. The answer is the place of the pair.
fn nearest<T>(groups: &[Group<Vec<T>>], at: usize) -> usize {
    let far = |a: usize, b: usize| (groups[a].rate() - groups[b].rate()).abs();
    if at == 0 {
        0
    } else if at + 1 == groups.len() || far(at, at - 1) <= far(at, at + 1) {
        at - 1
    } else {
        at
    }
}

fn apart<T>(groups: &[Group<Vec<T>>], at: usize) -> f64 {
    (groups[at].rate() - groups[at + 1].rate()).abs()
}

/// Joins the group at a place with the next one.
fn join<T>(groups: &mut Vec<Group<Vec<T>>>, at: usize) {
    let next = groups.remove(at + 1);
    let one = &mut groups[at];
    one.key.extend(next.key);
    one.good += next.good;
    one.bad += next.bad;
}

/// Whether the bad rate rises with the place: the sign of their covariance, weighed by rows.
fn correlates<T>(groups: &[Group<Vec<T>>]) -> f64 {
    let all: f64 = groups.iter().map(|group| group.rows() as f64).sum();
    let mean = |value: &dyn Fn(usize, &Group<Vec<T>>) -> f64| {
        groups.iter().enumerate().map(|(at, group)| value(at, group) * group.rows() as f64).sum::<f64>() / all.max(1.0)
    };
    let (place, rate) = (mean(&|at, _| at as f64), mean(&|_, group| group.rate()));
    mean(&|at, group| (at as f64 - place) * (group.rate() - rate))
}

fn number_edges(groups: &[Group<Vec<i64>>]) -> Vec<(Edge, u64, u64)> {
    let low = |at: usize| groups.get(at).and_then(|group| group.key.first().copied());
    let edge = |(at, group): (usize, &Group<Vec<i64>>)| {
        let from = if at == 0 { None } else { low(at) };
        (Edge::Numbers(from, low(at + 1)), group.good, group.bad)
    };
    groups.iter().enumerate().map(edge).collect()
}

/// Weights of evidence and information values.
fn weighed(name: &str, edges: Vec<(Edge, u64, u64)>) -> Binned {
    let goods: f64 = edges.iter().map(|(_, good, _)| *good as f64).sum();
    let bads: f64 = edges.iter().map(|(_, _, bad)| *bad as f64).sum();
    let half = |count: u64| if count == 0 { 0.5 } else { count as f64 };
    let bins: Vec<Bin> = edges
        .into_iter()
        .map(|(edge, good, bad)| {
            let (of_goods, of_bads) = (half(good) / goods.max(0.5), half(bad) / bads.max(0.5));
            let woe = (of_goods / of_bads).ln();
            Bin { edge, good, bad, woe, iv: (of_goods - of_bads) * woe }
        })
        .collect();
    Binned { name: name.to_owned(), iv: bins.iter().map(|bin| bin.iv).sum(), bins }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(monotone: bool, rates: &[(i64, u64, u64)]) -> (Column, Vec<bool>) {
        let mut values = Vec::new();
        let mut bad = Vec::new();
        for (value, good, bads) in rates {
            values.extend(std::iter::repeat_n(Some(*value), usize::try_from(good + bads).unwrap()));
            bad.extend(std::iter::repeat_n(false, usize::try_from(*good).unwrap()));
            bad.extend(std::iter::repeat_n(true, usize::try_from(*bads).unwrap()));
        }
        (Column { name: "x".to_owned(), monotone, values: Values::Numbers(values) }, bad)
    }

    // Rule scorecard.bins. By hand: goods 90+60 = 150, bads 10+40 = 50;
    // ln((90/150)/(10/50)) = ln 3 = 1.098612, ln((60/150)/(40/50)) = ln 0.5 = −0.693147;
    // IV = (0.6−0.2)·1.098612 + (0.4−0.8)·(−0.693147) = 0.716704.
    #[test]
    fn weight_of_evidence_and_information_value_are_as_defined() {
        let (column, bad) = numbers(false, &[(1, 90, 10), (2, 60, 40)]);
        let used = vec![true; bad.len()];
        let found = bin(&column, &bad, &used, (5, 10)).unwrap();
        for (bin, woe) in found.bins.iter().zip([3.0_f64.ln(), -std::f64::consts::LN_2]) {
            assert!((bin.woe - woe).abs() < 1e-12, "{bin:?}");
        }
        assert!((found.iv - 0.716_704).abs() < 1e-6);
        assert_eq!(found.bins[1].edge, Edge::Numbers(Some(2), None));
        assert_eq!(found.place(&column.values, 0), 0);
        assert_eq!(found.place(&column.values, 150), 1);
    }

    #[test]
    fn monotone_bins_run_one_way_and_small_ones_join_their_nearest() {
        let rates = [(1, 95, 5), (2, 80, 20), (3, 85, 15), (4, 60, 40), (5, 3, 2)];
        let (column, bad) = numbers(true, &rates);
        let used = vec![true; bad.len()];
        let found = bin(&column, &bad, &used, (6, 20)).unwrap();
        let rates: Vec<f64> = found.bins.iter().map(Bin::bad_rate).collect();
        assert!(rates.windows(2).all(|pair| pair[0] <= pair[1]), "{rates:?}");
        assert_eq!(found.bins.last().unwrap().rows(), 105, "five rows are no bin");
        let (free, bad) = numbers(false, &[(1, 95, 5), (2, 80, 20), (3, 90, 10)]);
        assert_eq!(bin(&free, &bad, &vec![true; bad.len()], (6, 20)).unwrap().bins.len(), 3);
    }

    #[test]
    fn words_are_grouped_by_rate_and_the_unknown_stands_alone() {
        let words = ["a", "a", "b", "b", "c", "c"].map(|word| Some(word.to_owned()));
        let values = Values::Words(words.into_iter().chain([None, None]).collect());
        let column = Column { name: "w".to_owned(), monotone: false, values };
        let bad = [false, false, false, true, true, true, false, true];
        let found = bin(&column, &bad, &[true; 8], (2, 1)).unwrap();
        assert_eq!(found.bins.last().unwrap().edge, Edge::Unknown);
        assert_eq!(found.bins.len(), 3);
        let never = Values::Words(vec![Some("z".to_owned())]);
        assert_eq!(found.place(&never, 0), 1, "a word never seen goes with the worst");
        let constant = Column { values: Values::Numbers(vec![Some(1); 8]), ..column };
        assert_eq!(bin(&constant, &bad, &[true; 8], (5, 1)), None);
    }
}
