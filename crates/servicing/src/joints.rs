//! Where servicing meets the rest of the house: duties closed by money, texts about a loan, the customer
//! page, the home page, the search box, the contact gate.

use std::collections::BTreeMap;

use finance::Fen;
use platform::contact_gate::{Contact, Overdue};
use platform::customer_page::{CustomerHead, CustomerPanel, PanelBody, PanelPlace, PanelSize};
use platform::db::Conditions;
use platform::duty::{self, Evidence, HomeFigure, HomeTile, SubjectReader};
use platform::error::ActionError;
use platform::event::{BoxFuture, Event, Subscriber};
use platform::id::CustomerId;
use platform::page::list::{ListQuery, ListSpec};
use platform::page::{Button, Html, Icon, KeyFigure, Look, Side, Table, Tile, Tone, Ui};
use platform::web::{Hit, Searcher, Visit, WebError};
use platform::work::Work;
use platform::{args, page};

use crate::ledger::pages::{class_of, standing_badge};
use crate::ledger::standpoint::Standpoint;
use crate::ledger::store::{self as ledger, Breadth, LedgerRow};
use crate::loan::model::{LoanId, LoanKey};
use crate::loan::store as loans;
use crate::position::engine::Engine;

/// Money that came in closes what it is evidence for (duties of reminders and lists).
pub fn subscribers() -> Vec<Subscriber> {
    vec![Subscriber { event: "repayment_received", name: "servicing.duties", handle: close_duties }]
}

fn close_duties<'a>(work: &'a mut Work, event: &'a Event) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let settles = event.payload.get("days_overdue").and_then(serde_json::Value::as_u64) == Some(0);
        let transaction = event.payload.get("transaction").and_then(|t| t.as_str()).unwrap_or_default();
        // A part of what is overdue is no end of the matter: the reminder stays.
        if settles {
            let evidence = Evidence { kind: "repayment", fact: format!("transaction:{transaction}"), settles };
            duty::close_by(work, event.customer, &event.subject, &evidence).await?;
        }
        Ok(())
    })
}

/// What a text about a loan can say: amounts in 元, dates as `YYYY-MM-DD` (S4-10).
pub fn subject_readers() -> Vec<SubjectReader> {
    vec![SubjectReader { prefix: "loan:", read: read_subject }]
}

fn read_subject<'a>(
    work: &'a mut Work,
    customer: CustomerId,
    subject: &'a str,
) -> BoxFuture<'a, Result<BTreeMap<String, String>, ActionError>> {
    Box::pin(async move {
        let Some(loan) = subject.strip_prefix("loan:").and_then(|id| id.parse().ok()).map(LoanId) else {
            return Ok(BTreeMap::new());
        };
        let key = LoanKey { customer, loan };
        let Some(file) = loans::load_file(&mut work.tx, key).await? else { return Ok(BTreeMap::new()) };
        let today = work.business_date;
        let engine = Engine::load(work, today).await?;
        let position = engine.replay(&file, today, None)?;
        let (name, _) = loans::borrower(&mut work.tx, customer).await?;
        let contract = loans::contract_number(&mut work.tx, key).await?;
        let mut fields = BTreeMap::from([
            ("customer_name".to_owned(), name),
            ("loan_no".to_owned(), file.loan.number.clone()),
            ("contract_no".to_owned(), contract),
            ("outstanding_principal".to_owned(), platform::locale::money(position.outstanding.principal)),
            ("maturity_on".to_owned(), position.maturity_on.to_string()),
        ]);
        if let Some(due) = position.oldest_unpaid_due_on {
            let overdue = position.overdue.total().unwrap_or_default();
            fields.insert("overdue_since".to_owned(), due.tomorrow().unwrap_or(due).to_string());
            fields.insert("overdue_days".to_owned(), position.days_overdue.to_string());
            fields.insert("overdue_amount".to_owned(), platform::locale::money(overdue));
        }
        if let Some(next) = position.next_due {
            fields.insert("due_on".to_owned(), next.on.to_string());
            fields.insert("due_amount".to_owned(), platform::locale::money(next.amount));
        }
        Ok(fields)
    })
}

/// 贷款 on the customer page.
pub fn customer_panels() -> Vec<CustomerPanel> {
    vec![CustomerPanel {
        id: "loans",
        title: "ledger-title",
        order: 20,
        place: PanelPlace::Main,
        action: "loan.view",
        draw: draw_loans,
    }]
}

