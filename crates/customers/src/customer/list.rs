//! The list of customers (客户列表): filters, order, pages, export.

use std::collections::BTreeMap;

use platform::access::{DataScope, store as access};
use platform::args;
use platform::db::{Conditions, StoreError, ToValue as _, Tx};
use platform::error::ActionError;
use platform::id::{BranchId, CustomerId, UserId};
use platform::list_export::Asked;
use platform::page::list::{Cell, Column, ColumnKind, Filter, FilterKind, ListPage, ListQuery, ListSpec, Row, Sort};
use platform::page::{Button, Choice, Empty, Icon, Look, Ui};
use platform::policies;
use platform::vault::Vault;
use platform::work::Work;

use super::model::{Customer, CustomerKind};
use super::search::{Way, surviving_of, ways};
use super::store::{self, decode, within};
use crate::{VIEW, watch};

/// The most watch lists that are asked for at once.
const LISTS: usize = 8;

/// The words of a list in the language of the page: branches and managers to choose from.
#[derive(Debug, Clone, Default)]
pub struct Names {
    branches: BTreeMap<BranchId, String>,
    managers: BTreeMap<UserId, String>,
    lists: Vec<(String, String)>,
}

impl Names {
    /// Reads them as far as the scope reaches.
    pub async fn read(tx: &mut Tx, scope: DataScope) -> Result<Self, StoreError> {
        let branches = access::branches(tx).await?;
        let users = access::users(tx, scope.branch, 1_000, 0).await?;
        let inside = |user: &access::User| {
            (scope.team == 0 || user.team.is_some_and(|team| team.0 == scope.team))
                && (scope.manager == 0 || user.id.0 == scope.manager)
        };
        Ok(Self {
            branches: branches
                .into_iter()
                .filter(|branch| scope.branch == 0 || branch.id.0 == scope.branch)
                .map(|branch| (branch.id, branch.name))
                .collect(),
            managers: users.into_iter().filter(inside).map(|user| (user.id, user.name)).collect(),
            lists: Vec::new(),
        })
    }

    /// With the watch lists of the policy, by their names in the language of the page.
    pub async fn with_lists(mut self, work: &mut Work, ui: &Ui) -> Result<Self, ActionError> {
        let on = work.business_date;
        match policies::in_force(work, on).await {
            Ok(policy) => {
                let mut lists = watch::actions::lists(&policy, on, CustomerKind::Person)?;
                for list in watch::actions::lists(&policy, on, CustomerKind::Company)? {
                    if lists.iter().all(|known| known.name != list.name) {
                        lists.push(list);
                    }
                }
                let titled = |list: watch::model::WatchList| {
                    let title = watch::list_title(ui, &policy, &list.name);
                    (list.name, title)
                };
                self.lists = lists.into_iter().map(titled).collect();
                Ok(self)
            }
            // Files may be opened before any rules are in force.
            Err(ActionError::Refused(_)) => Ok(self),
            Err(error) => Err(error),
        }
    }

    /// On which lists a customer stands, in words.
    fn watched(&self, lists: Option<&Vec<String>>) -> String {
        let mut words = Vec::new();
        for list in lists.into_iter().flatten() {
            let title = self.lists.iter().find(|(name, _)| name == list).map_or(list, |(_, title)| title);
            words.push(title.as_str());
        }
        words.join(" · ")
    }

    /// The name of a branch.
    #[must_use]
    pub fn branch(&self, id: BranchId) -> &str {
        self.branches.get(&id).map_or("—", String::as_str)
    }

    /// The name of a manager.
    #[must_use]
    pub fn manager(&self, id: UserId) -> &str {
        self.managers.get(&id).map_or("—", String::as_str)
    }

    /// The managers to choose from.
    #[must_use]
    pub fn manager_choices(&self) -> Vec<Choice> {
        self.managers.iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect()
    }
}

