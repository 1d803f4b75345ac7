//! What stands as examples in the description of the interface (接口示例): words of this room, things of the book.

use platform::api::example::{Examples, Thing};

use crate::CASE_VIEW;

const WORDS: &[(&str, &str)] = &[("part", "asset")];
const THINGS: &[Thing] = &[
    Thing {
        noun: "case",
        path: "/collections/cases/{id}",
        action: CASE_VIEW,
        sql: "select id from collection_case where closed_on is null and ($1 = 0 or branch_id = $1) \
              and ($2 = 0 or team_id = $2) and ($3 = 0 or owner_id = $3) order by customer_id, id limit 1",
    },
    Thing {
        noun: "letter",
        path: "/letters/{id}",
        action: "loan.view",
        sql: "select id from letter where ($1 = 0 or branch_id = $1) and ($2 = 0 or team_id = $2) \
              and ($3 = 0 or manager_id = $3) order by customer_id, id limit 1",
    },
    Thing {
        noun: "visit",
        path: "/visits/{id}",
        action: CASE_VIEW,
        sql: "select id from visit_order where ($1 = 0 or branch_id = $1) and ($2 = 0 or team_id = $2) \
              and ($3 = 0 or manager_id = $3) order by customer_id, id limit 1",
    },
];

/// Words and things of this room.
pub(crate) fn examples() -> Examples {
    Examples { words: WORDS.to_vec(), things: THINGS.to_vec() }
}
