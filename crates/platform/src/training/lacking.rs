//! Who lacks which training or judgement that the post needs (缺项清单, S2.3-03): the supervisor's list.

use axum::extract::RawQuery;
use axum::response::Response;

use super::rules::Need;
use super::store::Holder;
use super::{LIST, TRAINING_RECORD, TRAINING_VIEW, actions, form};
use crate::error::ActionError;
use crate::list_export::{Listed, Sums, Wanted, plain};
use crate::page::list::{Cell, Column, ColumnKind, ListSpec, Row};
use crate::page::{Empty, Icon, Page, Ui};
use crate::policies;
use crate::web::{Routes, Visit, WebError};
use crate::work::Work;

/// Where it is.
pub(super) const PATH: &str = "/trainings/lacking";

pub(super) fn routes() -> Routes {
    Routes::new().list(PATH, TRAINING_VIEW, index, spec).exports(&LISTED)
}

fn spec(ui: &Ui) -> ListSpec {
    let _ = ui;
    ListSpec {
        path: PATH.to_owned(),
        columns: vec![
            Column::new("person", "training-person", ColumnKind::Text),
            Column::new("role", "training-role", ColumnKind::Text),
            Column::new("topic", "training-topic", ColumnKind::Text),
            Column::new("form", "training-form", ColumnKind::Text),
            Column::new("article", "training-article", ColumnKind::Text),
        ],
        counted: "training-lacking-count",
        ..ListSpec::default()
    }
}

/// What is lacking (缺项清单).
pub(crate) static LISTED: Listed = Listed {
    list: PATH,
    address: "/trainings/lacking/export.xlsx",
    view: TRAINING_VIEW,
    export: TRAINING_VIEW,
    act: "user.export",
    title: "training-lacking",
    file: "training-lacking",
    whole: false,
    spec: |_, ui, _| plain(spec(ui)),
    sums: |work, _, wanted| Box::pin(sums(work, wanted)),
    rows: |work, ui, wanted| Box::pin(rows(work, ui, wanted)),
    heads: None,
};

/// One line a person and need: what somebody needs under two posts is one line.
async fn lines(work: &mut Work, wanted: &Wanted) -> Result<Vec<(Holder, Need)>, ActionError> {
    let needs = actions::needs(work).await?;
    let found = actions::lacks(work, &needs, wanted.scope).await?;
    let each = found
        .into_iter()
        .flat_map(|(holder, lacking)| lacking.into_iter().map(move |need| (holder.clone(), need)).collect::<Vec<_>>());
    let picked =
        |(holder, need): &(Holder, Need)| wanted.picked.is_empty() || wanted.picked.contains(&key(holder, need));
    Ok(each.filter(picked).collect())
}

fn key(holder: &Holder, need: &Need) -> String {
    format!("{}-{}-{}", holder.user, need.form.as_str(), need.topic)
}

async fn sums(work: &mut Work, wanted: &Wanted) -> Result<Sums, ActionError> {
    Ok(i64::try_from(lines(work, wanted).await?.len()).unwrap_or(i64::MAX).into())
}

async fn rows(work: &mut Work, ui: &Ui, wanted: &Wanted) -> Result<Vec<Row>, ActionError> {
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let may = work.authorise(TRAINING_RECORD).is_ok();
    let (from, most) = wanted.part;
    let part = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
    let found = lines(work, wanted).await?;
    let shown = found.iter().skip(part(from)).take(part(most));
    Ok(shown
        .map(|(holder, need)| {
            let role = policy.pack().role(&need.role);
            let english = ui.lang() == crate::locale::Lang::En;
            let articles: Vec<String> =
                need.article.split('|').map(|article| policy.article_title(article, english)).collect();
            let role = role.map_or(need.role.as_str(), |known| known.title.in_language(english));
            let cells = vec![
                Cell::Strong(holder.name.clone()),
                Cell::Text(role.to_owned()),
                Cell::Text(form::topic_title(ui, &policy, &need.topic)),
                Cell::Text(form::form_title(ui, need.form)),
                Cell::Muted(articles.join(" ")),
            ];
            // Whoever may enter trainings enters this one from its row.
            let entry = format!("{LIST}/new?person={}&topic={}&form={}", holder.user, need.topic, need.form.as_str());
            Row { key: key(holder, need), cells, href: if may { entry } else { String::new() } }
        })
        .collect())
}

async fn index(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, WebError> {
    let ui = visit.ui();
    let empty = Empty {
        icon: Some(Icon::CircleCheck),
        title: ui.t("training-lacking-none"),
        text: ui.t("training-lacking-none-text"),
        step: None,
    };
    let shown = LISTED.shown(&visit, query).await?.or(empty);
    let page = Page::new(ui.t("training-lacking"), "trainings")
        .subtitle(ui.t("training-lacking-subtitle"))
        .actions(shown.tools());
    shown.answer(&visit, &page)
}
