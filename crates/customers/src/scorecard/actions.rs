//! Use cases of fits: fit a card on a file, and make a draft of the policy desk of it.

use platform::audit::Entry;
use platform::error::{ActionError, FieldError, Refused};
use platform::hex::hex;
use platform::policies::draft::actions as drafts;
use platform::policies::{self, POLICY_DRAFT, POLICY_VIEW, PolicyError};
use platform::work::Work;
use policy::Edition;
use scoring::{Plan, Scale};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::store::{self, Fit, FitId};
use super::{card, sample};
use crate::customer::model::CustomerKind;
use crate::datum::rules::check_text;
use crate::error::CustomerError;

/// What is asked of a fit (拟合要求).
#[derive(Debug, Clone)]
pub struct Wanted {
    /// What the card is called.
    pub title: String,
    /// Of whom.
    pub kind: CustomerKind,
    /// The heading of the column that says which turned bad.
    pub target: String,
    /// Whether the bad rate must run one way along numbers.
    pub monotone: bool,
    /// The file's name.
    pub file: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// The plan of the policy: bins, ridge, split and scale are parameters (rule `scorecard.plan`).
fn plan(edition: &Edition) -> Result<Plan, ActionError> {
    let number = |name: &str| edition.integer(name).map_err(PolicyError::from).map_err(ActionError::from);
    let natural = |name: &str| number(name).map(|value| u64::try_from(value).unwrap_or(0));
    Ok(Plan {
        most_bins: usize::try_from(number("scorecard_most_bins")?).unwrap_or(6),
        least_permille: natural("scorecard_least_bin_permille")?,
        least_iv_milli: natural("scorecard_least_iv_milli")?,
        ridge_milli: natural("scorecard_ridge_milli")?,
        held_out_percent: natural("scorecard_held_out_percent")?,
        seed: natural("scorecard_seed")?,
        least_bads: natural("scorecard_least_bads")?,
        scale: Scale {
            base: number("scorecard_base_points")?,
            odds: number("scorecard_base_odds")?,
            double: number("scorecard_double_points")?,
        },
    })
}

/// SHA-256 of a file, to know it again.
fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Fits a card on a file and keeps what came of it, a refusal too.
///
/// # Errors
/// Denied; what is wrong with the file, with its row; the store's.
pub async fn fit(work: &mut Work, wanted: Wanted) -> Result<FitId, ActionError> {
    work.authorise(POLICY_DRAFT)?;
    let today = work.business_date;
    let mut wrong: Vec<FieldError> = Vec::new();
    if wanted.title.trim().is_empty() {
        wrong.push(FieldError::new("title", "field-empty"));
    }
    wrong.extend(check_text("title", wanted.title.trim()));
    if wanted.bytes.is_empty() {
        wrong.push(FieldError::new("file", "field-empty"));
    }
    if !wrong.is_empty() {
        return Err(Refused::form(wrong).into());
    }
    let rules = policies::in_force(work, today).await?;
    let plan = plan(rules.edition(today))?;
    let digest = digest(&wanted.bytes);
    let (file, title, kind) = (wanted.file.clone(), wanted.title.trim().to_owned(), wanted.kind);
    // Logarithms over every row: off the threads that answer others.
    let fitted = tokio::task::spawn_blocking(move || {
        let dictionary = rules.pack().dictionary();
        let sample = sample::read((&wanted.file, &wanted.bytes), &wanted.target, wanted.monotone, dictionary)?;
        Ok((sample.data.rows(), sample.ignored, scoring::fit(&sample.data, &plan)))
    })
    .await
    .map_err(|broken| ActionError::Internal(broken.to_string()))?;
    let (rows, ignored, outcome) = fitted.map_err(|error| Refused::form(vec![error]))?;
    let fit = Fit {
        id: FitId(work.next_id()),
        title,
        kind,
        file,
        digest,
        rows: i64::try_from(rows).unwrap_or(i64::MAX),
        outcome,
        ignored,
        draft: None,
        on: today,
        at: work.now,
        by: work.actor.recorded_by(),
    };
    store::insert(work, &fit).await?;
    let state = json!({"title": fit.title, "rows": fit.rows, "digest": fit.digest, "fitted": fit.outcome.is_ok()});
    work.audit(Entry::new(None, "scorecard.fit", format!("scorecard_fit:{}", fit.id)).after(state)).await?;
    Ok(fit.id)
}

/// A fit to be looked at.
///
/// # Errors
/// Denied; there is none.
pub async fn seen(work: &mut Work, id: &str) -> Result<Fit, ActionError> {
    work.authorise(POLICY_VIEW)?;
    let missing = || CustomerError::NoSuchPart("scorecard_fit");
    let key = id.parse().map(FitId).map_err(|_| missing())?;
    Ok(store::find(&mut work.tx, key).await?.ok_or_else(missing)?)
}

/// Makes a draft of the policy desk of a fitted card: it is compared, approved by another person, and in force from its
/// day, like every rule (rule `scorecard.draft`).
///
/// # Errors
/// Denied; the data gave no card; it is a draft already.
pub async fn draft(work: &mut Work, id: &str) -> Result<i64, ActionError> {
    let fit = seen(work, id).await?;
    let Ok(fitted) = &fit.outcome else { return Err(CustomerError::NothingFitted.into()) };
    if let Some(draft) = fit.draft {
        return Ok(draft);
    }
    let today = work.business_date;
    let rules = policies::in_force(work, today).await?;
    let key = format!("fitted_{}", fit.id);
    let months = rules.edition(today).integer("scorecard_review_months").map_err(PolicyError::from)?;
    let head = card::head((&key, &fit.title), (fit.kind, fitted), months);
    let items = card::items(fitted, fit.kind, rules.pack().dictionary());
    let cells: Vec<(&str, &str)> = head.iter().map(|(column, text)| (*column, text.as_str())).collect();
    let draft = drafts::begin_with_scorecard(work, &fit.title, &key, (&cells, items)).await?;
    store::became(&mut work.tx, fit.id, draft).await?;
    Ok(draft)
}
