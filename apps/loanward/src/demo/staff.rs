//! The people of the demo institution (演示人员): every role of the pack has somebody who can log in.

use std::collections::BTreeMap;

use jiff::civil::Date;
use platform::access::actions::{FirstUser, SetUp, add_first_user, create_branch, create_team, set_up};
use platform::access::{Actor, Origin};
use platform::app::App;
use platform::contact_gate::Channel;
use platform::error::ActionError;
use platform::id::{BranchId, TeamId, UserId};
use platform::institution::{self, Institution};
use platform::locale::Lang;
use platform::message::{self, Carrier, Security, Wish};
use platform::work::Work;

/// Everybody's password: the book is made up, and the pages that show it say so.
pub const PASSWORD: &str = "loanward-demo";

/// Somebody with a name, a role, and a place: 0 the head office, 1 and 2 the branches.
struct Person {
    login: &'static str,
    name: &'static str,
    role: &'static str,
    place: usize,
}

const fn person(login: &'static str, name: &'static str, role: &'static str, place: usize) -> Person {
    Person { login, name, role, place }
}

/// The lines from which calls are made (外呼线路).
const LINES: [(&str, &str); 2] = [("0512-0000-0317", "本部外呼"), ("0512-0000-0318", "城东外呼")];
const BRANCHES: [&str; 3] = ["本部", "城东支行", "城西支行"];

/// Those whom a visitor meets first; all other roles have a user named after the role.
const PEOPLE: [Person; 19] = [
    person("fang", "方敏", "finance_dept", 0),
    person("lin", "林静怡", "customer_manager", 1),
    person("xu", "许志远", "customer_manager", 1),
    person("song", "宋海燕", "customer_manager", 2),
    person("jiang", "蒋建平", "customer_manager", 0),
    person("tang", "唐国栋", "credit_supervisor", 1),
    person("gu", "顾丽华", "credit_supervisor", 2),
    person("han", "韩振华", "credit_supervisor", 0),
    person("zheng", "郑桂兰", "finance_dept", 0),
    person("shen", "沈岚", "finance_clerk", 0),
    person("lu", "陆伟", "finance_checker", 0),
    person("guo", "郭明辉", "risk_dept", 0),
    person("cao", "曹立新", "general_manager", 0),
    person("shao", "邵静", "internal_audit", 0),
    person("ma", "马永强", "system_admin", 0),
    person("yang", "杨雪松", "post_loan_officer", 1),
    person("wu", "吴佳怡", "collection_officer", 1),
    person("he", "何俊", "collection_officer", 2),
    person("ren", "任晓峰", "collection_officer", 0),
];

/// A customer manager with the branch and team that the files belong to (管户客户经理).
#[derive(Debug, Clone, Copy)]
pub struct Manager {
    /// The user.
    pub user: UserId,
    /// The branch.
    pub branch: BranchId,
    /// The team.
    pub team: Option<TeamId>,
}

/// Everybody who acts in the book (演示人员).
#[derive(Debug, Clone)]
pub struct Staff {
    /// Who keeps customers' files.
    pub managers: Vec<Manager>,
    actors: Vec<Actor>,
}

impl Staff {
    /// Somebody with this role; of this branch where there is a choice.
    pub fn with_role(&self, role: &str, branch: BranchId) -> Option<&Actor> {
        self.holders(role).find(|actor| actor.branch == branch).or_else(|| self.holders(role).next())
    }

    /// Everybody with this role.
    pub fn holders<'a, 'r>(&'a self, role: &'r str) -> impl Iterator<Item = &'a Actor> + use<'a, 'r> {
        self.actors.iter().filter(move |actor| actor.roles.iter().any(|held| held == role))
    }

    /// This user.
    pub fn user(&self, id: UserId) -> Option<&Actor> {
        self.actors.iter().find(|actor| actor.user == Some(id))
    }
}

