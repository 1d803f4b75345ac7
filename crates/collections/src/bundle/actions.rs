//! Use cases of bundles: gather what proves the claim, print it, keep it sealed; list and open what was kept.
//!
//! Gathering and keeping are two transactions with the press between them: printing holds up nobody else.

use std::collections::BTreeMap;

use customers::Customer;
use jiff::civil::Date;
use platform::attachment::{self, Attachment, AttachmentId, NewAttachment, Opened};
use platform::audit::{self, Broken, Entry, Trail};
use platform::error::ActionError;
use platform::policies::{self, PolicyError};
use platform::work::Work;
use print::{Enclosure, Press, PrintError, Printed};
use serde_json::json;

use super::draft::Draft;
use super::model::{self, Bundle, BundleError, BundleId, Order, Place, Purpose};
use super::{BUNDLE_MAKE, paper, store};
use crate::case::actions as cases;
use crate::case::model::{Case, CaseError, CaseId};
use crate::dossier as dossiers;
use crate::dossier::DOSSIER_VIEW;

/// A bundle that is printed and not kept yet (待存卷宗).
pub struct Ready {
    case: Case,
    number: String,
    order: Order,
    listed: usize,
    enclosed: usize,
    documents: bool,
    trail: Trail,
    printed: Printed,
}

/// How the subjects of the dossier's papers begin.
const DOSSIER: &str = "dossier:";

/// What is enclosed (入卷方式).
#[derive(Debug, Clone, Copy)]
struct Manner<'a> {
    /// Whether anything is.
    wanted: bool,
    /// What was found not to be drawn.
    odd: &'a [AttachmentId],
    /// Whether whoever makes the bundle may open the documents of the file; otherwise they are listed.
    documents: bool,
}

/// A bundle before it is printed.
struct Gathered {
    case: Case,
    number: String,
    listed: usize,
    /// The files of the enclosures, in their order.
    enclosed: Vec<AttachmentId>,
    /// Whether documents of the customer are among them.
    documents: bool,
    trail: Trail,
    paper: print::Bundle,
}

/// Gathers and prints a bundle of a case as of a day. The files that are enclosed
/// are opened for it, which is in the trail.
///
/// # Errors
/// Denied; [`BundleError`]; a figure that cannot be computed; no font to print with.
pub async fn prepare(mut work: Work, case: CaseId, order: Order) -> Result<Ready, ActionError> {
    let (app, actor) = (work.app.clone(), work.actor.clone());
    let gathered = gather(&mut work, case, order, &[]).await?;
    work.commit().await?;
    match press(&gathered.paper).await {
        Ok(printed) => Ok(ready(gathered, order, printed)),
        // A PDF can be opened and still not be drawn: then the others are enclosed, and that one is listed.
        Err(PrintError::Template { .. }) if gathered.paper.enclosures.iter().any(Enclosure::is_pdf) => {
            let odd = odd(&gathered).await;
            let mut work = Work::begin(&app, actor).await?;
            let gathered = gather(&mut work, case, order, &odd).await?;
            work.commit().await?;
            let printed = press(&gathered.paper).await.map_err(|error| crate::letter::print_refused(&error))?;
            Ok(ready(gathered, order, printed))
        }
        Err(error) => Err(crate::letter::print_refused(&error)),
    }
}

fn ready(gathered: Gathered, order: Order, printed: Printed) -> Ready {
    let Gathered { case, number, listed, documents, trail, paper, .. } = gathered;
    Ready { case, number, order, listed, enclosed: paper.enclosures.len(), documents, trail, printed }
}

async fn press(paper: &print::Bundle) -> Result<Printed, PrintError> {
    let paper = paper.clone();
    let failed =
        |error: tokio::task::JoinError| PrintError::Template { template: "bundle.typ", message: error.to_string() };
    tokio::task::spawn_blocking(move || Press::system().print(&paper)).await.map_err(failed)?
}

/// The PDFs that cannot be drawn, each pressed alone.
async fn odd(gathered: &Gathered) -> Vec<AttachmentId> {
    let mut odd = Vec::new();
    for (id, one) in gathered.enclosed.iter().zip(&gathered.paper.enclosures) {
        if one.is_pdf() {
            let chapters = gathered.paper.chapters.iter().take(1).cloned().collect();
            let alone = print::Bundle { chapters, enclosures: vec![one.clone()], ..gathered.paper.clone() };
            if press(&alone).await.is_err() {
                odd.push(*id);
            }
        }
    }
    odd
}

