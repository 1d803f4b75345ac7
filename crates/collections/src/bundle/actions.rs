//! Use cases of bundles: gather what proves the claim, print it, keep it sealed; list and open what was kept.
//!
//! Gathering and keeping are two transactions; between them files are drawn and volumes printed, one at a time, which holds up
//! nobody else.

use customers::{Customer, merge};
use jiff::civil::Date;
use platform::attachment::{self, Attachment, NewAttachment, Opened};
use platform::audit::{Entry, Trail};
use platform::error::ActionError;
use platform::work::Work;
use print::{Enclosure, Press, PrintError, Printed};
use serde_json::json;

use super::draft::{self, Draft, SEEN};
use super::model::{self, Bundle, BundleError, BundleId, Limits, Order, Place, Purpose};
use super::paper::Unbound;
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
    files: usize,
    trail: Trail,
    volumes: Vec<Printed>,
}

/// How the subjects of the dossier's papers begin.
const DOSSIER: &str = "dossier:";

/// A bundle before its files are drawn and its pages are made.
struct Gathered {
    case: Case,
    number: String,
    /// The files that counted, those to be enclosed with their content.
    files: Vec<(Attachment, Option<Vec<u8>>)>,
    /// How many files of the customer it tells of.
    parts: usize,
    trail: Trail,
    paper: Unbound,
}

/// Gathers and prints a bundle of a case as of a day. The files that are enclosed are opened for it, which is in the trail.
///
/// # Errors
/// Denied; [`BundleError`]; a figure that cannot be computed; no font to print with.
pub async fn prepare(work: Work, case: CaseId, order: Order) -> Result<Ready, ActionError> {
    made(work, case, order, &|_, _| Ok(())).await
}

/// The same while its maker waits (rule `bundle.background`): a large one is made by a batch.
///
/// # Errors
/// As [`prepare`]; [`BundleError::NotAtOnce`].
pub async fn prepare_at_once(work: Work, case: CaseId, order: Order) -> Result<Ready, ActionError> {
    made(work, case, order, &Limits::at_once).await
}

/// What is asked of a bundle's size before it is made.
type Size = dyn Fn(&Limits, usize) -> Result<(), BundleError> + Send + Sync;

async fn made(mut work: Work, case: CaseId, order: Order, fits: &Size) -> Result<Ready, ActionError> {
    let gathered = gather(&mut work, case, order).await?;
    fits(&gathered.paper.limits, paper::lines(&gathered.paper, gathered.files.len()))?;
    work.commit().await?;
    bound(gathered, order).await
}

/// Whether a bundle could be made: everything is read and nothing is printed; for a trial that is taken back.
///
/// # Errors
/// As [`prepare`].
pub async fn check(work: &mut Work, case: CaseId, order: Order) -> Result<(), ActionError> {
    gather(work, case, order).await.map(drop)
}

/// Draws the files and prints the volumes, in no transaction.
async fn bound(gathered: Gathered, order: Order) -> Result<Ready, ActionError> {
    let Gathered { case, number, files, parts, trail, paper } = gathered;
    let (mut files, drawn) = draw(&paper, files).await;
    let mut volumes = paper::bind(&paper, &files, drawn.clone());
    // The last one, with the enclosures, first: what cannot be drawn changes the list of files, which stands before it.
    let mut last = match volumes.last() {
        Some(last) => press(last.clone()).await,
        None => return Err(ActionError::Internal("a bundle without chapters".to_owned())),
    };
    if matches!(last, Err(PrintError::Template { .. })) && drawn.iter().any(Enclosure::is_pdf) {
        // A PDF can be opened and still not be drawn: then the others are enclosed, and that one is listed.
        let odd = match volumes.last() {
            Some(last) => odd(last).await,
            None => Vec::new(),
        };
        let drawn = without(&mut files, drawn, &odd);
        volumes = paper::bind(&paper, &files, drawn);
        if let Some(again) = volumes.last() {
            last = press(again.clone()).await;
        }
    }
    let last = last.map_err(|error| crate::letter::print_refused(&error))?;
    volumes.pop();
    let mut printed = Vec::with_capacity(volumes.len() + 1);
    for volume in volumes {
        printed.push(press(volume).await.map_err(|error| crate::letter::print_refused(&error))?);
    }
    printed.push(last);
    let inside = || files.iter().filter(|(_, place)| matches!(place, Place::Enclosed(_)));
    let documents = inside().any(|(file, _)| !file.subject.starts_with(DOSSIER));
    let (listed, enclosed) = (files.len(), inside().count());
    Ok(Ready { case, number, order, listed, enclosed, documents, files: parts, trail, volumes: printed })
}

