//! How people call the things of this room that stand in the audit trail: by their numbers.

use platform::audit::AuditSubject;

use crate::{VIEW, lead};

pub(crate) fn subjects() -> Vec<AuditSubject> {
    let subject = |kind, sql, find, page, action| AuditSubject { kind, sql, find, page, action };
    vec![
        subject(
            "customer",
            "select number as name, branch_id, team_id, manager_id from customer where customer_id = $1",
            "select customer_id as key from customer where number = $1",
            "/customers/{id}",
            VIEW,
        ),
        subject(
            "lead",
            "select number as name, branch_id, team_id, owner_id as manager_id from lead where id = $1",
            "select id as key from lead where number = $1",
            "/leads/{id}",
            lead::VIEW,
        ),
        subject(
            "campaign",
            "select number as name, branch_id, cast(null as bigint) as team_id, cast(null as bigint) as manager_id \
             from campaign where id = $1",
            "select id as key from campaign where number = $1",
            "/campaigns/{id}",
            lead::VIEW,
        ),
        subject(
            "partner",
            "select number as name, branch_id, cast(null as bigint) as team_id, cast(null as bigint) as manager_id \
             from partner where id = $1",
            "select id as key from partner where number = $1",
            "/partners/{id}",
            lead::VIEW,
        ),
        subject(
            "sorting_project",
            "select number as name, branch_id, cast(null as bigint) as team_id, cast(null as bigint) as manager_id \
             from sorting_project where id = $1",
            "select id as key from sorting_project where number = $1",
            "/sorting/{id}",
            VIEW,
        ),
        subject(
            "evaluation",
            "select e.number as name, c.branch_id, c.team_id, c.manager_id \
             from evaluation e join customer c on c.customer_id = e.customer_id where e.id = $1",
            "select id as key from evaluation where number = $1",
            "/evaluations/{id}",
            VIEW,
        ),
        subject(
            "admission",
            "select a.number as name, c.branch_id, c.team_id, c.manager_id \
             from admission a join customer c on c.customer_id = a.customer_id where a.id = $1",
            "select id as key from admission where number = $1",
            "/admissions/{id}",
            VIEW,
        ),
        subject(
            "premium_enterprise",
            "select number as name, branch_id, cast(null as bigint) as team_id, cast(null as bigint) as manager_id \
             from premium_enterprise where id = $1",
            "select id as key from premium_enterprise where number = $1",
            "/premium-enterprises/{id}",
            VIEW,
        ),
    ]
}
