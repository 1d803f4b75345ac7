//! Use cases of dossiers: record a fact of a block, read what stands, open what proves it.

use std::collections::BTreeMap;

use customers::merge;
use customers::relation::model::{Relation, RelationId, RelationKind};
use customers::relation::store as relations;
use jiff::civil::Date;
use platform::attachment::{self, AttachmentId, NewAttachment, Opened};
use platform::audit::Entry as AuditEntry;
use platform::contact_gate::PersonId;
use platform::duty::{self, Evidence};
use platform::error::{ActionError, FieldError};
use platform::id::CustomerId;
use platform::policies::{self, InForce, PolicyError};
use platform::web::UploadedFile;
use platform::work::Work;
use serde_json::json;

use super::model::{Block, Content, DossierError, Entry, EntryId, NewEntry, standing};
use super::parts::{self, Holds};
use super::rules::{self, Follows};
use super::{DOSSIER_RECORD, DOSSIER_VIEW, store};
use crate::case::actions as cases;
use crate::case::model::{Case, CaseId, CaseState};
use crate::conduct::words;
use crate::stop_flag::actions as flags;
use crate::stop_flag::model::{NewStopFlag, StopKind};
use crate::{LEGAL_MANAGE, cause};

/// What an analysis proves to the duty that asks for it.
const ANALYSIS: &str = "case_analysis";
/// The trigger of the duties about an asset that was moved away (S4-20).
const MOVED: &str = "asset.moved";
/// The cause that a referral needs (S2.3-17).
const FRAUD: &str = "c8";

/// Records a fact: authorise → load → read → decide → save.
///
/// # Errors
/// Denied; the case is closed; [`DossierError`]; what is wrong with the fields and the file, all at once.
pub async fn record(
    work: &mut Work,
    case: CaseId,
    block: Block,
    new: &NewEntry,
    file: Option<&UploadedFile>,
) -> Result<EntryId, ActionError> {
    let case = open_case(work, case, block).await?;
    let (today, customer) = (work.business_date, case.key.customer);
    let policy = policies::in_force(work, today).await?;
    if matches!(block, Block::Death | Block::Heir) {
        // The estate and its shares are read and written by one at a time.
        crate::obligor::actions::lock(work, customer).await?;
    }
    let entries = store::of_customer(work, customer).await?;
    if bounds_claims(&entries, block, new) {
        work.authorise(LEGAL_MANAGE)?;
    }
    let mut wrong = Vec::new();
    let signs = signs(&policy, today)?;
    let content = read(&policy, (block, &signs), new, today).unwrap_or_else(|errors| {
        wrong.extend(errors);
        Content::default()
    });
    let relation = relation(work, block, new, &case).await.unwrap_or_else(|error| {
        wrong.push(error);
        None
    });
    if let Some(file) = file {
        let limits = attachment::limits(work).await?;
        wrong.extend(attachment::rules::check(&file.bytes, &limits).err());
    }
    if !wrong.is_empty() {
        return Err(DossierError::Form(wrong).into());
    }
    let item = item(&entries, block, new, (relation.as_ref().map(|one| one.id), &content))?;
    let elsewhere = elsewhere(work, block, customer).await?;
    before(work, &[&entries[..], &elsewhere[..]], block, &case).await?;
    let follows = follows(&policy, block, &content, today)?;
    let id = EntryId(work.next_id());
    let mut entry = Entry {
        customer,
        id,
        case: case.key.case,
        block,
        item: item.unwrap_or(id),
        relation: relation.as_ref().map(|one| one.id),
        outcome: if new.void { String::new() } else { follows.outcome },
        cap: follows.cap,
        article: follows.article,
        content,
        file: None,
        void: new.void,
        on: today,
        at: work.now,
        by: String::new(),
    };
    if matches!(block, Block::Heir | Block::Death) && !new.void {
        let known: Vec<&Entry> = stand(&[&entries[..], &elsewhere[..]]);
        let over = rules::within_estate(&known, &entry, &persons(work, customer).await?);
        over.map_or(Ok(()), |error| Err(ActionError::from(DossierError::Form(vec![error]))))?;
    }
    entry.file = keep(work, &entry, file, &entries).await?;
    store::insert(work, &entry).await?;
    note(work, &entry).await?;
    after(work, &case, &entry).await?;
    if newly_moved(&entries, &entry) {
        warn(work, &case).await?;
    }
    Ok(id)
}

