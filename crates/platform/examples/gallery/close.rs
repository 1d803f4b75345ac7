//! 日终: two stamps with the bar between, steps, proofs, one isolated loan.

use askama::Template;
use platform::locale::Lang;
use platform::page::{Button, Icon, KeyFigure, LoanClass, Look, Page, StampLook, Tone, Ui};

use crate::sample::{TODAY, frame};

#[derive(Template)]
#[template(path = "gallery/close.html")]
struct Close<'a> {
    ui: &'a Ui,
    steps: Vec<(u32, &'static str, &'static str, u32, &'static str)>,
    proofs: Vec<(Proof, &'static str, &'static str, &'static str, &'static str, &'static str)>,
    summary: Vec<KeyFigure>,
}

/// How a proof came out.
enum Proof {
    Equal,
    Unequal,
    Open,
}

impl Close<'_> {
    fn verdict(&self, proof: &Proof) -> platform::page::Html {
        match proof {
            Proof::Equal => self.ui.badge(Tone::Ok, Icon::CircleCheck, "相符"),
            Proof::Unequal => self.ui.badge(Tone::Doubt, Icon::AlertCircle, "不符"),
            Proof::Open => self.ui.badge(Tone::Watch, Icon::AlertTriangle, "待处理"),
        }
    }

    fn state(&self, permille: &u32) -> platform::page::Html {
        match permille {
            1000 => self.ui.badge(Tone::Ok, Icon::CircleCheck, "完成"),
            0 => self.ui.badge(Tone::Neutral, Icon::Clock, "等待"),
            _ => self.ui.badge(Tone::Accent, Icon::Loader2, "进行中"),
        }
    }
}

/// The page.
pub fn page(lang: Lang) -> Result<String, askama::Error> {
    let frame = frame(lang);
    let ui = &frame.ui;
    let actions = ui.buttons([
        Button::link(Look::Secondary, "历次日终", "/zh/close").icon(Icon::History),
        Button::link(Look::Secondary, "停在本步后", "/zh/close").icon(Icon::Square),
    ]);
    let page = Page::new("日终", "close").subtitle("第 1,142 个营业日 · 开始 18:02:11 · 已用 0:17").actions(actions);
    let figure = |label: &str, value: &str| KeyFigure {
        label: label.into(),
        value: platform::page::Html::of_text(value),
        ..KeyFigure::default()
    };
    let summary = vec![
        figure("计提利息（元）", "103,286.41"),
        figure("计提罚息（元）", "6,147.08"),
        figure("新逾期", "7 笔"),
        figure("恢复正常", "5 笔"),
        figure("新任务", "118 项"),
    ];
    Ok(frame.render(&page, &Close { ui, steps: steps(), proofs: proofs(), summary })?.0)
}

fn steps() -> Vec<(u32, &'static str, &'static str, u32, &'static str)> {
    vec![
        (1, "到期与逾期", "63", 1000, "0:01"),
        (2, "账龄迁移", "71", 1000, "0:01"),
        (3, "五级分类", "71", 1000, "0:03"),
        (4, "预警", "9", 1000, "0:01"),
        (5, "催收案件", "46", 1000, "0:01"),
        (6, "任务生成与升级", "118", 1000, "0:01"),
        (7, "通知排队", "84", 1000, "0:01"),
        (8, "凭证", "2,214", 1000, "0:02"),
        (9, "合计", "820 / 1,285", 638, "0:02"),
        (10, "核对", "—", 0, "—"),
        (11, "换日", "—", 0, "—"),
    ]
}

fn proofs() -> Vec<(Proof, &'static str, &'static str, &'static str, &'static str, &'static str)> {
    vec![
        (Proof::Equal, "分户账 = 总账", "贷款本金", "326,184,027.64", "326,184,027.64", "0.00"),
        (Proof::Equal, "分户账 = 总账", "应收利息", "1,846,320.15", "1,846,320.15", "0.00"),
        (Proof::Equal, "凭证借 = 贷", "本日 2,214 张", "4,118,906.22", "4,118,906.22", "0.00"),
        (Proof::Equal, "余额 = 重放", "抽样 200 笔", "61,204,518.30", "61,204,518.30", "0.00"),
        (Proof::Unequal, "计划本金 = 放款本金", "1,286 份", "412,650,000.00", "412,650,000.01", "0.01"),
        (Proof::Open, "无遗漏借据", "在贷 1,286 笔", "1,286", "1,285", "1 笔已隔离"),
    ]
}
