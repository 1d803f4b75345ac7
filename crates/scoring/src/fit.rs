//! From data to a card (评分卡拟合): split, bins, regression, points, measures; or why these data give none.

use serde::{Deserialize, Serialize};

use crate::bins::{Bin, Binned, bin};
use crate::data::Data;
use crate::logistic::{chance, regress};
use crate::measure::{Confusion, Measured, banded, confusion, measure, psi};

/// How points are scaled (分值刻度): so many points at these odds of good to bad, and so many more where the odds double.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Scale {
    /// Points at the base odds.
    pub base: i64,
    /// Goods to one bad at the base.
    pub odds: i64,
    /// Points that double the odds (PDO).
    pub double: i64,
}

/// What a fit is asked for (拟合方案).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The most bins of a column, the unknown besides.
    pub most_bins: usize,
    /// A bin holds at least this share of the rows, in per mille.
    pub least_permille: u64,
    /// A column below this information value, in thousandths, is left out.
    pub least_iv_milli: u64,
    /// The ridge, in thousandths.
    pub ridge_milli: u64,
    /// The share of rows held out, per cent.
    pub held_out_percent: u64,
    /// The seed of the split.
    pub seed: u64,
    /// The fewest bads, and the fewest goods, to fit on.
    pub least_bads: u64,
    /// The scale.
    pub scale: Scale,
}

/// A column of the card (入模变量).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Term {
    /// Its bins.
    pub binned: Binned,
    /// Its weight in the regression; about −1 where the evidence adds up by itself.
    pub weight: f64,
    /// The points of each bin.
    pub points: Vec<i64>,
    /// How far the held-out rows lie otherwise in its bins (PSI).
    pub psi: f64,
}

/// Why a column is not in the card (未入模原因).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftOut {
    /// Every row has the same value.
    Constant,
    /// It tells too little.
    LittleValue,
    /// Beside the others it would count the wrong way round.
    WrongSign,
}

/// A fitted card (拟合结果).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fitted {
    /// The plan it was fitted by.
    pub plan: Plan,
    /// The columns in the order of their information value.
    pub terms: Vec<Term>,
    /// Columns that are not in it, with their information value where they have one.
    pub left_out: Vec<(String, LeftOut, Option<f64>)>,
    /// The intercept of the regression.
    pub intercept: f64,
    /// Steps of the regression.
    pub steps: u32,
    /// Points that everybody begins with.
    pub base_points: i64,
    /// On the rows it was fitted on.
    pub train: Measured,
    /// On the rows held out; empty when none were.
    pub test: Measured,
    /// How far the scores of the held-out rows lie otherwise (PSI).
    pub psi: f64,
    /// Where the bands of scores begin; the first is open below.
    pub band_starts: Vec<f64>,
    /// Good and bad rows in each band, fitted and held out together.
    pub bands: Vec<(u64, u64)>,
    /// What cut-offs at the bands get right and wrong, on the held-out rows (on all where none are held out).
    pub cuts: Vec<Confusion>,
}

/// Why data give no card (拟合拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Refused {
    /// Columns and target differ in length.
    #[error("column {column} has another number of rows than the target")]
    Ragged {
        /// The column.
        column: String,
    },
    /// Too few rows turned bad, or too few stayed good.
    #[error("{found} rows of the rarer kind to fit on, {least} are needed")]
    TooFew {
        /// How many there are.
        found: u64,
        /// How many it needs.
        least: u64,
        /// Whether it is the bads.
        bads: bool,
    },
    /// No column tells anything.
    #[error("no column tells good from bad")]
    NothingTells,
    /// A bin of a column holds bads only, or a column tells good from bad without a single error: it knows the answer.
    #[error("column {column} separates good from bad")]
    Separates {
        /// The column.
        column: String,
    },
    /// The regression found no rest.
    #[error("the regression did not converge in {steps} steps")]
    NotConverged {
        /// How many steps it made.
        steps: u32,
    },
}

