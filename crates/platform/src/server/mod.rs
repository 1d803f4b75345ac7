//! Processes on one database (服务进程): their numbers, and what each notices of the others.
//!
//! Several servers, an import and a close may work on one PostgreSQL at once. Each process leases a number
//! ([`Node::take`]) that stands in every key it gives out; nothing else has to be agreed between them. What a process
//! keeps in memory of the rules is compared with the database every second ([`keep`]).

mod node;
mod rules;

use std::time::Duration;

pub(crate) use node::is_gone;
pub use node::{Node, NodeError, beat, give_back, without_key};
pub use rules::{InHouse, notice};

use crate::app::App;

/// How often a process looks for what others changed.
const LOOK: Duration = Duration::from_secs(1);
/// Looks between two signs of life.
const BEAT: u32 = 10;

/// Looks for changed rules and keys every second and says that this process lives, for as long as the program runs.
pub async fn keep(app: App) {
    let mut looks = 0_u32;
    loop {
        tokio::time::sleep(LOOK).await;
        if app.db.is_closed() {
            return;
        }
        if let Err(error) = notice(&app).await {
            tracing::warn!(%error, "the rules of the house could not be read again");
        }
        let changed = app.settings.vault.as_ref().is_some_and(|vault| vault.reload().unwrap_or(false));
        looks = (looks + 1) % BEAT;
        if (looks == 0 || changed)
            && let Err(error) = beat(&app).await
        {
            tracing::warn!(%error, "no sign of life could be given");
        }
    }
}
