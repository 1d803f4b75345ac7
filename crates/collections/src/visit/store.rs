//! Tables of visits: orders, visitors, steps, records, photos.

use jiff::civil::Date;
use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::id::{CustomerId, UserId};
use platform::work::Work;

use super::model::{Band, NewOrder, NewRecord, OrderId, Photo, PhotoId, Step, VisitOrder, VisitRecord, Visitor};
use crate::case::model::{Case, CaseKey};

/// The most rows that a page about one case or one day shows.
const MOST: i64 = 200;

const COLUMNS: &str = "select o.customer_id, o.id, o.case_id, o.number, o.point_id, o.district, o.visit_on, \
     o.from_minute, o.until_minute, o.purpose, o.documents, o.state, o.issued_by, o.set_out_at, o.allowance_id, \
     o.branch_id, o.team_id, o.manager_id, o.recorded_by, o.version from visit_order o \
     join collection_case c on c.customer_id = o.customer_id and c.id = o.case_id";

fn decode(row: &Row) -> Result<VisitOrder, StoreError> {
    Ok(VisitOrder {
        id: row.get("id")?,
        case: CaseKey { customer: row.get("customer_id")?, case: row.get("case_id")? },
        number: row.get("number")?,
        plan: NewOrder {
            point: row.get("point_id")?,
            district: row.get("district")?,
            on: row.get("visit_on")?,
            band: Band { from: row.get("from_minute")?, until: row.get("until_minute")? },
            purpose: row.get("purpose")?,
            documents: row.get("documents")?,
            visitors: Vec::new(),
        },
        state: row.get("state")?,
        planned_by: row.get("recorded_by")?,
        issued_by: row.get("issued_by")?,
        set_out_at: row.get("set_out_at")?,
        allowance: row.get("allowance_id")?,
        branch: row.get("branch_id")?,
        team: row.get("team_id")?,
        manager: row.get("manager_id")?,
        version: row.get("version")?,
    })
}

/// Writes a new order with its visitors.
pub(super) async fn insert(work: &mut Work, order: &VisitOrder, case: &Case) -> Result<(), StoreError> {
    let (origin, plan) = (work.actor.origin.clone(), &order.plan);
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into visit_order (customer_id, id, case_id, number, point_id, district, visit_on, from_minute, \
             until_minute, purpose, documents, state, branch_id, team_id, manager_id, effective_on, recorded_at, \
             recorded_by, source, source_detail) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, \
             $15, $16, $17, $18, $19, $20)",
            args![
                order.case.customer,
                order.id,
                order.case.case,
                order.number,
                plan.point,
                plan.district,
                plan.on,
                plan.band.from,
                plan.band.until,
                plan.purpose,
                plan.documents,
                order.state,
                case.branch,
                case.team,
                case.manager,
                on,
                now,
                by,
                origin.as_str(),
                origin.detail()
            ],
        )
        .await?;
    for one in &plan.visitors {
        let id = work.next_id();
        work.tx
            .execute(
                "insert into visit_visitor (customer_id, id, order_id, user_id, name, agency, credential, valid_until, \
                 recorded_at, recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                args![
                    order.case.customer,
                    id,
                    order.id,
                    one.user,
                    one.name,
                    one.agency,
                    one.credential,
                    one.valid_until,
                    now,
                    by
                ],
            )
            .await?;
    }
    Ok(())
}

/// Writes what changed of an order; whoever read another version is told so.
pub(super) async fn write(work: &mut Work, order: &VisitOrder) -> Result<(), StoreError> {
    let issued_at = order.issued_by.map(|_| work.now);
    work.tx
        .execute_one(
            "update visit_order set state = $1, issued_by = $2, issued_at = coalesce(issued_at, $3), set_out_at = $4, \
             allowance_id = $5, version = version + 1 where customer_id = $6 and id = $7 and version = $8",
            args![
                order.state,
                order.issued_by,
                issued_at,
                order.set_out_at,
                order.allowance,
                order.case.customer,
                order.id,
                order.version
            ],
        )
        .await
}

/// Appends to the life of an order.
pub(super) async fn step(work: &mut Work, order: &VisitOrder, step: &str, detail: &str) -> Result<(), StoreError> {
    let id = work.next_id();
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into visit_step (customer_id, id, order_id, step, detail, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            args![order.case.customer, id, order.id, step, detail, on, now, by],
        )
        .await
        .map(drop)
}

