//! The two books that lenders keep, read and compared with the facts that a correct import must yield.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails there")]

use std::collections::{BTreeMap, BTreeSet};

use finance::{Calendar, Context, Fen, RateTable, Status, Target};
use platform::sheets::{Limits, column_letters};
use serde_json::Value;
use servicing::book::{
    self, BookDraft, ClassBand, Conventions, PrepaymentMode, RepaymentMethod, SecurityKind, SheetClass, TransactionKind,
};

struct Case {
    draft: BookDraft,
    truth: Value,
    conventions: Conventions,
}

fn case(name: &str) -> Case {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/books");
    let bytes = std::fs::read(format!("{folder}/{name}.xlsx")).unwrap();
    let truth = serde_json::from_slice(&std::fs::read(format!("{folder}/{name}.truth.json")).unwrap()).unwrap();
    let workbook = platform::sheets::read(name, &bytes, &Limits::default()).unwrap();
    let layouts = book::recognise(&workbook, &[]);
    let conventions = Conventions::proposed(jiff::civil::date(2026, 6, 30));
    let draft = book::read(&workbook, &layouts, &conventions, &mut |_| {});
    Case { draft, truth, conventions }
}

#[test]
fn the_same_book_of_excel_97_gives_the_same_records() {
    //
    let twin = case("ledger-by-year");
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/books/ledger-by-year.xls");
    let workbook = platform::sheets::read("台账.xls", &std::fs::read(path).unwrap(), &Limits::default()).unwrap();
    let layouts = book::recognise(&workbook, &[]);
    let draft = book::read(&workbook, &layouts, &twin.conventions, &mut |_| {});
    assert!(draft.loans.len() > 100, "{}", draft.loans.len());
    assert_eq!(draft.customers, twin.draft.customers);
    assert_eq!(draft.loans, twin.draft.loans);
    assert_eq!(draft.transactions, twin.draft.transactions);
    assert_eq!((&draft.guarantees, &draft.collaterals), (&twin.draft.guarantees, &twin.draft.collaterals));
    assert_eq!(draft.warnings, twin.draft.warnings);
    // The one formula without a value cannot be made by the tool that made the twin: the cell is empty there.
    let refused = |draft: &BookDraft| -> Vec<_> {
        let at_formula = |row, column| row == 23 && column == Some(7);
        let all = draft.refused.iter().filter(|r| !(r.sheet == "2025年" && at_formula(r.row, r.column)));
        all.map(|r| (r.sheet.clone(), r.row, r.column, r.code)).collect()
    };
    assert_eq!(refused(&draft), refused(&twin.draft));
}

const BOOKS: [&str; 2] = ["ledger-basic", "ledger-by-year"];

fn list<'a>(truth: &'a Value, key: &str) -> &'a Vec<Value> {
    truth[key].as_array().unwrap()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or("-").to_owned()
}

fn or_dash<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| "-".to_owned(), |v| v.to_string())
}

/// Truth ids (`P0001`) to identity numbers, by which customers are compared.
fn identities(truth: &Value) -> BTreeMap<String, String> {
    list(truth, "customers").iter().map(|c| (text(&c["id"]), text(&c["id_no"]))).collect()
}

/// Compares two sets and prints what is on one side only.
fn same(what: &str, ours: Vec<String>, theirs: Vec<String>) {
    assert!(!theirs.is_empty() || ours.is_empty(), "{what}: nothing expected, got {ours:?}");
    assert_eq!(ours.len(), theirs.len(), "{what}: number of records");
    let (ours, theirs): (BTreeSet<_>, BTreeSet<_>) = (ours.into_iter().collect(), theirs.into_iter().collect());
    let more: Vec<_> = ours.difference(&theirs).take(10).collect();
    let less: Vec<_> = theirs.difference(&ours).take(10).collect();
    assert!(more.is_empty() && less.is_empty(), "{what}: only ours {more:#?}\nonly theirs {less:#?}");
}

