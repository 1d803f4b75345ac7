//! The page of branches and teams (机构与团队).

use askama::Template;
use axum::response::Response;
use serde::Deserialize;

use super::store::{self, Branch};
use super::{AccessError, BRANCH_EDIT, BRANCH_VIEW, actions};
use crate::id::BranchId;
use crate::page::{Html, Icon, Page, Ui};
use crate::web::{Posted, Routes, Visit, WebError};

pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/branches", BRANCH_VIEW, page)
        .data::<Vec<super::data::BranchData>, _, _>("/branches", BRANCH_VIEW, super::data::branches)
        .post("/branches/new", BRANCH_EDIT, create_branch)
        .post("/branches/teams/new", BRANCH_EDIT, create_team)
}

#[derive(Debug, Template)]
#[template(path = "access/branches.html")]
struct BranchesPage {
    ui: Ui,
    branches: Vec<Branch>,
    edits: bool,
    guards: [Html; 2],
}

async fn page(visit: Visit) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let branches = store::branches(&mut work.tx).await?;
    let page = BranchesPage {
        branches,
        edits: visit.may(BRANCH_EDIT),
        guards: [ui.guard(visit.guard()), ui.guard(visit.guard())],
        ui: ui.clone(),
    };
    visit.page(&Page::new(ui.t("branches-title"), "branches"), &page)
}

#[derive(Debug, Deserialize)]
struct NamedForm {
    branch: String,
    #[serde(default)]
    name: String,
}

impl NamedForm {
    fn branch(&self) -> Result<BranchId, AccessError> {
        self.branch.parse().map_err(|_| AccessError::Invalid("branch"))
    }
}

async fn create_branch(posted: Posted<NamedForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("branch.create").await?;
    let parent = posted.form.branch().map_err(crate::error::ActionError::from)?;
    actions::create_branch(&mut work, &posted.form.name, parent).await?;
    posted.done(work, "/branches").await
}

async fn create_team(posted: Posted<NamedForm>) -> Result<Response, WebError> {
    let mut work = posted.begin("team.create").await?;
    let branch = posted.form.branch().map_err(crate::error::ActionError::from)?;
    actions::create_team(&mut work, branch, &posted.form.name).await?;
    posted.done(work, "/branches").await
}
