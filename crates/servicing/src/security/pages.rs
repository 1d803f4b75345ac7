//! The panel of what stands behind a loan, and its forms.

use axum::extract::Path;
use axum::response::Response;
use customers::identity::IdentityKind;
use platform::error::{ActionError, FieldError};
use platform::page::{Button, Choice, Field, Html, Icon, Input, Look, Side, Table, Ui};
use platform::web::{Posted, Routes, Visit, WebError};
use serde::Deserialize;

use super::actions::{EDIT, add, end};
use super::model::{SecurityForm, SecurityKind, SecurityLine};
use crate::change::actions::find_key;
use crate::change::pages::read_reason;
use crate::loan::form::LoanForm;
use crate::loan::pages::{Asked, Looked, look};

/// Where the forms of the panel are and go.
pub fn routes() -> Routes {
    let pledges = super::account::routes();
    pledges.get("/loans/{id}/securities/new", EDIT, form).post("/loans/{id}/securities", EDIT, create).post(
        "/loans/{id}/securities/{line}/end",
        EDIT,
        finish,
    )
}

async fn form(visit: Visit, Path(id): Path<String>) -> Result<Response, WebError> {
    let mut work = visit.read().await?;
    let looked = look(&mut work, &id, &Asked::default()).await?;
    draw(
        &visit,
        &looked,
        &SecurityForm { kind: SecurityKind::ALL[0].as_str().to_owned(), ..SecurityForm::default() },
        &[],
    )
}

fn draw(visit: &Visit, looked: &Looked, typed: &SecurityForm, wrong: &[FieldError]) -> Result<Response, WebError> {
    visit.complain(wrong)?;
    let ui = visit.ui();
    let kinds = SecurityKind::ALL.map(|kind| Choice::new(kind.as_str(), kind_name(&ui, kind))).to_vec();
    let fields = vec![
        Field::new("kind", ui.t("security-head-kind"), Input::Radio(kinds)).value(&typed.kind).required(),
        Field::new("who", ui.t("security-head-who"), Input::Text)
            .value(&typed.who)
            .required()
            .hint(ui.t("security-who-hint")),
        Field::new("amount", ui.t("security-amount"), Input::Money)
            .value(&typed.amount)
            .hint(ui.t("security-amount-hint")),
        Field::new("until", ui.t("security-until"), Input::Date).value(&typed.until).hint(ui.t("security-until-hint")),
        Field::new("owner", ui.t("security-owner"), Input::Text).value(&typed.owner).hint(ui.t("security-owner-hint")),
        identity_kind(&ui, "identity_kind", &typed.identity_kind),
        identity(&ui, "identity", &typed.identity),
    ];
    let form =
        LoanForm { title: "security-title", target: "securities", fields, submit: "security-add", back: "?tab=terms" };
    form.draw(visit, looked, wrong)
}

/// Which document tells who answers.
pub(crate) fn identity_kind(ui: &Ui, name: &str, typed: &str) -> Field {
    let kinds = IdentityKind::ALL.map(|kind| Choice::new(kind.as_str(), ui.t(format!("identity-{}", kind.as_str()))));
    let typed = if typed.is_empty() { IdentityKind::None.as_str() } else { typed };
    Field::new(name, ui.t("security-identity-kind"), Input::Select(kinds.to_vec())).value(typed)
}

/// Its number: with it two people of one name are told apart.
pub(crate) fn identity(ui: &Ui, name: &str, typed: &str) -> Field {
    Field::new(name, ui.t("security-identity"), Input::Text).value(typed).hint(ui.t("security-identity-hint"))
}

fn kind_name(ui: &Ui, kind: SecurityKind) -> String {
    ui.t(format!("security-kind-{}", kind.as_str()))
}

async fn create(Path(id): Path<String>, posted: Posted<SecurityForm>) -> Result<Response, WebError> {
    let new = match posted.form.read() {
        Ok(new) => new,
        Err(wrong) => {
            let mut work = posted.visit.read().await?;
            let looked = look(&mut work, &id, &Asked::default()).await?;
            return draw(&posted.visit, &looked, &posted.form, &wrong);
        }
    };
    let mut work = posted.begin("security.add").await?;
    let key = find_key(&mut work, &id).await?;
    match add(&mut work, key, posted.form.version.parse().ok(), new).await {
        Ok(()) => posted.done(work, format!("/loans/{id}?tab=terms")).await,
        Err(ActionError::Refused(refused)) if !refused.fields.is_empty() => {
            drop(work);
            let mut work = posted.visit.read().await?;
            let looked = look(&mut work, &id, &Asked::default()).await?;
            draw(&posted.visit, &looked, &posted.form, &refused.fields)
        }
        Err(other) => Err(other.into()),
    }
}