#[test]
fn sheets_are_told_apart_and_their_headers_found() {
    for name in BOOKS {
        let Case { draft, truth, .. } = case(name);
        let ours = draft.layouts.iter().map(|l| format!("{} {} {:?}", l.sheet, l.role.code(), l.header_rows));
        let role = |role: &str| match role {
            "guarantees and collateral" => "security",
            "loans with parties and security" => "loans",
            "transactions" => "repayments",
            "transactions, wide" => "wide",
            other => ["customers", "loans", "none"].into_iter().find(|r| *r == other).unwrap(),
        };
        let rows = |sheet: &Value| {
            sheet["header_rows"].as_array().unwrap().iter().map(|r| r.as_u64().unwrap()).collect::<Vec<_>>()
        };
        let theirs = list(&truth, "sheets").iter();
        let theirs = theirs.map(|s| format!("{} {} {:?}", text(&s["name"]), role(&text(&s["role"])), rows(s)));
        same(name, ours.collect(), theirs.collect());
    }
}

#[test]
fn customers_are_those_of_the_truth() {
    for name in BOOKS {
        let Case { draft, truth, .. } = case(name);
        let ours = draft.customers.iter().map(|c| {
            let kind = serde_json::to_value(c.kind).unwrap();
            let id_kind = serde_json::to_value(c.id_kind.unwrap()).unwrap();
            let aliases = c.aliases.join(",");
            format!(
                "{} {} {aliases} {} {} {} {} {} {}",
                text(&kind),
                c.name,
                text(&id_kind),
                or_dash(c.id_no.as_ref()),
                or_dash(c.phone.as_ref()),
                or_dash(c.address.as_ref()),
                or_dash(c.note.as_ref()),
                or_dash(c.id_no_in_sheet.as_ref().map(|n| platform::sheets::values::half_width(n).to_uppercase())),
            )
        });
        let theirs = list(&truth, "customers").iter().map(|c| {
            let aliases = c["aliases"].as_array().unwrap().iter().map(text).collect::<Vec<_>>().join(",");
            format!(
                "{} {} {aliases} {} {} {} {} {} {}",
                text(&c["kind"]),
                text(&c["name"]),
                text(&c["id_type"]),
                text(&c["id_no"]),
                text(&c["phone"]),
                text(&c["address"]),
                text(&c["note"]),
                platform::sheets::values::half_width(&text(&c["id_no_in_sheet"])).to_uppercase(),
            )
        });
        same(name, ours.collect(), theirs.collect());
    }
}

fn method(method: RepaymentMethod) -> &'static str {
    match method {
        RepaymentMethod::EqualInstalment => "equal_instalment",
        RepaymentMethod::EqualPrincipal => "equal_principal",
        RepaymentMethod::Flat => "flat",
        RepaymentMethod::InterestOnly => "interest_only",
        RepaymentMethod::Bullet => "bullet",
    }
}

fn security(kind: SecurityKind) -> &'static str {
    match kind {
        SecurityKind::Credit => "credit",
        SecurityKind::Guaranteed => "guaranteed",
        SecurityKind::Mortgage => "mortgage",
        SecurityKind::Pledge => "pledge",
    }
}

fn class(class: SheetClass) -> &'static str {
    match class {
        SheetClass::Normal => "normal",
        SheetClass::SpecialMention => "special_mention",
        SheetClass::Substandard => "substandard",
        SheetClass::Doubtful => "doubtful",
        SheetClass::Loss => "loss",
    }
}

/// `"0.108"` as billionths.
fn e9(rate: &Value) -> i64 {
    let rate = text(rate);
    let (whole, part) = rate.split_once('.').unwrap_or((&rate, ""));
    format!("{whole}{part:0<9}").parse().unwrap()
}

