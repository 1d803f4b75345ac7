//! People and branches in the book: by name in the file, by key in the database.

use std::collections::{BTreeMap, BTreeSet};

use super::cell::Out;
use crate::access::store::UserKind;
use crate::args;
use crate::db::{StoreError, Tx};
use crate::work::Work;

/// What stands for the system itself where a person could stand.
pub(super) const SYSTEM: &str = "(system)";
/// People and branches of one institution.
const MOST: i64 = 100_000;

/// What became of a line about branches, teams and people (人员行的结果).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Came {
    /// It is here, or was written down.
    Settled,
    /// Somebody who was not here is written down.
    Person(String),
    /// A person of the file has the log-in name of a service account here, or the other way round.
    OtherKind(String),
    /// The file names a kind that there is not.
    NoKind(String),
}

/// The people and branches of this database (人员与机构对照).
#[derive(Debug, Default)]
pub(super) struct People {
    logins: BTreeMap<i64, String>,
    services: BTreeSet<i64>,
    branches: BTreeMap<i64, String>,
    teams: BTreeMap<i64, (i64, String)>,
    by_login: BTreeMap<String, i64>,
    by_branch: BTreeMap<String, i64>,
    by_team: BTreeMap<(i64, String), i64>,
}

impl People {
    pub(super) async fn load(tx: &mut Tx) -> Result<Self, StoreError> {
        let mut all = Self::default();
        for row in tx.fetch_all("select id, login, kind from app_user order by id limit $1", args![MOST]).await? {
            all.add_user(row.get("id")?, row.get("login")?, row.get("kind")?);
        }
        for row in tx.fetch_all("select id, name from branch order by id limit $1", args![MOST]).await? {
            all.add_branch(row.get("id")?, row.get("name")?);
        }
        for row in tx.fetch_all("select id, branch_id, name from team order by id limit $1", args![MOST]).await? {
            all.add_team(row.get("id")?, row.get("branch_id")?, row.get("name")?);
        }
        Ok(all)
    }

    fn add_user(&mut self, id: i64, login: String, kind: UserKind) {
        self.by_login.insert(login.clone(), id);
        if kind == UserKind::Service {
            self.services.insert(id);
        }
        self.logins.insert(id, login);
    }

    fn add_branch(&mut self, id: i64, name: String) {
        self.by_branch.insert(name.clone(), id);
        self.branches.insert(id, name);
    }

    fn add_team(&mut self, id: i64, branch: i64, name: String) {
        self.by_team.insert((branch, name.clone()), id);
        self.teams.insert(id, (branch, name));
    }

    /// Matches a branch, a team, a user by name; writes down who is not here.
    pub(super) async fn take(&mut self, work: &mut Work, sheet: &str, cells: &[Out]) -> Result<Came, StoreError> {
        let text = |at: usize| cells.get(at).map(|cell| cell.canonical().into_owned()).unwrap_or_default();
        let id = work.next_id();
        match sheet {
            "branches" if self.branch(&text(0)).is_none() => {
                let parent = self.branch(&text(1));
                let sql = "insert into branch (id, name, parent_id, opened_on) values ($1, $2, $3, $4)";
                work.tx.execute(sql, args![id, text(0), parent, text(2)]).await?;
                self.add_branch(id, text(0));
            }
            "teams" => {
                if let Some(branch) = self.branch(&text(0))
                    && self.team(branch, &text(1)).is_none()
                {
                    let sql = "insert into team (id, branch_id, name) values ($1, $2, $3)";
                    work.tx.execute(sql, args![id, branch, text(1)]).await?;
                    self.add_team(id, branch, text(1));
                }
            }
            "users" => {
                let Some(kind) = UserKind::parse(&text(5)) else { return Ok(Came::NoKind(text(5))) };
                return match self.user(&text(0)) {
                    Some(known) if self.services.contains(&known) == (kind == UserKind::Service) => Ok(Came::Settled),
                    // What is recorded under a name is not to pass from a program to a person unseen.
                    Some(_) => Ok(Came::OtherKind(text(0))),
                    None => self.write_down(work, id, kind, cells).await,
                };
            }
            _ => {}
        }
        Ok(Came::Settled)
    }

    /// No password fits this, and who is disabled may not log in; no token comes along, and roles are given by people,
    /// never by a file.
    async fn write_down(
        &mut self,
        work: &mut Work,
        id: i64,
        kind: UserKind,
        cells: &[Out],
    ) -> Result<Came, StoreError> {
        let text = |at: usize| cells.get(at).map(|cell| cell.canonical().into_owned()).unwrap_or_default();
        let Some(branch) = self.branch(&text(2)) else { return Ok(Came::Settled) };
        let team = self.team(branch, &text(3));
        let (now, by) = (work.now, work.actor.recorded_by());
        let sql = "insert into app_user (id, login, name, kind, branch_id, team_id, state, password_hash, \
             must_change_password, language, created_at, created_by) \
             values ($1, $2, $3, $4, $5, $6, 'disabled', '!', $7, $8, $9, $10)";
        let must_change = kind == UserKind::Person;
        work.tx.execute(sql, args![id, text(0), text(1), kind, branch, team, must_change, text(4), now, by]).await?;
        self.add_user(id, text(0), kind);
        Ok(Came::Person(text(0)))
    }

    /// How a person is called in the file. People whose key is unknown stay numbers: nothing is lost.
    pub(super) fn login(&self, id: i64) -> String {
        match self.logins.get(&id) {
            _ if id == 0 => SYSTEM.to_owned(),
            Some(login) => login.clone(),
            None => format!("({id})"),
        }
    }

    pub(super) fn user(&self, login: &str) -> Option<i64> {
        if login == SYSTEM {
            return Some(0);
        }
        self.by_login.get(login).copied().or_else(|| login.strip_prefix('(')?.strip_suffix(')')?.parse().ok())
    }

    pub(super) fn branch_name(&self, id: i64) -> Option<&str> {
        self.branches.get(&id).map(String::as_str)
    }

    pub(super) fn branch(&self, name: &str) -> Option<i64> {
        self.by_branch.get(name).copied()
    }

    pub(super) fn team_name(&self, id: i64) -> Option<&str> {
        self.teams.get(&id).map(|(_, name)| name.as_str())
    }

    pub(super) fn team(&self, branch: i64, name: &str) -> Option<i64> {
        self.by_team.get(&(branch, name.to_owned())).copied()
    }

    /// `|1|2|` with names for keys.
    pub(super) fn logins(&self, keys: &str) -> String {
        self.each(keys, |part| part.parse().ok().map(|id| self.login(id)))
    }

    /// `|a|b|` with keys for names.
    pub(super) fn users(&self, logins: &str) -> Option<String> {
        let known = logins.split('|').filter(|part| !part.is_empty()).all(|part| self.user(part).is_some());
        known.then(|| self.each(logins, |part| self.user(part).map(|id| id.to_string())))
    }

    fn each(&self, text: &str, other: impl Fn(&str) -> Option<String>) -> String {
        let parts = text.split('|').map(|part| match part {
            "" => String::new(),
            part => other(part).unwrap_or_else(|| part.to_owned()),
        });
        parts.collect::<Vec<_>>().join("|")
    }
}
