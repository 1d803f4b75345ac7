//! The kinds of institutions (机构类型): the packs as cards, and what the chosen one brings.

use super::model::Answers;
use crate::app::App;
use crate::clock::civil_day;
use crate::locale::Lang;
use crate::page::{Icon, Ui};
use crate::policies;

/// A kind of institution on its card.
pub(super) struct Kind {
    pub(super) icon: Icon,
    pub(super) id: String,
    pub(super) title: String,
    pub(super) what: String,
    pub(super) pack: String,
    pub(super) chosen: bool,
}

/// What a pack brings.
pub(super) struct Brings {
    pub(super) title: String,
    pub(super) counts: Vec<(String, String)>,
}

/// The kind that is marked before anybody chose.
const FIRST_KIND: &str = "microloan";

/// Packs of whole institutions: id, titles, version.
pub(super) fn institutions(app: &App) -> Vec<(String, [String; 2], String)> {
    let mut found = Vec::new();
    for (path, text) in app.settings.packs.iter() {
        let Some(id) = path.strip_suffix("/pack.csv") else { continue };
        let mut lines = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let lines: Vec<csv::StringRecord> = lines.records().flatten().collect();
        let part = |key: &str, place: usize| {
            lines.iter().find(|line| line.get(0) == Some(key)).and_then(|line| line.get(place)).map(str::to_owned)
        };
        if part("kind", 1).as_deref() != Some("institution") {
            continue;
        }
        let titles = [part("title", 1).unwrap_or_default(), part("title", 2).unwrap_or_default()];
        found.push((id.to_owned(), titles, part("version", 1).unwrap_or_default()));
    }
    // The first is the usual one; the others by name.
    found.sort_by_key(|(id, ..)| (id != FIRST_KIND, id.clone()));
    found
}

fn icon_of(pack: &str) -> Icon {
    match pack {
        "microloan" => Icon::BuildingBank,
        "guarantee" => Icon::ShieldDollar,
        "rural-bank" => Icon::BuildingEstate,
        "bank-sme" => Icon::Briefcase,
        "bank-personal" => Icon::Users,
        "auto-finance" => Icon::Car,
        _ => Icon::Building,
    }
}

/// The institution packs as cards.
pub(super) fn cards(app: &App, ui: &Ui, answers: &Answers) -> Vec<Kind> {
    let chosen = answers.pack.as_deref().unwrap_or(FIRST_KIND);
    let kind = |(id, titles, version): (String, [String; 2], String)| Kind {
        icon: icon_of(&id),
        title: if ui.lang() == Lang::En { titles[1].clone() } else { titles[0].clone() },
        what: ui.locale.find(&format!("first-run-pack-{id}")).unwrap_or_default(),
        chosen: id == chosen,
        pack: format!("{id} {version}"),
        id,
    };
    institutions(app).into_iter().map(kind).collect()
}

/// What the chosen pack brings, counted.
pub(super) fn brings(app: &App, ui: &Ui, answers: &Answers) -> Option<Brings> {
    let id = answers.pack.as_deref().unwrap_or(FIRST_KIND);
    let facts = policies::dictionary(&app.capabilities).ok()?;
    let pack = policy::Pack::load(&app.settings.packs, id, &facts).ok()?;
    let edition = pack.on(civil_day(app.clock.now()));
    let counted = [
        ("first-run-tables", edition.decisions().count()),
        ("first-run-duties", edition.duties().count()),
        ("first-run-approvals", edition.approval_subjects().count()),
        ("first-run-letters", pack.templates().count()),
        ("first-run-articles", pack.articles().count()),
    ];
    let title = pack.title().in_language(ui.lang() == Lang::En).to_owned();
    Some(Brings {
        title: ui.t1("first-run-brings", "pack", title),
        counts: counted.into_iter().map(|(key, count)| (count.to_string(), ui.t(key))).collect(),
    })
}
