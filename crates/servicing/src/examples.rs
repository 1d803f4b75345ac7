//! What stands as examples in the description of the interface (接口示例): words of this room, things of the book.

use platform::api::example::{Examples, Thing};

use crate::import;

const WORDS: &[(&str, &str)] =
    &[("what", "overdue"), ("loans:mode", "regular"), ("loans:channel", "bank_transfer"), ("import:upload", "book")];
const THINGS: &[Thing] = &[
    Thing {
        noun: "loan",
        path: "/loans/{id}",
        action: "loan.view",
        sql: "select id from loan where state = 'active' and ($1 = 0 or branch_id = $1) and ($2 = 0 or team_id = $2) \
              and ($3 = 0 or manager_id = $3) order by customer_id, id limit 1",
    },
    Thing {
        noun: "transaction",
        path: "/loans/{id}/transactions/{transaction}",
        action: "loan.view",
        sql: "select l.id, t.id as transaction_id from loan l \
              join loan_transaction t on t.customer_id = l.customer_id and t.loan_id = l.id \
              where t.kind = 'repay' and l.state = 'active' and ($1 = 0 or l.branch_id = $1) \
              and ($2 = 0 or l.team_id = $2) and ($3 = 0 or l.manager_id = $3) \
              order by l.customer_id, l.id, t.id limit 1",
    },
    Thing {
        noun: "import",
        path: "/import/{id}",
        action: import::RUN,
        sql: "select id from import_run where ($1 = 0 or branch_id = $1) and $2 = 0 and $3 = 0 \
              order by recorded_at desc, id desc limit 1",
    },
];

/// Words and things of this room.
pub(crate) fn examples() -> Examples {
    Examples { words: WORDS.to_vec(), things: THINGS.to_vec() }
}
