//! The chapters about the claim (债权): who owes, under which terms, what came and went, how each amount was computed.

use customers::RelationKind;
use customers::relation::store as relations;
use finance::Head;
use platform::error::ActionError;
use platform::institution;
use platform::work::Work;
use print::{Align, Chapter, Section};
use servicing::loan::pages::{Looked, statement_rows, term_rows};
use servicing::loan::store as loans;
use servicing::loan::why::{self, Question};
use servicing::security::store as securities;

use super::draft::{Draft, Part, day, listed, said, table};
use crate::obligor::model::Obligor;

/// The heads of an amount owed, in the order in which they are told.
const HEADS: [Head; 6] = [Head::Principal, Head::Interest, Head::Penalty, Head::Compound, Head::Fee, Head::Cost];

/// 当事人与债务人: the lender, the debtor, everybody who stands in the file as owing or securing.
pub(super) async fn parties(work: &mut Work, draft: &Draft) -> Result<Chapter, ActionError> {
    let ui = &draft.ui;
    let (institution, _) = institution::load(&mut work.tx).await?;
    let known = draft.known;
    let heads = [
        ("bundle-role", Align::Left, 2),
        ("bundle-name", Align::Left, 3),
        ("bundle-identity", Align::Left, 3),
        ("bundle-since", Align::Left, 2),
        ("bundle-until", Align::Left, 2),
    ];
    let dash = || "—".to_owned();
    let mut rows = vec![vec![ui.t("bundle-lender"), institution.name.clone(), dash(), dash(), dash()]];
    for part in &draft.parts {
        let (name, masked) = loans::borrower(&mut work.tx, part.customer.id).await?;
        let name = if draft.parts.len() > 1 { format!("{name} {}", part.customer.number) } else { name };
        rows.push(vec![ui.t("bundle-borrower"), name, masked, dash(), dash()]);
        for one in relations::known(&mut work.tx, part.customer.id, known.at).await? {
            if one.since <= known.on && stands_in_papers(one.kind) {
                rows.push(vec![
                    ui.t(format!("relation-{}", one.kind.as_str())),
                    one.name.clone(),
                    said(&one.identity_masked),
                    one.since.to_string(),
                    day(one.ended_on.filter(|_| !known.stood(one.ended_on))),
                ]);
            }
        }
    }
    let people = listed(String::new(), ui, &heads, rows);
    let mut secured = Vec::new();
    for loan in &draft.loans {
        let key = loan.file.loan.key;
        let lines = securities::lines_known(&mut work.tx, &[key], (known.on, known.at)).await?.remove(&key);
        for line in lines.unwrap_or_default().into_iter().filter(|line| line.ended_on.is_none()) {
            let owner = line.owner.as_ref().map(|owner| format!(" · {owner}")).unwrap_or_default();
            secured.push(vec![
                loan.file.loan.number.clone(),
                ui.t(format!("security-kind-{}", line.kind.as_str())),
                format!("{}{owner}", line.who),
                line.amount.map_or_else(|| ui.t("bundle-whole-debt"), |amount| ui.yuan(amount)),
                day(line.until),
            ]);
        }
    }
    let heads = [
        ("loan-number", Align::Left, 3),
        ("bundle-security", Align::Left, 2),
        ("bundle-name", Align::Left, 3),
        ("bundle-amount", Align::Right, 0),
        ("bundle-until", Align::Left, 2),
    ];
    let security = listed(ui.t("bundle-securities"), ui, &heads, secured);
    let note = Section::words("", ui.t("bundle-identity-note"));
    Ok(Chapter { title: ui.t("bundle-chapter-parties"), sections: vec![people, note, security] })
}

/// 债务关系人: who owes besides the debtor, why, and up to which amount.
pub(super) async fn obligors(work: &mut Work, draft: &Draft) -> Result<Chapter, ActionError> {
    let ui = &draft.ui;
    let mut sections = Vec::new();
    for part in &draft.parts {
        let found = obligors_of(work, draft, part).await?;
        let title = draft.of_file(String::new(), part);
        let mut section = crate::obligor::paper::section(ui, &draft.policy, title, &found);
        section.paragraphs.push(ui.t("bundle-obligors-note"));
        sections.push(section);
    }
    Ok(Chapter { title: ui.t("bundle-chapter-obligors"), sections })
}

/// Who stood to the loans of one file on the day.
pub(super) async fn obligors_of(work: &mut Work, draft: &Draft, part: &Part) -> Result<Vec<Obligor>, ActionError> {
    let keys = draft.loans.iter().map(|loan| loan.file.loan.key).filter(|key| key.customer == part.customer.id);
    let keys: Vec<_> = keys.collect();
    crate::obligor::actions::known_of_loans(work, &part.customer, &keys, draft.known).await
}

/// Whether a related party belongs into a paper about the debt; who was only named as a contact does not (PIPL Art. 6).
fn stands_in_papers(kind: RelationKind) -> bool {
    match kind {
        RelationKind::Spouse
        | RelationKind::CoBorrower
        | RelationKind::Guarantor
        | RelationKind::Mortgagor
        | RelationKind::Pledgor
        | RelationKind::LegalRepresentative
        | RelationKind::Controller
        | RelationKind::Heir => true,
        RelationKind::Shareholder | RelationKind::ListedContact | RelationKind::RelatedParty => false,
    }
}

