//! 资产质量: as-of first, a migration that foots, charts with patterns and limits.

use askama::Template;
use platform::locale::Lang;
use platform::page::{Button, Chart, Icon, LoanClass, Look, Page, Series, Shape, Tile, Tone, Ui};

use crate::sample::frame;

#[derive(Template)]
#[template(path = "gallery/quality.html")]
struct Quality<'a> {
    ui: &'a Ui,
    tiles: Vec<Tile>,
    migration: Vec<(LoanClass, Vec<Move>, &'static str, &'static str)>,
    aging: Chart,
    vintage: Chart,
    roll: Chart,
    largest: Chart,
}

/// A cell of the migration matrix.
#[derive(Clone, Copy)]
enum Move {
    None,
    Stays(&'static str),
    Worse(&'static str),
    Better(&'static str),
}

/// The page.
pub fn page(lang: Lang) -> Result<String, askama::Error> {
    let frame = frame(lang);
    let ui = &frame.ui;
    let actions = ui.buttons([
        Button::link(Look::Secondary, "大屏", "/wall").icon(Icon::DeviceTv),
        Button::link(Look::Secondary, "导出", "/export").icon(Icon::FileSpreadsheet),
    ]);
    let page = Page::new("资产质量", "quality")
        .subtitle("截至 2026-11-20 · 对比 2026-10-31 · 全机构 · 单位：万元")
        .actions(actions);
    let body = Quality {
        ui,
        tiles: tiles(),
        migration: migration(),
        aging: aging(),
        vintage: vintage(),
        roll: roll(),
        largest: largest(),
    };
    Ok(frame.render(&page, &body)?.0)
}

fn tiles() -> Vec<Tile> {
    let tile = |label: &str, figure: &str, unit: &str, tone, note: &str| Tile {
        label: label.into(),
        figure: figure.into(),
        unit: unit.into(),
        note: Some((tone, note.into())),
        href: Some("/zh/ledger".into()),
        why: Some("/why/1".into()),
        ..Tile::default()
    };
    vec![
        tile("贷款余额", "32,618.40", "万元", Tone::Neutral, "↑ +209.00"),
        tile("不良余额", "905.60", "万元", Tone::Sub, "↑ +56.40 转差"),
        tile("不良率", "2.78", "%", Tone::Sub, "↑ +0.16 点 转差"),
        tile("逾期 1 天以上", "7.18", "%", Tone::Ok, "↓ −0.21 点 转好"),
        tile("准备充足率", "112.40", "%", Tone::Ok, "≥ 100 达标"),
    ]
}

fn migration() -> Vec<(LoanClass, Vec<Move>, &'static str, &'static str)> {
    use Move::{Better, None, Stays, Worse};
    vec![
        (LoanClass::Pass, vec![Stays("28,476.20"), Worse("412.60"), None, None, None], "1,286.40", "30,175.20"),
        (
            LoanClass::SpecialMention,
            vec![Better("138.40"), Stays("1,085.60"), Worse("96.80"), None, None],
            "64.20",
            "1,385.00",
        ),
        (LoanClass::Substandard, vec![None, None, Stays("415.50"), Worse("58.30"), None], "31.70", "505.50"),
        (LoanClass::Doubtful, vec![None, None, None, Stays("228.60"), Worse("22.40")], "6.10", "257.10"),
        (LoanClass::Loss, vec![None, None, None, None, Stays("84.00")], "2.60", "86.60"),
    ]
}

fn series(name: &str, values: &[&str]) -> Series {
    Series {
        name: name.into(),
        values: values.iter().map(|value| Some((*value).to_owned())).collect(),
        notes: Vec::new(),
    }
}

fn labels(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn aging() -> Chart {
    let mut one = series("余额", &["996.49", "303.91", "199.60", "842.10"]);
    one.notes = labels(&["996.49  40 笔", "303.91  6 笔", "199.60  12 笔", "842.10  29 笔"]);
    Chart {
        title: "账龄：余额与笔数".into(),
        shape: Shape::Buckets,
        labels: labels(&["1–30 天", "31–60 天", "61–90 天", "≥ 91 天"]),
        series: vec![one],
        links: vec!["/zh/ledger".into(); 4],
        height: 240,
        ..Chart::default()
    }
}

fn vintage() -> Chart {
    Chart {
        title: "Vintage：逾期 30+ 占放款额 %，按账龄月".into(),
        shape: Shape::Lines,
        labels: (1..=12).map(|month| month.to_string()).collect(),
        series: vec![
            series("2025 Q4", &["0.0", "0.3", "0.7", "1.3", "1.9", "2.5", "2.9", "3.3", "3.5", "3.6", "3.7"]),
            series("2026 Q1", &["0.0", "0.2", "0.5", "0.9", "1.3", "1.6", "1.8", "2.0"]),
            series("2025 Q3", &["0.0", "0.2", "0.6", "1.1", "1.6", "2.0", "2.4", "2.7", "2.9", "3.0", "3.1", "3.2"]),
            series("2026 Q2", &["0.0", "0.1", "0.3", "0.6", "0.9"]),
        ],
        height: 300,
        ..Chart::default()
    }
}

fn roll() -> Chart {
    Chart {
        title: "滚动率：月末迁往下一档 %".into(),
        shape: Shape::Lines,
        labels: labels(&["6月", "7月", "8月", "9月", "10月", "11月"]),
        series: vec![
            series("0→1–30", &["3", "3.2", "2.9", "3.4", "3.1", "2.7"]),
            series("31–60→61–90", &["41", "44", "40", "46", "43", "45"]),
            series("1–30→31–60", &["24", "27", "25", "29", "26", "23"]),
        ],
        height: 300,
        ..Chart::default()
    }
}

fn largest() -> Chart {
    Chart {
        title: "集中度：占净资产 %".into(),
        shape: Shape::Bars,
        labels: labels(&["源野食品", "泰和纺织", "锦程包装", "永固建材", "丰禾陶瓷", "启明模具", "禾木家具"]),
        series: vec![series("占净资产", &["4.92", "3.75", "3.42", "2.60", "2.13", "1.94", "1.46"])],
        limit: Some(("10".into(), "单户限额 10%".into())),
        height: 300,
        ..Chart::default()
    }
}