#[test]
fn loans_and_contracts_are_those_of_the_truth() {
    for name in BOOKS {
        let Case { draft, truth, .. } = case(name);
        let ids = identities(&truth);
        let number = |at: usize| draft.customers[at].id_no.clone().unwrap();
        let ours = draft.loans.iter().map(|l| {
            let joint: Vec<_> = l.co_borrowers.iter().map(|c| number(*c)).collect();
            let day_count = text(&serde_json::to_value(l.day_count).unwrap());
            format!(
                "{} {} {joint:?} {} {} {} {day_count} {} {} {} {} {} {} {} {} {} {} {} {}",
                l.no,
                number(l.borrower),
                method(l.method),
                l.principal.0,
                l.annual_rate_e9,
                l.disbursed_on,
                l.periods,
                l.repayment_day,
                l.first_due_on,
                l.maturity_on,
                or_dash(l.security.map(security)),
                or_dash(l.class.map(class)),
                or_dash(l.purpose.as_ref()),
                or_dash(l.rolled_from.as_ref()),
                or_dash(l.note.as_ref()),
                l.source.sheet,
                l.source.row,
            )
        });
        let theirs = list(&truth, "loans").iter().map(|l| {
            let joint: Vec<_> = l["co_borrowers"].as_array().unwrap().iter().map(|c| ids[&text(c)].clone()).collect();
            format!(
                "{} {} {joint:?} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {}",
                text(&l["no"]),
                ids[&text(&l["borrower"])],
                text(&l["method"]),
                l["principal"],
                e9(&l["annual_rate"]),
                text(&l["day_count"]),
                text(&l["disbursed"]),
                l["periods"],
                l["repayment_day"],
                text(&l["first_due"]),
                text(&l["maturity"]),
                text(&l["security"]),
                text(&l["sheet_class"]),
                text(&l["purpose"]),
                text(&l["rolled_from"]),
                text(&l["note"]),
                text(&l["source"]["sheet"]),
                l["source"]["row"],
            )
        });
        same(name, ours.collect(), theirs.collect());
        let ours = draft.contracts.iter().map(|c| {
            let loans: Vec<_> = c.loans.iter().map(|l| draft.loans[*l].no.clone()).collect();
            format!("{} {} {:?}", c.no, loans.join(","), c.parties.iter().map(|p| number(*p)).collect::<Vec<_>>())
        });
        let theirs = list(&truth, "contracts").iter().map(|c| {
            let parties: Vec<_> = c["parties"].as_array().unwrap().iter().map(|p| ids[&text(p)].clone()).collect();
            format!("{} {} {parties:?}", text(&c["no"]), text(&c["loan"]))
        });
        same(name, ours.collect(), theirs.collect());
    }
}

fn kind(kind: TransactionKind) -> (&'static str, &'static str) {
    match kind {
        TransactionKind::Disbursement => ("disbursement", "-"),
        TransactionKind::Repayment => ("repayment", "-"),
        TransactionKind::Prepayment(PrepaymentMode::Reduce) => ("prepayment", "reduce"),
        TransactionKind::Prepayment(PrepaymentMode::Shorten) => ("prepayment", "shorten"),
        TransactionKind::Prepayment(PrepaymentMode::Settle) => ("prepayment", "settle"),
        TransactionKind::FeePaid => ("fee_paid", "-"),
        TransactionKind::FeeCharge => ("fee_charge", "-"),
        TransactionKind::Rollover => ("rollover", "-"),
        TransactionKind::WriteOff => ("write_off", "-"),
        TransactionKind::Recovery => ("recovery", "-"),
    }
}

#[test]
fn transactions_are_those_of_the_truth() {
    for name in BOOKS {
        let Case { draft, truth, .. } = case(name);
        let ours = draft.transactions.iter().map(|t| {
            let (what, mode) = kind(t.kind);
            let stated = t.stated.map(|s| format!("{} {} {} {}", s.principal.0, s.interest.0, s.penalty.0, s.fee.0));
            format!(
                "{} {} {what} {mode} {} {} {} {} {}",
                draft.loans[t.loan].no,
                t.on,
                t.amount.0,
                or_dash(stated),
                t.source.sheet,
                t.source.row,
                or_dash(t.source.column.map(column_letters)),
            )
        });
        let theirs = list(&truth, "transactions").iter().map(|t| {
            let part = |head: &str| t["allocation"][head].as_i64().unwrap_or(0);
            let given = t["allocation_given"].as_bool().unwrap();
            let stated = given
                .then(|| format!("{} {} {} {}", part("principal"), part("interest"), part("penalty"), part("fee")));
            format!(
                "{} {} {} {} {} {} {} {} {}",
                text(&t["loan"]),
                text(&t["date"]),
                text(&t["type"]),
                text(&t["mode"]),
                t["amount"],
                or_dash(stated),
                text(&t["source"]["sheet"]),
                t["source"]["row"],
                text(&t["source"]["column"]),
            )
        });
        same(name, ours.collect(), theirs.collect());
    }
}