/// What the form that ends a line sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct EndForm {
    reason: String,
    version: String,
}

async fn finish(Path((id, line)): Path<(String, String)>, posted: Posted<EndForm>) -> Result<Response, WebError> {
    let mut wrong = Vec::new();
    let reason = read_reason(&posted.form.reason, &mut wrong);
    if !wrong.is_empty() {
        return Err(ActionError::from(platform::error::Refused::form(wrong)).into());
    }
    let mut work = posted.begin("security.end").await?;
    let key = find_key(&mut work, &id).await?;
    let line = line.parse().unwrap_or_default();
    end(&mut work, key, posted.form.version.parse().ok(), line, reason).await?;
    posted.done(work, format!("/loans/{id}?tab=terms")).await
}

/// Guarantees and collateral on the loan's page; with the ways to add and end, for those who may.
pub(crate) fn panel(visit: &Visit, looked: &Looked, lines: &[SecurityLine], present: bool) -> Html {
    let ui = visit.ui();
    let may = present && visit.may(EDIT);
    let heads = [
        ("kind", Side::Left),
        ("who", Side::Left),
        ("owner", Side::Left),
        ("amount", Side::Right),
        ("until", Side::Left),
        ("since", Side::Left),
        ("verb", Side::Left),
    ];
    let mut table =
        Table::new(ui.t("loan-security"), heads.map(|(h, side)| (ui.t(format!("security-head-{h}")), side)));
    let shown = lines.iter().filter(|l| l.effective_on <= looked.as_of);
    for line in shown {
        let ended = line.ended_on.filter(|on| *on <= looked.as_of);
        let verb = match ended {
            Some(on) => Html::of_text(ui.t1("security-ended", "on", on)),
            None if may => end_form(visit, &ui, looked, line),
            None => Html::new(),
        };
        table.row([
            Html::of_text(kind_name(&ui, line.kind)),
            Html::of_text(&line.who),
            Html::of_text(line.owner.as_deref().unwrap_or("—")),
            ui.money_or_dash(line.amount),
            ui.date_or_dash(line.until),
            ui.date(line.effective_on),
            verb,
        ]);
    }
    let mut out = Html::new();
    out.raw("<section class=\"panel\" id=\"security\"><header class=\"panel-head\"><h2>").text(ui.t("loan-security"));
    out.raw("</h2><div class=\"end\">");
    if may {
        let add = format!("/loans/{}/securities/new", looked.file.loan.key.loan);
        out.push(&ui.button(Button::link(Look::Small, ui.t("security-add"), add).icon(Icon::Plus))).raw(" ");
        let pledge = format!("/loans/{}/account-pledges/new", looked.file.loan.key.loan);
        out.push(&ui.button(Button::link(Look::Small, ui.t("pledge-title"), pledge).icon(Icon::Plus)));
    }
    out.raw("</div></header>");
    if table.rows.is_empty() {
        out.raw("<p class=\"panel-body muted\">").text(ui.t("security-none")).raw("</p>");
    } else {
        out.push(&ui.table(table));
    }
    out.raw("</section>");
    out
}

/// A folded form: why it no longer stands behind the loan.
fn end_form(visit: &Visit, ui: &Ui, looked: &Looked, line: &SecurityLine) -> Html {
    let id = looked.file.loan.key.loan;
    let mut out = Html::new();
    out.raw("<details><summary>").text(ui.t("security-end")).raw("</summary><form method=\"post\" class=\"form\"");
    out.attr("action", format!("/loans/{id}/securities/{}/end", line.id)).raw(">");
    out.push(&ui.guard(visit.guard()));
    out.raw("<input type=\"hidden\" name=\"version\"").attr("value", looked.seen.to_string()).raw(">");
    out.raw("<label class=\"field\"><span>").text(ui.t("change-reason"));
    out.raw("</span><input type=\"text\" name=\"reason\" required></label>");
    out.push(&ui.button(Button::submit(Look::Danger, ui.t("security-end")))).raw("</form></details>");
    out
}