/// Fits a card.
///
/// Rule `scorecard.refuse`: data that give no card say why. Rule `scorecard.fit`: columns are binned and the regression is run on the rows not held out; columns
/// that tell too little, or that would count the wrong way round beside the others, are left out; all points are whole.
///
/// # Errors
/// [`Refused`].
pub fn fit(data: &Data, plan: &Plan) -> Result<Fitted, Refused> {
    let held = data.held_out(plan.held_out_percent, plan.seed);
    let used: Vec<bool> = held.iter().map(|one| !one).collect();
    check(data, &used, plan)?;
    let rows = used.iter().filter(|one| **one).count() as u64;
    let least = (rows * plan.least_permille / 1_000).max(1);
    let mut left_out = Vec::new();
    let mut chosen: Vec<(usize, Binned)> = Vec::new();
    for (at, column) in data.columns.iter().enumerate() {
        let Some(binned) = bin(column, &data.bad, &used, (plan.most_bins, least)) else {
            left_out.push((column.name.clone(), LeftOut::Constant, None));
            continue;
        };
        if separates(&binned) {
            return Err(Refused::Separates { column: column.name.clone() });
        }
        if binned.iv * 1_000.0 < plan.least_iv_milli as f64 {
            left_out.push((column.name.clone(), LeftOut::LittleValue, Some(binned.iv)));
        } else {
            chosen.push((at, binned));
        }
    }
    chosen.sort_by(|a, b| b.1.iv.total_cmp(&a.1.iv));
    let (chosen, regression) = settle(data, &used, chosen, plan, &mut left_out)?;
    Ok(assemble(data, &held, plan, chosen, &regression, left_out))
}

fn check(data: &Data, used: &[bool], plan: &Plan) -> Result<(), Refused> {
    use crate::data::Values;
    for column in &data.columns {
        let rows = match &column.values {
            Values::Numbers(numbers) => numbers.len(),
            Values::Words(words) => words.len(),
        };
        if rows != data.rows() {
            return Err(Refused::Ragged { column: column.name.clone() });
        }
    }
    let bads = data.bad.iter().zip(used).filter(|(bad, used)| **bad && **used).count() as u64;
    let goods = data.bad.iter().zip(used).filter(|(bad, used)| !**bad && **used).count() as u64;
    for (found, bads) in [(bads, true), (goods, false)] {
        if found < plan.least_bads {
            return Err(Refused::TooFew { found, least: plan.least_bads, bads });
        }
    }
    Ok(())
}

/// Whether every bin holds one kind of rows only: the column knows the answer.
fn separates(binned: &Binned) -> bool {
    binned.bins.iter().all(|bin: &Bin| bin.good == 0 || bin.bad == 0)
}

/// The regression over the chosen columns; one that counts the wrong way round is taken out and the rest fitted anew.
fn settle(
    data: &Data,
    used: &[bool],
    mut chosen: Vec<(usize, Binned)>,
    plan: &Plan,
    left_out: &mut Vec<(String, LeftOut, Option<f64>)>,
) -> Result<(Vec<(usize, Binned)>, crate::logistic::Regression), Refused> {
    loop {
        if chosen.is_empty() {
            return Err(Refused::NothingTells);
        }
        let rows: Vec<usize> = (0..data.rows()).filter(|row| used[*row]).collect();
        let evidence: Vec<Vec<f64>> = rows.iter().map(|row| woes(data, &chosen, *row)).collect();
        let bad: Vec<bool> = rows.iter().map(|row| data.bad[*row]).collect();
        let Some(found) = regress(&evidence, &bad, plan.ridge_milli as f64 / 1_000.0) else {
            // Two columns that say the same: the one that tells less goes.
            let (at, binned) = chosen.remove(chosen.len() - 1);
            left_out.push((data.columns[at].name.clone(), LeftOut::WrongSign, Some(binned.iv)));
            continue;
        };
        if !found.converged {
            return Err(Refused::NotConverged { steps: found.steps });
        }
        // More evidence of good must mean fewer bads: every weight is negative.
        let worst = (0..chosen.len()).filter(|at| found.weights[*at] >= 0.0);
        let Some(at) = worst.max_by(|a, b| found.weights[*a].total_cmp(&found.weights[*b])) else {
            return Ok((chosen, found));
        };
        let (column, binned) = chosen.remove(at);
        left_out.push((data.columns[column].name.clone(), LeftOut::WrongSign, Some(binned.iv)));
    }
}

