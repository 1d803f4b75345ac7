//! The program at run time (应用): what every request and every step of the close can reach.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::{Arc, PoisonError, RwLock};

use jiff::civil::Date;

use crate::access::{AccessRules, Roles};
use crate::api;
use crate::calendar;
use crate::capability::Capability;
use crate::clock::Clock;
use crate::contact_gate::{BookGate, ContactGate};
use crate::db::{Db, Migration, StoreError, migrate};
use crate::event::Subscriber;
use crate::house::Platform;
use crate::id::IdGenerator;
use crate::locale::{Catalogue, Lang, LocaleError, Source};
use crate::outbox::Gateway;
use crate::policies;
use crate::server::{InHouse, Node};
use crate::vault::{Vault, VaultError};

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
    /// The capabilities, in the order of their dependencies; the platform itself is the first.
    pub capabilities: Vec<Arc<dyn Capability>>,
    /// Everybody who must act in the transaction of an event.
    pub subscribers: Vec<Subscriber>,
    /// The ways out of the house, by kind.
    pub gateways: Vec<Arc<dyn Gateway>>,
    /// All texts of all capabilities in both languages.
    pub catalogue: Arc<Catalogue>,
    /// Decides on every contact with a debtor.
    pub contact_gate: Arc<dyn ContactGate>,
    /// Working days and published rates, kept in memory while nothing changed.
    pub published: calendar::Cache,
    /// The compiled versions of the institution's rules.
    pub policies: policies::Cache,
    /// How often programs asked lately.
    pub rates: api::limit::Rates,
    /// What the start decided.
    pub settings: Settings,
    /// The rules in memory, as they stand now.
    in_house: RwLock<Arc<InHouse>>,
    /// The number leased for this process; nothing in tools and tests that name their own.
    node: RwLock<Option<Node>>,
}

/// What the start decides (启动参数).
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The roles of the policy pack at the start; those of now are [`App::roles`].
    pub roles: Roles,
    /// The texts of the policy packs that came with the program, by path.
    pub packs: Arc<BTreeMap<String, String>>,
    /// Log-in, lock-out, sessions, passwords: parameters of the policy pack at the start; those of now are
    /// [`App::access`].
    pub access: AccessRules,
    /// The key to personal data; without it nothing personal can be written or shown.
    pub vault: Option<Vault>,
    /// Whether a proxy of our own stands in front and says the visitor's address.
    pub trusts_proxy: bool,
    /// Users named on the log-in page of a demo book: login and role.
    pub demo_logins: Vec<(String, String)>,
    /// What an institution is set up with in the browser; nothing when it is set up from the console.
    pub first_run: Option<Arc<crate::first_run::Supplies>>,
    /// Where the server puts its own copies of the book; without it it takes none.
    pub backups: Option<crate::backup::schedule::BackupPlace>,
    /// Where messages that are files go; without it none arrives.
    pub outbox_folder: Option<std::path::PathBuf>,
}

impl Settings {
    /// The line over every page of a demo book.
    pub(crate) fn demo_banner(&self, ui: &crate::page::Ui) -> Option<crate::page::Banner> {
        (!self.demo_logins.is_empty()).then(|| crate::page::Banner {
            tone: crate::page::Tone::Watch,
            text: ui.t("demo-banner"),
            link: None,
        })
    }

    /// With the roles and the log-in parameters of a policy pack as they stand on a date.
    ///
    /// # Errors
    /// [`policy::ParameterError`] names the parameter that the pack lacks.
    pub fn under_pack(self, pack: &policy::Pack, on: Date) -> Result<Self, policy::ParameterError> {
        let access = AccessRules::from_pack(pack.on(on), self.access.hashing)?;
        Ok(Self { roles: Roles::from_pack(pack), access, ..self })
    }
}

/// Why the program cannot start (启动失败).
#[derive(Debug, thiserror::Error)]
pub enum AssembleError {
    /// The database or its schema.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A text file of a capability.
    #[error(transparent)]
    Locale(#[from] LocaleError),
    /// The key to personal data does not fit this database.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// A capability's texts name a language that the house does not speak.
    #[error("{capability} has texts in {tag:?}; the house speaks zh-CN and en")]
    Language {
        /// The capability.
        capability: &'static str,
        /// What it named.
        tag: &'static str,
    },
}

impl Deref for App {
    type Target = AppInner;
    fn deref(&self) -> &AppInner {
        &self.0
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("App")
    }
}

impl App {
    /// Puts the program together with the settings of a start without pack or key: tests and tools.
    pub async fn assemble(
        db: Db,
        clock: Clock,
        node: u16,
        capabilities: Vec<Arc<dyn Capability>>,
    ) -> Result<Self, AssembleError> {
        Self::assemble_with(db, clock, node, capabilities, Settings::default()).await
    }

