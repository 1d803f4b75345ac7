//! Posts read off the policy: tasks, the permission that each needs, the duties that the post is given. Pure.

use policy::{Edition, EvalError, Pack, Title};

use crate::card::rules::{anybody, collected, text_in};

/// A task of a post (职责).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Which.
    pub task: String,
    /// The policy's words.
    pub words: Title,
    /// The permission that it takes.
    pub permission: String,
    /// Whether the role of the post holds it.
    pub granted: bool,
    /// The article.
    pub article: String,
}

/// A duty that the system gives a post (任务).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// Which rule.
    pub rule: String,
    /// What it is called.
    pub title: Title,
    /// The article.
    pub article: String,
}

/// A post (岗位).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// The role.
    pub role: String,
    /// What it is called.
    pub title: Title,
    /// What it does.
    pub tasks: Vec<Task>,
    /// The duties that it is given in time.
    pub duties: Vec<Given>,
}

/// The posts of the policy with their tasks, in its order (rule `post.tasks`); a role that the pack does not have is a
/// post whose tasks nobody may do.
///
/// # Errors
/// The decision cannot be made.
pub fn posts(pack: &Pack, edition: &Edition) -> Result<Vec<Post>, EvalError> {
    let Some(found) = collected(edition, "post_task", &anybody("person"))? else { return Ok(Vec::new()) };
    let mut posts: Vec<Post> = Vec::new();
    for (row, hit) in found.outputs.iter().zip(&found.rows) {
        let (role, permission) = (text_in(row, "post_role"), text_in(row, "post_permission"));
        let known = pack.role(&role);
        let task = Task {
            task: text_in(row, "post_task"),
            words: hit.note.clone(),
            granted: known.is_some_and(|known| known.scope_of(&permission).is_some()),
            permission,
            article: hit.article.clone(),
        };
        match posts.iter_mut().find(|post| post.role == role) {
            Some(post) => post.tasks.push(task),
            None => posts.push(Post {
                title: known.map_or_else(|| Title::new(role.as_str(), role.as_str()), |known| known.title.clone()),
                tasks: vec![task],
                duties: duties(edition, &role),
                role,
            }),
        }
    }
    Ok(posts)
}

/// The duties of a role, each rule once.
fn duties(edition: &Edition, role: &str) -> Vec<Given> {
    let mut found: Vec<Given> = Vec::new();
    for duty in edition.duties().filter(|duty| duty.owner_role == role) {
        if found.iter().all(|known| known.rule != duty.rule) {
            let (rule, title, article) = (duty.rule.clone(), duty.title.clone(), duty.article.clone());
            found.push(Given { rule, title, article });
        }
    }
    found
}
