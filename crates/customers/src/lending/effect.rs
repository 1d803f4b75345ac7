//! The effect of all classes together: what the rows of the table `lending_effect` say, the stricter first. Pure.

use finance::Fen;
use platform::error::ActionError;
use platform::policies::PolicyError;
use policy::{Edition, EvalError, Evaluation, Facts, Value};

/// The decision of the pack.
pub const DECISION: &str = "lending_effect";
/// The rule of classes at lending.
pub const RULE: &str = "lending.effect";
/// All of what was applied for, parts per million.
pub const WHOLE_PPM: i64 = 1_000_000;

/// Which chain decides on lending (审批链).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Chain {
    /// 一般审批.
    Normal,
    /// 快速审批.
    Fast,
    /// 加审.
    Longer,
}

impl Chain {
    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Fast => "fast",
            Self::Longer => "longer",
        }
    }
}

/// What one class says (一项分类的效力).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The row of the table.
    pub row: String,
    /// The class and what it does, in Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
    /// The articles.
    pub articles: Vec<String>,
    /// Whether the customer may be lent to.
    pub allowed: bool,
    /// The chain.
    pub chain: Chain,
    /// Base points below the usual floor.
    pub cut_bp: i64,
    /// How much of what was applied for, parts per million.
    pub share_ppm: i64,
}

impl Line {
    /// Whether it is stricter than the usual way.
    fn restricts(&self) -> bool {
        !self.allowed || self.chain == Chain::Longer || self.share_ppm < WHOLE_PPM
    }

    /// Whether it says anything at all.
    fn tells(&self) -> bool {
        self.restricts() || self.chain != Chain::Normal || self.cut_bp > 0 || self.share_ppm > WHOLE_PPM
    }
}

/// What all classes of a customer do at lending (放款效力).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// Whether the customer may be lent to.
    pub allowed: bool,
    /// The chain that decides.
    pub chain: Chain,
    /// Base points by which the rate may lie below the usual floor.
    pub cut_bp: i64,
    /// How much of what was applied for may be lent, parts per million.
    pub share_ppm: i64,
    /// The classes behind it.
    pub lines: Vec<Line>,
    /// The decision; nothing where the rules have none.
    pub found: Option<Evaluation>,
}

impl Default for Effect {
    fn default() -> Self {
        let lines = Vec::new();
        Self { allowed: true, chain: Chain::Normal, cut_bp: 0, share_ppm: WHOLE_PPM, lines, found: None }
    }
}

impl Effect {
    /// The most that may be lent of what was applied for.
    #[must_use]
    pub fn most(&self, applied: Fen) -> Fen {
        let share = i128::from(applied.0) * i128::from(self.share_ppm) / i128::from(WHOLE_PPM);
        Fen(i64::try_from(share).unwrap_or(i64::MAX))
    }

    /// The classes behind it in one line, in both languages.
    #[must_use]
    pub fn why(&self) -> (String, String) {
        let (zh, en): (Vec<&str>, Vec<&str>) =
            self.lines.iter().map(|line| (line.zh.as_str(), line.en.as_str())).unzip();
        (zh.join("；"), en.join("; "))
    }

    /// Whether it is handled before others (优先办理).
    #[must_use]
    pub fn comes_first(&self) -> bool {
        self.allowed && self.chain == Chain::Fast
    }

    /// The class that keeps the customer from being lent to.
    #[must_use]
    pub fn refusing(&self) -> Option<&Line> {
        self.lines.iter().find(|line| !line.allowed)
    }

    /// The classes that restrict.
    pub fn restricting(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| line.restricts())
    }
}

/// What the classes do (rule `lending.effect`); rules without the table, or without facts, say nothing.
///
/// # Errors
/// The decision cannot be made.
pub fn of(edition: &Edition, facts: &Facts) -> Result<Effect, ActionError> {
    match edition.derive(DECISION, facts) {
        Ok(found) => {
            let mut effect = combined(lines(&found.decision));
            effect.found = Some(found.decision);
            Ok(effect)
        }
        Err(
            EvalError::UnknownDecision { .. }
            | EvalError::NoRule { .. }
            | EvalError::NoRow { .. }
            | EvalError::MissingFact { .. },
        ) => Ok(Effect::default()),
        Err(error) => Err(PolicyError::from(error).into()),
    }
}

