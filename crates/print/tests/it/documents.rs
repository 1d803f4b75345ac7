//! What stands on each document, and what is refused.

use print::{FontFolders, Lang, Press, PrintError};

use crate::{PRESS, assert_holds, metadata_of, print, refusal, samples, text_of};

// S2.19-04, S2.19-05
#[test]
fn the_schedule_shows_every_instalment_foots_and_says_the_amount_in_capitals() {
    let printed = print("schedule-zh", &samples::schedule(Lang::Zh));
    let text = text_of(&printed);
    assert_eq!(printed.pages, 1);
    assert_eq!(printed.missing, Vec::<char>::new());
    assert_holds(
        &text,
        &[
            "还款计划表",
            "编号 JH-2026-000418",
            "梁文博（990***********3317）",
            "JJ-2026-00418",
            "300,000.00 元",
            "人民币叁拾万元整",
            "周日，顺延至 04-13",
            "等额本息，12 期，每月 12 日",
            "合计 12 期 300,000.00 19,855.63 319,855.63 —",
            "人民币叁拾壹万玖仟捌佰伍拾伍元陆角叁分",
            "合同第 6.2、6.3 条",
            "文书 LN-02 v5",
            "第 1 页，共 1 页",
            "打印 2026-03-12 10:06 林静怡 · 校验 A2C7-08F3",
        ],
    );
}

#[test]
fn a_long_schedule_repeats_its_head_and_totals_once() {
    let mut schedule = samples::schedule(Lang::Zh);
    let mut instalments = Vec::new();
    for seq in 1..=120 {
        let mut one = schedule.instalments[0].clone();
        (one.seq, one.principal_fen, one.fee_fen) = (seq, 250_000, 1_234);
        instalments.push(one);
    }
    schedule.instalments = instalments;
    let printed = print("schedule-long", &schedule);
    let text = text_of(&printed);
    assert!(printed.pages >= 4);
    assert_eq!(text.matches("应还费用").count(), printed.pages, "the head stands on every page");
    assert_eq!(text.matches("合计 120 期").count(), 1);
    assert_holds(&text, &["1,480.80", &format!("第 {0} 页，共 {0} 页", printed.pages)]);
}

#[test]
fn an_english_schedule_has_english_labels_and_chinese_capitals() {
    let text = text_of(&print("schedule-en", &samples::schedule(Lang::En)));
    assert_holds(
        &text,
        &["Repayment Schedule", "Sun, moved to 04-13", "Total, 12 instalments", "人民币叁拾万元整", "Page 1 of 1"],
    );
    assert!(!text.contains("借款人"), "{text}");
}

#[test]
fn a_schedule_whose_principal_does_not_foot_is_refused() {
    let mut schedule = samples::schedule(Lang::Zh);
    schedule.instalments[3].principal_fen += 1;
    assert_eq!(
        refusal(&schedule),
        PrintError::DoesNotFoot {
            document: "schedule.typ",
            what: "principal",
            stated_fen: 30_000_000,
            summed_fen: 30_000_001
        }
    );
}

#[test]
fn a_derivation_shows_each_line_before_and_after_rounding() {
    let printed = print("derivation-zh", &samples::derivation(Lang::Zh));
    assert_eq!(printed.missing, Vec::<char>::new());
    assert_holds(
        &text_of(&printed),
        &[
            "计算依据",
            "第 7 期 罚息",
            "16,755.08",
            "259.703740",
            "四舍五入到分",
            "合同第 6.2 条",
            "人民币贰佰伍拾玖元柒角",
            "microloan 2026.2",
            "以上 2 项合计",
            "361.14",
            "人民币叁佰陆拾壹元壹角肆分",
        ],
    );
    assert_holds(
        &text_of(&print("derivation-en", &samples::derivation(Lang::En))),
        &["Unrounded", "Derivation of Figures"],
    );
}

#[test]
fn a_figure_that_its_lines_do_not_make_is_refused() {
    let mut derivation = samples::derivation(Lang::Zh);
    derivation.figures[1].amount_fen = 10_145;
    assert_eq!(refusal(&derivation).code(), "print.does_not_foot");
}

