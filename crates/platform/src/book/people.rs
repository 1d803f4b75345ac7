//! People and branches in the book: by name in the file, by key in the database.

use std::collections::BTreeMap;

use crate::args;
use crate::db::{StoreError, Tx};

/// What stands for the system itself where a person could stand.
pub(super) const SYSTEM: &str = "(system)";
/// People and branches of one institution.
const MOST: i64 = 100_000;

/// The people and branches of this database (人员与机构对照).
#[derive(Debug, Default)]
pub(super) struct People {
    logins: BTreeMap<i64, String>,
    branches: BTreeMap<i64, String>,
    teams: BTreeMap<i64, (i64, String)>,
    by_login: BTreeMap<String, i64>,
    by_branch: BTreeMap<String, i64>,
    by_team: BTreeMap<(i64, String), i64>,
}

impl People {
    pub(super) async fn load(tx: &mut Tx) -> Result<Self, StoreError> {
        let mut all = Self::default();
        for row in tx.fetch_all("select id, login from app_user order by id limit $1", args![MOST]).await? {
            all.add_user(row.get("id")?, row.get("login")?);
        }
        for row in tx.fetch_all("select id, name from branch order by id limit $1", args![MOST]).await? {
            all.add_branch(row.get("id")?, row.get("name")?);
        }
        for row in tx.fetch_all("select id, branch_id, name from team order by id limit $1", args![MOST]).await? {
            all.add_team(row.get("id")?, row.get("branch_id")?, row.get("name")?);
        }
        Ok(all)
    }

    pub(super) fn add_user(&mut self, id: i64, login: String) {
        self.by_login.insert(login.clone(), id);
        self.logins.insert(id, login);
    }

    pub(super) fn add_branch(&mut self, id: i64, name: String) {
        self.by_branch.insert(name.clone(), id);
        self.branches.insert(id, name);
    }

    pub(super) fn add_team(&mut self, id: i64, branch: i64, name: String) {
        self.by_team.insert((branch, name.clone()), id);
        self.teams.insert(id, (branch, name));
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
