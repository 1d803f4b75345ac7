//! Obligors on paper: in the printed dossier and in a bundle for court.

use platform::page::Ui;
use platform::policies::InForce;
use print::{Align, Column, ReportTable, Section};

use super::model::{Obligor, Owes};

/// 债务关系人 as rows: what each is to the debt, whether it owes, the most that can be claimed, the article.
pub(crate) fn section(ui: &Ui, policy: &InForce, title: String, found: &[Obligor]) -> Section {
    let column = |id: &str, align, share| Column { title: ui.t(id), align, share };
    let rows = found.iter().map(|one| {
        vec![
            one.name.clone(),
            ui.t(format!("obligor-role-{}", one.role.as_str())),
            ui.t(format!("obligor-owes-{}", one.owes.as_str())),
            match (one.owes, one.cap) {
                (Owes::Yes, Some(cap)) => ui.yuan(cap),
                (Owes::Yes, None) => ui.t("obligor-whole"),
                (Owes::No | Owes::Unclear | Owes::NotDue | Owes::Dead, _) => "—".to_owned(),
            },
            if one.article.is_empty() { "—".to_owned() } else { policy.article_title(&one.article, false) },
        ]
    });
    let table = ReportTable {
        columns: vec![
            column("obligor-name", Align::Left, 2),
            column("obligor-role", Align::Left, 2),
            column("obligor-owes", Align::Left, 2),
            column("obligor-cap", Align::Right, 3),
            column("obligor-article", Align::Left, 4),
        ],
        rows: rows.collect(),
    };
    Section { title, paragraphs: Vec::new(), table: Some(table) }
}