/// What the list is.
#[must_use]
pub fn spec(ui: &Ui, names: &Names, may_export: bool) -> ListSpec {
    let kinds = [CustomerKind::Person, CustomerKind::Company];
    let kinds = kinds.map(|kind| Choice::new(kind.as_str(), ui.t(format!("customer-kind-{}", kind.as_str()))));
    let lists = names.lists.iter().map(|(name, title)| Choice::new(name, title)).collect();
    let branches = names.branches.iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect();
    ListSpec {
        path: "/customers".to_owned(),
        columns: vec![
            Column::new("number", "customer-number", ColumnKind::Text).sortable(),
            Column::new("name", "customer-name", ColumnKind::Text).sortable(),
            Column::new("kind", "customer-kind", ColumnKind::Text),
            Column::new("identity", "customer-identity", ColumnKind::Text),
            Column::new("phone", "customer-phone", ColumnKind::Text),
            Column::new("branch", "customer-branch", ColumnKind::Text),
            Column::new("manager", "customer-manager", ColumnKind::Text),
            Column::new("opened_on", "customer-opened-on", ColumnKind::Date).sortable(),
            Column::new("watch", "watch-title", ColumnKind::Text),
        ],
        filters: vec![
            Filter::new("q", "customer-filter-text", FilterKind::Text),
            Filter::new("kind", "customer-kind", FilterKind::Choice(kinds.to_vec())),
            Filter::new("branch", "customer-branch", FilterKind::Choice(branches)),
            Filter::new("manager", "customer-manager", FilterKind::Choice(names.manager_choices())),
            Filter::new("watch", "watch-title", FilterKind::Choice(lists)),
            Filter::new("opened_on", "customer-opened-on", FilterKind::Dates).more(),
        ],
        default_sort: Some(Sort { column: "number", descending: true }),
        export: may_export.then(|| "/customers/export.xlsx".to_owned()),
        counted: "customer-count",
        ..ListSpec::default()
    }
}

/// One page of the list, within scope.
///
/// Errors: no permission; the store's.
pub async fn page(work: &mut Work, ui: &Ui, names: &Names, asked: &ListQuery) -> Result<ListPage, ActionError> {
    let scope = work.authorise(VIEW)?;
    let vault = work.app.settings.vault.clone();
    let conditions = conditions(work, scope, asked, vault.as_ref()).await?;
    let count = work
        .tx
        .fetch_one(conditions.select("select count(*) as n from customer c", ""), conditions.args())
        .await?
        .get("n")?;
    let customers = read(&mut work.tx, &conditions, asked, i64::from(asked.size), asked.offset()).await?;
    Ok(ListPage {
        rows: rows(work, ui, names, &customers).await?,
        count,
        empty: asked.filters.is_empty().then(|| nothing_yet(ui)),
        ..ListPage::default()
    })
}

/// What an export asks for: of files that were picked, the filters of the list no longer matter.
async fn exported(work: &mut Work, asked: &Asked) -> Result<Conditions, ActionError> {
    let scope = super::export::reach(work)?;
    if !asked.keys.is_empty() {
        let mut picked = within(scope);
        picked.one_of("c.customer_id", &asked.keys);
        return Ok(picked);
    }
    let vault = work.app.settings.vault.clone();
    conditions(work, scope, &asked.query, vault.as_ref()).await
}

/// How many rows an export has.
///
/// Errors: no permission; the store's.
pub async fn count(work: &mut Work, asked: &Asked) -> Result<i64, ActionError> {
    let conditions = exported(work, asked).await?;
    let sql = conditions.select("select count(*) as n from customer c", "");
    Ok(work.tx.fetch_one(sql, conditions.args()).await?.get("n")?)
}

/// Rows of an export from one on, at most so many.
///
/// Errors: no permission; the store's.
pub async fn chunk(
    work: &mut Work,
    ui: &Ui,
    names: &Names,
    asked: &Asked,
    (from, most): (i64, i64),
) -> Result<Vec<Row>, ActionError> {
    let conditions = exported(work, asked).await?;
    let customers = read(&mut work.tx, &conditions, &asked.query, most, from).await?;
    rows(work, ui, names, &customers).await
}

/// What is listed: surviving files, found by what merged ones say too.
async fn conditions(
    work: &mut Work,
    scope: DataScope,
    asked: &ListQuery,
    vault: Option<&Vault>,
) -> Result<Conditions, ActionError> {
    let today = work.business_date;
    let mut conditions = within(scope);
    conditions.and_values("c.customer_id not in (select customer_id from customer_merge_view)", Vec::new());
    conditions.one_of("c.kind", asked.choice("kind"));
    let keys = |id: &str| asked.choice(id).iter().filter_map(|key| key.parse::<i64>().ok()).collect::<Vec<_>>();
    conditions.one_of("c.branch_id", &keys("branch")).one_of("c.manager_id", &keys("manager"));
    let lists = asked.choice("watch");
    if let Some(last) = lists.last() {
        // The text is fixed: places that are not needed hold the last one again.
        let mut values = args![today, today];
        values.extend((0..LISTS).map(|place| lists.get(place).unwrap_or(last).to_value()));
        conditions.and_values(
            "c.customer_id in (select coalesce(m.into_id, w.customer_id) from customer_watch_view w \
             left join customer_merge_view m on m.customer_id = w.customer_id where w.from_on <= ? \
             and (w.until_on is null or w.until_on >= ?) and w.list in (?, ?, ?, ?, ?, ?, ?, ?))",
            values,
        );
    }
    let (from, to) = asked.dates("opened_on");
    if let Some(from) = from {
        conditions.and("c.opened_on >= ?", [&from]);
    }
    if let Some(to) = to {
        conditions.and("c.opened_on <= ?", [&to]);
    }
    if let Some(way) = asked.text("q").and_then(|text| list_way(text, vault)) {
        let surviving = surviving_of(&mut work.tx, scope, &way).await?;
        let (mut meant, mut merged) = (Conditions::new(), Conditions::new());
        way.narrow(&mut meant);
        merged.one_of("c.customer_id", &surviving);
        if surviving.is_empty() {
            way.narrow(&mut conditions);
        } else {
            conditions.either(&meant, &merged);
        }
    }
    Ok(conditions)
}

