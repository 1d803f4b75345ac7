//! The frame (页面框架) around every page: top bar, navigation, head, drawer.

use askama::Template;
use axum::response::Html as HtmlResponse;

use super::chart::CHART;
use super::{Banner, Given, Html, Icon, Ui};
use crate::asset;
use crate::locale::Lang;

/// What a request knows (请求信息) before any page is chosen; the web layer fills it once.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The pen.
    pub ui: Ui,
    /// The institution's name.
    pub institution: String,
    /// The branch in which the person works.
    pub branch: String,
    /// Who is here; none on the doors (login, first run).
    pub person: Option<Person>,
    /// The navigation this person may use.
    pub navigation: Vec<NavGroup>,
    /// Unread notices on the bell.
    pub unread: i64,
    /// The address of this page with its query, for the language switch and the way back.
    pub here: String,
    /// The token for forms of the frame itself (log out, language).
    pub csrf: String,
    /// A line over the page: demo, rehearsal, a missing calendar.
    pub banner: Option<Banner>,
}

/// Who sits in front (当前用户).
#[derive(Debug, Clone, Default)]
pub struct Person {
    /// The name.
    pub name: String,
    /// The role as shown.
    pub role: String,
}

/// Items beyond which the groups of the navigation are folded but for the one that one is in.
const SHORT: usize = 14;

/// A group of the navigation (导航组); it folds.
#[derive(Debug, Clone)]
pub struct NavGroup {
    /// Its name, by which a browser remembers whether it is open.
    pub key: &'static str,
    /// Its word.
    pub label: String,
    /// Its icon.
    pub icon: Icon,
    /// Its items.
    pub items: Vec<NavItem>,
}

impl NavGroup {
    /// Whether the page of this key is one of its own.
    #[must_use]
    pub fn holds(&self, active: &str) -> bool {
        self.items.iter().any(|item| item.key == active)
    }
}

/// An item of the navigation (导航项).
#[derive(Debug, Clone)]
pub struct NavItem {
    /// The key that a page names as its own (`Page::active`).
    pub key: &'static str,
    /// Its word.
    pub label: String,
    /// Its icon.
    pub icon: Icon,
    /// Its page.
    pub href: String,
    /// What waits there.
    pub count: Option<i64>,
}

/// How wide the navigation is (导航宽窄).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rail {
    /// Words and icons; icons only at 1366 px and below.
    #[default]
    Full,
    /// Icons only: where the work needs the width.
    Icons,
}

/// What one page adds to the frame (页面).
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// The title, also of the browser's tab.
    pub title: String,
    /// A short note beside it.
    pub subtitle: Html,
    /// Buttons at its right.
    pub actions: Html,
    /// Replaces title, note and buttons: the head of a customer or loan.
    pub head: Option<Html>,
    /// The key of its navigation item.
    pub active: &'static str,
    /// The width of the navigation.
    pub rail: Rail,
    /// The drawer already open, when the page was asked for with one.
    pub drawer: Option<Html>,
}

impl Page {
    /// A page with a title under a navigation item.
    #[must_use]
    pub fn new(title: impl Into<String>, active: &'static str) -> Self {
        Self { title: title.into(), active, ..Self::default() }
    }

    /// With a note beside the title.
    #[must_use]
    pub fn subtitle(mut self, text: impl AsRef<str>) -> Self {
        self.subtitle = Html::of_text(text);
        self
    }

    /// With buttons.
    #[must_use]
    pub fn actions(mut self, actions: Html) -> Self {
        self.actions = actions;
        self
    }

    /// With a head of its own.
    #[must_use]
    pub fn head(mut self, head: Html) -> Self {
        self.head = Some(head);
        self
    }

    /// With the narrow navigation.
    #[must_use]
    pub fn rail(mut self) -> Self {
        self.rail = Rail::Icons;
        self
    }

    /// With an open drawer.
    #[must_use]
    pub fn drawer(mut self, drawer: Html) -> Self {
        self.drawer = Some(drawer);
        self
    }
}

impl Frame {
    /// Renders a whole page around the body of a capability's template.
    ///
    /// # Errors
    /// What a template reports.
    pub fn render(&self, page: &Page, body: &impl Template) -> Result<HtmlResponse<String>, askama::Error> {
        self.render_html(page, &Html::of_template(body)?)
    }

    /// Renders a whole page around a finished body.
    ///
    /// # Errors
    /// What the template of the frame reports.
    pub fn render_html(&self, page: &Page, body: &Html) -> Result<HtmlResponse<String>, askama::Error> {
        Ok(HtmlResponse(Shell { frame: self, ui: &self.ui, page, body }.render()?))
    }

    /// The address of this page in another language.
    #[must_use]
    pub fn in_lang(&self, lang: impl Given<Lang>) -> String {
        format!("/language/{}?to={}", lang.given().tag(), super::html::query_escape(&self.here))
    }
}

/// The frame drawn around a body.
#[derive(Template)]
#[template(path = "page/shell.html")]
struct Shell<'a> {
    frame: &'a Frame,
    ui: &'a Ui,
    page: &'a Page,
    body: &'a Html,
}

impl Shell<'_> {
    fn asset(&self, path: &str) -> String {
        asset::url(path)
    }

    /// Whether anything on it is drawn by the chart script: no page has to say so, and none can forget it.
    fn draws(&self) -> bool {
        self.body.holds(CHART)
    }

    /// The first letter of a Chinese name, the initials of another.
    fn monogram(&self, name: &str) -> String {
        monogram(name)
    }

    /// Whether a group begins open: where one is, the first one, and all of a navigation that is short.
    fn opens(&self, group: &NavGroup) -> bool {
        let groups = &self.frame.navigation;
        let items: usize = groups.iter().map(|group| group.items.len()).sum();
        let first = groups.first().is_some_and(|first| first.key == group.key);
        group.holds(self.page.active) || first || items <= SHORT
    }

    /// The four items a phone shows at its foot.
    fn foot(&self) -> impl Iterator<Item = &NavItem> {
        self.frame.navigation.iter().flat_map(|group| &group.items).take(4)
    }

    fn other_langs(&self) -> impl Iterator<Item = Lang> {
        let own = self.ui.lang();
        Lang::ALL.into_iter().filter(move |lang| *lang != own)
    }
}

/// 林静怡 → 林; Lin Jingyi → LJ.
#[must_use]
pub fn monogram(name: &str) -> String {
    match name.chars().next() {
        Some(first) if !first.is_ascii() => first.to_string(),
        _ => name.split_whitespace().filter_map(|part| part.chars().next()).take(2).collect(),
    }
}
