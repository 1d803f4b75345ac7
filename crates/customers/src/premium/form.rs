//! The form of an entry of the list.

use platform::attachment::Limits;
use platform::error::{FieldError, Refused};
use platform::page::{Choice, Field, Input, Ui};
use platform::policies::InForce;
use platform::web::Fields;

use super::model::{BOARDS, Content, Entry, Item};
use crate::customer::store::filled;
use crate::datum::form::date;
use crate::datum::item::value_title;
use crate::lead::policy::title;
use crate::relation::form::{percent, share_of};

/// Between an item and its industry in the choice.
const COLON: char = ':';
/// What an item without industries says in their place.
const NONE: &str = "none";

/// An item with its industry, as people read it.
pub(super) fn item_title(ui: &Ui, rules: &InForce, item: &str, industry: &str) -> String {
    let named = title(ui, rules, "premium_item", item);
    match industry {
        NONE => named,
        industry => format!("{named} · {}", title(ui, rules, "premium_industry", industry)),
    }
}

/// What people call a board.
pub(super) fn board_title(ui: &Ui, board: &str) -> String {
    let english = ui.lang() == platform::locale::Lang::En;
    value_title("listed_board", board, english).unwrap_or(board).to_owned()
}

/// What was typed, or stands already.
fn standing(typed: &Fields, before: Option<&Entry>, name: &str) -> String {
    if let Some(text) = typed.first(name) {
        return text.to_owned();
    }
    let Some(said) = before.map(|one| &one.content) else { return String::new() };
    match name {
        "name" => said.name.clone(),
        "uscc" => said.uscc.clone(),
        "item" => format!("{}{COLON}{}", said.item, said.industry),
        "board" => said.board.clone().unwrap_or_default(),
        "good_years" => said.good_years.map(|years| years.to_string()).unwrap_or_default(),
        "parent_uscc" => said.parent_uscc.clone().unwrap_or_default(),
        "parent_share" => said.parent_share_ppm.map(percent).unwrap_or_default(),
        "proof" => said.proof.clone(),
        "starts_on" => said.starts_on.to_string(),
        "until" => said.until.map(|on| on.to_string()).unwrap_or_default(),
        _ => String::new(),
    }
}

/// The fields of an entry; one that is mended keeps its number.
pub(super) fn fields(
    ui: &Ui,
    (rules, items): (&InForce, &[Item]),
    typed: &Fields,
    before: Option<&Entry>,
    limits: &Limits,
) -> Vec<Field> {
    let or = |name: &str| standing(typed, before, name);
    let text = |name: &'static str, label: &str| Field::new(name, ui.t(label), Input::Text).value(or(name));
    let of_item = |item: &Item| {
        Choice::new(format!("{}{COLON}{}", item.name, item.industry), item_title(ui, rules, &item.name, &item.industry))
    };
    let boards = std::iter::once(Choice::new("", ui.t("premium-not-listed-anywhere")))
        .chain(BOARDS.iter().map(|board| Choice::new(*board, board_title(ui, board))));
    let from = Some(or("starts_on")).filter(|day| !day.is_empty()).unwrap_or_else(|| ui.business_date.to_string());
    let endings: Vec<&str> = limits.media.iter().map(|media| media.ending()).collect();
    let accept: Vec<String> = endings.iter().map(|ending| format!(".{ending}")).collect();
    let file_hint = ui.t2("attachment-file-hint", "kinds", endings.join(", "), "most", limits.max_bytes >> 20);
    let mut all = vec![text("name", "premium-name").required()];
    if before.is_none() {
        all.push(text("uscc", "premium-uscc").required());
    }
    all.extend([
        Field::new("item", ui.t("premium-item"), Input::Select(items.iter().map(of_item).collect()))
            .value(or("item"))
            .required(),
        Field::new("board", ui.t("premium-board"), Input::Select(boards.collect()))
            .value(or("board"))
            .hint(ui.t("premium-subsidiary-hint")),
        Field::new("good_years", ui.t("premium-good-years"), Input::Number).value(or("good_years")),
        text("parent_uscc", "premium-parent-uscc"),
        Field::new("parent_share", ui.t("premium-parent-share"), Input::Number).value(or("parent_share")),
        Field::new("proof", ui.t("premium-proof"), Input::Area)
            .value(or("proof"))
            .hint(ui.t("premium-proof-hint"))
            .required(),
        Field::new("starts_on", ui.t("premium-from"), Input::Date).value(from).required(),
        Field::new("until", ui.t("premium-until"), Input::Date).value(or("until")).hint(ui.t("premium-until-hint")),
        Field::new("file", ui.t("attachment-file"), Input::File(accept.join(","))).hint(file_hint),
    ]);
    all
}

/// Reads an entry, with all complaints.
pub(super) fn read(typed: &Fields) -> Result<Content, Refused> {
    let mut wrong = Vec::new();
    let text = |name: &str| filled(typed.first(name)).unwrap_or_default();
    let starts_on = date(typed, "starts_on", &mut wrong);
    let until = date(typed, "until", &mut wrong);
    if starts_on.is_none() && wrong.iter().all(|one| one.field != "starts_on") {
        wrong.push(FieldError::new("starts_on", "field-empty"));
    }
    let good_years = filled(typed.first("good_years")).map(|years| years.parse::<i64>());
    if good_years.as_ref().is_some_and(|years| !years.as_ref().is_ok_and(|years| (0..=200).contains(years))) {
        wrong.push(FieldError::new("good_years", "campaign-number-needed"));
    }
    let share = filled(typed.first("parent_share")).map(|share| share_of(&share));
    if share == Some(None) {
        wrong.push(FieldError::new("parent_share", "premium-share"));
    }
    let chosen = text("item");
    let (item, industry) = chosen.split_once(COLON).unwrap_or((&chosen, NONE));
    match (starts_on, wrong.is_empty()) {
        (Some(starts_on), true) => Ok(Content {
            name: text("name"),
            uscc: text("uscc"),
            item: item.to_owned(),
            industry: industry.to_owned(),
            board: filled(typed.first("board")),
            good_years: good_years.and_then(Result::ok),
            parent_uscc: filled(typed.first("parent_uscc")),
            parent_share_ppm: share.flatten(),
            proof: text("proof"),
            starts_on,
            until,
        }),
        _ => Err(Refused::form(wrong)),
    }
}