/// 合同与借款条件: one section a loan.
pub(super) async fn contracts(work: &mut Work, draft: &Draft) -> Result<Chapter, ActionError> {
    let ui = &draft.ui;
    let mut sections = Vec::new();
    for loan in &draft.loans {
        let key = loan.file.loan.key;
        let (contract, signed_on) = loans::contract_of(&mut work.tx, key).await?;
        let product = draft.policy.pack().product(&loan.file.loan.product);
        let product =
            product.map_or_else(|| loan.file.loan.product.clone(), |one| one.title.in_language(false).to_owned());
        let mut rows = vec![
            vec![ui.t("bundle-contract"), contract],
            vec![ui.t("bundle-signed-on"), signed_on.to_string()],
            vec![ui.t("bundle-drawn"), ui.yuan(loan.position.disbursed)],
        ];
        rows.extend(term_rows(ui, loan, &product).into_iter().map(|(label, value)| vec![label, said(&value)]));
        let heads = [("bundle-term", Align::Left, 1), ("bundle-value", Align::Left, 3)];
        sections.push(listed(loan.file.loan.number.clone(), ui, &heads, rows));
    }
    Ok(Chapter { title: ui.t("bundle-chapter-contracts"), sections })
}

/// 借据流水: everything paid out and in.
pub(super) fn ledger(draft: &Draft) -> Chapter {
    let ui = &draft.ui;
    let heads = [
        ("bundle-day", Align::Left, 0),
        ("bundle-kind", Align::Left, 2),
        ("bundle-transaction-no", Align::Left, 3),
        ("bundle-out", Align::Right, 0),
        ("bundle-to-principal", Align::Right, 0),
        ("bundle-to-interest", Align::Right, 0),
        ("bundle-to-other", Align::Right, 0),
        ("bundle-balance", Align::Right, 0),
    ];
    let yuan = |fen: i64| if fen == 0 { "—".to_owned() } else { print::yuan(fen) };
    let of = |loan: &Looked| {
        let rows = statement_rows(ui, loan).into_iter().map(|row| {
            vec![
                row.on.to_string(),
                row.kind,
                row.transaction_no,
                yuan(row.disbursed_fen),
                yuan(row.principal_fen),
                yuan(row.interest_fen),
                yuan(row.other_fen),
                print::yuan(row.balance_fen),
            ]
        });
        let mut section = listed(loan.file.loan.number.clone(), ui, &heads, rows.collect());
        section.paragraphs.push(ui.t("bundle-ledger-note"));
        section
    };
    Chapter { title: ui.t("bundle-chapter-ledger"), sections: draft.loans.iter().map(of).collect() }
}

/// 债权计算: what is owed on the day by head, and the arithmetic of what is overdue with rules and articles.
pub(super) async fn amounts(work: &mut Work, draft: &Draft) -> Result<Chapter, ActionError> {
    let ui = &draft.ui;
    let mut sections = Vec::new();
    for loan in &draft.loans {
        let (owed, overdue) = (&loan.position.outstanding, &loan.position.overdue);
        let mut rows: Vec<Vec<String>> = HEADS
            .iter()
            .filter(|head| !owed.get(**head).is_zero() || !overdue.get(**head).is_zero())
            .map(|head| vec![ui.t(why::head_message(*head)), ui.yuan(owed.get(*head)), ui.yuan(overdue.get(*head))])
            .collect();
        let sum = |amounts: &finance::Amounts| ui.yuan(amounts.total().unwrap_or_default());
        rows.push(vec![ui.t("total"), sum(owed), sum(overdue)]);
        let heads =
            [("bundle-head", Align::Left, 2), ("bundle-owed", Align::Right, 1), ("bundle-overdue", Align::Right, 1)];
        let number = &loan.file.loan.number;
        let days = ui.tn(
            "bundle-amounts-of",
            &[
                ("number", number.clone()),
                ("on", draft.as_of().to_string()),
                ("days", loan.position.days_overdue.to_string()),
            ],
        );
        sections.push(listed(days, ui, &heads, rows));
        let (derivation, _) = why::answer(work, ui, loan, Question::Overdue).await?;
        let rule = |rule: &platform::page::RuleLine| {
            let sources: Vec<&str> = rule.articles.iter().map(|(_, name)| name.as_str()).collect();
            format!("{} {} {} {}", rule.id, rule.text, rule.value, sources.join(&ui.t("list-semicolon")))
                .trim()
                .to_owned()
        };
        let steps =
            derivation.steps.iter().map(|step| vec![step.text.clone(), step.product.clone(), step.value.clone()]);
        let heads =
            [("bundle-step", Align::Left, 4), ("bundle-product", Align::Left, 5), ("bundle-result", Align::Right, 0)];
        sections.push(Section {
            title: ui.t1("bundle-computed", "number", number),
            paragraphs: derivation.rules.iter().map(rule).chain([derivation.pack.clone()]).collect(),
            table: Some(table(ui, &heads, steps.collect())),
        });
    }
    Ok(Chapter { title: ui.t("bundle-chapter-amounts"), sections })
}
