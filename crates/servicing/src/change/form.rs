//! What every form of a change does (变更办理): read it, try it out, send it off, or show it again with what is wrong.

use std::future::Future;

use axum::extract::Path;
use axum::response::Response;
use platform::error::{ActionError, FieldError};
use platform::page::{Html, Ui};
use platform::web::{Posted, Visit, WebError};
use platform::work::Work;
use serde::de::DeserializeOwned;

use super::actions::find_key;
use super::pages::{PREVIEW, Section, Sheet, again, complaint, draw};
use crate::loan::actions::load_within;
use crate::loan::model::{LoanFile, LoanKey};
use crate::loan::pages::{Asked, Looked, look};

/// One kind of change as people fill it in (变更表单): what differs between kinds.
pub trait ChangeForm: Clone + DeserializeOwned + Send + Sync + 'static {
    /// What was understood of it.
    type Wish: Send + Sync;

    /// Its place on the page.
    const SECTION: Section;

    /// Which button was pressed.
    fn step(&self) -> &str;

    /// Why: what is needed to send it off, and not to try it out.
    fn reason(&mut self) -> &mut String;

    /// Reads all fields, or says everything that is wrong with them at once.
    fn read(&self) -> Result<Self::Wish, Vec<FieldError>>;

    /// The form with what was typed and what is wrong with it.
    fn sheet(
        &self,
        work: &mut Work,
        ui: &Ui,
        looked: &Looked,
        wrong: &[FieldError],
    ) -> impl Future<Output = Result<Sheet, ActionError>> + Send;

    /// What it would change, in money; refuses what makes no sense today. Nothing is written.
    fn try_out(
        work: &mut Work,
        ui: &Ui,
        file: &LoanFile,
        wish: &Self::Wish,
    ) -> impl Future<Output = Result<Html, ActionError>> + Send;

    /// Sends it off.
    fn submit(
        &self,
        work: &mut Work,
        key: LoanKey,
        wish: &Self::Wish,
    ) -> impl Future<Output = Result<(), ActionError>> + Send;

    /// The field that a refusal is about, where it is about one.
    fn field_of(code: &str) -> Option<&'static str>;
}

/// Takes a form: tries it out or sends it off, as the button says.
pub async fn create<F: ChangeForm>(Path(id): Path<String>, posted: Posted<F>) -> Result<Response, WebError> {
    let (visit, typed) = (&posted.visit, &posted.form);
    let tries = typed.step() == PREVIEW;
    let mut read = typed.clone();
    if tries && read.reason().trim().is_empty() {
        // Numbers are tried out before words are found for them.
        "—".clone_into(read.reason());
    }
    let wish = match read.read() {
        Ok(wish) => wish,
        Err(wrong) => return refuse(visit, &id, typed, &wrong).await,
    };
    if tries {
        return try_out(visit, &id, typed, &wish).await;
    }
    let mut work = posted.begin(F::SECTION.action()).await?;
    let key = find_key(&mut work, &id).await?;
    match typed.submit(&mut work, key, &wish).await {
        Ok(()) => posted.done(work, F::SECTION.address(&id)).await,
        Err(error) => {
            drop(work);
            refuse(visit, &id, typed, &complaint(error, F::field_of)?).await
        }
    }
}

async fn try_out<F: ChangeForm>(visit: &Visit, id: &str, typed: &F, wish: &F::Wish) -> Result<Response, WebError> {
    let ui = visit.ui();
    let mut work = visit.read().await?;
    let key = find_key(&mut work, id).await?;
    let file = load_within(&mut work, key, F::SECTION.action()).await?;
    let preview = match F::try_out(&mut work, &ui, &file, wish).await {
        Ok(preview) => preview,
        Err(error) => return refuse(visit, id, typed, &complaint(error, F::field_of)?).await,
    };
    let looked = look(&mut work, id, &Asked::default()).await?;
    let sheet = typed.sheet(&mut work, &ui, &looked, &[]).await?.preview(Some(preview));
    draw(visit, &mut work, &looked, &sheet).await
}

async fn refuse<F: ChangeForm>(visit: &Visit, id: &str, typed: &F, wrong: &[FieldError]) -> Result<Response, WebError> {
    visit.complain(wrong)?;
    let mut work = visit.read().await?;
    let looked = look(&mut work, id, &Asked::default()).await?;
    let sheet = typed.sheet(&mut work, &visit.ui(), &looked, wrong).await?;
    again(visit, &mut work, &looked, &sheet).await
}