fn woes(data: &Data, chosen: &[(usize, Binned)], row: usize) -> Vec<f64> {
    let woe = |(at, binned): &(usize, Binned)| binned.bins[binned.place(&data.columns[*at].values, row)].woe;
    chosen.iter().map(woe).collect()
}

fn assemble(
    data: &Data,
    held: &[bool],
    plan: &Plan,
    chosen: Vec<(usize, Binned)>,
    regression: &crate::logistic::Regression,
    left_out: Vec<(String, LeftOut, Option<f64>)>,
) -> Fitted {
    let factor = plan.scale.double as f64 / std::f64::consts::LN_2;
    // Points = base + factor · (ln(odds of good) − ln(base odds)); the logarithm of the odds of good is −(a + Σ w·woe).
    let start = plan.scale.base as f64 - factor * (plan.scale.odds as f64).ln() - factor * regression.intercept;
    let terms: Vec<Term> = chosen
        .iter()
        .zip(&regression.weights)
        .map(|((at, binned), weight)| Term {
            points: binned.bins.iter().map(|bin| (-factor * weight * bin.woe).round() as i64).collect(),
            psi: shift(data, held, *at, binned),
            binned: binned.clone(),
            weight: *weight,
        })
        .collect();
    let base_points = start.round() as i64;
    let score = |row: usize| {
        let each =
            |((at, binned), term): (&(usize, Binned), &Term)| term.points[binned.place(&data.columns[*at].values, row)];
        (base_points + chosen.iter().zip(&terms).map(each).sum::<i64>()) as f64
    };
    let scores: Vec<f64> = (0..data.rows()).map(score).collect();
    let part = |wanted: bool| -> (Vec<f64>, Vec<bool>) {
        let rows = (0..data.rows()).filter(|row| held[*row] == wanted);
        rows.map(|row| (scores[row], data.bad[row])).unzip()
    };
    let (train, test) = (part(false), part(true));
    let starts = band_starts(&train.0);
    let of = |kind: bool| -> Vec<f64> {
        scores.iter().zip(&data.bad).filter(|(_, bad)| **bad == kind).map(|(score, _)| *score).collect()
    };
    let bands = banded(&of(false), &starts).into_iter().zip(banded(&of(true), &starts)).collect();
    let judged = if test.0.is_empty() { (&scores, &data.bad) } else { (&test.0, &test.1) };
    Fitted {
        plan: plan.clone(),
        left_out,
        intercept: regression.intercept,
        steps: regression.steps,
        base_points,
        psi: if test.0.is_empty() { 0.0 } else { psi(&banded(&train.0, &starts), &banded(&test.0, &starts)) },
        cuts: starts.iter().map(|cut| confusion(judged.0, judged.1, *cut)).collect(),
        train: measure(&train.0, &train.1),
        test: if test.0.is_empty() { Measured::default() } else { measure(&test.0, &test.1) },
        band_starts: starts,
        bands,
        terms,
    }
}

/// How far the held-out rows lie otherwise in the bins of a column.
fn shift(data: &Data, held: &[bool], at: usize, binned: &Binned) -> f64 {
    let mut counts = [vec![0_u64; binned.bins.len()], vec![0_u64; binned.bins.len()]];
    for row in 0..data.rows() {
        counts[usize::from(held[row])][binned.place(&data.columns[at].values, row)] += 1;
    }
    if counts[1].iter().sum::<u64>() == 0 { 0.0 } else { psi(&counts[0], &counts[1]) }
}

/// The deciles of the fitted scores, as far as they differ.
fn band_starts(scores: &[f64]) -> Vec<f64> {
    let mut sorted = scores.to_vec();
    sorted.sort_by(f64::total_cmp);
    let mut starts: Vec<f64> = (1..10).filter_map(|tenth| sorted.get(sorted.len() * tenth / 10).copied()).collect();
    starts.dedup();
    starts.retain(|start| sorted.first().is_none_or(|first| start > first));
    starts
}

impl Fitted {
    /// The chance of turning bad that a score stands for.
    #[must_use]
    pub fn chance_at(&self, score: f64) -> f64 {
        let scale = self.plan.scale;
        let factor = scale.double as f64 / std::f64::consts::LN_2;
        chance(-((score - scale.base as f64) / factor + (scale.odds as f64).ln()))
    }
}