fn lines(found: &Evaluation) -> Vec<Line> {
    let read = |(outputs, hit): (&Vec<(String, Option<Value>)>, &policy::RowHit)| {
        let value =
            |name: &str| outputs.iter().find(|(output, _)| output == name).and_then(|(_, value)| value.as_ref());
        let number = |name: &str, other: i64| value(name).and_then(Value::as_integer).unwrap_or(other);
        Line {
            row: hit.label.clone(),
            zh: hit.note.zh.clone(),
            en: hit.note.in_language(true).to_owned(),
            articles: hit.article.split('|').filter(|id| !id.is_empty()).map(str::to_owned).collect(),
            allowed: value("lending_allowed").and_then(Value::as_boolean).unwrap_or(true),
            chain: match value("lending_chain").and_then(Value::as_text) {
                Some("fast") => Chain::Fast,
                Some("longer") => Chain::Longer,
                Some(_) | None => Chain::Normal,
            },
            cut_bp: number("lending_cut_bp", 0),
            share_ppm: number("lending_share_ppm", WHOLE_PPM),
        }
    };
    found.outputs.iter().zip(&found.rows).map(read).filter(Line::tells).collect()
}

/// All lines together: one that restricts takes every preference away (S5.3: risk before value, S1-28).
fn combined(lines: Vec<Line>) -> Effect {
    let strict = lines.iter().any(Line::restricts);
    let counting = || lines.iter().filter(|line| !strict || line.restricts());
    let chain = match counting().map(|line| line.chain).max() {
        Some(Chain::Fast) if strict => Chain::Normal,
        other => other.unwrap_or(Chain::Normal),
    };
    let shares = counting().map(|line| line.share_ppm);
    let share = if strict { shares.min() } else { shares.max() };
    Effect {
        allowed: lines.iter().all(|line| line.allowed),
        chain,
        cut_bp: if strict { 0 } else { counting().map(|line| line.cut_bp).max().unwrap_or(0) },
        share_ppm: share.unwrap_or(WHOLE_PPM),
        found: None,
        lines,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(allowed: bool, chain: Chain, cut_bp: i64, share_ppm: i64) -> Line {
        Line {
            row: "L".to_owned(),
            zh: String::new(),
            en: String::new(),
            articles: Vec::new(),
            allowed,
            chain,
            cut_bp,
            share_ppm,
        }
    }

    // Rule lending.effect. S5.2-04, S5.2-05, S5.2-06, S1-28
    #[test]
    fn the_stricter_class_prevails_and_takes_every_preference_away() {
        let good = line(true, Chain::Fast, 50, 1_200_000);
        let premium = line(true, Chain::Fast, 30, WHOLE_PPM);
        let risky = line(true, Chain::Longer, 0, 500_000);
        let less = line(true, Chain::Fast, 20, 700_000);
        let suspicious = line(false, Chain::Longer, 0, 0);
        let of = |lines: &[&Line]| {
            let made = combined(lines.iter().map(|line| (*line).clone()).collect());
            (made.allowed, made.chain, made.cut_bp, made.share_ppm)
        };
        assert_eq!(of(&[]), (true, Chain::Normal, 0, WHOLE_PPM));
        assert_eq!(of(&[&good, &premium]), (true, Chain::Fast, 50, 1_200_000));
        assert_eq!(of(&[&good, &risky]), (true, Chain::Longer, 0, 500_000));
        assert_eq!(of(&[&risky, &less]), (true, Chain::Longer, 0, 500_000));
        assert_eq!(of(&[&premium, &less]), (true, Chain::Normal, 0, 700_000), "fast only without a restriction");
        assert_eq!(of(&[&premium, &suspicious]), (false, Chain::Longer, 0, 0));
    }

    // Rule lending.effect. S3-07
    #[test]
    fn a_share_of_what_was_applied_for_is_cut_to_the_fen_and_raised_as_the_class_says() {
        let most = |share_ppm, applied| Effect { share_ppm, ..Effect::default() }.most(Fen(applied));
        assert_eq!(most(500_000, 10_000_001), Fen(5_000_000));
        assert_eq!(most(WHOLE_PPM, 10_000_001), Fen(10_000_001));
        assert_eq!(most(1_100_000, 10_000_000), Fen(11_000_000));
        assert_eq!(most(0, i64::MAX), Fen(0));
        assert_eq!(most(2_000_000, i64::MAX), Fen(i64::MAX));
    }
}