#[test]
fn a_receipt_shows_the_allocation_the_capitals_and_what_is_left() {
    let printed = print("receipt-zh", &samples::receipt(Lang::Zh));
    assert_eq!(printed.pages, 1);
    assert_holds(
        &text_of(&printed),
        &[
            "还款回单",
            "编号 HD-2026-003012",
            "何雨晴（共同借款人）",
            "人民币壹万元整",
            "罚息",
            "100.44",
            "1,544.76",
            "8,354.80",
            "10,000.00",
            "剩余本金",
            "146,121.50",
            "还款回单存根",
        ],
    );
    assert_holds(
        &text_of(&print("receipt-en", &samples::receipt(Lang::En))),
        &["Repayment Receipt", "Owed afterwards"],
    );
}

#[test]
fn a_receipt_that_loses_a_fen_is_refused() {
    let mut receipt = samples::receipt(Lang::Zh);
    receipt.allocation[0].amount_fen -= 1;
    assert_eq!(refusal(&receipt).code(), "print.does_not_foot");
}

// S2.2-02
#[test]
fn the_reminder_names_loan_amounts_day_account_and_contact() {
    let printed = print("reminder-zh", &samples::reminder(Lang::Zh));
    assert_eq!(printed.pages, 1);
    assert_holds(
        &text_of(&printed),
        &[
            "归还贷款提示通知书",
            "梁文博（证件号码 990***********3317）、共同借款人 何雨晴：",
            "您与我公司于 2026-03-12 签订《借款合同》",
            "（大写：人民币叁拾万元整）",
            "26,654.59",
            "大写：人民币贰万陆仟陆佰伍拾肆元伍角玖分",
            "请您于 2027-03-12 前",
            "0000 0000 0000 5519",
            "联系人：赵博文",
            "2027 年 03 月 05 日",
            "送达回执",
            "同住成年家属",
        ],
    );
    assert_holds(&text_of(&print("reminder-en", &samples::reminder(Lang::En))), &["Receipt of delivery", "Contact:"]);
}

// S4-10
#[test]
fn a_letter_with_an_empty_mandatory_field_is_refused() {
    let whole = samples::reminder(Lang::Zh);
    let empty = |field| PrintError::EmptyField { document: "notice.typ", field };

    let mut letter = whole.clone();
    letter.contact = "　".into();
    assert_eq!(refusal(&letter), empty("contact"));

    let mut letter = whole.clone();
    (letter.items, letter.total_fen) = (vec![], 0);
    assert_eq!(refusal(&letter), empty("items"));

    let mut letter = whole.clone();
    letter.pay_to[1].1 = String::new();
    assert_eq!(refusal(&letter), empty("pay_to"));

    // Overdue time: both the day and the number of days, or neither.
    let mut letter = whole.clone();
    letter.days_overdue = 39;
    assert_eq!(refusal(&letter), empty("days_overdue"));

    let mut letter = whole.clone();
    letter.opening = vec!["自 {overdue_since} 起已逾期".into()];
    assert_eq!(refusal(&letter), empty("overdue_since"));

    let mut letter = whole;
    letter.opening = vec!["{pay_bye}".into()];
    assert_eq!(refusal(&letter).code(), "print.unknown_placeholder");
}

// S4-12
#[test]
fn an_agreement_names_amount_term_and_method_or_is_refused() {
    let printed = print("agreement-zh", &samples::agreement(Lang::Zh));
    assert_eq!((printed.pages, printed.missing.clone()), (1, Vec::new()));
    assert_holds(
        &text_of(&printed),
        &[
            "还款协议",
            "编号 XY2026000007",
            "减免后分期",
            "转账",
            "2027-02-05",
            "合计 3 期 10,000.00",
            "500.00",
            "人民币壹万元整",
        ],
    );
    assert_holds(&text_of(&print("agreement-en", &samples::agreement(Lang::En))), &["Debtor (signature)"]);
    for part in ["kind", "way", "payments"] {
        let mut paper = samples::agreement(Lang::Zh);
        match part {
            "kind" => paper.kind.clear(),
            "way" => paper.way.clear(),
            _ => paper.payments.clear(),
        }
        assert_eq!(refusal(&paper), PrintError::EmptyField { document: "agreement.typ", field: part });
    }
    let mut wrong = samples::agreement(Lang::Zh);
    wrong.payments[0].1 -= 1;
    assert_eq!(refusal(&wrong).code(), "print.does_not_foot");
}