    /// Brings the schema up to date and puts the program together.
    pub async fn assemble_with(
        db: Db,
        clock: Clock,
        node: u16,
        capabilities: Vec<Arc<dyn Capability>>,
        settings: Settings,
    ) -> Result<Self, AssembleError> {
        let mut all: Vec<Arc<dyn Capability>> = vec![Arc::new(Platform)];
        all.extend(capabilities);
        let steps: Vec<(&'static str, &'static [Migration])> = all.iter().map(|c| (c.name(), c.migrations())).collect();
        migrate(&db, &steps).await?;
        if let Some(vault) = &settings.vault {
            vault.check(&db).await?;
        }
        let catalogue = Arc::new(Catalogue::new(&sources(&all)?)?);
        let gateways = all.iter().flat_map(|c| c.gateways()).collect();
        let subscribers = all.iter().flat_map(|c| c.subscribers()).collect();
        let contact_gate =
            all.iter().rev().find_map(|c| c.contact_gate()).unwrap_or_else(|| Arc::new(BookGate::of(&all)));
        let ids = IdGenerator::new(node);
        let inner = AppInner {
            db,
            clock,
            ids,
            capabilities: all,
            subscribers,
            gateways,
            catalogue,
            contact_gate,
            published: calendar::Cache::default(),
            policies: policies::Cache::default(),
            rates: api::limit::Rates::default(),
            in_house: RwLock::new(Arc::new(InHouse::at_start(&settings.roles, &settings.access))),
            node: RwLock::new(None),
            settings,
        };
        Ok(Self(Arc::new(inner)))
    }

    /// The rules in memory, as they stand now.
    #[must_use]
    pub fn in_house(&self) -> Arc<InHouse> {
        Arc::clone(&self.in_house.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The roles, as they stand now.
    #[must_use]
    pub fn roles(&self) -> Arc<Roles> {
        Arc::clone(&self.in_house().roles)
    }

    /// Log-in, lock-out, sessions, passwords, as they stand now.
    #[must_use]
    pub fn access(&self) -> Arc<AccessRules> {
        Arc::clone(&self.in_house().access)
    }

    /// Whether the house has this page: one that belongs to duties is offered where the rules have such a duty. Before
    /// any rules are known everything is.
    #[must_use]
    pub fn offers(&self, href: &str) -> bool {
        let house = self.in_house();
        let Some(duties) = &house.duties else { return true };
        let has = |kinds: &[&str]| kinds.iter().any(|kind| duties.contains(*kind));
        let mut places = self.capabilities.iter().flat_map(|capability| capability.by_duty());
        places.all(|(place, kinds)| *place != href || has(kinds))
    }

    /// Puts other rules in their place.
    pub(crate) fn take_over(&self, rules: InHouse) {
        *self.in_house.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(rules);
    }

    /// The number leased for this process.
    #[must_use]
    pub fn node(&self) -> Option<Node> {
        self.node.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Gives keys out under a leased number from now on.
    pub fn take_node(&self, node: Node) {
        self.ids.move_to(node.number);
        *self.node.write().unwrap_or_else(PoisonError::into_inner) = Some(node);
    }

    /// The key to personal data.
    ///
    /// Errors: [`VaultError::NoKey`] when the program was started without one.
    pub fn vault(&self) -> Result<&Vault, VaultError> {
        self.settings.vault.as_ref().ok_or(VaultError::NoKey)
    }
}

fn sources(capabilities: &[Arc<dyn Capability>]) -> Result<Vec<Source>, AssembleError> {
    let mut all = Vec::new();
    for capability in capabilities {
        for (tag, text) in capability.messages() {
            let unknown = AssembleError::Language { capability: capability.name(), tag };
            all.push(Source { lang: Lang::parse(tag).ok_or(unknown)?, name: capability.name(), text });
        }
    }
    Ok(all)
}