#[test]
fn guarantees_and_collaterals_are_those_of_the_truth() {
    for name in BOOKS {
        let Case { draft, truth, .. } = case(name);
        let ids = identities(&truth);
        let number = |at: usize| draft.customers[at].id_no.clone().unwrap();
        let ours = draft.guarantees.iter().map(|g| {
            format!(
                "{} {} {} {} {}",
                draft.loans[g.loan].no,
                number(g.guarantor),
                g.amount.0,
                g.source.sheet,
                g.source.row
            )
        });
        let theirs = list(&truth, "guarantees").iter().map(|g| {
            let source = &g["source"];
            let guarantor = &ids[&text(&g["guarantor"])];
            format!("{} {guarantor} {} {} {}", text(&g["loan"]), g["amount"], text(&source["sheet"]), source["row"])
        });
        same(name, ours.collect(), theirs.collect());
        let ours = draft.collaterals.iter().map(|c| {
            let (loan, owner) = (&draft.loans[c.loan].no, number(c.owner.unwrap()));
            let value = c.value.unwrap().0;
            format!("{loan} {} {} {owner} {value} {} {}", security(c.kind), c.description, c.source.sheet, c.source.row)
        });
        let theirs = list(&truth, "collaterals").iter().map(|c| {
            let (source, owner) = (&c["source"], &ids[&text(&c["owner"])]);
            let (loan, kind, what) = (text(&c["loan"]), text(&c["kind"]), text(&c["description"]));
            format!("{loan} {kind} {what} {owner} {} {} {}", c["value"], text(&source["sheet"]), source["row"])
        });
        same(name, ours.collect(), theirs.collect());
    }
}

#[test]
fn everything_that_must_be_refused_is_refused_at_its_cell_and_nothing_else() {
    for name in BOOKS {
        let Case { draft, truth, .. } = case(name);
        let ours = draft.refused.iter().map(|r| {
            // The truth writes the mismatch without a value, because no single cell is wrong.
            let value = if r.code.code() == "allocation_mismatch" { None } else { r.value.as_ref() };
            let column = r.column.map(column_letters);
            format!(
                "{} {} {} {} {} {} {}",
                r.sheet,
                r.row,
                or_dash(column),
                or_dash(r.heading.as_ref()),
                r.code.code(),
                or_dash(value),
                or_dash(r.loan.as_ref()),
            )
        });
        let theirs = list(&truth, "refused").iter().map(|r| {
            let part = |key: &str| text(&r[key]);
            let place = format!("{} {} {} {}", part("sheet"), r["row"], part("column"), part("header"));
            format!("{place} {} {} {}", part("code"), part("value"), part("loan"))
        });
        same(name, ours.collect(), theirs.collect());
    }
}

#[test]
fn titles_headers_sums_blanks_and_notes_are_neither_data_nor_errors() {
    for name in BOOKS {
        let Case { draft, truth, .. } = case(name);
        let why = |i: &book::Ignored| text(&serde_json::to_value(i.why).unwrap());
        let ours = draft.ignored.iter().map(|i| format!("{} {} {}", i.sheet, i.row, why(i)));
        let theirs = list(&truth, "ignored").iter();
        let theirs = theirs.map(|i| format!("{} {} {}", text(&i["sheet"]), i["row"], text(&i["why"])));
        same(name, ours.collect(), theirs.collect());
    }
}

/// Classes by days overdue of a micro-lender, as the truth files take them; in the program they come from the policy.
const BANDS: [ClassBand; 5] = [
    ClassBand { from_days: 0, class: SheetClass::Normal },
    ClassBand { from_days: 1, class: SheetClass::SpecialMention },
    ClassBand { from_days: 90, class: SheetClass::Substandard },
    ClassBand { from_days: 181, class: SheetClass::Doubtful },
    ClassBand { from_days: 361, class: SheetClass::Loss },
];

