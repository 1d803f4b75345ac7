//! Roles (岗位角色): which actions each grants, and how far.

use std::collections::BTreeMap;

use super::Scope;
use crate::locale::Lang;

/// One role (岗位角色).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Role {
    /// What people call it in Chinese.
    pub title_zh: String,
    /// What people call it in English.
    pub title_en: String,
    /// Action → how far it reaches.
    pub grants: BTreeMap<String, Scope>,
}

/// All roles of the institution by id (角色表).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Roles(BTreeMap<String, Role>);

impl Roles {
    /// From their ids.
    #[must_use]
    pub fn new(roles: BTreeMap<String, Role>) -> Self {
        Self(roles)
    }

    /// The roles of a policy pack.
    #[must_use]
    pub fn from_pack(pack: &policy::Pack) -> Self {
        let scope = |scope: policy::Scope| match scope {
            policy::Scope::Own => Scope::Own,
            policy::Scope::Team => Scope::Team,
            policy::Scope::Branch => Scope::Branch,
            policy::Scope::Institution => Scope::Institution,
        };
        let role = |role: &policy::Role| Role {
            title_zh: role.title.zh.clone(),
            title_en: role.title.en.clone(),
            grants: role.permissions.iter().map(|(action, far)| (action.clone(), scope(*far))).collect(),
        };
        Self(pack.roles().map(|one| (one.id.clone(), role(one))).collect())
    }

    /// Adds a role: for tests and tools.
    #[must_use]
    pub fn with(mut self, id: &str, grants: &[(&str, Scope)]) -> Self {
        let grants = grants.iter().map(|(action, scope)| ((*action).to_owned(), *scope)).collect();
        self.0.insert(id.to_owned(), Role { title_zh: id.to_owned(), title_en: id.to_owned(), grants });
        self
    }

    /// The role of this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Role> {
        self.0.get(id)
    }

    /// All of them, in order of id.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Role)> {
        self.0.iter().map(|(id, role)| (id.as_str(), role))
    }

    /// The title of a role; its id when the pack no longer has it.
    #[must_use]
    pub fn title(&self, id: &str, lang: Lang) -> String {
        let title = self.0.get(id).map(|role| match lang {
            Lang::ZhCn => &role.title_zh,
            Lang::En => &role.title_en,
        });
        title.filter(|title| !title.is_empty()).cloned().unwrap_or_else(|| id.to_owned())
    }

    /// What these roles grant together: the widest scope of each action. A role that the pack no longer has grants nothing.
    #[must_use]
    pub fn grants<'a>(&self, held: impl IntoIterator<Item = &'a str>) -> BTreeMap<String, Scope> {
        let mut all: BTreeMap<String, Scope> = BTreeMap::new();
        for (action, scope) in held.into_iter().filter_map(|id| self.0.get(id)).flat_map(|role| &role.grants) {
            let widest = all.get(action).map_or(*scope, |known| (*known).max(*scope));
            all.insert(action.clone(), widest);
        }
        all
    }

    /// The roles that grant an action.
    pub fn granting<'a>(&'a self, action: &'a str) -> impl Iterator<Item = &'a str> {
        self.iter().filter(move |(_, role)| role.grants.contains_key(action)).map(|(id, _)| id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_roles_grant_the_wider_scope_and_an_unknown_one_nothing() {
        //
        let roles = Roles::default()
            .with("officer", &[("loan.view", Scope::Own), ("loan.edit", Scope::Own)])
            .with("head", &[("loan.view", Scope::Branch)]);
        let grants = roles.grants(["officer", "head", "gone"]);
        assert_eq!(grants.get("loan.view"), Some(&Scope::Branch));
        assert_eq!(grants.get("loan.edit"), Some(&Scope::Own));
        assert_eq!(grants.len(), 2);
        assert_eq!(roles.granting("loan.edit").collect::<Vec<_>>(), ["officer"]);
    }
}
