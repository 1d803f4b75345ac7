//! The rules of the house in memory (在用规则): who may do what, and how people are let in.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;

use super::node;
use crate::access::{AccessRules, Actor, Origin, Roles};
use crate::app::App;
use crate::calendar;
use crate::error::ActionError;
use crate::policies;
use crate::work::Work;

/// What of the rules stands in memory (在用规则).
#[derive(Debug, Clone)]
pub struct InHouse {
    /// The roles.
    pub roles: Arc<Roles>,
    /// Log-in, sessions, passwords, the interface.
    pub access: Arc<AccessRules>,
    /// The kinds of duties that the rules have; nothing before the first look.
    pub duties: Option<Arc<BTreeSet<String>>>,
    /// How many servers answer: what a token may ask in a minute is shared among them.
    pub servers: i64,
    /// Which version on which business date; nothing before the first look.
    pub(super) of: Option<(i64, Date)>,
}

impl InHouse {
    /// What a start decided.
    pub(crate) fn at_start(roles: &Roles, access: &AccessRules) -> Self {
        let (roles, access) = (Arc::new(roles.clone()), Arc::new(access.clone()));
        Self { roles, access, duties: None, servers: 1, of: None }
    }
}

/// Compares what is in memory with the version in force on the business date; two small queries where nothing changed.
/// Whether something was taken over.
///
/// # Errors
/// A version that cannot be compiled: the rules in memory stay; the store's.
pub async fn notice(app: &App) -> Result<bool, ActionError> {
    let mut tx = app.db.read().await?;
    let servers = node::servers(&mut tx).await?.max(1);
    let Some(on) = calendar::business_date_if_any(&mut tx).await? else { return Ok(false) };
    let version = policies::store::version_on(&mut tx, on).await?;
    tx.rollback().await?;
    let known = app.in_house();
    if known.servers != servers {
        app.take_over(InHouse { servers, ..known.as_ref().clone() });
    }
    let Some(version) = version else { return Ok(false) };
    if known.of == Some((version, on)) {
        return Ok(false);
    }
    let mut work = Work::read(app, Actor::system(Origin::Console)).await?;
    let rules = policies::in_force(&mut work, on).await?;
    let access = AccessRules::from_pack(rules.edition(on), known.access.hashing)
        .map_err(|error| ActionError::Internal(error.to_string()))?;
    let roles = Roles::from_pack(rules.pack());
    let duties = rules.edition(on).duties().map(|duty| duty.kind.clone()).collect();
    app.take_over(InHouse {
        roles: Arc::new(roles),
        access: Arc::new(access),
        duties: Some(Arc::new(duties)),
        servers,
        of: Some((version, on)),
    });
    // Another day under the same version is no news.
    if known.of.is_none_or(|(before, _)| before != version) {
        tracing::info!(version, %on, "the rules of the house are taken over");
    }
    Ok(true)
}