/// What the other files of a customer hold, one behind the other, where a death or an heir is recorded.
async fn elsewhere(work: &mut Work, block: Block, customer: CustomerId) -> Result<Vec<Entry>, ActionError> {
    let mut found = Vec::new();
    if matches!(block, Block::Death | Block::Heir) {
        for file in merge::same(&mut work.tx, customer).await? {
            if file != customer {
                found.extend(store::of_customer(work, file).await?);
            }
        }
    }
    Ok(found)
}

/// What stands, file by file: an entry of one file never takes back what stands in another.
fn stand<'a>(entries: &[&'a [Entry]]) -> Vec<&'a Entry> {
    let files = entries.iter().flat_map(|part| part.chunk_by(|one, next| one.customer == next.customer));
    files.flat_map(standing).collect()
}

/// Who the related parties of a customer are, over the files that are one.
async fn persons(work: &mut Work, customer: CustomerId) -> Result<BTreeMap<RelationId, PersonId>, ActionError> {
    let mut found = BTreeMap::new();
    for file in merge::same(&mut work.tx, customer).await? {
        let related = relations::of_customer(&mut work.tx, file).await?;
        found.extend(related.into_iter().map(|one| (one.id, one.person)));
    }
    Ok(found)
}

/// The case that a block is recorded in, for whoever may record it.
async fn open_case(work: &mut Work, case: CaseId, block: Block) -> Result<Case, ActionError> {
    let case = cases::load(work, case, DOSSIER_RECORD).await?;
    if block.is_legal() {
        work.authorise(LEGAL_MANAGE)?;
    }
    match case.state {
        CaseState::Closed { on, .. } => Err(crate::case::model::CaseError::Closed { on }.into()),
        CaseState::Open { .. } => Ok(case),
    }
}

/// Whether an entry about a death says how much can be claimed from heirs (rule `obligor.estate`): anybody may record that
/// a debtor died, so that nobody presses the dead; the estate, a correction and taking a death back are for legal.
fn bounds_claims(entries: &[Entry], block: Block, new: &NewEntry) -> bool {
    let values = new.typed.get("estate").is_some_and(|estate| !estate.trim().is_empty());
    let known = || standing(entries).iter().any(|one| one.block == Block::Death);
    block == Block::Death && (new.void || values || known())
}

/// What was typed; rule `dossier.words`: with no word that the conduct rules forbid (X-07, S2.5-37). A thread that is taken back says nothing.
fn read(
    policy: &InForce,
    (block, signs): (Block, &[String]),
    new: &NewEntry,
    today: Date,
) -> Result<Content, Vec<FieldError>> {
    if new.void {
        return if new.of.is_some() {
            Ok(Content::default())
        } else {
            Err(vec![FieldError::new("void", "dossier-void-nothing")])
        };
    }
    let edition = policy.edition(today);
    let content = parts::read(block, &new.typed, signs, today)?;
    if block == Block::Fraud && content.get("assets_checked") != "yes" {
        return Err(vec![FieldError::new("assets_checked", "dossier-assets-first")]);
    }
    if !is_about_the_person(block) {
        return Ok(content);
    }
    let spoken = parts::of(block).iter().filter(|part| matches!(part.holds, Holds::Line | Holds::Words));
    let hits = spoken.filter_map(|part| {
        let hits = words::forbidden(edition, content.get(part.name));
        let hit = hits.first()?;
        let article = policy.article_title(hit.article, false);
        Some(FieldError::new(part.name, "dossier-word").with("word", hit.word).with("article", article))
    });
    let wrong: Vec<FieldError> = hits.collect();
    if wrong.is_empty() { Ok(content) } else { Err(wrong) }
}

/// Whether a block tells of the person: there no word is taken that could not be said to the person (S2.5-37). Police and
/// custody are facts in the blocks about them.
fn is_about_the_person(block: Block) -> bool {
    match block {
        Block::Analysis | Block::Living | Block::Business | Block::Hardship => true,
        Block::Asset
        | Block::Liability
        | Block::Death
        | Block::Heir
        | Block::Spouse
        | Block::Custody
        | Block::Fraud => false,
    }
}