/// A list has one meaning for a text: the surest that names something, else a piece of the name.
fn list_way(text: &str, vault: Option<&Vault>) -> Option<Way> {
    let mut all = ways(text, vault);
    let sure =
        all.iter().position(|way| matches!(way, Way::Phone(_) | Way::PhoneEnd(_) | Way::Number(_) | Way::Reading(_)));
    // Eighteen signs are an identity number, of whatever kind.
    let identity = text.chars().filter(|c| c.is_alphanumeric()).count() >= 15;
    match (identity && matches!(all.first(), Some(Way::Identity(_))), sure) {
        (true, _) => Some(all.swap_remove(0)),
        (false, Some(place)) => Some(all.swap_remove(place)),
        (false, None) => all.pop(),
    }
}

async fn read(
    tx: &mut Tx,
    conditions: &Conditions,
    asked: &ListQuery,
    limit: i64,
    offset: i64,
) -> Result<Vec<Customer>, StoreError> {
    let order = match asked.sort {
        Some(Sort { column: "name", descending: false }) => "c.pinyin, c.customer_id",
        Some(Sort { column: "name", descending: true }) => "c.pinyin desc, c.customer_id desc",
        Some(Sort { column: "opened_on", descending: false }) => "c.opened_on, c.customer_id",
        Some(Sort { column: "opened_on", descending: true }) => "c.opened_on desc, c.customer_id desc",
        Some(Sort { descending: false, .. }) => "c.number, c.customer_id",
        Some(Sort { descending: true, .. }) | None => "c.number desc, c.customer_id desc",
    };
    let mut values = conditions.args();
    values.extend(platform::args![limit, offset]);
    let (limit, offset) = (values.len() - 1, values.len());
    let sql = conditions.select(store::SELECT, &format!("order by {order} limit ${limit} offset ${offset}"));
    tx.fetch_all(sql, values).await?.iter().map(decode).collect()
}

/// The rows, each with the watch lists on which the customer stands.
async fn rows(work: &mut Work, ui: &Ui, names: &Names, customers: &[Customer]) -> Result<Vec<Row>, ActionError> {
    let ids: Vec<CustomerId> = customers.iter().map(|customer| customer.id).collect();
    let on = work.business_date;
    // Merged files are not listed; on which lists they stand is said of the surviving one.
    let watched = watch::store::standing_united(&mut work.tx, &ids, on).await?;
    Ok(customers.iter().map(|one| row(ui, names, one, names.watched(watched.get(&one.id)))).collect())
}

fn row(ui: &Ui, names: &Names, customer: &Customer, watched: String) -> Row {
    let href = format!("/customers/{}", customer.id);
    let muted = |text: String| if text.is_empty() { Cell::None } else { Cell::Muted(text) };
    Row {
        key: customer.id.to_string(),
        cells: vec![
            Cell::Link(customer.number.clone(), href.clone()),
            Cell::Strong(customer.name.clone()),
            Cell::Text(ui.t(format!("customer-kind-{}", customer.kind.as_str()))),
            muted(customer.identity_masked.clone()),
            muted(customer.phone_last.as_ref().map(|last| format!("*{last}")).unwrap_or_default()),
            Cell::Text(names.branch(customer.branch).to_owned()),
            Cell::Text(names.manager(customer.manager).to_owned()),
            Cell::Date(customer.opened_on),
            if watched.is_empty() { Cell::None } else { Cell::Text(watched) },
        ],
        href,
    }
}

fn nothing_yet(ui: &Ui) -> Empty {
    Empty {
        icon: Some(Icon::Users),
        title: ui.t("customers-none"),
        text: ui.t("customers-none-text"),
        step: Some(Button::link(Look::Primary, ui.t("customer-new"), "/customers/new").icon(Icon::UserPlus)),
    }
}
