//! How people call the things of this room that stand in the audit trail: by their numbers.

use platform::audit::AuditSubject;

use crate::CASE_VIEW;
use crate::agency::AGENCY_VIEW;

pub(crate) fn subjects() -> Vec<AuditSubject> {
    let subject = |kind, sql, find, page, action| AuditSubject { kind, sql, find, page, action };
    vec![
        subject(
            "case",
            "select number as name, branch_id, team_id, manager_id from collection_case where id = $1",
            "select id as key from collection_case where number = $1",
            "/collections/cases/{id}",
            CASE_VIEW,
        ),
        subject(
            "letter",
            "select number as name, branch_id, team_id, cast(null as bigint) as manager_id from letter where id = $1",
            "select id as key from letter where number = $1",
            "/letters/{id}",
            "loan.view",
        ),
        subject(
            "agency",
            "select number as name, cast(null as bigint) as branch_id, cast(null as bigint) as team_id, \
             cast(null as bigint) as manager_id from agency where id = $1",
            "select id as key from agency where number = $1",
            "/collections/agencies/{id}",
            AGENCY_VIEW,
        ),
    ]
}