/// The signs of fraud that the policy names (S2.3-17).
///
/// # Errors
/// The policy lacks them.
pub fn signs(policy: &InForce, on: Date) -> Result<Vec<String>, ActionError> {
    Ok(policy.edition(on).texts("fraud_signs").map_err(PolicyError::from)?)
}

/// The related party that an entry is about, where its block is about one.
async fn relation(work: &mut Work, block: Block, new: &NewEntry, case: &Case) -> Result<Option<Relation>, FieldError> {
    if !matches!(block, Block::Heir | Block::Spouse) {
        return Ok(None);
    }
    let missing = || FieldError::new("relation", "dossier-relation");
    let id = new.relation.ok_or_else(missing)?;
    let found = relations::load(&mut work.tx, case.key.customer, id).await.map_err(|_| missing())?;
    found.filter(|one| fits(block, one.kind)).map(Some).ok_or_else(missing)
}

/// Whether a related party can be what a block is about.
#[must_use]
pub fn fits(block: Block, kind: RelationKind) -> bool {
    match block {
        Block::Spouse => kind == RelationKind::Spouse,
        // A spouse inherits too; whoever holds the estate may be anybody who was entered as a related party.
        Block::Heir => matches!(kind, RelationKind::Heir | RelationKind::Spouse | RelationKind::RelatedParty),
        Block::Analysis
        | Block::Living
        | Block::Business
        | Block::Asset
        | Block::Liability
        | Block::Hardship
        | Block::Death
        | Block::Custody
        | Block::Fraud => false,
    }
}

/// The thread that an entry goes on with: a finding about a contract that was decided before goes on with that one, whichever
/// it was entered behind.
fn item(
    entries: &[Entry],
    block: Block,
    new: &NewEntry,
    (relation, content): (Option<RelationId>, &Content),
) -> Result<Option<EntryId>, DossierError> {
    let followed = match new.of {
        None => None,
        Some(of) => {
            let known = entries.iter().find(|one| one.id == of && one.block == block && one.relation == relation);
            Some(known.map(|one| one.item).ok_or(DossierError::NotFound)?)
        }
    };
    Ok(rules::same_contract(entries, block, relation, content).or(followed))
}

/// What must be known before: heirs after a death; rule `dossier.fraud`: a referral after cause 8.
async fn before(work: &mut Work, entries: &[&[Entry]], block: Block, case: &Case) -> Result<(), ActionError> {
    if block == Block::Heir && !stand(entries).iter().any(|one| one.block == Block::Death) {
        return Err(DossierError::NoDeath.into());
    }
    if block == Block::Fraud {
        let causes = cause::store::of_case(&mut work.tx, case.key).await?;
        let found = causes.first().is_some_and(|one| one.cause == FRAUD || one.also.iter().any(|also| also == FRAUD));
        if !found {
            return Err(DossierError::NoFraudCause.into());
        }
    }
    Ok(())
}

fn follows(policy: &InForce, block: Block, content: &Content, today: Date) -> Result<Follows, ActionError> {
    let edition = policy.edition(today);
    if content.0.is_empty() {
        return Ok(Follows::default());
    }
    Ok(match block {
        Block::Heir => rules::heir(content),
        Block::Spouse => {
            let (_, article) = rules::spouse_by_policy(edition, content).map_err(PolicyError::from)?;
            rules::spouse(content, article)
        }
        Block::Custody => rules::custody(edition, content).map_err(PolicyError::from)?,
        Block::Analysis
        | Block::Living
        | Block::Business
        | Block::Asset
        | Block::Liability
        | Block::Hardship
        | Block::Death
        | Block::Fraud => Follows::default(),
    })
}

/// Keeps the paper of an entry; without one, that of the entry before it goes on to prove it.
async fn keep(
    work: &mut Work,
    entry: &Entry,
    file: Option<&UploadedFile>,
    entries: &[Entry],
) -> Result<Option<AttachmentId>, ActionError> {
    let Some(file) = file else {
        let last = entries.iter().rev().find(|one| one.block == entry.block && one.item == entry.item);
        return Ok(last.and_then(|one| one.file));
    };
    let subject = entry.subject();
    let new = NewAttachment {
        customer: entry.customer,
        subject: &subject,
        name: &file.name,
        bytes: &file.bytes,
        replaces: None,
    };
    attachment::keep(work, &new).await.map(Some)
}

