//! One sample of every document. Persons and numbers are invented; identity numbers use an impossible division.

use jiff::civil::{Date, date};
use print::{
    Agreement, Align, AllocationRow, BalanceRow, Borrower, Column, Derivation, DerivationLine, DueItem, Figure, Frame,
    Imprint, Instalment, Lang, Letterhead, List, Moved, Notice, Receipt, RepaymentSchedule, Signatures, Statement,
    StatementRow,
};

pub fn frame(lang: Lang, serial: &str, form: &str, article: &str) -> Frame {
    Frame {
        lang,
        letterhead: Letterhead {
            institution: "衡川小额贷款有限公司".into(),
            contact: "示例市示例区（示例地址）1 号　客服 0000-0000-0000".into(),
            mark: "信守".into(),
        },
        imprint: Imprint {
            serial: serial.into(),
            form: form.into(),
            article: article.into(),
            printed_by: "林静怡".into(),
            printed_at: date(2026, 3, 12).at(10, 6, 0, 0),
            check_code: "A2C7-08F3".into(),
        },
    }
}

pub fn borrower() -> Borrower {
    Borrower { name: "梁文博".into(), masked_id: "990***********3317".into() }
}

/// 300,000 at 12 % over 12 months in equal instalments; the figures of the loan agreement used in the design.
pub fn schedule(lang: Lang) -> RepaymentSchedule {
    let amounts = [
        (2_365_464, 300_000, 27_634_536),
        (2_389_119, 276_345, 25_245_417),
        (2_413_010, 252_454, 22_832_407),
        (2_437_140, 228_324, 20_395_267),
        (2_461_511, 203_953, 17_933_756),
        (2_486_126, 179_338, 15_447_630),
        (2_510_988, 154_476, 12_936_642),
        (2_536_098, 129_366, 10_400_544),
        (2_561_459, 104_005, 7_839_085),
        (2_587_073, 78_391, 5_252_012),
        (2_612_944, 52_520, 2_639_068),
        (2_639_068, 26_391, 0),
    ];
    let moved = [(1, date(2026, 4, 13)), (4, date(2026, 7, 13)), (6, date(2026, 9, 14)), (9, date(2026, 12, 14))];
    let instalments = (1_u32..)
        .zip(amounts)
        .map(|(seq, (principal_fen, interest_fen, balance_fen))| Instalment {
            seq,
            due_on: due_date(seq),
            moved: moved.iter().find(|(of, _)| *of == seq).map(|(_, to)| Moved { to: *to, holiday: String::new() }),
            principal_fen,
            interest_fen,
            fee_fen: 0,
            balance_fen,
        })
        .collect();
    RepaymentSchedule {
        frame: frame(lang, "JH-2026-000418", "LN-02 v5", "放款管理办法 第十七条"),
        borrower: borrower(),
        contract_no: "衡川借字 2026 第 0418 号".into(),
        annex: "附件二".into(),
        loan_no: "JJ-2026-00418".into(),
        principal_fen: 30_000_000,
        disbursed_on: date(2026, 3, 12),
        matures_on: date(2027, 3, 12),
        rate: "12.00%（单利，月利率 10.00‰）".into(),
        method: "等额本息，12 期，每月 12 日".into(),
        cost: "年化 12.00%（月内部收益率 × 12）".into(),
        other_fees_fen: 0,
        instalments,
        notes: vec![
            "每期利息 = 上期剩余本金 × 12.00% ÷ 12，四舍五入到分；末期本金为剩余本金全额。（合同第 5.2、5.3 条）"
                .into(),
            "到期日遇法定节假日或休息日，顺延至下一工作日还款不计罚息。（合同第 5.4 条）".into(),
            "逾期罚息按年 18.00%、实际天数 ÷ 360，以逾期本金为基数。（合同第 6.2、6.3 条）".into(),
        ],
        signatures: Some(Signatures {
            prepared_by: "林静怡".into(), checked_by: "周敏".into(), on: date(2026, 3, 12)
        }),
    }
}

fn due_date(seq: u32) -> Date {
    let month = 3 + i8::try_from(seq).unwrap();
    if month > 12 { date(2027, month - 12, 12) } else { date(2026, month, 12) }
}

