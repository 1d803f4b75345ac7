//! Roles with what they may do and how far it reaches.

use crate::facts::Title;
use crate::parameter::article;
use crate::problem::{Place, Problem, ProblemKind};
use crate::sheet::Sheet;

/// How far a permission reaches (数据范围).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Own customers and cases only.
    Own,
    /// Those of the own team.
    Team,
    /// Those of the own branch.
    Branch,
    /// Everything.
    Institution,
}

impl Scope {
    /// Reads `own`, `team`, `branch` or `institution`.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "own" => Some(Self::Own),
            "team" => Some(Self::Team),
            "branch" => Some(Self::Branch),
            "institution" => Some(Self::Institution),
            _ => None,
        }
    }

    /// Its name in a pack.
    pub fn name(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Team => "team",
            Self::Branch => "branch",
            Self::Institution => "institution",
        }
    }
}

/// A role (岗位角色).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub title: Title,
    /// What it may do, and how far.
    pub permissions: Vec<(String, Scope)>,
    /// The article.
    pub article: String,
    pub(crate) article_place: Place,
}

impl Role {
    /// How far an action of this role reaches; `None` when it may not do it.
    pub fn scope_of(&self, action: &str) -> Option<Scope> {
        self.permissions.iter().filter(|(known, _)| known == action).map(|(_, scope)| *scope).max()
    }
}

const MUST: [&str; 5] = ["id", "title_zh", "title_en", "permissions", "article"];

/// Reads `roles.csv`; permissions are `action:scope` separated by blanks, `-` for none.
pub(crate) fn read(file: &str, text: &str, problems: &mut Vec<Problem>) -> Vec<Role> {
    let mut roles: Vec<Role> = Vec::new();
    for entry in Sheet::read(file, text, problems).register(&MUST, &[], problems) {
        let mut permissions = Vec::new();
        let written = entry.text("permissions", problems);
        for permission in written.split_whitespace().filter(|permission| *permission != "-") {
            match permission.split_once(':').and_then(|(action, scope)| Some((action, Scope::parse(scope)?))) {
                Some((action, scope)) if action.contains('.') => permissions.push((action.to_owned(), scope)),
                _ => {
                    let detail = "a permission is written noun.action:own|team|branch|institution".to_owned();
                    let kind = ProblemKind::Unreadable { found: permission.to_owned(), detail };
                    problems.push(Problem::new(entry.place("permissions"), kind));
                }
            }
        }
        let id = entry.text("id", problems);
        if roles.iter().any(|role| role.id == id) {
            problems.push(Problem::new(entry.place("id"), ProblemKind::Duplicate { name: id.clone() }));
        }
        roles.push(Role {
            id,
            title: Title::new(entry.text("title_zh", problems), entry.get("title_en")),
            permissions,
            article: article(&entry, problems),
            article_place: entry.place("article"),
        });
    }
    roles
}