/// What happened to an order, in order.
pub async fn steps(tx: &mut Tx, order: &VisitOrder) -> Result<Vec<Step>, StoreError> {
    let sql = "select step, detail, recorded_at, recorded_by from visit_step \
         where customer_id = $1 and order_id = $2 order by id limit $3";
    let rows = tx.fetch_all(sql, args![order.case.customer, order.id, MOST]).await?;
    rows.iter()
        .map(|row| {
            Ok(Step {
                step: row.get("step")?,
                detail: row.get("detail")?,
                at: row.get("recorded_at")?,
                by: row.get("recorded_by")?,
            })
        })
        .collect()
}

/// Fills in who goes.
async fn with_visitors(tx: &mut Tx, mut orders: Vec<VisitOrder>) -> Result<Vec<VisitOrder>, StoreError> {
    let customers: Vec<CustomerId> = orders.iter().map(|order| order.case.customer).collect();
    let ids: Vec<OrderId> = orders.iter().map(|order| order.id).collect();
    if ids.is_empty() {
        return Ok(orders);
    }
    let mut w = Conditions::new();
    w.one_of("customer_id", &customers).one_of("order_id", &ids);
    let head = "select order_id, user_id, name, agency, credential, valid_until from visit_visitor";
    for row in tx.fetch_all(w.select(head, "order by id"), w.args()).await? {
        let of: OrderId = row.get("order_id")?;
        let visitor = Visitor {
            user: row.get("user_id")?,
            name: row.get("name")?,
            agency: row.get("agency")?,
            credential: row.get("credential")?,
            valid_until: row.get("valid_until")?,
        };
        if let Some(order) = orders.iter_mut().find(|order| order.id == of) {
            order.plan.visitors.push(visitor);
        }
    }
    Ok(orders)
}

/// The orders that meet some conditions on `o` and its case `c`, in an order.
pub async fn page(tx: &mut Tx, w: &Conditions, tail: &str) -> Result<Vec<VisitOrder>, StoreError> {
    let rows = tx.fetch_all(w.select(COLUMNS, tail), w.args()).await?;
    let orders = rows.iter().map(decode).collect::<Result<Vec<_>, _>>()?;
    with_visitors(tx, orders).await
}

/// How many meet them.
pub async fn count(tx: &mut Tx, w: &Conditions) -> Result<i64, StoreError> {
    let head = "select count(*) as n from visit_order o \
         join collection_case c on c.customer_id = o.customer_id and c.id = o.case_id";
    tx.fetch_one(w.select(head, ""), w.args()).await?.get("n")
}

/// An order by its key alone, as it stands in an address.
pub async fn find(tx: &mut Tx, id: OrderId) -> Result<Option<VisitOrder>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("o.id = ?", args![id]);
    Ok(page(tx, &w, "limit 1").await?.pop())
}

/// The orders of a case, the latest first.
pub async fn of_case(tx: &mut Tx, key: CaseKey) -> Result<Vec<VisitOrder>, StoreError> {
    let mut w = Conditions::new();
    w.and_values("o.customer_id = ? and o.case_id = ?", args![key.customer, key.case]);
    page(tx, &w, "order by o.id desc limit 50").await
}

/// What a person goes on, or planned for staff of an agency (rule `visit.by-visitors`): of a day and, on the way, of days
/// before; by district, then by hour.
pub async fn to_do(tx: &mut Tx, user: UserId, on: Date) -> Result<Vec<VisitOrder>, StoreError> {
    let mut w = Conditions::new();
    w.and_values(
        "exists (select 1 from visit_visitor v where v.customer_id = o.customer_id and v.order_id = o.id \
         and (v.user_id = ? or (v.user_id is null and o.recorded_by = ?))) \
         and ((o.state = 'issued' and o.visit_on = ?) or (o.state = 'on-the-way' and o.visit_on <= ?) \
         or (o.state = 'done' and o.visit_on = ?))",
        args![user, user, on, on, on],
    );
    page(tx, &w, &format!("order by o.district, o.from_minute, o.id limit {MOST}")).await
}