/// The trail holds that something was recorded and what follows from it, never what was entered.
async fn note(work: &mut Work, entry: &Entry) -> Result<(), ActionError> {
    let after = json!({
        "block": entry.block.as_str(),
        "item": entry.item,
        "relation": entry.relation.map(|one| one.to_string()),
        "outcome": entry.outcome,
        "cap_fen": entry.cap.map(|cap| cap.0),
        "file": entry.file.map(|file| file.to_string()),
        "void": entry.void,
    });
    Ok(work.audit(AuditEntry::new(Some(entry.customer), "dossier.record", entry.subject()).after(after)).await?)
}

/// What a fact brings about: the analysis ends its duty, a death stops the collection from the dead.
async fn after(work: &mut Work, case: &Case, entry: &Entry) -> Result<(), ActionError> {
    if entry.void {
        return Ok(());
    }
    if entry.block == Block::Analysis {
        let evidence = Evidence { kind: ANALYSIS, fact: entry.subject(), settles: false };
        duty::close_by(work, case.key.customer, &case.key.subject(), &evidence).await?;
    }
    if entry.block == Block::Death {
        let kinds = crate::stop_flag::store::kinds(&mut work.tx, &[entry.customer]).await?;
        if !kinds.has(StopKind::Death) {
            let told = |field: &str| entry.content.get(field).to_owned();
            let new = NewStopFlag { kind: StopKind::Death, reason: told("died_on"), evidence: told("proof") };
            flags::set(work, entry.customer, &new).await?;
        }
    }
    Ok(())
}

/// Whether an entry is the first of its thread that says of an asset that it was moved away.
fn newly_moved(entries: &[Entry], entry: &Entry) -> bool {
    let moved = |one: &Entry| one.block == Block::Asset && !one.void && one.content.get("moved") == "yes";
    let before = entries.iter().rev().find(|one| one.block == entry.block && one.item == entry.item);
    moved(entry) && !before.is_some_and(moved)
}

/// Assets that are moved away ask for preventive action at once (rule `asset.moved`, S4-20): the risk department is warned,
/// legal preserves what is left.
async fn warn(work: &mut Work, case: &Case) -> Result<(), ActionError> {
    let on = work.business_date;
    let arrears = crate::case::store::arrears(&mut work.tx, &[case.key.customer]).await?;
    if let Some(behind) = arrears.get(&case.key.customer) {
        duty::open(work, MOVED, &[cases::duty_case(case, behind, on, behind.days(on))]).await?;
    }
    Ok(())
}

/// The dossier of a case's customer: everything that was ever recorded, in order.
/// Rule `dossier.read`: the reading is in the trail (S4-25); commit the work before it is shown.
///
/// # Errors
/// Denied; the store's.
pub async fn open(work: &mut Work, case: CaseId, how: &'static str) -> Result<(Case, Vec<Entry>), ActionError> {
    let case = cases::load(work, case, DOSSIER_VIEW).await?;
    let entries = store::of_customer(work, case.key.customer).await?;
    let entry = AuditEntry::new(Some(case.key.customer), how, case.key.subject());
    work.audit(entry.after(json!({"entries": entries.len()}))).await?;
    Ok((case, entries))
}

/// The file of an entry; the look is in the trail. Commit the work before it is shown.
///
/// # Errors
/// Denied; [`DossierError::NotFound`]; [`platform::attachment::AttachmentError`].
pub async fn file(work: &mut Work, case: CaseId, entry: &str) -> Result<Opened, ActionError> {
    let case = cases::load(work, case, DOSSIER_VIEW).await?;
    let id = entry.parse().map(EntryId).map_err(|_| DossierError::NotFound)?;
    let entries = store::of_customer(work, case.key.customer).await?;
    let found = entries.into_iter().find(|one| one.id == id).and_then(|one| one.file).ok_or(DossierError::NotFound)?;
    attachment::open(work, case.key.customer, found).await
}

/// What the policy of a day says of a spouse as recorded, for who reads it.
///
/// # Errors
/// The policy lacks it.
pub async fn spouse_word(work: &mut Work, content: &Content, on: Date) -> Result<String, ActionError> {
    let policy = policies::in_force(work, on).await?;
    Ok(rules::spouse_by_policy(policy.edition(on), content).map_err(PolicyError::from)?.0)
}
