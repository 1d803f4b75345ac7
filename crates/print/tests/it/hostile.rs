//! Text that tries to be more than text.

use print::{Lang, PrintError};

use crate::{assert_holds, print, refusal, samples, text_of};

#[test]
fn typst_code_and_markup_in_a_name_print_as_their_letters() {
    for (at, text) in [
        "#panic()",
        "#read(\"/etc/passwd\")",
        "*粗* _斜_ `码` $x^2$",
        "= 标题",
        "<a> @b // c",
        "\\u{41} {total} #{",
        "]#[",
        "\"双\" '单' -- --- ...",
    ]
    .into_iter()
    .enumerate()
    {
        let mut letter = samples::reminder(Lang::Zh);
        letter.addressee.name = text.into();
        letter.items[0].note = text.into();
        letter.closing.push("致 {name}。".into());
        assert_holds(&text_of(&print(&format!("hostile-{at}"), &letter)), &[text, &format!("致{text}。")]);

        let mut schedule = samples::schedule(Lang::Zh);
        schedule.borrower.name = text.into();
        schedule.notes = vec![text.into()];
        assert_holds(&text_of(&print("hostile-schedule", &schedule)), &[text]);
    }
}

#[test]
fn an_endless_name_stays_on_its_page_and_is_whole() {
    let mut list = samples::list(Lang::Zh, 2);
    list.rows[0][1] = "W".repeat(300);
    list.rows[1][2] = "中".repeat(300);
    let text = text_of(&print("hostile-long", &list));
    assert_eq!(text.matches('W').count(), 300);
    assert_eq!(text.matches('中').count(), 300);
    assert!(!text.contains('\u{200B}'), "places to break are not copied with the text");
}

#[test]
fn marks_that_turn_the_direction_do_not_reach_the_page() {
    let mut schedule = samples::schedule(Lang::Zh);
    schedule.borrower.name = "梁\u{202E}文博\u{0}".into();
    let text = text_of(&print("hostile-bidi", &schedule));
    assert!(!text.contains('\u{202E}'));
    assert_holds(&text, &["文博"]);
}

#[test]
fn a_character_without_a_glyph_is_reported() {
    let mut schedule = samples::schedule(Lang::Zh);
    schedule.borrower.name = "梁\u{10FFFD}".into();
    assert_eq!(print("hostile-glyph", &schedule).missing, vec!['\u{10FFFD}']);
}

#[test]
fn totals_beyond_every_amount_are_refused_not_wrapped() {
    let mut schedule = samples::schedule(Lang::Zh);
    schedule.instalments[0].interest_fen = i64::MAX;
    assert_eq!(refusal(&schedule), PrintError::TotalTooLarge { document: "schedule.typ" });

    let mut statement = samples::statement(Lang::Zh);
    statement.rows[1].principal_fen = i64::MIN;
    assert_eq!(refusal(&statement).code(), "print.total_too_large");
}
