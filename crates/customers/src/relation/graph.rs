//! The picture of who stands around a customer (关系图), drawn on the server as SVG.

use platform::page::{Html, Ui};

use super::model::Relation;

/// The most that are drawn; the table has all.
const MOST: usize = 8;
/// The room of one box in a row.
const STEP: i32 = 144;
const BOX: (i32, i32) = (124, 42);
/// Middle of the upper row, of the customer, of the lower row.
const ROWS: [i32; 3] = [30, 112, 194];

/// One box: a person or company with everything it is to the customer.
struct Party<'a> {
    name: &'a str,
    kinds: String,
    answers: bool,
}

/// Draws the customer in the middle and the related parties around it; nothing when there are none.
pub(super) fn draw(ui: &Ui, name: &str, relations: &[Relation]) -> Html {
    let shown = parties(ui, relations);
    let mut out = Html::new();
    if shown.is_empty() {
        return out;
    }
    let upper = shown.len().div_ceil(2);
    let height = if shown.len() == upper { ROWS[1] + 30 } else { ROWS[2] + 30 };
    // As narrow as the boxes need, so that the words stay readable on a phone.
    let width = STEP * i32::try_from(upper.max(2)).unwrap_or(2);
    let style = format!("display:block;width:100%;max-width:{}px;margin:0 auto;font-size:12px", width * 11 / 10);
    out.raw("<svg role=\"img\"").attr("style", style);
    out.attr("viewBox", format!("0 0 {width} {height}")).attr("aria-label", ui.t("relations-picture")).raw(">");
    let middle = (width / 2, ROWS[1]);
    let at = |place: usize| match place.checked_sub(upper) {
        None => spot(width, place, upper, ROWS[0]),
        Some(place) => spot(width, place, shown.len() - upper, ROWS[2]),
    };
    for (place, party) in shown.iter().enumerate() {
        edge(&mut out, middle, at(place), &party.kinds);
    }
    for (place, party) in shown.iter().enumerate() {
        node(&mut out, at(place), party.name, &party.kinds, if party.answers { Look::Answers } else { Look::Other });
    }
    node(&mut out, middle, name, &ui.t("relations-this"), Look::Customer);
    out.raw("</svg>");
    out
}

/// One box a person: by the number across files, and by the name where the file has none.
fn parties<'a>(ui: &Ui, relations: &'a [Relation]) -> Vec<Party<'a>> {
    let mut found: Vec<(&Relation, Party<'a>)> = Vec::new();
    for one in relations.iter().filter(|one| one.is_open()) {
        let same = |other: &Relation| {
            let by_name = one.identity_masked.is_empty() || other.identity_masked.is_empty();
            other.person == one.person || (by_name && other.name == one.name)
        };
        match found.iter_mut().find(|(other, _)| same(other)) {
            Some((_, party)) => {
                party.kinds = format!("{} · {}", party.kinds, under(ui, one));
                party.answers |= one.kind.answers_for_debt();
            }
            None => {
                let answers = one.kind.answers_for_debt();
                found.push((one, Party { name: &one.name, kinds: under(ui, one), answers }));
            }
        }
    }
    found.into_iter().take(MOST).map(|(_, party)| party).collect()
}

fn under(ui: &Ui, one: &Relation) -> String {
    let kind = ui.t(format!("relation-{}", one.kind.as_str()));
    match one.share_ppm {
        Some(share) => format!("{kind} {}%", super::form::percent(share)),
        None => kind,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    Customer,
    Answers,
    Other,
}

/// The middle of one of `of` boxes in a row.
fn spot(width: i32, place: usize, of: usize, y: i32) -> (i32, i32) {
    let (place, of) = (i32::try_from(place).unwrap_or(0), i32::try_from(of).unwrap_or(1).max(1));
    (width * (2 * place + 1) / (2 * of), y)
}

fn edge(out: &mut Html, from: (i32, i32), to: (i32, i32), label: &str) {
    out.raw("<line style=\"stroke:var(--line-2)\"");
    out.attr("x1", from.0.to_string()).attr("y1", from.1.to_string());
    out.attr("x2", to.0.to_string()).attr("y2", to.1.to_string()).raw("><title>").text(label).raw("</title></line>");
}

fn node(out: &mut Html, at: (i32, i32), name: &str, under: &str, look: Look) {
    let (left, top) = (at.0 - BOX.0 / 2, at.1 - BOX.1 / 2);
    out.raw("<g><rect rx=\"5\"").attr("x", left.to_string()).attr("y", top.to_string());
    out.attr("width", BOX.0.to_string()).attr("height", BOX.1.to_string());
    out.raw(match look {
        Look::Customer => " style=\"fill:var(--ink);stroke:var(--ink)\"/>",
        Look::Answers => " style=\"fill:var(--sheet);stroke:var(--accent)\"/>",
        Look::Other => " style=\"fill:var(--sheet);stroke:var(--ink-3)\"/>",
    });
    let (strong, quiet) = match look {
        Look::Customer => (" style=\"fill:#fff;font-weight:700\">", " style=\"fill:#d8d4c6;font-size:11px\">"),
        Look::Answers | Look::Other => {
            (" style=\"fill:var(--ink);font-weight:700\">", " style=\"fill:var(--ink-3);font-size:11px\">")
        }
    };
    for (y, style, text) in [(at.1 - 3, strong, fitting(name)), (at.1 + 13, quiet, fitting(under))] {
        out.raw("<text text-anchor=\"middle\"").attr("x", at.0.to_string()).attr("y", y.to_string()).raw(style);
        out.text(text).raw("</text>");
    }
    out.raw("<title>").text(name).raw("</title></g>");
}

/// What fits into a box: nine Chinese signs or eighteen others.
fn fitting(text: &str) -> String {
    let mut room = 18;
    let mut out = String::new();
    for c in text.chars() {
        room -= if c.is_ascii() { 1 } else { 2 };
        if room < 0 {
            out.push('…');
            break;
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_cut_and_boxes_stay_inside() {
        assert_eq!(fitting("衡川博远五金制品有限公司"), "衡川博远五金制品有…");
        assert_eq!(fitting("何雨"), "何雨");
        for of in 1..=4 {
            for place in 0..of {
                let width = STEP * 4;
                let (x, _) = spot(width, place, of, 30);
                assert!(x - BOX.0 / 2 >= 0 && x + BOX.0 / 2 <= width, "{place} of {of}: {x}");
            }
        }
    }
}
