//! The saved views of a list as tabs, with the form to save what is asked now.

use super::super::{Guard, Html, Icon, Tab, Ui};
use super::{FilterKind, ListQuery, ListSpec};

/// A view that somebody saved (保存的视图).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SavedView {
    /// Its key.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The question, as in the address.
    pub query: String,
    /// Whether all who may open the list see it.
    pub shared: bool,
    /// Whether the reader saved it.
    pub own: bool,
    /// Who saved it.
    pub owner: String,
}

/// The question without its page and without what was typed into text filters.
fn kept(spec: &ListSpec, asked: &ListQuery) -> String {
    let typed = |id: &str| spec.filters.iter().any(|f| f.id == id && matches!(f.kind, FilterKind::Text));
    let mut other = asked.clone();
    other.page = 1;
    other.filters.retain(|(id, _)| !typed(id));
    other.query(spec)
}

/// The saved view that is open.
pub(super) fn open<'a>(spec: &'a ListSpec, asked: &ListQuery) -> Option<&'a SavedView> {
    let mut now = asked.clone();
    now.page = 1;
    let now = now.query(spec);
    spec.saved.iter().find(|view| view.query == now)
}

/// The tabs of the saved views.
pub(super) fn tabs(spec: &ListSpec, asked: &ListQuery) -> Vec<Tab> {
    let open = open(spec, asked).map(|view| view.id);
    let tab = |view: &SavedView| Tab {
        text: view.name.clone(),
        href: format!("{}?{}", spec.path, view.query),
        count: None,
        active: Some(view.id) == open,
        shared: view.shared,
    };
    spec.saved.iter().map(tab).collect()
}

/// The form behind 另存为视图; for one's own view that is open, also how to delete it.
pub(super) fn form(ui: &Ui, spec: &ListSpec, asked: &ListQuery, guard: &Guard) -> Html {
    let open = open(spec, asked);
    let mut out = Html::new();
    out.raw("<details class=\"menu saveview\"><summary>").push(&Icon::DeviceFloppy.html());
    out.text(ui.t("view-save")).raw("</summary><div class=\"pop\"><form method=\"post\" action=\"/views\" data-once>");
    out.push(&ui.guard(guard));
    for (name, value) in [("list", spec.path.clone()), ("query", kept(spec, asked))] {
        out.raw("<input type=\"hidden\"").attr("name", name).attr("value", value).raw(">");
    }
    let own = open.filter(|view| view.own);
    out.raw("<label>").text(ui.t("view-name")).raw("<input type=\"text\" name=\"name\" required maxlength=\"20\"");
    out.attr("value", own.map(|view| view.name.as_str()).unwrap_or_default()).raw("></label>");
    out.raw("<label class=\"check\"><input type=\"checkbox\" name=\"shared\"");
    out.raw(if own.is_some_and(|view| view.shared) { " checked> " } else { "> " });
    out.text(ui.t("view-shared")).raw("</label><p class=\"hint\">").text(ui.t("view-hint")).raw("</p>");
    out.raw("<button class=\"btn small primary\">").text(ui.t("view-save")).raw("</button></form>");
    if let Some(view) = own {
        out.raw("<form method=\"post\"").attr("action", format!("/views/{}/delete", view.id)).raw(" data-once>");
        // A key of its own: both forms of this box may be sent from one page.
        let guard = Guard { csrf: guard.csrf.clone(), once: format!("{}-delete", guard.once) };
        out.push(&ui.guard(&guard)).raw("<button class=\"btn small danger\">");
        out.text(ui.t1("view-delete", "name", &view.name)).raw("</button></form>");
    } else if let Some(view) = open {
        out.raw("<p class=\"hint\">").text(ui.t1("view-of", "name", &view.owner)).raw("</p>");
    }
    out.raw("</div></details>");
    out
}
