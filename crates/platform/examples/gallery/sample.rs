//! A synthetic institution, person and navigation.

use std::sync::Arc;

use jiff::civil::{Date, date};
use platform::locale::{Catalogue, Lang, Locale, Source, sources};
use platform::page::{Banner, Frame, Icon, NavGroup, NavItem, Person, Tone, Ui};

/// The business date of all samples.
pub const TODAY: Date = date(2026, 11, 20);

const CHINESE: &str = "g-no = 借据号\ng-customer = 客户\ng-identity = 证件号\ng-balance = 余额\ng-owed = 逾期本息罚\ng-overdue = 逾期账龄\ng-class = 五级分类\ng-rate = 年化 %\ng-oldest = 最早欠期\ng-officer = 客户经理\ng-branch = 机构\ng-days = 逾期天数\ng-security = 担保方式\ng-due = 到期日\ng-loans = { $count } 笔\n";
const ENGLISH: &str = "g-no = Loan no.\ng-customer = Customer\ng-identity = Identity no.\ng-balance = Balance\ng-owed = Overdue sum\ng-overdue = Overdue\ng-class = Class\ng-rate = Yearly %\ng-oldest = Oldest due\ng-officer = Manager\ng-branch = Branch\ng-days = Days overdue\ng-security = Security\ng-due = Maturity\ng-loans = { $count } loans\n";

/// One of two texts.
pub fn say(lang: Lang, chinese: &str, english: &str) -> String {
    match lang {
        Lang::ZhCn => chinese.to_owned(),
        Lang::En => english.to_owned(),
    }
}

/// A frame with a person in it.
pub fn frame(lang: Lang) -> Frame {
    let mut texts = sources();
    texts.push(Source { lang: Lang::ZhCn, name: "gallery", text: CHINESE });
    texts.push(Source { lang: Lang::En, name: "gallery", text: ENGLISH });
    let catalogue = Catalogue::new(&texts).expect("the messages of the platform are sound");
    let say = |chinese, english| say(lang, chinese, english);
    Frame {
        ui: Ui::new(Locale::new(Arc::new(catalogue), lang), TODAY),
        institution: say("衡川小额贷款有限公司", "Hengchuan Micro-credit"),
        branch: say("本部", "HQ"),
        person: Some(Person { name: say("林静怡", "Lin Jingyi"), role: say("客户经理", "Account manager") }),
        navigation: navigation(lang),
        unread: 0,
        here: "/".into(),
        csrf: "sample".into(),
        banner: None,
    }
}

/// The banner of the demo book.
pub fn demo_banner(lang: Lang) -> Banner {
    let text = say(
        lang,
        "演示账簿：数据为合成，与任何真实机构和个人无关。",
        "Demo book: synthetic data, no real institution or person.",
    );
    Banner { tone: Tone::Info, text, link: None }
}

fn navigation(lang: Lang) -> Vec<NavGroup> {
    let item = |key: &'static str, chinese: &str, english: &str, icon, count| NavItem {
        key,
        label: say(lang, chinese, english),
        icon,
        href: format!("/{}/{key}", lang.tag()),
        count,
    };
    vec![
        NavGroup {
            key: "work",
            icon: Icon::Checklist,
            label: say(lang, "工作", "Work"),
            items: vec![
                item("home", "待办", "My day", Icon::Checklist, Some(17)),
                item("warnings", "预警", "Warnings", Icon::BellExclamation, Some(4)),
                item("approvals", "审批", "Approvals", Icon::WritingSign, Some(3)),
            ],
        },
        NavGroup {
            key: "book",
            icon: Icon::Users,
            label: say(lang, "客户与贷款", "Book"),
            items: vec![
                item("customer", "客户", "Customers", Icon::Users, None),
                item("ledger", "贷款台账", "Loan ledger", Icon::Notebook, None),
                item("security", "担保押品", "Collateral", Icon::ShieldCheck, None),
                item("inspections", "贷后检查", "Inspections", Icon::ClipboardCheck, Some(6)),
                item("collections", "催收", "Collections", Icon::Headset, Some(11)),
            ],
        },
        NavGroup {
            key: "institution",
            icon: Icon::Building,
            label: say(lang, "机构", "Institution"),
            items: vec![
                item("accounting", "账务", "Accounting", Icon::ReportMoney, None),
                item("quality", "资产质量", "Asset quality", Icon::ChartHistogram, None),
                item("policy", "策略台", "Policy desk", Icon::Scale, None),
                item("close", "日终", "Day close", Icon::CalendarCheck, None),
                item("import", "导入导出", "Import/export", Icon::TableExport, None),
                item("audit", "审计", "Audit trail", Icon::Fingerprint, None),
            ],
        },
    ]
}