#[test]
fn warnings_are_those_of_the_truth() {
    for name in BOOKS {
        let Case { mut draft, truth, conventions } = case(name);
        book::compare(
            &mut draft,
            &conventions,
            &Context { calendar: &Calendar::default(), rates: &RateTable::default() },
            &BANDS,
        );
        let ids = identities(&truth);
        let ours = draft.warnings.iter().map(|w| {
            let customer = w.customer.map(|c| draft.customers[c].id_no.clone().unwrap());
            let own = w.facts.iter().find(|(key, _)| key == "loans").map(|(_, loans)| loans.clone());
            format!(
                "{} {} {} {} {} {} {}",
                w.sheet,
                or_dash(w.row),
                or_dash(w.column.map(column_letters)),
                w.code.code(),
                or_dash(customer),
                or_dash(w.loan.as_ref()),
                or_dash(own),
            )
        });
        let theirs = list(&truth, "warnings").iter().map(|w| {
            let customer = w["customer"].as_str().map(|c| ids[c].clone());
            let own = w["own_loans"].as_array().map(|l| l.iter().map(text).collect::<Vec<_>>().join("、"));
            format!(
                "{} {} {} {} {} {} {}",
                text(&w["sheet"]),
                or_dash(w["row"].as_u64()),
                text(&w["column"]),
                text(&w["code"]),
                or_dash(customer),
                text(&w["loan"]),
                or_dash(own),
            )
        });
        same(name, ours.collect(), theirs.collect());
    }
}

#[test]
fn balances_and_control_totals_agree_to_the_fen() {
    for name in BOOKS {
        let Case { mut draft, truth, conventions } = case(name);
        let outcomes = book::compare(
            &mut draft,
            &conventions,
            &Context { calendar: &Calendar::default(), rates: &RateTable::default() },
            &BANDS,
        );
        let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
        let ours: Vec<String> = outcomes
            .iter()
            .map(|outcome| {
                let no = &draft.loans[outcome.loan].no;
                let position = match &outcome.position {
                    Ok(position) => position,
                    Err(error) => return format!("{no} {error}"),
                };
                let status = match position.status {
                    Status::Undrawn => "undrawn",
                    Status::Current => "current",
                    Status::Overdue => "overdue",
                    Status::Settled => "settled",
                    Status::WrittenOff => "written_off",
                };
                let (outstanding, overdue) = (position.outstanding, position.overdue);
                for (key, amount) in [
                    ("outstanding_principal", outstanding.principal),
                    ("overdue_principal", overdue.principal),
                    ("overdue_interest", overdue.interest),
                    ("penalty", outstanding.penalty),
                    ("fees", outstanding.fee),
                    ("credit", position.credit),
                ] {
                    *sums.entry(key).or_default() += amount.0;
                }
                format!(
                    "{no} {} {} {} {} {} {} {} {} {status}",
                    outstanding.principal.0,
                    overdue.principal.0,
                    overdue.interest.0,
                    outstanding.penalty.0,
                    outstanding.fee.0,
                    position.credit.0,
                    position.days_overdue,
                    or_dash(position.oldest_unpaid_due_on),
                )
            })
            .collect();
        let theirs = list(&truth, "loans").iter().map(|l| {
            let b = &l["balances"];
            format!(
                "{} {} {} {} {} {} {} {} {} {}",
                text(&l["no"]),
                b["outstanding_principal"],
                b["overdue_principal"],
                b["overdue_interest"],
                b["penalty"],
                b["fees"],
                b["credit"],
                b["days_overdue"],
                text(&b["oldest_unpaid_due"]),
                text(&b["status"]),
            )
        });
        same(name, ours, theirs.collect());
        for (key, sum) in sums {
            assert_eq!(truth["totals"][key].as_i64(), Some(sum), "{name} {key}");
        }
        check_totals(name, &draft, &truth["totals"]);
    }
}