/// Penalty of two instalments: 16,755.08 over 31 days and 25,360.98 over 8 days at 18 % ÷ 360.
pub fn derivation(lang: Lang) -> Derivation {
    let line = |from, to, base_fen, days, product: &str, result_fen| DerivationLine {
        from: Some(from),
        to: Some(to),
        base_fen: Some(base_fen),
        rate: "年 18.00% ÷ 360".into(),
        days: Some(days),
        product: product.into(),
        rounding: "四舍五入到分".into(),
        rule: "penalty.on_overdue_principal".into(),
        article: "合同第 6.2 条".into(),
        result_fen,
    };
    Derivation {
        frame: frame(lang, "JS-2026-000077", "LN-09 v1", "逾期管理办法 第十一条"),
        borrower: borrower(),
        contract_no: "衡川借字 2026 第 0418 号".into(),
        loan_no: "JJ-2026-00418".into(),
        as_of: date(2026, 11, 20),
        known_at: None,
        policy: "microloan 2026.2".into(),
        fingerprint: "sha256:9f2c 41d0 7b13 e5aa".into(),
        figures: vec![
            Figure {
                name: "第 7 期 罚息".into(),
                amount_fen: 25_970,
                facts: vec![
                    "第 7 期应还日 2026-10-12，应还本金 25,109.88 元。".into(),
                    "2026-10-20 收到还款，其中冲本金 8,354.80 元，余 16,755.08 元。".into(),
                ],
                rules: vec!["罚息 = 逾期本金 × 罚息利率 × 实际天数 ÷ 360（合同第 6.2、6.3 条）。".into()],
                lines: vec![line(date(2026, 10, 20), date(2026, 11, 20), 1_675_508, 31, "259.703740", 25_970)],
                checks: vec!["年化 18.00% 不高于合同利率 × 1.5 = 18.00%（银发〔2003〕251号）。".into()],
            },
            Figure {
                name: "第 8 期 罚息".into(),
                amount_fen: 10_144,
                facts: vec!["第 8 期应还日 2026-11-12，应还本金 25,360.98 元，未还。".into()],
                rules: vec!["罚息 = 逾期本金 × 罚息利率 × 实际天数 ÷ 360（合同第 6.2、6.3 条）。".into()],
                lines: vec![line(date(2026, 11, 12), date(2026, 11, 20), 2_536_098, 8, "101.443920", 10_144)],
                checks: vec![],
            },
        ],
    }
}

pub fn receipt(lang: Lang) -> Receipt {
    let used = |head: &str, note: &str, amount_fen| AllocationRow { head: head.into(), note: note.into(), amount_fen };
    let left = |label: &str, note: &str, amount_fen| BalanceRow { label: label.into(), note: note.into(), amount_fen };
    Receipt {
        frame: frame(lang, "HD-2026-003012", "LN-05 v2", "放款管理办法 第二十条"),
        borrower: borrower(),
        payer: "何雨晴（共同借款人）".into(),
        contract_no: "衡川借字 2026 第 0418 号".into(),
        loan_no: "JJ-2026-00418".into(),
        received_on: date(2026, 10, 20),
        channel: "银行转账，尾号 5519".into(),
        transaction_no: "TX-2026-0091823".into(),
        amount_fen: 1_000_000,
        allocation: vec![
            used("罚息", "第 7 期，8 天", 10_044),
            used("利息", "第 7 期", 154_476),
            used("本金", "第 7 期", 835_480),
        ],
        allocation_basis: "费用、利息（复利、罚息、利息）、本金，先到期先还（合同第 5.6 条）。".into(),
        balances: vec![
            left("剩余本金", "", 14_612_150),
            left("其中逾期本金", "第 7 期", 1_675_508),
            left("下期应还", "第 8 期，2026-11-12", 2_665_464),
        ],
        notes: vec!["本回单由系统生成，如有疑问请在 5 个工作日内联系客服。".into()],
    }
}

/// The reminder of a loan that matures.
pub fn reminder(lang: Lang) -> Notice {
    let item = |item: &str, amount_fen, note: &str| DueItem { item: item.into(), amount_fen, note: note.into() };
    Notice {
        frame: frame(lang, "TS-2027-000031", "LT-01 v3", "催收管理办法 第八条"),
        title: if lang == Lang::Zh { "归还贷款提示通知书".into() } else { "Repayment Reminder Notice".into() },
        subtitle: vec!["一式两份".into()],
        addressee: borrower(),
        also_addressed: vec!["共同借款人 何雨晴".into()],
        contract_no: "衡川借字 2026 第 0418 号".into(),
        loan_no: "JJ-2026-00418".into(),
        principal_fen: 30_000_000,
        rate: "12.00%（单利）".into(),
        signed_on: date(2026, 3, 12),
        matures_on: date(2027, 3, 12),
        as_of: date(2027, 3, 5),
        overdue_since: None,
        days_overdue: 0,
        pay_by: date(2027, 3, 12),
        opening: vec![
            "您与我公司于 {signed_on} 签订《借款合同》（编号 {contract_no}，借据号 {loan_no}），借款本金人民币 {principal} 元\
             （大写：{principal_capital}），年利率 {rate}，将于 {matures_on} 到期。"
                .into(),
            "截至 {as_of}，到期应归还的款项如下：".into(),
        ],
        items: vec![item("本金", 2_639_068, "第 12 期（末期）"), item("利息", 26_391, "第 12 期，上期剩余本金 26,390.68 × 12.00% ÷ 12")],
        total_fen: 2_665_459,
        demand: vec!["请您于 {pay_by} 前将上述款项 {total} 元存入下列账户。".into()],
        pay_to: vec![
            ("收款户名".into(), "衡川小额贷款有限公司放贷资金专户".into()),
            ("账　　号".into(), "0000 0000 0000 5519（示例账号，示例银行）".into()),
            ("附　　言".into(), "JJ-2026-00418 梁文博".into()),
        ],
        closing: vec![
            "如需展期，请于到期日三十日前提出书面申请；如对金额有异议，请于收到本通知之日起 5 个工作日内书面提出，我公司将复核并答复。".into(),
        ],
        contact: "赵博文（工号 0317）　电话 0000-0000-0317（工作时间 8:30–17:30）".into(),
        issued_on: date(2027, 3, 5),
        receipt_slip: true,
    }
}