#[test]
fn a_statement_carries_the_balance_from_row_to_row() {
    let printed = print("statement-zh", &samples::statement(Lang::Zh));
    assert_eq!(printed.pages, 1);
    assert_holds(
        &text_of(&printed),
        &[
            "贷款对账单",
            "2026-03-01 至 2026-05-31",
            "−1,000.00",
            "252,454.17",
            "人民币贰拾伍万贰仟肆佰伍拾肆元壹角柒分",
            "合计 5 笔",
            "本期共还款 53,333.17 元",
            "对账回执",
        ],
    );
    assert_holds(&text_of(&print("statement-en", &samples::statement(Lang::En))), &["Loan Statement of Account"]);

    let mut wrong = samples::statement(Lang::Zh);
    wrong.rows[1].balance_fen += 1;
    assert_eq!(refusal(&wrong).code(), "print.does_not_foot");
}

#[test]
fn a_list_has_filter_and_date_above_head_on_each_page_totals_on_the_last() {
    let printed = print("list-zh", &samples::list(Lang::Zh, 90));
    let text = text_of(&printed);
    assert!(printed.pages >= 2);
    assert_eq!(text.matches("贷款余额").count(), printed.pages, "the head stands on every page");
    assert_holds(
        &text,
        &["业务日截至 2026-11-20", "筛选条件：逾期天数 31–60 · 机构 相城支行", "共 90 行", "客户0090", "90,000.00"],
    );
    let last_row = text.find("JJ-2026-00090").unwrap();
    assert_eq!(text.matches("合计 90 笔").count(), 1);
    assert!(text.find("合计 90 笔").unwrap() > last_row);
}

#[test]
fn a_list_may_be_empty_or_one_page_of_many_and_lie_across() {
    let mut list = samples::list(Lang::En, 0);
    list.totals = None;
    assert_holds(&text_of(&print("list-empty", &list)), &["No record meets the filter"]);

    let mut list = samples::list(Lang::Zh, 3);
    (list.rows_in_all, list.landscape) = (1_204, true);
    assert_holds(&text_of(&print("list-across", &list)), &["本次打印 3 行，全部结果 1204 行"]);
}

#[test]
fn ragged_and_endless_lists_are_refused() {
    let mut list = samples::list(Lang::Zh, 3);
    list.rows[1].pop();
    assert_eq!(refusal(&list), PrintError::RaggedRow { row: 2, expected: 7, found: 6 });
    assert_eq!(refusal(&samples::list(Lang::Zh, 5_001)).code(), "print.too_many_rows");
}

#[test]
fn equal_input_gives_equal_bytes_also_from_another_press() {
    let schedule = samples::schedule(Lang::Zh);
    let first = PRESS.print(&schedule).unwrap();
    assert_eq!(PRESS.print(&schedule).unwrap().pdf, first.pdf);
    assert_eq!(Press::new(FontFolders::system()).print(&schedule).unwrap().pdf, first.pdf);

    let mut other = schedule;
    other.borrower.name = "何雨晴".into();
    assert_ne!(PRESS.print(&other).unwrap().pdf, first.pdf);
}

#[test]
fn metadata_hold_the_kind_of_document_and_no_person() {
    let info = metadata_of(&PRESS.print(&samples::reminder(Lang::Zh)).unwrap());
    assert!(info.contains("归还贷款提示通知书") && info.contains("A4"), "{info}");
    for personal in ["梁文博", "3317", "00418", "林静怡", "CreationDate"] {
        assert!(!info.contains(personal), "{personal} in {info}");
    }
}