async fn press(paper: print::Bundle) -> Result<Printed, PrintError> {
    let failed =
        |error: tokio::task::JoinError| PrintError::Template { template: "bundle.typ", message: error.to_string() };
    tokio::task::spawn_blocking(move || Press::system().print(&paper)).await.map_err(failed)?
}

/// The numbers of the enclosures that cannot be drawn, each pressed alone.
async fn odd(volume: &print::Bundle) -> Vec<usize> {
    let mut odd = Vec::new();
    for (index, one) in volume.enclosures.iter().enumerate() {
        if one.is_pdf() {
            let chapters = volume.chapters.iter().take(1).cloned().collect();
            let alone = print::Bundle { chapters, enclosures: vec![one.clone()], ..volume.clone() };
            if press(alone).await.is_err() {
                odd.push(index + 1);
            }
        }
    }
    odd
}

/// The enclosures without the odd ones, which are listed; the numbers of the others stay, so that captions hold.
fn without(files: &mut [(Attachment, Place)], drawn: Vec<Enclosure>, odd: &[usize]) -> Vec<Enclosure> {
    for (_, place) in files.iter_mut() {
        if matches!(place, Place::Enclosed(no) if odd.contains(no)) {
            *place = Place::NotDrawn;
        }
    }
    let kept = drawn.into_iter().enumerate().filter(|(index, _)| !odd.contains(&(index + 1)));
    kept.map(|(_, one)| one).collect()
}

/// Opens what is enclosed as pages (rule `bundle.enclosed`): neither a damaged file nor one that the reader gives up on keeps the
/// others from the court.
async fn draw(
    paper: &Unbound,
    files: Vec<(Attachment, Option<Vec<u8>>)>,
) -> (Vec<(Attachment, Place)>, Vec<Enclosure>) {
    let (mut listed, mut drawn) = (Vec::with_capacity(files.len()), Vec::new());
    for (file, content) in files {
        let mut place = Place::Listed;
        if let Some(bytes) = content {
            let no = drawn.len() + 1;
            let (locale, about) = (paper.ui.locale.clone(), file.clone());
            let opened = tokio::task::spawn_blocking(move || paper::open(&locale, &about, no, bytes)).await;
            place = Place::NotDrawn;
            if let Ok(Some(enclosure)) = opened {
                drawn.push(enclosure);
                place = Place::Enclosed(no);
            }
        }
        listed.push((file, place));
    }
    (listed, drawn)
}

async fn gather(work: &mut Work, case: CaseId, order: Order) -> Result<Gathered, ActionError> {
    let case = cases::load(work, case, BUNDLE_MAKE).await?;
    work.authorise(DOSSIER_VIEW)?;
    let today = work.business_date;
    if let Some(wrong) = model::wrong_day(order.as_of, case.opened_on, today) {
        return Err(BundleError::Form(vec![wrong]).into());
    }
    let customer = customers::load(&mut work.tx, case.key.customer).await?.ok_or(CaseError::NotFound)?;
    let draft = Draft::load(work, case, customer, order.as_of).await?;
    // Whoever makes a bundle reads the dossiers by it (rule `dossier.read`).
    dossiers::actions::open(work, draft.case.key.case, "dossier.bundle").await?;
    for part in draft.parts.iter().skip(1) {
        let entry = Entry::new(Some(part.customer.id), "dossier.bundle", draft.case.key.subject());
        work.audit(entry.after(json!({"number": part.customer.number}))).await?;
    }
    if draft.loans.is_empty() {
        return Err(BundleError::NoLoan { on: order.as_of }.into());
    }
    let number = format!("{}-J{:02}", draft.case.number, store::count(&mut work.tx, draft.case.key).await? + 1);
    let paper = paper::write(work, &draft, order, &number).await?;
    let files = files(work, &draft, order).await?;
    draft.limits.hold(paper::lines(&paper, files.len()))?;
    let trail = draft.parts.first().map(|part| part.trail.clone());
    let trail = trail.ok_or(CaseError::NotFound)?;
    Ok(Gathered { case: draft.case, number, files, parts: draft.parts.len(), trail, paper })
}

/// Whether the documents of a file may be opened.
fn sees_documents(work: &Work, file: &Customer) -> bool {
    draft::may(work, customers::DOCUMENT_VIEW, file)
}

