//! Logistic regression (逻辑回归) by Newton's method with a ridge: small, dense, deterministic.

/// A regression (回归结果).
#[derive(Debug, Clone, PartialEq)]
pub struct Regression {
    /// The intercept.
    pub intercept: f64,
    /// One for every column.
    pub weights: Vec<f64>,
    /// How many steps it took.
    pub steps: u32,
    /// Whether the last step changed nothing that matters.
    pub converged: bool,
}

/// The most steps.
const MOST_STEPS: u32 = 100;
/// A step smaller than this in every weight ends the search.
const STILL: f64 = 1e-10;

/// Fits `P(y) = 1 / (1 + exp(−(a + Σ wᵢxᵢ)))` by maximum likelihood with the penalty `ridge/2 × Σ wᵢ²`; the intercept is
/// not penalised. `rows` hold one value a column.
///
/// A step that makes the likelihood worse is halved; `None` when the matrix of second derivatives has no inverse.
#[must_use]
pub fn regress(rows: &[Vec<f64>], y: &[bool], ridge: f64) -> Option<Regression> {
    let width = rows.first().map_or(0, Vec::len) + 1;
    let mut weights = vec![0.0; width];
    let mut value = penalised(rows, y, &weights, ridge);
    for step in 1..=MOST_STEPS {
        let (gradient, curvature) = derivatives(rows, y, &weights, ridge);
        let change = solve(curvature, gradient)?;
        let mut share = 1.0;
        let mut tried = moved(&weights, &change, share);
        let mut better = penalised(rows, y, &tried, ridge);
        while better < value - 1e-12 * value.abs() && share > 1e-6 {
            share /= 2.0;
            tried = moved(&weights, &change, share);
            better = penalised(rows, y, &tried, ridge);
        }
        let largest = change.iter().fold(0.0_f64, |most, one| most.max((one * share).abs()));
        (weights, value) = (tried, better);
        if largest < STILL {
            return Some(done(weights, step, true));
        }
    }
    Some(done(weights, MOST_STEPS, false))
}

fn done(mut weights: Vec<f64>, steps: u32, converged: bool) -> Regression {
    let intercept = weights.remove(0);
    Regression { intercept, weights, steps, converged }
}

fn moved(weights: &[f64], change: &[f64], share: f64) -> Vec<f64> {
    weights.iter().zip(change).map(|(one, by)| one + share * by).collect()
}

fn linear(weights: &[f64], row: &[f64]) -> f64 {
    weights[0] + weights[1..].iter().zip(row).map(|(weight, x)| weight * x).sum::<f64>()
}

/// The chance of a bad row.
pub(crate) fn chance(z: f64) -> f64 {
    if z >= 0.0 { 1.0 / (1.0 + (-z).exp()) } else { z.exp() / (1.0 + z.exp()) }
}

/// The logarithm of the likelihood less the penalty.
fn penalised(rows: &[Vec<f64>], y: &[bool], weights: &[f64], ridge: f64) -> f64 {
    let likelihood: f64 = rows
        .iter()
        .zip(y)
        .map(|(row, bad)| {
            let z = linear(weights, row);
            // ln(1 + exp(z)) without overflow.
            let soft = z.max(0.0) + (-z.abs()).exp().ln_1p();
            if *bad { z - soft } else { -soft }
        })
        .sum();
    likelihood - ridge / 2.0 * weights[1..].iter().map(|one| one * one).sum::<f64>()
}

fn derivatives(rows: &[Vec<f64>], y: &[bool], weights: &[f64], ridge: f64) -> (Vec<f64>, Vec<Vec<f64>>) {
    let width = weights.len();
    let mut gradient = vec![0.0; width];
    let mut curvature = vec![vec![0.0; width]; width];
    let mut x = vec![1.0; width];
    for (row, bad) in rows.iter().zip(y) {
        x[1..].copy_from_slice(row);
        let p = chance(linear(weights, row));
        let off = if *bad { 1.0 - p } else { -p };
        let weight = p * (1.0 - p);
        for i in 0..width {
            gradient[i] += off * x[i];
            for j in 0..=i {
                curvature[i][j] += weight * x[i] * x[j];
            }
        }
    }
    for i in 0..width {
        if i > 0 {
            gradient[i] -= ridge * weights[i];
            curvature[i][i] += ridge;
        }
        let (above, here) = curvature.split_at_mut(i);
        for (row, cell) in above.iter_mut().zip(&here[0]) {
            row[i] = *cell;
        }
    }
    (gradient, curvature)
}

/// Solves `matrix × x = right` by elimination with the largest pivot; `None` when there is no single answer.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Option<Vec<f64>> {
    let width = right.len();
    for column in 0..width {
        let pivot = (column..width).max_by(|a, b| matrix[*a][column].abs().total_cmp(&matrix[*b][column].abs()))?;
        if matrix[pivot][column].abs() < 1e-12 {
            return None;
        }
        matrix.swap(column, pivot);
        right.swap(column, pivot);
        for row in column + 1..width {
            let factor = matrix[row][column] / matrix[column][column];
            let (above, below) = matrix.split_at_mut(row);
            for (cell, of) in below[0][column..].iter_mut().zip(&above[column][column..]) {
                *cell -= factor * of;
            }
            right[row] -= factor * right[column];
        }
    }
    let mut found = vec![0.0; width];
    for row in (0..width).rev() {
        let known: f64 = (row + 1..width).map(|column| matrix[row][column] * found[column]).sum();
        found[row] = (right[row] - known) / matrix[row][row];
    }
    found.iter().all(|one| one.is_finite()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_column_of_two_values_gives_the_log_odds_of_each() {
        // 10 of 100 bad at x = 0, 40 of 100 at x = 1: intercept ln(10/90), weight ln(40/60) − ln(10/90).
        let mut rows = Vec::new();
        let mut y = Vec::new();
        for (x, bads) in [(0.0, 10), (1.0, 40)] {
            for at in 0..100 {
                rows.push(vec![x]);
                y.push(at < bads);
            }
        }
        let found = regress(&rows, &y, 0.0).unwrap();
        assert!(found.converged && found.steps < 15);
        assert!((found.intercept - (10.0_f64 / 90.0).ln()).abs() < 1e-9);
        assert!((found.weights[0] - ((40.0_f64 / 60.0).ln() - (10.0_f64 / 90.0).ln())).abs() < 1e-9);
    }

    #[test]
    fn separation_does_not_converge_without_a_ridge_and_does_with_one() {
        let rows: Vec<Vec<f64>> = (0..20).map(|at| vec![f64::from(at)]).collect();
        let y: Vec<bool> = (0..20).map(|at| at >= 10).collect();
        let free = regress(&rows, &y, 0.0);
        assert!(free.is_none_or(|found| !found.converged || found.weights[0].abs() > 10.0));
        assert!(regress(&rows, &y, 1.0).unwrap().converged);
        let same = vec![vec![1.0, 1.0]; 4];
        assert_eq!(regress(&same, &[true, false, true, false], 0.0), None, "two columns that are one");
    }
}