async fn gather(work: &mut Work, case: CaseId, order: Order, odd: &[AttachmentId]) -> Result<Gathered, ActionError> {
    let case = cases::load(work, case, BUNDLE_MAKE).await?;
    let today = work.business_date;
    if let Some(wrong) = model::wrong_day(order.as_of, case.opened_on, today) {
        return Err(BundleError::Form(vec![wrong]).into());
    }
    let customer = customers::load(&mut work.tx, case.key.customer).await?.ok_or(CaseError::NotFound)?;
    let trail = audit::verify_chain(&mut work.tx, customer.id).await?;
    if let Some(broken) = &trail.broken {
        return Err(BundleError::TrailBroken { entry: entry_of(broken) }.into());
    }
    // Whoever makes a bundle reads the dossier by it (rule `dossier.read`).
    let (case, entries) = dossiers::actions::open(work, case.key.case, "dossier.bundle").await?;
    let draft = Draft::load(work, case, customer, order.as_of).await?;
    if draft.loans.is_empty() {
        return Err(BundleError::NoLoan { on: order.as_of }.into());
    }
    let number = format!("{}-J{:02}", draft.case.number, store::count(&mut work.tx, draft.case.key).await? + 1);
    let files = files(work, &draft, &entries, order.purpose).await?;
    let documents = sees_documents(work, &draft.customer);
    let (files, enclosures) = enclose(work, files, Manner { wanted: order.enclose, odd, documents }).await?;
    let listed = files.len();
    let inside = || files.iter().filter(|(_, place)| matches!(place, Place::Enclosed(_)));
    let enclosed = inside().map(|(file, _)| file.id).collect();
    let documents = inside().any(|(file, _)| !file.subject.starts_with(DOSSIER));
    let mut paper = paper::write(work, &draft, order, (&number, &trail), &files).await?;
    paper.enclosures = enclosures;
    Ok(Gathered { case: draft.case, number, listed, enclosed, documents, trail, paper })
}

/// Whether the documents of a file may be opened.
fn sees_documents(work: &Work, file: &Customer) -> bool {
    let scope = work.authorise(customers::DOCUMENT_VIEW);
    scope.is_ok_and(|scope| scope.covers(file.branch, file.team, file.manager))
}

fn entry_of(broken: &Broken) -> i64 {
    match broken {
        Broken::Content { seq, .. } | Broken::Order { seq, .. } | Broken::Head { seq, .. } => *seq,
        Broken::Root { .. } | Broken::Anchor { .. } => 0,
    }
}

/// The files that counted on the day, in order; bundles made before are none of them.
async fn files(
    work: &mut Work,
    draft: &Draft,
    entries: &[dossiers::model::Entry],
    purpose: Purpose,
) -> Result<Vec<Attachment>, ActionError> {
    // Rule `bundle.private`: what proves a block that is left out is left out with it (PIPL Art. 6).
    let private = |file: &Attachment| {
        let of = entries.iter().find(|entry| entry.file == Some(file.id));
        file.subject.starts_with(DOSSIER) && of.is_none_or(|entry| !purpose.shows(entry.block))
    };
    let mut files = attachment::of_customer(&mut work.tx, draft.customer.id).await?;
    // What was replaced or withdrawn later counted on the day.
    let came: BTreeMap<AttachmentId, Date> = files.iter().map(|file| (file.id, file.effective_on)).collect();
    let counts = |file: &Attachment| {
        let replaced_on = file.replaced_by.and_then(|by| came.get(&by).copied());
        file.counted_on(draft.as_of, replaced_on) && !file.subject.starts_with("bundle:") && !private(file)
    };
    files.retain(counts);
    files.reverse();
    Ok(files)
}

/// Opens what is enclosed as pages (rule `bundle.enclosed`); the rest is listed with its digest.
async fn enclose(
    work: &mut Work,
    files: Vec<Attachment>,
    manner: Manner<'_>,
) -> Result<(Vec<(Attachment, Place)>, Vec<Enclosure>), ActionError> {
    let today = work.business_date;
    let policy = policies::in_force(work, today).await?;
    let mib = policy.edition(today).integer("bundle_enclosed_mib").map_err(PolicyError::from)?;
    let takes = |file: &Attachment| {
        let kind = paper::kind_of(file.media).filter(|_| !manner.odd.contains(&file.id));
        let may = manner.documents || file.subject.starts_with(DOSSIER);
        // What was withdrawn since is named and not shown.
        manner.wanted && may && kind.is_some() && !file.brought_in && file.withdrawn.is_none()
    };
    let sizes: Vec<i64> = files.iter().map(|file| if takes(file) { file.bytes } else { i64::MAX }).collect();
    let fits = model::fitting(&sizes, mib.saturating_mul(1 << 20));
    let (locale, mut listed, mut enclosures) = (paper::locale(work), Vec::new(), Vec::new());
    for (file, fits) in files.into_iter().zip(fits) {
        let mut place = if manner.odd.contains(&file.id) { Place::NotDrawn } else { Place::Listed };
        if fits {
            let no = enclosures.len() + 1;
            let opened = attachment::open(work, file.customer, file.id).await?;
            let (locale, about) = (locale.clone(), file.clone());
            let drawn = tokio::task::spawn_blocking(move || paper::open(&locale, &about, no, opened.bytes)).await;
            // Neither a damaged file nor one that the reader gives up on keeps the others from the court.
            place = Place::NotDrawn;
            if let Ok(Some(enclosure)) = drawn {
                enclosures.push(enclosure);
                place = Place::Enclosed(no);
            }
        }
        listed.push((file, place));
    }
    Ok((listed, enclosures))
}

