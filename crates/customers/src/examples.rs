//! What stands as examples in the description of the interface (接口示例): words of this room, things of the book.

use platform::api::example::{Examples, Thing};

use crate::{VIEW, lead};

const WORDS: &[(&str, &str)] = &[
    ("axis", "credit_grade"),
    ("group", "credit"),
    ("item", "credit_record"),
    ("customers:name", "示例客户"),
    ("leads:name", "示例客户"),
];
const THINGS: &[Thing] = &[
    Thing {
        noun: "customer",
        path: "/customers/{id}",
        action: VIEW,
        sql: "select customer_id from customer where state = 'active' and ($1 = 0 or branch_id = $1) \
              and ($2 = 0 or team_id = $2) and ($3 = 0 or manager_id = $3) order by customer_id limit 1",
    },
    Thing {
        noun: "contact",
        path: "/customers/{id}/contacts/{contact}",
        action: VIEW,
        sql: "select c.customer_id, p.id from customer c join contact_point p on p.customer_id = c.customer_id \
              where c.state = 'active' and ($1 = 0 or c.branch_id = $1) and ($2 = 0 or c.team_id = $2) \
              and ($3 = 0 or c.manager_id = $3) order by c.customer_id, p.id limit 1",
    },
    Thing {
        noun: "lead",
        path: "/leads/{lead}",
        action: lead::VIEW,
        sql: "select id from lead where erased_on is null and ($1 = 0 or branch_id = $1) and ($2 = 0 or team_id = $2) \
              and ($3 = 0 or owner_id = $3) order by id limit 1",
    },
    Thing {
        noun: "campaign",
        path: "/campaigns/{campaign}",
        action: lead::VIEW,
        sql: "select id from campaign where branch_id is null or branch_id = $1 or ($1 = 0 and $2 = 0 and $3 = 0) \
              order by id limit 1",
    },
    Thing {
        noun: "enterprise",
        path: "/premium-enterprises/{enterprise}",
        action: VIEW,
        sql: "select id from premium_enterprise where $1 >= 0 and $2 >= 0 and $3 >= 0 order by id limit 1",
    },
    Thing {
        noun: "partner",
        path: "/partners/{partner}",
        action: lead::VIEW,
        sql: "select id from partner where branch_id is null or branch_id = $1 or ($1 = 0 and $2 = 0 and $3 = 0) \
              order by id limit 1",
    },
];

/// Words and things of this room.
pub(crate) fn examples() -> Examples {
    Examples { words: WORDS.to_vec(), things: THINGS.to_vec() }
}
