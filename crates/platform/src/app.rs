//! The program at run time (应用): what every request and every step of the close can reach.

use std::ops::Deref;
use std::sync::Arc;

use crate::capability::Capability;
use crate::clock::Clock;
use crate::db::{Db, Migration, StoreError, migrate};
use crate::event::Subscriber;
use crate::id::IdGenerator;

/// A cheap handle on the running program.
#[derive(Clone)]
pub struct App(Arc<AppInner>);

/// What the program is made of.
pub struct AppInner {
    /// The database.
    pub db: Db,
    /// Where `now` comes from.
    pub clock: Clock,
    /// Gives out keys.
    pub ids: IdGenerator,
    /// The capabilities, in the order of their dependencies.
    pub capabilities: Vec<Arc<dyn Capability>>,
    /// Everybody who must act in the transaction of an event.
    pub subscribers: Vec<Subscriber>,
}

impl Deref for App {
    type Target = AppInner;
    fn deref(&self) -> &AppInner {
        &self.0
    }
}

impl App {
    /// Brings the schema up to date and puts the program together.
    pub async fn assemble(
        db: Db,
        clock: Clock,
        node: u16,
        capabilities: Vec<Arc<dyn Capability>>,
    ) -> Result<Self, StoreError> {
        let mut steps: Vec<(&'static str, &'static [Migration])> = vec![("platform", crate::MIGRATIONS)];
        steps.extend(capabilities.iter().map(|c| (c.name(), c.migrations())));
        migrate(&db, &steps).await?;
        let subscribers = capabilities.iter().flat_map(|c| c.subscribers()).collect();
        Ok(Self(Arc::new(AppInner { db, clock, ids: IdGenerator::new(node), capabilities, subscribers })))
    }
}
