//! Doors and beginnings: log in, first password, error, first run, import.

use askama::Template;
use axum::http::StatusCode;
use platform::locale::Lang;
use platform::page::{
    Button, DoorPage, ErrorPage, Guard, Html, Icon, LoginPage, Look, Page, PasswordPage, Tile, Tone, Ui,
};

use crate::sample::{frame, say};

fn guard() -> Guard {
    Guard { csrf: "sample".into(), once: "sample".into() }
}

/// The log-in page after a wrong password.
pub fn login(lang: Lang) -> Result<String, askama::Error> {
    LoginPage {
        ui: frame(lang).ui,
        institution: say(lang, "衡川小额贷款有限公司", "Hengchuan Micro-credit"),
        guard: guard(),
        user: "lin.jingyi".into(),
        next: "/".into(),
        refused: Some(say(
            lang,
            "用户名或口令不对。再错 4 次将锁定 15 分钟。",
            "User name or password is wrong. Four more tries, then it locks for 15 minutes.",
        )),
        demo: vec![
            ("lin".into(), say(lang, "客户经理", "Account manager")),
            ("gu".into(), say(lang, "财务", "Finance")),
        ],
        lang: "",
        here: "/login".into(),
    }
    .render()
}

/// The change of the first password.
pub fn password(lang: Lang) -> Result<String, askama::Error> {
    let ui = frame(lang).ui;
    let fields = PasswordPage::empty_fields(&ui);
    let person = say(lang, "林静怡", "Lin Jingyi");
    PasswordPage { ui, person, expired: false, guard: guard(), fields, here: "/password".into() }.render()
}

/// Somebody was faster.
pub fn error(lang: Lang) -> Result<String, askama::Error> {
    ErrorPage { ui: frame(lang).ui, status: StatusCode::CONFLICT, id: "7f3a-91c2".into(), detail: Html::new() }.render()
}

#[derive(Template)]
#[template(path = "gallery/first_run.html")]
struct FirstRun<'a> {
    ui: &'a Ui,
    kinds: Vec<(Icon, &'static str, &'static str, &'static str, &'static str)>,
}

/// One question a step.
pub fn first_run(lang: Lang) -> Result<String, askama::Error> {
    let kinds = vec![
        (Icon::BuildingBank, "小额贷款公司", "放贷、台账、五级分类、催收", "小贷 v1", "26号文 · 综合融资成本指引"),
        (Icon::ShieldDollar, "融资担保公司", "在保、代偿追偿、准备金", "担保 v1", "条例683号 · 四项配套制度"),
        (Icon::BuildingEstate, "农村银行 / 信用社", "调查与贷后分岗，总分支两级", "农信 v1", "令〔2023〕1号"),
        (Icon::Briefcase, "银行小企业", "检查频率按风险，集中权证", "小企业 v1", "令〔2023〕1号 · 63号文"),
        (Icon::Users, "银行个人消费贷", "批量监测、滚动率、催收", "消费贷 v1", "催收工作指引（试行）"),
        (Icon::Car, "汽车金融 / 垫款", "车辆、垫款、处置", "车贷 v1", "汽车金融管理办法"),
    ];
    let ui = frame(lang).ui;
    let body = Html::of_template(&FirstRun { ui: &ui, kinds })?;
    let steps = [
        ("机构类型", "决定策略包与默认制度"),
        ("名称与营业日", "首个营业日 2026-11-20"),
        ("账从哪来", "导入 Excel，或用演示账簿"),
        ("第一位管理员", "口令与双人复核人"),
    ];
    let cover = ui.cover_steps(steps.map(|(title, note)| (title.to_owned(), note.to_owned())), 0_usize);
    DoorPage { ui, title: "首次设置".into(), cover, body }.render()
}

#[derive(Template)]
#[template(path = "gallery/import.html")]
struct Import<'a> {
    ui: &'a Ui,
    tiles: Vec<Tile>,
    rows: Vec<Problem>,
}

/// A row of the file that needs attention.
struct Problem {
    line: u32,
    error: bool,
    cells: [&'static str; 6],
    wrong: usize,
    advice: &'static str,
}

/// The dry run of an import.
pub fn import(lang: Lang) -> Result<String, askama::Error> {
    let frame = frame(lang);
    let ui = &frame.ui;
    let actions = ui.buttons([
        Button::link(Look::Secondary, "下载模板", "/zh/import").icon(Icon::Download),
        Button::link(Look::Secondary, "导入历史", "/zh/import").icon(Icon::History),
    ]);
    let page =
        Page::new("导入", "import").subtitle("贷款台账_2026年11月.xlsx · 工作表“借据” · 214 行").actions(actions);
    let tile = |icon, label: &str, figure: &str, tone, note: &str| Tile {
        icon: Some(icon),
        label: label.into(),
        figure: figure.into(),
        note: Some((tone, note.into())),
        ..Tile::default()
    };
    let tiles = vec![
        tile(Icon::CircleCheck, "可写入", "208 行", Tone::Neutral, "本金 6,842.50 万元"),
        tile(Icon::AlertTriangle, "其中有提醒", "1 行", Tone::Neutral, "已按规则读入"),
        tile(Icon::AlertCircle, "错误", "5 行", Tone::Doubt, "本金 184.50 万元"),
        tile(Icon::Copy, "已存在，跳过", "1 行", Tone::Neutral, "内容相同"),
        tile(Icon::Files, "合计", "214 行", Tone::Neutral, "本金 7,057.00 万元"),
    ];
    Ok(frame.render(&page, &Import { ui, tiles, rows: problems() })?.0)
}

fn problems() -> Vec<Problem> {
    let row = |line, cells, wrong, advice| Problem { line, error: true, cells, wrong, advice };
    vec![
        row(
            14,
            ["陈志明", "999***********5011", "JJ-2026-0071X", "200,000.00", "12.00", "2026-03-31"],
            1,
            "证件号校验位不符：末位应为 4，填的是 1",
        ),
        row(
            37,
            ["周玉兰", "999***********0424", "（空）", "85,000.00", "14.40", "2026-05-20"],
            2,
            "借据号为空。必填，机构内唯一",
        ),
        row(
            52,
            ["顺达物流", "99999*********7JX0", "JJ-2025-00488", "1,200,000.00", "25.20", "2025-11-08"],
            4,
            "年化 25.20% 超过 24.00%（签约日有效的上限）",
        ),
        row(
            88,
            ["黄永强", "999***********6612", "JJ-2026-00512", "60,000.00", "12.00", "2026-02-30"],
            5,
            "日期不存在：2 月没有 30 日",
        ),
        row(
            103,
            ["李秀英", "999***********1025", "JJ-2026-00418", "300,000.00", "12.00", "2027-03-12"],
            2,
            "借据号已有（梁文博）。同号同内容才算重复导入",
        ),
        Problem {
            error: false,
            ..row(
                141,
                ["金诚建材", "99999*********M2A8", "JJ-2026-00633", "480,000.00", "10.80", "2027-06-18"],
                9,
                "担保方式“房抵”不认识，已按“抵押”读入",
            )
        },
    ]
}