fn draw_loans<'a>(
    visit: &'a Visit,
    work: &'a mut Work,
    customer: CustomerId,
    _size: PanelSize,
) -> BoxFuture<'a, Result<PanelBody, WebError>> {
    Box::pin(async move {
        let ui = visit.ui();
        let rows = of_customer(work, customer).await?;
        let heads = [
            ("loan-number", Side::Left),
            ("loan-balance", Side::Right),
            ("loan-overdue-money", Side::Right),
            ("loan-days", Side::Left),
            ("loan-class", Side::Left),
            ("loan-next-due", Side::Left),
        ];
        let mut table = Table::new(ui.t("ledger-title"), heads.map(|(h, side)| (ui.t(h), side)));
        let (mut balance, mut overdue) = (Fen::ZERO, Fen::ZERO);
        for row in &rows {
            balance = balance.checked_add(row.position.principal).unwrap_or(balance);
            overdue = overdue.checked_add(row.overdue).unwrap_or(overdue);
            table.row(loan_cells(&ui, row));
        }
        let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
        let label = Html::of_text(ui.t1("list-loans", "count", count));
        table.total([label, ui.money(balance), ui.money(overdue), Html::new(), Html::new(), Html::new()]);
        let mut html = Html::new();
        if !rows.is_empty() {
            html.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(ui.t("ledger-title"));
            html.raw("</h2></header>").push(&ui.table(table)).raw("</section>");
        }
        Ok(PanelBody { count: Some(count), html })
    })
}

fn loan_cells(ui: &Ui, row: &LedgerRow) -> [Html; 6] {
    let mut number = Html::new();
    number.raw("<a").href(format!("/loans/{}", row.position.key.loan)).raw(">").text(&row.number).raw("</a>");
    let class = class_of(&row.position.grade.class).map_or_else(Html::new, |class| ui.class_badge(class));
    let state = if row.days_overdue > 0 {
        ui.bucket(i64::from(row.days_overdue))
    } else {
        standing_badge(ui, row.position.standing)
    };
    [
        number,
        ui.money(row.position.principal),
        ui.money_or_dash(row.overdue.is_positive().then_some(row.overdue)),
        state,
        class,
        ui.date_or_dash(row.position.next_due_on),
    ]
}

/// All loans of one customer as ledger rows; those of files merged into it too, as far as the reader may see these.
async fn of_customer(work: &mut Work, customer: CustomerId) -> Result<Vec<LedgerRow>, ActionError> {
    let files = customers::merge::united_within(work, customer).await?;
    let mut conditions = Conditions::new();
    conditions.and_values("l.state = 'active'", args![]).one_of("l.customer_id", &files);
    let asked = ListQuery::of(&ListSpec::default());
    let on = work.business_date;
    Ok(ledger::all(&mut work.tx, &conditions, &asked, on, 500).await?)
}

/// How bad, how much, when next: the head of the customer page.
pub fn draw_head<'a>(
    visit: &'a Visit,
    work: &'a mut Work,
    customer: CustomerId,
) -> BoxFuture<'a, Result<CustomerHead, WebError>> {
    Box::pin(async move {
        let ui = visit.ui();
        let rows = of_customer(work, customer).await?;
        let sum = |of: fn(&LedgerRow) -> Fen| Fen::checked_sum(rows.iter().map(of)).unwrap_or_default();
        let overdue = sum(|r| r.overdue);
        let days = rows.iter().map(|r| r.days_overdue).max().unwrap_or(0);
        let next = rows.iter().filter_map(|r| r.position.next_due_on).min();
        let figure = |label: &str, value: Html| KeyFigure { label: ui.t(label), value, ..KeyFigure::default() };
        Ok(CustomerHead {
            figures: vec![
                figure("loan-balance", ui.money(sum(|r| r.position.principal))),
                KeyFigure { overdue: overdue.is_positive(), ..figure("loan-overdue-total", ui.money(overdue)) },
                figure("loan-days", ui.bucket(i64::from(days))),
                figure("loan-next-due", ui.date_or_dash(next)),
            ],
            actions: opening_button(visit, &ui, customer),
            ..CustomerHead::default()
        })
    })
}

/// 新增贷款, for those who may prepare one.
fn opening_button(visit: &Visit, ui: &Ui, customer: CustomerId) -> Vec<Button> {
    if !visit.may(crate::opening::actions::OPEN) {
        return Vec::new();
    }
    let new = Button::link(Look::Secondary, ui.t("opening-title"), format!("/loans/new?customer={customer}"));
    vec![new.icon(Icon::Plus)]
}

/// Loans by number.
pub fn search() -> Vec<Searcher> {
    vec![Searcher { label: "ledger-title", action: "loan.view", find }]
}

