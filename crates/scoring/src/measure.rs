//! How well scores tell bad rows from good ones (区分度与稳定性): KS, AUC, PSI, and the errors of a cut-off.
//!
//! A higher score is a better row.

use serde::{Deserialize, Serialize};

/// The curve of all cut-offs (ROC、KS 曲线): shares of bads and of goods at or below a score, both rising.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Roc {
    /// Score, share of bads, share of goods.
    pub points: Vec<(f64, f64, f64)>,
}

/// The measures of a set of scores (评价指标).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Measured {
    /// Good rows.
    pub good: u64,
    /// Bad rows.
    pub bad: u64,
    /// The largest distance between the two shares.
    pub ks: f64,
    /// The score at which it lies.
    pub ks_at: f64,
    /// The chance that a good row scores higher than a bad one; equal scores count half.
    pub auc: f64,
    /// The curve.
    pub roc: Roc,
}

/// What a cut-off gets right and wrong (混淆矩阵): scores below it are refused.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Confusion {
    /// The cut-off.
    pub cut: f64,
    /// Bad rows refused.
    pub bad_refused: u64,
    /// Bad rows accepted.
    pub bad_accepted: u64,
    /// Good rows refused.
    pub good_refused: u64,
    /// Good rows accepted.
    pub good_accepted: u64,
}

/// Measures scores against what came of them.
#[must_use]
pub fn measure(scores: &[f64], bad: &[bool]) -> Measured {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|a, b| scores[*a].total_cmp(&scores[*b]));
    let bads = bad.iter().filter(|one| **one).count() as u64;
    let goods = bad.len() as u64 - bads;
    let mut found = Measured { good: goods, bad: bads, ..Measured::default() };
    let (mut low_bad, mut low_good) = (0_u64, 0_u64);
    let (of_bads, of_goods) = (bads.max(1) as f64, goods.max(1) as f64);
    let mut area = 0.0;
    let mut at = 0;
    while at < order.len() {
        let score = scores[order[at]];
        let (mut here_bad, mut here_good) = (0_u64, 0_u64);
        while at < order.len() && scores[order[at]] == score {
            if bad[order[at]] {
                here_bad += 1
            } else {
                here_good += 1
            }
            at += 1;
        }
        // Every good row here is above all bads seen before, and level with those here.
        area += here_good as f64 * (low_bad as f64 + here_bad as f64 / 2.0);
        low_bad += here_bad;
        low_good += here_good;
        let (share_bad, share_good) = (low_bad as f64 / of_bads, low_good as f64 / of_goods);
        found.roc.points.push((score, share_bad, share_good));
        if (share_bad - share_good).abs() > found.ks {
            (found.ks, found.ks_at) = ((share_bad - share_good).abs(), score);
        }
    }
    found.auc = area / (of_bads * of_goods);
    found
}

/// The population stability index of shares against expected shares: `Σ (a − e) ln(a / e)`; an empty share counts as a
/// ten-thousandth.
#[must_use]
pub fn psi(expected: &[u64], actual: &[u64]) -> f64 {
    let share = |counts: &[u64], at: usize| {
        let all: u64 = counts.iter().sum();
        (counts[at] as f64 / all.max(1) as f64).max(1e-4)
    };
    let each = |at: usize| {
        let (e, a) = (share(expected, at), share(actual, at));
        (a - e) * (a / e).ln()
    };
    (0..expected.len().min(actual.len())).map(each).sum()
}

/// Counts rows in bands that begin at these scores; the first band is open below.
#[must_use]
pub fn banded(scores: &[f64], starts: &[f64]) -> Vec<u64> {
    let mut counts = vec![0; starts.len() + 1];
    for score in scores {
        counts[starts.partition_point(|start| start <= score)] += 1;
    }
    counts
}

/// What a cut-off gets right and wrong.
#[must_use]
pub fn confusion(scores: &[f64], bad: &[bool], cut: f64) -> Confusion {
    let mut found = Confusion { cut, bad_refused: 0, bad_accepted: 0, good_refused: 0, good_accepted: 0 };
    for (score, bad) in scores.iter().zip(bad) {
        match (*score < cut, bad) {
            (true, true) => found.bad_refused += 1,
            (true, false) => found.good_refused += 1,
            (false, true) => found.bad_accepted += 1,
            (false, false) => found.good_accepted += 1,
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_are_as_counted_by_hand() {
        let scores = [1.0, 2.0, 2.0, 3.0, 4.0];
        let bad = [true, true, false, false, false];
        let found = measure(&scores, &bad);
        // Pairs of a bad and a good: 6; the good is higher in 5, level in 1.
        assert!((found.auc - 5.5 / 6.0).abs() < 1e-12);
        assert!((found.ks - (1.0 - 1.0 / 3.0)).abs() < 1e-12 && (found.ks_at - 2.0).abs() < 1e-12);
        assert_eq!(found.roc.points.len(), 4);
        let cut = confusion(&scores, &bad, 2.0);
        assert_eq!((cut.bad_refused, cut.bad_accepted, cut.good_refused, cut.good_accepted), (1, 1, 0, 3));
        assert_eq!(banded(&scores, &[2.0, 4.0]), [1, 3, 1]);
        assert!(psi(&[50, 50], &[50, 50]).abs() < 1e-12);
        // (0.6−0.5)·ln(1.2) + (0.4−0.5)·ln(0.8)
        assert!((psi(&[50, 50], &[60, 40]) - 0.040_546_5).abs() < 1e-6);
    }
}