/// Whether a person is sent to a customer by an order that stands: then the person reads the file.
pub(crate) async fn sends(tx: &mut Tx, customer: CustomerId, user: UserId, today: Date) -> Result<bool, StoreError> {
    let sql = "select count(*) as n from visit_order o join visit_visitor v on v.customer_id = o.customer_id \
         and v.order_id = o.id where o.customer_id = $1 and v.user_id = $2 \
         and (o.state = 'on-the-way' or (o.state = 'issued' and o.visit_on >= $3))";
    Ok(tx.fetch_one(sql, args![customer, user, today]).await?.get::<i64>("n")? > 0)
}

/// The order whose contact an allowance is.
pub(crate) async fn by_allowance(
    tx: &mut Tx,
    customer: CustomerId,
    allowance: crate::guard::model::AllowanceId,
) -> Result<Option<OrderId>, StoreError> {
    let sql = "select id from visit_order where customer_id = $1 and allowance_id = $2";
    tx.fetch_optional(sql, args![customer, allowance]).await?.map(|row| row.get("id")).transpose()
}

/// Writes the record of an order.
pub(super) async fn insert_record(
    work: &mut Work,
    order: &VisitOrder,
    contact: platform::duty::ContactId,
    new: &NewRecord,
) -> Result<(), StoreError> {
    let id = work.next_id();
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into visit_record (customer_id, id, order_id, contact_id, result, arrived_at, identified, entry, met, \
             debt_kept, said, response, seen, lump_sum, conclusion, next_step, effective_on, recorded_at, recorded_by) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)",
            args![
                order.case.customer,
                id,
                order.id,
                contact,
                new.result,
                new.arrived_at,
                new.identified,
                new.entry,
                new.met.trim(),
                new.debt_kept,
                new.said.trim(),
                new.response.trim(),
                new.seen.trim(),
                new.lump_sum,
                new.conclusion,
                new.next_step.trim(),
                on,
                now,
                by
            ],
        )
        .await
        .map(drop)
}

/// The record of an order, once there is one.
pub async fn record_of(tx: &mut Tx, order: &VisitOrder) -> Result<Option<VisitRecord>, StoreError> {
    let sql = "select contact_id, result, arrived_at, identified, entry, met, debt_kept, said, response, seen, lump_sum, \
         conclusion, next_step, recorded_at, recorded_by from visit_record where customer_id = $1 and order_id = $2";
    let row = tx.fetch_optional(sql, args![order.case.customer, order.id]).await?;
    let Some(row) = row else { return Ok(None) };
    let yes = |name: &str| row.get::<i64>(name).map(|flag| flag == 1);
    let content = NewRecord {
        result: row.get("result")?,
        arrived_at: row.get("arrived_at")?,
        identified: yes("identified")?,
        entry: row.get("entry")?,
        met: row.get("met")?,
        debt_kept: yes("debt_kept")?,
        said: row.get("said")?,
        response: row.get("response")?,
        seen: row.get("seen")?,
        lump_sum: yes("lump_sum")?,
        conclusion: row.get("conclusion")?,
        next_step: row.get("next_step")?,
    };
    Ok(Some(VisitRecord {
        content,
        contact: row.get("contact_id")?,
        recorded_at: row.get("recorded_at")?,
        by: row.get("recorded_by")?,
    }))
}

/// Adds a photo.
pub(super) async fn insert_photo(work: &mut Work, order: &VisitOrder, photo: &Photo) -> Result<(), StoreError> {
    let (on, now, by) = (work.business_date, work.now, work.actor.recorded_by());
    work.tx
        .execute(
            "insert into visit_photo (customer_id, id, order_id, attachment_id, note, effective_on, recorded_at, \
             recorded_by) values ($1, $2, $3, $4, $5, $6, $7, $8)",
            args![order.case.customer, photo.id, order.id, photo.file, photo.note, on, now, by],
        )
        .await
        .map(drop)
}

/// The photos of an order.
pub async fn photos(tx: &mut Tx, order: &VisitOrder) -> Result<Vec<Photo>, StoreError> {
    let sql = "select id, attachment_id, note from visit_photo where customer_id = $1 and order_id = $2 \
         order by id limit $3";
    let rows = tx.fetch_all(sql, args![order.case.customer, order.id, MOST]).await?;
    rows.iter()
        .map(|row| Ok(Photo { id: row.get::<PhotoId>("id")?, file: row.get("attachment_id")?, note: row.get("note")? }))
        .collect()
}