fn find<'a>(work: &'a mut Work, text: &'a str, limit: i64) -> BoxFuture<'a, Result<Vec<Hit>, ActionError>> {
    Box::pin(async move {
        let scope = work.authorise("loan.view")?;
        let text = text.trim();
        // A number has a digit: whoever types a name waits for no look through the numbers.
        if text.len() < 3 || !text.bytes().any(|b| b.is_ascii_digit()) {
            return Ok(Vec::new());
        }
        let mut asked = ListQuery::of(&ListSpec::default());
        asked.size = u32::try_from(limit).unwrap_or(10);
        let from = Standpoint::load(work).await?;
        let on = from.on;
        let everything = ledger::conditions(&asked, scope, &from);
        let start = text.to_uppercase();
        let mut conditions = everything.clone();
        conditions.and_values("l.number >= ? and l.number < ?", args![start, format!("{start}\u{10FFFF}")]);
        let (mut rows, _) = ledger::page(&mut work.tx, &conditions, &asked, on).await?;
        if rows.is_empty() {
            // A piece in its middle or its last digits: through the numbers, in their index alone.
            let part = format!("%{}%", text.to_lowercase().replace(['%', '_'], ""));
            conditions = everything;
            conditions.and_values(
                "(l.customer_id, l.id) in (select n.customer_id, n.id from loan n \
                 where lower(n.number) like ? and n.state = 'active' limit 200)",
                args![part],
            );
            rows = ledger::page(&mut work.tx, &conditions, &asked, on).await?.0;
        }
        Ok(rows
            .into_iter()
            .map(|r| Hit { title: r.number, note: r.customer, href: format!("/loans/{}", r.position.key.loan) })
            .collect())
    })
}

/// Whether the person behind a number is an overdue debtor of this file, or stands close to one.
pub fn overdue_check<'a>(
    work: &'a mut Work,
    contact: &'a Contact,
) -> BoxFuture<'a, Result<Option<Overdue>, ActionError>> {
    Box::pin(async move {
        let row = work
            .tx
            .fetch_optional(
                "select l.number from loan_position p join loan l on l.customer_id = p.customer_id and l.id = p.loan_id \
                 where p.customer_id = $1 and p.status in ('overdue', 'written-off-tracked') order by l.number limit 1",
                args![contact.customer],
            )
            .await?;
        // Everybody in the file of an overdue debtor stands close to what is overdue; the gate refuses both.
        Ok(row.map(|_| if contact.person.0 == contact.customer.0 { Overdue::Debtor } else { Overdue::Related }))
    })
}

/// 七日内到期 and 逾期 on the home page, and the month's figures.
#[derive(Debug, Clone, Copy)]
pub struct LoansAtHome;

impl HomeTile for LoansAtHome {
    fn is_slow<'a>(&'a self, work: &'a mut Work) -> BoxFuture<'a, Result<bool, ActionError>> {
        Box::pin(async move {
            // Whoever sees only their own loans counts few.
            let Ok(scope) = work.authorise("loan.view") else { return Ok(false) };
            Ok(scope.manager == 0 && ledger::is_large(&mut work.tx).await?)
        })
    }

    fn tiles<'a>(&'a self, work: &'a mut Work, ui: &'a Ui) -> BoxFuture<'a, Result<Vec<Tile>, ActionError>> {
        Box::pin(async move {
            let Ok(scope) = work.authorise("loan.view") else { return Ok(Vec::new()) };
            let mut tiles = Vec::new();
            for (view, icon) in [("week", Icon::CalendarEvent), ("overdue", Icon::AlertTriangle)] {
                let mut asked = ListQuery::of(&ListSpec::default());
                view.clone_into(&mut asked.view);
                let from = Standpoint::load(work).await?;
                let on = from.on;
                let (w, breadth) = (ledger::conditions(&asked, scope, &from), Breadth::of(&asked, scope));
                let totals = ledger::totals(&mut work.tx, &w, breadth, on).await?;
                let money = if view == "week" { totals.next_due } else { totals.overdue };
                tiles.push(Tile {
                    icon: Some(icon),
                    label: ui.t(format!("ledger-view-{view}")),
                    figure: ui.count(totals.loans),
                    note: Some((Tone::Neutral, format!("{} {}", platform::locale::money(money), ui.t("yuan")))),
                    href: Some(page::list::address("/loans", &[("view", view)])),
                    ..Tile::default()
                });
            }
            Ok(tiles)
        })
    }

    fn figures<'a>(&'a self, work: &'a mut Work, ui: &'a Ui) -> BoxFuture<'a, Result<Vec<HomeFigure>, ActionError>> {
        Box::pin(async move {
            let Ok(scope) = work.authorise("loan.view") else { return Ok(Vec::new()) };
            let (principal, late) = ledger::open_book(&mut work.tx, scope).await?;
            let (overdue, all) = (i128::from(late.0), i128::from(principal.0.max(1)));
            let permille = u32::try_from(overdue.saturating_mul(1_000) / all).unwrap_or(1_000);
            let note = ui.tn(
                "home-overdue-note",
                &[("overdue", platform::locale::money(late)), ("balance", platform::locale::money(principal))],
            );
            Ok(vec![HomeFigure {
                label: ui.t("home-overdue-rate"),
                figure: format!("{}.{}", permille / 10, permille % 10),
                unit: "%".to_owned(),
                permille: permille.min(1_000),
                note,
                ..HomeFigure::default()
            }])
        })
    }
}