/// The files that counted on the day, in order, over all files of the customer; bundles made before are none of them. Those to be
/// enclosed come with their content, as far as it fits; the rest is listed with its digest.
async fn files(
    work: &mut Work,
    draft: &Draft,
    order: Order,
) -> Result<Vec<(Attachment, Option<Vec<u8>>)>, ActionError> {
    let (mut all, mut may) = (Vec::new(), Vec::new());
    for part in &draft.parts {
        let found = files_of(work, (&part.customer, draft.as_of()), order.purpose).await?;
        may.resize(may.len() + found.len(), sees_documents(work, &part.customer));
        all.extend(found);
        draft.limits.hold(all.len())?;
    }
    let takes = |(file, may): (&Attachment, &bool)| {
        let own = *may || file.subject.starts_with(DOSSIER);
        // What was withdrawn since is named and not shown.
        order.enclose && own && paper::kind_of(file.media).is_some() && !file.brought_in && file.withdrawn.is_none()
    };
    let sizes = all.iter().zip(&may).map(|one| if takes(one) { one.0.bytes } else { i64::MAX });
    let fits = model::fitting(&sizes.collect::<Vec<_>>(), draft.limits.enclosed);
    let mut found = Vec::with_capacity(all.len());
    for (file, fits) in all.into_iter().zip(fits) {
        let content = if fits { Some(attachment::open(work, file.customer, file.id).await?.bytes) } else { None };
        found.push((file, content));
    }
    Ok(found)
}

async fn files_of(
    work: &mut Work,
    (customer, as_of): (&Customer, Date),
    purpose: Purpose,
) -> Result<Vec<Attachment>, ActionError> {
    let entries = dossiers::store::of_customer(work, customer.id).await?;
    // Rule `bundle.private`: what proves a block that is left out is left out with it (PIPL Art. 6).
    let private = |file: &Attachment| {
        let of = entries.iter().find(|entry| entry.file == Some(file.id));
        file.subject.starts_with(DOSSIER) && of.is_none_or(|entry| !purpose.shows(entry.block))
    };
    let mut files = attachment::all_until(&mut work.tx, customer.id, as_of).await?;
    // What was replaced or withdrawn later counted on the day.
    let replaced: Vec<_> = files.iter().filter_map(|file| file.replaces).collect();
    files.retain(|file| {
        let replaced_on = replaced.contains(&file.id).then_some(as_of);
        file.counted_on(as_of, replaced_on) && !file.subject.starts_with("bundle:") && !private(file)
    });
    Ok(files)
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
    let volumes = ready.volumes.len();
    let mut first = None;
    for (index, printed) in ready.volumes.iter().enumerate() {
        let id = keep_volume(work, (&case, ready), (index + 1, volumes), printed).await?;
        first = first.or(Some(id));
    }
    first.ok_or_else(|| BundleError::NotFound.into())
}

async fn keep_volume(
    work: &mut Work,
    (case, ready): (&Case, &Ready),
    (volume, volumes): (usize, usize),
    printed: &Printed,
) -> Result<BundleId, ActionError> {
    let id = BundleId(work.next_id());
    let subject = format!("bundle:{id}");
    let name = if volumes > 1 { format!("{}-{volume}.pdf", ready.number) } else { format!("{}.pdf", ready.number) };
    let new = NewAttachment {
        customer: case.key.customer,
        subject: &subject,
        name: &name,
        bytes: &printed.pdf,
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
        volume: count(volume),
        volumes: count(volumes),
        files: count(ready.files),
        digest: kept.map(|file| file.digest).unwrap_or_default(),
        pages: count(printed.pages),
        // The enclosures stand in the last volume.
        enclosed: if volume == volumes { count(ready.enclosed) } else { 0 },
        documents: ready.documents && volume == volumes,
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
        "volume": bundle.volume, "volumes": bundle.volumes, "files": bundle.files, "pages": bundle.pages,
        "enclosed": bundle.enclosed, "digest": bundle.digest,
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
    merged: bool,
}

impl Reader {
    /// Whether this bundle may be opened (rule `bundle.private`): it holds the dossier, and may hold documents; one that tells of
    /// several files is opened by who sees all of them.
    #[must_use]
    pub fn opens(self, bundle: &Bundle) -> bool {
        self.dossier && (self.documents || !bundle.documents) && (self.merged || bundle.files <= 1)
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
    let mut merged = true;
    for other in merge::same(&mut work.tx, file.id).await? {
        if other != file.id
            && let Some(other) = customers::load(&mut work.tx, other).await?
        {
            merged &= SEEN.iter().all(|action| draft::may(work, action, &other)) && sees_documents(work, &other);
        }
    }
    Ok(Reader { dossier, documents: sees_documents(work, &file), merged })
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
