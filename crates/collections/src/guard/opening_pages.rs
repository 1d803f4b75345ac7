//! The page on which a supervisor opens a limit once.

use axum::extract::Path;
use axum::response::Response;
use platform::contact_gate::Channel;
use platform::error::{FieldError, Refusal as _, Refused};
use platform::page::{Button, Choice, Field, Icon, Input, Look};
use platform::web::{Fields, FormPage, Posted, Routes, Visit, WebError, shown_in_form};

use super::error::GuardError;
use super::opening::{Opened, open_once};
use super::pages::{PointKey, back, named, reason, typed};
use crate::CONTACT_OPEN;

platform::form_fields! {
    /// Why a number is opened once, and for what.
    OpenForm: "channel", "reason"
}

/// What a limit is opened for: the first where nothing else is said.
const CHANNELS: [Channel; 3] = [Channel::Phone, Channel::Sms, Channel::Message];

pub(super) fn routes() -> Routes {
    Routes::new().get("/customers/{id}/reach/{point}/open", CONTACT_OPEN, open_page).post(
        "/customers/{id}/reach/{point}/open",
        CONTACT_OPEN,
        open,
    )
}

async fn open_page(visit: Visit, Path(key): Path<PointKey>) -> Result<Response, WebError> {
    draw_open(&visit, key, &Fields::default(), None).await
}

async fn draw_open(
    visit: &Visit,
    (customer, point): PointKey,
    fields: &Fields,
    refused: Option<&Refused>,
) -> Result<Response, WebError> {
    let ui = visit.ui();
    let (_, name) = named(visit, customer, CONTACT_OPEN).await?;
    let channels = CHANNELS.map(|one| Choice::new(one.as_str(), ui.t(format!("channel-{}", one.as_str()))));
    let channel = fields.first("channel").unwrap_or(Channel::Phone.as_str());
    FormPage {
        title: ui.t("guard-open-title"),
        subtitle: name,
        active: "customers",
        action: format!("/customers/{customer}/reach/{point}/open"),
        fields: vec![
            Field::new("channel", ui.t("guard-channel"), Input::Radio(channels.to_vec())).value(channel),
            reason(&ui, fields, "guard-open-hint"),
        ],
        buttons: vec![Button::submit(Look::Danger, ui.t("guard-open")).icon(Icon::LockOpen)],
        back: back(customer),
        ..FormPage::default()
    }
    .draw(visit, refused)
}

async fn open(Path(key): Path<PointKey>, posted: Posted<OpenForm>) -> Result<Response, WebError> {
    let fields = &posted.fields;
    let channel = match typed(fields, "channel").as_str() {
        "" => Some(Channel::Phone),
        text => Channel::parse(text),
    };
    let Some(channel) = channel else {
        let refused = Refused::form(vec![FieldError::new("channel", "choice-invalid")]);
        return draw_open(&posted.visit, key, fields, Some(&refused)).await;
    };
    let mut work = posted.begin("contact.open").await?;
    match open_once(&mut work, key.0, key.1, channel, &typed(fields, "reason")).await {
        Ok(Opened::Once) => posted.done(work, back(key.0)).await,
        Ok(Opened::TooMany { most, article }) => {
            // The refusal is a fact and is kept, whoever asked.
            work.settle(&posted.key, &back(key.0)).await?;
            work.commit().await?;
            let refused = GuardError::TooManyOpenings { most, article }.refused();
            draw_open(&posted.visit, key, fields, Some(&refused)).await
        }
        Err(error) => {
            drop(work);
            draw_open(&posted.visit, key, fields, Some(&shown_in_form(error)?)).await
        }
    }
}
