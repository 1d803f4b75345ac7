//! What a card is fitted on: columns of numbers or words, and for every row whether it turned bad.

/// The values of a column (列值); `None` is unknown.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Whole numbers: fen, ppm, days, counts.
    Numbers(Vec<Option<i64>>),
    /// Words.
    Words(Vec<Option<String>>),
}

/// A column (列).
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Whether the bad rate must rise or fall along it (单调).
    pub monotone: bool,
    /// Its values.
    pub values: Values,
}

/// The data (样本): as many rows in every column as in the target.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Data {
    /// The columns.
    pub columns: Vec<Column>,
    /// Which rows turned bad.
    pub bad: Vec<bool>,
}

impl Data {
    /// How many rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.bad.len()
    }

    /// Which rows are held out for the test: `percent` of them, told by a hash of the row's number and the seed, so that
    /// the same data split the same way on every machine (rule `scorecard.split`).
    #[must_use]
    pub fn held_out(&self, percent: u64, seed: u64) -> Vec<bool> {
        (0..self.rows() as u64).map(|row| mix(row ^ mix(seed)) % 100 < percent).collect()
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): every bit of the answer depends on every bit of the question.
fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    // Rule scorecard.split
    #[test]
    fn the_split_is_the_same_every_time_and_holds_its_share() {
        let data = Data { columns: Vec::new(), bad: vec![false; 10_000] };
        let held = data.held_out(30, 7);
        assert_eq!(held, data.held_out(30, 7));
        assert_ne!(held, data.held_out(30, 8));
        let count = held.iter().filter(|one| **one).count();
        assert!((2_850..3_150).contains(&count), "{count}");
        assert!(data.held_out(0, 7).iter().all(|one| !one));
    }
}
