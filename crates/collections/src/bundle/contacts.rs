//! The chapter about contacts (催收联系): every contact that was kept, and every one that the guard did not let happen. What
//! people said who do not answer for the debt is not printed unless the policy says so.

use std::collections::{BTreeMap, BTreeSet};

use platform::args;
use platform::db::{Conditions, Row, StoreError, Tx};
use platform::duty::{self, ContactId, ContactLine};
use platform::error::ActionError;
use platform::id::{CustomerId, UserId};
use platform::work::Work;
use print::{Align, Chapter, Section};

use super::claim;
use super::draft::{Draft, Part, listed, said};
use crate::conduct;
use crate::known::Pieces;
use crate::obligor::model::Owes;

/// Contacts read at a time.
const CHUNK: i64 = 500;
/// The parties who answer for the debt, as the guard names them.
const OF_THE_DEBT: [&str; 3] = ["debtor", "co-obligor", "guarantor"];

/// 联系与守卫拒绝.
pub(super) async fn chapter(work: &mut Work, draft: &Draft) -> Result<Chapter, ActionError> {
    let mut sections = Vec::new();
    for part in &draft.parts {
        sections.push(contacts(work, draft, part).await?);
        sections.push(findings(work, draft, part).await?);
    }
    Ok(Chapter { title: draft.ui.t("bundle-chapter-contacts"), sections })
}

/// Whom the guard took the contacts of a file to be with; contacts that it did not let through are not among them.
async fn parties(tx: &mut Tx, customer: CustomerId, most: i64) -> Result<BTreeMap<ContactId, String>, StoreError> {
    let head = "select o.contact_id as id, a.party from contact_outcome o \
         join contact_allowance a on a.customer_id = o.customer_id and a.id = o.allowance_id";
    let pieces = Pieces { head, key: "o.contact_id > ?", order: "order by o.contact_id", most };
    let filter = |w: &mut Conditions| {
        w.and_values("o.customer_id = ?", args![customer]);
    };
    let read = |row: &Row| Ok((row.get::<ContactId>("id")?, row.get::<String>("party")?));
    Ok(pieces.read(tx, filter, read).await?.into_iter().collect())
}

/// Whose words are printed (卷内第三人).
struct Heard {
    /// Whom the guard took a contact to be with.
    parties: BTreeMap<ContactId, String>,
    /// The names of those who answer for the debt.
    names: BTreeSet<String>,
    /// Whether everybody's are.
    all: bool,
}

impl Heard {
    async fn load(work: &mut Work, draft: &Draft, part: &Part) -> Result<Self, ActionError> {
        let parties = parties(&mut work.tx, part.customer.id, draft.limits.lines).await?;
        let found = claim::obligors_of(work, draft, part).await?;
        let owing = found.into_iter().filter(|one| matches!(one.owes, Owes::Yes | Owes::Dead));
        let mut names: BTreeSet<String> = owing.map(|one| one.name).collect();
        names.insert(part.customer.name.clone());
        Ok(Self { parties, names, all: draft.limits.third_parties })
    }

    /// Whether a contact was with somebody who answers for the debt (rule `bundle.third-party`): as the guard took it; of one that
    /// it did not see, by the name.
    fn prints(&self, one: &ContactLine) -> bool {
        let known = self.parties.get(&one.id).map(|party| OF_THE_DEBT.contains(&party.as_str()));
        self.all || known.unwrap_or_else(|| self.names.iter().any(|name| one.contacted.contains(name.as_str())))
    }
}

async fn contacts(work: &mut Work, draft: &Draft, part: &Part) -> Result<Section, ActionError> {
    let ui = &draft.ui;
    let (mut kept, mut after): (Vec<ContactLine>, _) = (Vec::new(), ContactId(0));
    loop {
        let some = duty::contacts_until(&mut work.tx, part.customer.id, draft.as_of(), (after, CHUNK)).await?;
        let full = i64::try_from(some.len()).unwrap_or(CHUNK) >= CHUNK;
        kept.extend(some);
        draft.limits.hold(kept.len())?;
        match kept.last() {
            Some(last) if full => after = last.id,
            Some(_) | None => break,
        }
    }
    kept.sort_by_key(|one| (one.at, one.id));
    let heard = Heard::load(work, draft, part).await?;
    let heads = [
        ("bundle-moment", Align::Left, 3),
        ("bundle-channel", Align::Left, 2),
        ("bundle-contacted", Align::Left, 3),
        ("bundle-reached", Align::Left, 0),
        ("bundle-answer", Align::Left, 6),
        ("bundle-by", Align::Left, 2),
    ];
    let rows = kept.into_iter().map(|one| {
        let (who, words) = if heard.prints(&one) {
            (said(&one.contacted), said(&crate::contact::pages::answer(ui, &one.response)))
        } else {
            (ui.t("bundle-third-party"), ui.t("bundle-third-party-words"))
        };
        vec![
            Draft::at(one.at),
            ui.t(format!("channel-{}", one.channel.as_str())),
            who,
            ui.t(if one.reached { "yes" } else { "no" }),
            words,
            said(&one.by),
        ]
    });
    let mut section = listed(draft.of_file(String::new(), part), ui, &heads, rows.collect());
    if !draft.limits.third_parties {
        section.paragraphs.push(ui.t("bundle-third-party-note"));
    }
    Ok(section)
}

async fn findings(work: &mut Work, draft: &Draft, part: &Part) -> Result<Section, ActionError> {
    let ui = &draft.ui;
    let names: BTreeMap<UserId, String> = crate::people(work).await?;
    let (customer, most) = (part.customer.id, draft.limits.lines);
    let mut found = conduct::store::found_until(&mut work.tx, customer, draft.known.at, most).await?;
    draft.limits.hold(found.len())?;
    found.retain(|one| one.happened_at <= draft.known.at);
    found.sort_by_key(|one| one.happened_at);
    let rows = found.into_iter().map(|one| {
        vec![
            Draft::at(one.happened_at),
            ui.t(format!("conduct-kind-{}", one.kind.as_str())),
            ui.t(format!("channel-{}", one.channel.as_str())),
            format!("{} {}", one.rule, draft.policy.article_title(&one.article, false)),
            said(&one.detail),
            names.get(&UserId(one.collector)).cloned().unwrap_or_else(|| "—".to_owned()),
        ]
    });
    let heads = [
        ("bundle-moment", Align::Left, 3),
        ("bundle-finding", Align::Left, 2),
        ("bundle-channel", Align::Left, 2),
        ("bundle-rule", Align::Left, 5),
        ("bundle-detail", Align::Left, 4),
        ("bundle-by", Align::Left, 2),
    ];
    Ok(listed(draft.of_file(ui.t("bundle-findings"), part), ui, &heads, rows.collect()))
}
