//! What a person sees of the duties: what is mine, by time, listed and counted.

use jiff::civil::Date;

use super::model::Duty;
use super::store::{COLUMNS, decode};
use crate::access::{Actor, DataScope};
use crate::args;
use crate::db::{AssertSqlSafe, Conditions, StoreError, Tx, Value};

/// What a person sees of the duties (任务视野).
#[derive(Debug, Clone)]
pub struct Eye {
    user: i64,
    roles: Vec<String>,
    branch: i64,
    scope: DataScope,
}

impl Eye {
    /// Of this person under the scope of `duty.view`.
    #[must_use]
    pub fn of(actor: &Actor, scope: DataScope) -> Self {
        Self {
            user: actor.acts_as().map_or(0, |user| user.0),
            roles: actor.roles.clone(),
            branch: actor.branch.0,
            scope,
        }
    }

    /// Whether a duty is mine to do: my own, my roles' in my branch, or escalated to one of my roles.
    #[must_use]
    pub fn is_mine(&self, duty: &Duty) -> bool {
        let role = |role: &String| self.roles.contains(role);
        let escalated = duty.escalated_on.is_some() && duty.escalation.as_ref().is_some_and(|e| role(&e.1));
        duty.owner == self.user
            || (duty.branch.0 == self.branch && ((duty.owner == 0 && role(&duty.owner_role)) || escalated))
    }

    /// Whether a duty may be seen at all.
    #[must_use]
    pub fn sees(&self, duty: &Duty) -> bool {
        self.is_mine(duty)
            || (self.scope.manager == 0 && (self.scope.branch == 0 || self.scope.branch == duty.branch.0))
    }

    /// What is mine, each way to it with an index of its own: SQLite takes the indexes of open duties only where the
    /// state stands beside each way.
    fn mine(&self, open: bool) -> Conditions {
        let way = |fragment: &'static str, values: Vec<Value>| {
            let mut way = Conditions::new();
            if open {
                way.and_values("d.state = 'open'", args![]);
            }
            way.and_values(fragment, values);
            way
        };
        let own = way("d.owner_id = ?", args![self.user]);
        let mut roles = way("d.branch_id = ? and d.owner_id = 0", args![self.branch]);
        let mut sent_up = way("d.branch_id = ? and d.escalated_on is not null", args![self.branch]);
        if self.roles.is_empty() {
            return own;
        }
        roles.one_of("d.owner_role", &self.roles);
        sent_up.one_of("d.escalate_to", &self.roles);
        let mut by_role = Conditions::new();
        by_role.either(&roles, &sent_up);
        let mut mine = Conditions::new();
        mine.either(&own, &by_role);
        mine
    }
}

/// Which duties by their time (时段).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// Past their last day.
    Late,
    /// Due on the business date.
    Today,
    /// Due in the seven days after it.
    Week,
    /// Late or due today.
    Now,
    /// Late, today, or in the seven days after.
    Near,
    /// All that stand.
    Open,
    /// All that are closed.
    Closed,
}

impl Window {
    /// Its name in addresses.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Late => "late",
            Self::Today => "today",
            Self::Week => "week",
            Self::Now => "now",
            Self::Near => "near",
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Late, Self::Today, Self::Week, Self::Now, Self::Near, Self::Open, Self::Closed]
            .into_iter()
            .find(|window| window.as_str() == text)
    }

    /// Whether it looks at what stands.
    fn is_open(self) -> bool {
        self != Self::Closed
    }

    /// By time; that what it looks at stands, or not, is for the caller to say.
    fn narrow(self, filter: &mut Conditions, today: Date) {
        let week = today.checked_add(jiff::Span::new().days(7)).unwrap_or(today);
        match self {
            Self::Late => filter.and("d.due_on < ?", [&today]),
            Self::Today => filter.and("d.due_on = ?", [&today]),
            Self::Week => filter.and("d.due_on > ? and d.due_on <= ?", [&today, &week]),
            Self::Now => filter.and("d.due_on <= ?", [&today]),
            Self::Near => filter.and("d.due_on <= ?", [&week]),
            Self::Open | Self::Closed => filter,
        };
    }
}

