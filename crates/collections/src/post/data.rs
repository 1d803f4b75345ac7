//! Posts as a program reads them (岗位职责数据).

use platform::api::Data;
use platform::error::ActionError;
use platform::policies::{self, PolicyError};
use platform::web::{Visit, WebError};
use schemars::JsonSchema;
use serde::Serialize;

use super::rules::{self, Given, Post, Task};

/// A post with its tasks (岗位).
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct PostData {
    /// The role.
    role: String,
    /// Its name in Chinese.
    title_zh: String,
    /// Its name in English.
    title_en: String,
    /// What it does.
    tasks: Vec<TaskData>,
    /// The duties that it is given in time.
    duties: Vec<GivenData>,
}

/// A task of a post (职责).
#[derive(Debug, Serialize, JsonSchema)]
struct TaskData {
    /// Which.
    task: String,
    /// The words in Chinese.
    words_zh: String,
    /// The words in English.
    words_en: String,
    /// The permission that it takes.
    permission: String,
    /// Whether the role holds it.
    granted: bool,
    /// The article.
    article: String,
}

/// A duty that a post is given (任务).
#[derive(Debug, Serialize, JsonSchema)]
struct GivenData {
    /// Which rule.
    rule: String,
    /// Its name in Chinese.
    title_zh: String,
    /// Its name in English.
    title_en: String,
    /// The article.
    article: String,
}

fn of(post: Post) -> PostData {
    let task = |one: Task| TaskData {
        task: one.task,
        words_zh: one.words.zh,
        words_en: one.words.en,
        permission: one.permission,
        granted: one.granted,
        article: one.article,
    };
    let given =
        |one: Given| GivenData { rule: one.rule, title_zh: one.title.zh, title_en: one.title.en, article: one.article };
    PostData {
        role: post.role,
        title_zh: post.title.zh,
        title_en: post.title.en,
        tasks: post.tasks.into_iter().map(task).collect(),
        duties: post.duties.into_iter().map(given).collect(),
    }
}

/// `/api/v1/collections/posts`
pub(super) async fn posts(visit: Visit) -> Result<Data<Vec<PostData>>, WebError> {
    let mut work = visit.read().await?;
    work.authorise(crate::CASE_VIEW)?;
    let on = work.business_date;
    let policy = policies::in_force(&mut work, on).await?;
    let posts =
        rules::posts(policy.pack(), policy.edition(on)).map_err(PolicyError::from).map_err(ActionError::from)?;
    Ok(Data(posts.into_iter().map(of).collect()))
}