/// Keeps a printed bundle. Rule `bundle.kept`: sealed, with its digest, listed for good.
/// Rule `bundle.trail`: with what the trail was, which held.
///
/// # Errors
/// Denied; [`BundleError::Meanwhile`]; larger than the policy lets a kept file be.
pub async fn keep(work: &mut Work, ready: &Ready) -> Result<BundleId, ActionError> {
    let case = cases::load(work, ready.case.key.case, BUNDLE_MAKE).await?;
    let made = store::of_case(&mut work.tx, case.key).await?;
    if made.iter().any(|one| one.number == ready.number) {
        return Err(BundleError::Meanwhile { number: ready.number.clone() }.into());
    }
    let id = BundleId(work.next_id());
    let subject = format!("bundle:{id}");
    let name = format!("{}.pdf", ready.number);
    let new = NewAttachment {
        customer: case.key.customer,
        subject: &subject,
        name: &name,
        bytes: &ready.printed.pdf,
        replaces: None,
    };
    let file = attachment::keep_made(work, &new).await?;
    let kept = attachment::load(&mut work.tx, case.key.customer, file).await?;
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let bundle = Bundle {
        id,
        case: case.key,
        number: ready.number.clone(),
        purpose: ready.order.purpose,
        as_of: ready.order.as_of,
        file,
        digest: kept.map(|file| file.digest).unwrap_or_default(),
        pages: count(ready.printed.pages),
        enclosed: count(ready.enclosed),
        documents: ready.documents,
        listed: count(ready.listed),
        trail_entries: ready.trail.entries,
        trail_hash: ready.trail.hash.clone(),
        made_on: work.business_date,
        made_at: work.now,
        by: String::new(),
    };
    store::insert(work, &bundle).await?;
    let after = json!({
        "number": bundle.number, "case": case.key.case, "purpose": bundle.purpose.as_str(), "as_of": bundle.as_of,
        "pages": bundle.pages, "enclosed": bundle.enclosed, "digest": bundle.digest,
    });
    work.audit(Entry::new(Some(case.key.customer), "bundle.make", bundle.subject()).after(after)).await?;
    Ok(id)
}

/// A bundle of a case within scope.
///
/// # Errors
/// Denied; [`BundleError::NotFound`].
pub async fn load(work: &mut Work, case: CaseId, id: &str, action: &str) -> Result<(Case, Bundle), ActionError> {
    let case = cases::load(work, case, action).await?;
    let key = id.parse().map(BundleId).map_err(|_| BundleError::NotFound)?;
    let found = store::find(&mut work.tx, case.key, key).await?.ok_or(BundleError::NotFound)?;
    Ok((case, found))
}

/// What somebody may open of the bundles of a case (卷宗查阅范围).
#[derive(Debug, Clone, Copy)]
pub struct Reader {
    dossier: bool,
    documents: bool,
}

impl Reader {
    /// Whether this bundle may be opened (rule `bundle.private`): it holds the dossier, and may hold documents.
    #[must_use]
    pub fn opens(self, bundle: &Bundle) -> bool {
        self.dossier && (self.documents || !bundle.documents)
    }
}

/// What the person may open of the bundles of a case.
///
/// # Errors
/// The store's.
pub async fn reader(work: &mut Work, case: &Case) -> Result<Reader, ActionError> {
    let mut dossier = true;
    for action in [BUNDLE_MAKE, DOSSIER_VIEW] {
        match cases::load(work, case.key.case, action).await {
            Ok(_) => {}
            Err(ActionError::Refused(_)) => dossier = false,
            Err(other) => return Err(other),
        }
    }
    let file = customers::load(&mut work.tx, case.key.customer).await?.ok_or(CaseError::NotFound)?;
    Ok(Reader { dossier, documents: sees_documents(work, &file) })
}

/// Opens the file of a bundle; the look is in the trail. Commit the work before it is shown.
///
/// # Errors
/// Denied; [`BundleError::NotFound`]; [`platform::attachment::AttachmentError`].
pub async fn open(work: &mut Work, case: CaseId, id: &str) -> Result<Opened, ActionError> {
    let (case, bundle) = load(work, case, id, BUNDLE_MAKE).await?;
    work.authorise(DOSSIER_VIEW)?;
    if bundle.documents {
        work.authorise(customers::DOCUMENT_VIEW)?;
    }
    if !reader(work, &case).await?.opens(&bundle) {
        return Err(BundleError::NotFound.into());
    }
    attachment::open(work, case.key.customer, bundle.file).await
}