fn check_totals(name: &str, draft: &BookDraft, truth: &Value) {
    let totals = draft.totals();
    let disbursed = draft.transactions.iter().filter(|t| t.kind == TransactionKind::Disbursement);
    let disbursed = Fen::checked_sum(disbursed.map(|t| t.amount)).unwrap();
    for (key, ours) in [
        ("loans", totals.loans as i64),
        ("principal", totals.principal.0),
        ("customers", totals.customers as i64),
        ("guarantees", totals.guarantees as i64),
        ("collaterals", totals.collaterals as i64),
        ("refused_rows", totals.refused_rows as i64),
        ("warning_rows", totals.warnings as i64),
        ("disbursement_sum", disbursed.0),
    ] {
        assert_eq!(truth[key].as_i64(), Some(ours), "{name} {key}");
    }
    for what in ["repayment", "prepayment", "fee_paid", "fee_charge", "rollover", "write_off", "recovery"] {
        let own = || draft.transactions.iter().filter(|t| kind(t.kind).0 == what);
        assert_eq!(truth[format!("{what}_count")].as_i64(), Some(own().count() as i64), "{name} {what}");
        let sum = Fen::checked_sum(own().map(|t| t.amount)).unwrap();
        assert_eq!(truth[format!("{what}_sum")].as_i64(), Some(sum.0), "{name} {what}");
    }
}

#[test]
fn what_each_repayment_pays_is_that_of_the_truth() {
    for name in BOOKS {
        let Case { mut draft, truth, conventions } = case(name);
        let outcomes = book::compare(
            &mut draft,
            &conventions,
            &Context { calendar: &Calendar::default(), rates: &RateTable::default() },
            &BANDS,
        );
        let mut ours = Vec::new();
        for outcome in outcomes {
            let Ok(position) = outcome.position else { continue };
            let mut heads: BTreeMap<(usize, &str), i64> = BTreeMap::new();
            // allocation.stated: what the sheet states is what the engine pays.
            for part in &position.allocations {
                let at = usize::try_from(part.transaction / 2 - 1).unwrap();
                let head = match part.target {
                    Target::Principal => "principal",
                    Target::Interest => "interest",
                    Target::Penalty => "penalty",
                    Target::Fee => "fee",
                    Target::Credit => continue,
                    other @ (Target::Cost | Target::Compound) => panic!("{other:?}"),
                };
                *heads.entry((at, head)).or_default() += part.amount.0;
            }
            for ((at, head), amount) in heads {
                let t = &draft.transactions[at];
                ours.push(format!("{} {} {} {head} {amount}", draft.loans[t.loan].no, t.on, t.amount.0));
            }
        }
        let theirs = list(&truth, "transactions").iter().flat_map(|t| {
            let parts = t["allocation"].as_object().cloned().unwrap_or_default();
            let own = format!("{} {} {}", text(&t["loan"]), text(&t["date"]), t["amount"]);
            parts
                .into_iter()
                .filter(|(head, _)| head != "credit")
                .map(move |(head, amount)| format!("{own} {head} {amount}"))
        });
        same(name, ours, theirs.collect());
    }
}

#[test]
fn reading_the_same_file_again_gives_the_same_keys_and_no_key_twice() {
    for name in BOOKS {
        let keys = |draft: &BookDraft| -> Vec<String> {
            let customers = draft.customers.iter().map(|c| &c.key);
            let loans = draft.loans.iter().map(|l| &l.key);
            let transactions = draft.transactions.iter().map(|t| &t.key);
            let guarantees = draft.guarantees.iter().map(|g| &g.key);
            let collaterals = draft.collaterals.iter().map(|c| &c.key);
            customers.chain(loans).chain(transactions).chain(guarantees).chain(collaterals).cloned().collect()
        };
        let (first, second) = (keys(&case(name).draft), keys(&case(name).draft));
        assert_eq!(first, second);
        let distinct: BTreeSet<_> = first.iter().collect();
        assert_eq!(distinct.len(), first.len(), "{name}: a key stands for two records");
    }
}