/// What to list (任务筛选).
#[derive(Debug, Clone)]
pub struct Filter {
    /// By time.
    pub window: Window,
    /// Mine only, or everything in my scope.
    pub mine: bool,
    /// Of this kind.
    pub kind: Option<String>,
    /// Name or number holds this.
    pub text: Option<String>,
}

impl Filter {
    /// My duties of a time.
    #[must_use]
    pub fn mine(window: Window) -> Self {
        Self { window, mine: true, kind: None, text: None }
    }
}

fn conditions(eye: &Eye, filter: &Filter, today: Date) -> Conditions {
    let open = filter.window.is_open();
    let mine = filter.mine || eye.scope.manager != 0;
    let mut where_ = if mine { eye.mine(open) } else { Conditions::new() };
    if !open {
        where_.and_values("d.state <> 'open'", args![]);
    } else if !mine {
        where_.and_values("d.state = 'open'", args![]);
    }
    if !mine && eye.scope.branch != 0 {
        where_.and("d.branch_id = ?", [&eye.scope.branch]);
    }
    filter.window.narrow(&mut where_, today);
    if let Some(kind) = &filter.kind {
        where_.and("d.kind = ?", [kind]);
    }
    if let Some(text) = &filter.text {
        let like = format!("%{}%", text.replace(['%', '_'], ""));
        where_.and("(d.whom like ? or d.number like ?)", [&like, &like]);
    }
    where_
}

/// Duties in the order of work: late first, then by date.
pub async fn list(
    tx: &mut Tx,
    eye: &Eye,
    filter: &Filter,
    today: Date,
    limit: i64,
    offset: i64,
) -> Result<Vec<Duty>, StoreError> {
    let where_ = conditions(eye, filter, today);
    // Column names, fixed conditions and two numbers.
    let sql = AssertSqlSafe(format!(
        "select {COLUMNS} from duty d where {} order by d.due_on, d.customer_id, d.id limit {limit} offset {offset}",
        where_.sql()
    ));
    tx.fetch_all(sql, where_.args()).await?.iter().map(decode).collect()
}

/// How many duties a filter finds.
pub async fn count(tx: &mut Tx, eye: &Eye, filter: &Filter, today: Date) -> Result<i64, StoreError> {
    let where_ = conditions(eye, filter, today);
    tx.fetch_one(where_.select("select count(*) as n from duty d", ""), where_.args()).await?.get("n")
}

/// How many duties a filter finds that are late, due today, due within the week after, and in all.
pub(super) async fn count_by_time(
    tx: &mut Tx,
    eye: &Eye,
    filter: &Filter,
    today: Date,
) -> Result<(i64, i64, i64, i64), StoreError> {
    let where_ = conditions(eye, filter, today);
    let week = today.checked_add(jiff::Span::new().days(7)).unwrap_or(today);
    let mut values = where_.args();
    let (first, second) = (values.len() + 1, values.len() + 2);
    values.extend(args![today, week]);
    // Fixed texts and placeholders.
    let sql = AssertSqlSafe(format!(
        "with mine as (select d.due_on from duty d where {}) \
         select cast(coalesce(sum(case when due_on < ${first} then 1 else 0 end), 0) as bigint) as late, \
         cast(coalesce(sum(case when due_on = ${first} then 1 else 0 end), 0) as bigint) as today, \
         cast(coalesce(sum(case when due_on > ${first} and due_on <= ${second} then 1 else 0 end), 0) as bigint) as week, \
         count(*) as n from mine",
        where_.sql()
    ));
    let row = tx.fetch_one(sql, values).await?;
    Ok((row.get("late")?, row.get("today")?, row.get("week")?, row.get("n")?))
}