/// Sets the institution up and lets everybody in.
///
/// # Errors
/// The book is set up already; a field of the data above that the house refuses.
pub async fn move_in(app: &App, opens: Date) -> Result<Staff, ActionError> {
    let wish = SetUp {
        institution: "示例小额贷款有限公司".to_owned(),
        head_office: BRANCHES[0].to_owned(),
        opens_on: opens,
        users: Vec::new(),
    };
    set_up(app, &wish).await?;
    let mut work = Work::begin(app, Actor::system(Origin::Setup)).await?;
    let (known, version) = institution::load(&mut work.tx).await?;
    let reached = Institution {
        contact: "客户服务 0000-0000 转 0".to_owned(),
        account: "示例银行东城支行 0000 0000 0000 0000".to_owned(),
        ..known
    };
    institution::change(&mut work, version, &reached).await?;
    // Messages to debtors become files in the folder of the demo.
    let files = Wish {
        carrier: Some(Carrier::File),
        target: "messages".to_owned(),
        security: Some(Security::Tls),
        account: String::new(),
        password: String::new(),
        sender: String::new(),
    };
    message::save(&mut work, Channel::Sms, 0, &files).await?;
    message::set_active(&mut work, Channel::Sms, true).await?;
    let mut places: Vec<(BranchId, Option<TeamId>)> = Vec::new();
    for (index, name) in BRANCHES.iter().enumerate() {
        let branch = if index == 0 { BranchId(1) } else { create_branch(&mut work, name, BranchId(1)).await? };
        let team = create_team(&mut work, branch, "客户一组").await?;
        places.push((branch, Some(team)));
    }
    let mut staff = Staff { managers: Vec::new(), actors: Vec::new() };
    let head_office = places.first().copied().unwrap_or((BranchId(1), None));
    for one in PEOPLE {
        let place = places.get(one.place).copied().unwrap_or(head_office);
        enter(&mut work, &mut staff, (one.login, one.name, one.role), place).await?;
    }
    for (role, title) in others(app) {
        enter(&mut work, &mut staff, (&role, &title, &role), head_office).await?;
    }
    for (number, label) in LINES {
        collections::guard::actions::register_line(&mut work, number, label).await?;
    }
    work.commit().await?;
    Ok(staff)
}

async fn enter(
    work: &mut Work,
    staff: &mut Staff,
    (login, name, role): (&str, &str, &str),
    (branch, team): (BranchId, Option<TeamId>),
) -> Result<(), ActionError> {
    let first = FirstUser {
        login: login.to_owned(),
        name: name.to_owned(),
        roles: vec![role.to_owned()],
        password: Some(PASSWORD.to_owned()),
        must_change: false,
        lang: Lang::ZhCn,
    };
    let (user, _) = add_first_user(work, &first, (branch, team)).await?;
    let grants = work.app.roles().grants([role]);
    let roles = vec![role.to_owned()];
    let name = name.to_owned();
    let actor = Actor {
        user: Some(user),
        name,
        roles,
        branch,
        team,
        grants,
        origin: Origin::Setup,
        stands_for: None,
        service: false,
    };
    staff.actors.push(actor);
    if role == "customer_manager" {
        staff.managers.push(Manager { user, branch, team });
    }
    Ok(())
}

/// The roles that nobody above has, with their titles.
fn others(app: &App) -> BTreeMap<String, String> {
    let every = app.roles();
    every
        .iter()
        .filter(|(id, _)| !PEOPLE.iter().any(|one| one.role == *id))
        .map(|(id, role)| (id.to_owned(), role.title_zh.clone()))
        .collect()
}

/// What the log-in page says: the password, then who is who.
pub fn logins() -> Vec<(String, String)> {
    let mut all = vec![(PASSWORD.to_owned(), "← 所有用户的口令 / everybody's password".to_owned())];
    all.extend(PEOPLE.iter().map(|one| {
        let place = BRANCHES.get(one.place).copied().unwrap_or_default();
        (one.login.to_owned(), format!("{} · {} · {place}", one.name, title(one.role)))
    }));
    all
}

/// What the console says at the start.
pub fn introduce() -> String {
    let lines: Vec<String> = logins().iter().skip(1).map(|(login, who)| format!("  {login:<8} {who}")).collect();
    format!(
        "演示用户，口令均为 {PASSWORD} / users of the demo, all with the password {PASSWORD}:\n{}\n  \
         其他岗位的登录名即岗位代码，如 legal、archivist / every other role logs in by its id, such as legal, archivist",
        lines.join("\n")
    )
}

fn title(role: &str) -> &'static str {
    match role {
        "finance_dept" => "财务部门 / Finance",
        "customer_manager" => "客户经理 / Customer manager",
        "credit_supervisor" => "信贷主管 / Credit supervisor",
        "finance_clerk" => "财务贷后岗 / Finance clerk",
        "finance_checker" => "财务复核岗 / Finance checker",
        "risk_dept" => "风险管理部门 / Risk department",
        "general_manager" => "总经理 / General manager",
        "internal_audit" => "内部审计 / Internal audit",
        "system_admin" => "系统管理员 / Administrator",
        "post_loan_officer" => "贷后管理岗 / Post-loan officer",
        "collection_officer" => "催收人员 / Collection officer",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whom_a_visitor_meets_has_a_title_and_a_name_of_its_own() {
        let mut logins: Vec<&str> = PEOPLE.iter().map(|one| one.login).collect();
        logins.sort_unstable();
        logins.dedup();
        assert_eq!(logins.len(), PEOPLE.len());
        assert!(PEOPLE.iter().all(|one| !title(one.role).is_empty()));
        assert!(introduce().contains("fang"));
    }
}