pub fn agreement(lang: Lang) -> Agreement {
    Agreement {
        frame: frame(lang, "XY2026000007", "template.repayment_agreement", ""),
        title: "还款协议".into(),
        debtor: borrower(),
        contract_no: "衡川借字 2026 第 0418 号".into(),
        loan_no: "JJ-2026-00418".into(),
        kind: "减免后分期".into(),
        way: "转账".into(),
        as_of: date(2026, 11, 20),
        owed_fen: 1_050_000,
        overdue_fen: 350_000,
        opening: vec!["双方就下述逾期借款协商一致：".into()],
        waived: vec![("罚息".into(), 30_000), ("复利".into(), 20_000)],
        waived_fen: 50_000,
        payments: vec![(date(2026, 12, 5), 333_333), (date(2027, 1, 5), 333_333), (date(2027, 2, 5), 333_334)],
        total_fen: 1_000_000,
        clauses: vec!["按期付款期间，我公司停止催收。".into(), "任一期逾期的，本协议终止。".into()],
    }
}

pub fn statement(lang: Lang) -> Statement {
    let row = |on, kind: &str, number: u32, disbursed_fen, (principal_fen, interest_fen, other_fen), balance_fen| {
        StatementRow {
            on,
            kind: kind.into(),
            transaction_no: format!("TX-2026-{number:07}"),
            disbursed_fen,
            principal_fen,
            interest_fen,
            other_fen,
            balance_fen,
        }
    };
    Statement {
        frame: frame(lang, "DZ-2026-000120", "LN-07 v1", ""),
        borrower: borrower(),
        contract_no: "衡川借字 2026 第 0418 号".into(),
        loan_no: "JJ-2026-00418".into(),
        from: date(2026, 3, 1),
        to: date(2026, 5, 31),
        opening_fen: 0,
        rows: vec![
            row(date(2026, 3, 12), "放款", 11, 30_000_000, (0, 0, 0), 30_000_000),
            row(date(2026, 4, 13), "还款", 257, 0, (2_365_464, 300_000, 0), 27_634_536),
            row(date(2026, 4, 20), "还款", 301, 0, (100_000, 0, 0), 27_534_536),
            row(date(2026, 4, 20), "冲正", 302, 0, (-100_000, 0, 0), 27_634_536),
            row(date(2026, 5, 14), "还款", 412, 0, (2_389_119, 276_345, 2_389), 25_245_417),
        ],
        closing_fen: 25_245_417,
        notes: vec!["请于收到之日起 15 日内核对；逾期未提出异议的，双方可再行协商确认。（合同第 8.1 条）".into()],
        receipt_slip: true,
    }
}

pub fn list(lang: Lang, rows: usize) -> List {
    let column = |title: &str, align, share| Column { title: title.into(), align, share };
    List {
        frame: frame(lang, "QD-2026-000009", "LS-01 v1", ""),
        title: "逾期贷款清单".into(),
        filter: vec!["逾期天数 31–60".into(), "机构 相城支行".into()],
        as_of: date(2026, 11, 20),
        known_at: None,
        unit: "元".into(),
        columns: vec![
            column("序", Align::Right, 0),
            column("客户", Align::Left, 0),
            column("借据号", Align::Left, 1),
            column("分类", Align::Center, 0),
            column("逾期天数", Align::Right, 0),
            column("贷款余额", Align::Right, 0),
            column("逾期金额", Align::Right, 0),
        ],
        rows: (1..=rows)
            .map(|at| {
                vec![
                    at.to_string(),
                    format!("客户{at:04}"),
                    format!("JJ-2026-{at:05}"),
                    "关注".into(),
                    "39".into(),
                    "1,000.00".into(),
                    "100.00".into(),
                ]
            })
            .collect(),
        totals: Some(vec![
            String::new(),
            format!("合计 {rows} 笔"),
            String::new(),
            String::new(),
            String::new(),
            print::yuan(i64::try_from(rows).unwrap() * 100_000),
            print::yuan(i64::try_from(rows).unwrap() * 10_000),
        ]),
        rows_in_all: rows,
        landscape: false,
    }
}
