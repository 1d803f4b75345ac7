//! How a list is drawn: views, filters, batch bar, table, totals, pages.

use super::super::control::query_pair;
use super::super::{Button, Empty, Given, Html, Icon, Look, Tab, Ui, own_address};
use super::query::SIZES;
use super::saved;
use super::{Cell, Column, Filter, FilterKind, FilterValue, ListPage, ListQuery, ListSpec, Row, Sort};
use crate::locale::{self, MoneyUnit};

impl Ui {
    /// The whole list: views, filters, batch bar, table with totals, pages.
    #[must_use]
    pub fn list(&self, spec: impl Given<ListSpec>, asked: impl Given<ListQuery>, page: impl Given<ListPage>) -> Html {
        let (spec, asked, page) = (spec.given(), asked.given(), page.given());
        let list = List { ui: self.with_unit(asked.unit), spec, asked, page };
        let mut out = Html::new();
        out.raw("<section class=\"list\" data-list").attr("data-path", own_address(&spec.path)).raw(">");
        out.push(&list.views()).push(&list.filters());
        if page.rows.is_empty() {
            out.raw("<div class=\"panel\">")
                .push(&self.empty(page.empty.clone().unwrap_or_else(|| self.no_rows())))
                .raw("</div>");
        } else {
            out.push(&list.table()).push(&list.foot());
        }
        if spec.later.is_some() {
            // The same page again, of which only the figures are taken.
            out.raw("<div hx-trigger=\"load\" hx-swap=\"none\" hx-select-oob=\"#list-views,#list-sums,#list-foot\"");
            out.attr("hx-get", own_address(&list.address(asked))).raw("></div>");
        }
        out.raw("</section>");
        out
    }

    /// The tools of a list for the head of its page: unit, columns, density, export.
    #[must_use]
    pub fn list_tools(&self, spec: impl Given<ListSpec>, asked: impl Given<ListQuery>, count: impl Given<i64>) -> Html {
        let (spec, asked) = (spec.given(), asked.given());
        let page = ListPage::default();
        let list = List { ui: self.with_unit(asked.unit), spec, asked, page: &page };
        let mut out = list.units();
        out.push(&list.columns()).push(&list.density());
        if let Some(export) = &spec.export {
            let text = self.t1("list-export", "count", self.t1(spec.counted, "count", self.count(*count.given())));
            let address = format!("{export}?{}", asked.query(spec));
            out.push(&self.button(Button::link(Look::Secondary, text, address).icon(Icon::FileSpreadsheet)));
        }
        out
    }

    fn no_rows(&self) -> Empty {
        Empty { icon: Some(Icon::Search), title: self.t("list-empty"), text: self.t("list-empty-text"), step: None }
    }
}

/// A list being drawn.
struct List<'a> {
    ui: Ui,
    spec: &'a ListSpec,
    asked: &'a ListQuery,
    page: &'a ListPage,
}

impl List<'_> {
    fn address(&self, asked: &ListQuery) -> String {
        format!("{}?{}", self.spec.path, asked.query(self.spec))
    }

    fn changed(&self, change: impl FnOnce(&mut ListQuery)) -> String {
        let mut other = self.asked.clone();
        other.page = 1;
        change(&mut other);
        self.address(&other)
    }

    fn columns_shown(&self) -> impl Iterator<Item = (usize, &Column)> {
        self.spec.columns.iter().enumerate().filter(|(_, column)| self.asked.columns.contains(&column.id))
    }

    fn views(&self) -> Html {
        let saved = saved::tabs(self.spec, self.asked);
        if self.spec.views.is_empty() && saved.is_empty() && self.spec.save.is_none() {
            return Html::new();
        }
        let in_saved = saved.iter().any(|tab| tab.active);
        let mut tabs: Vec<Tab> = self
            .spec
            .views
            .iter()
            .map(|view| Tab {
                text: view.text.clone(),
                href: self.address(&ListQuery {
                    view: view.id.clone(),
                    columns: self.asked.columns.clone(),
                    unit: self.asked.unit,
                    size: self.asked.size,
                    ..ListQuery::of(self.spec)
                }),
                count: view.count,
                active: view.id == self.asked.view && !in_saved,
                shared: view.shared,
            })
            .collect();
        if tabs.is_empty() {
            tabs.push(Tab {
                text: self.ui.t("list-all-rows"),
                href: self.spec.path.clone(),
                count: None,
                active: !in_saved,
                shared: false,
            });
        }
        tabs.extend(saved);
        let mut out = Html::new();
        out.raw("<div class=\"views\" id=\"list-views\">").push(&self.ui.tabs(tabs));
        if let Some(guard) = &self.spec.save {
            out.push(&saved::form(&self.ui, self.spec, self.asked, guard));
        }
        out.raw("</div>");
        out
    }

    fn filters(&self) -> Html {
        let mut out = Html::new();
        if self.spec.filters.is_empty() {
            return out;
        }
        out.raw("<div class=\"chips\">");
        let set = |filter: &Filter| self.asked.filter(filter.id).is_some();
        for filter in self.spec.filters.iter().filter(|filter| set(filter)) {
            out.push(&self.chip(filter));
        }
        for filter in self.spec.filters.iter().filter(|filter| filter.pinned && !set(filter)) {
            out.push(&self.chip(filter));
        }
        if self.spec.filters.iter().any(|filter| !filter.pinned && !set(filter)) {
            out.raw("<details class=\"more\"><summary>").push(&Icon::AdjustmentsHorizontal.html());
            out.text(self.ui.t("list-more")).raw("</summary><div class=\"chips\">");
            for filter in self.spec.filters.iter().filter(|filter| !filter.pinned && !set(filter)) {
                out.push(&self.chip(filter));
            }
            out.raw("</div></details>");
        }
        if !self.asked.filters.is_empty() {
            out.raw("<a class=\"clear\"").href(self.changed(|other| other.filters.clear()));
            out.raw(">").text(self.ui.t("list-clear")).raw("</a>");
        }
        out.raw("</div>");
        out
    }

    /// A filter: what it is set to, a form to set it, a cross to drop it.
    fn chip(&self, filter: &Filter) -> Html {
        let value = self.asked.filter(filter.id);
        let title = self.ui.t(filter.title);
        let mut out = Html::new();
        out.raw(if value.is_some() { "<span class=\"chip on\">" } else { "<span class=\"chip\">" });
        out.raw("<details name=\"chip\"><summary>")
            .text(&title)
            .raw(" <b>")
            .text(self.value_text(filter, value))
            .raw("</b>");
        if value.is_none() {
            out.push(&Icon::ChevronDown.html());
        }
        out.raw("</summary><form method=\"get\" class=\"pop\"").attr("action", own_address(&self.spec.path)).raw(">");
        let mut rest = self.asked.without(filter.id);
        rest.page = 1;
        for (name, value) in rest.pairs(self.spec) {
            out.raw("<input type=\"hidden\"").attr("name", name).attr("value", value).raw(">");
        }
        out.push(&self.inputs(filter, value));
        out.raw("<button class=\"btn small primary\">").text(self.ui.t("list-apply")).raw("</button></form></details>");
        if value.is_some() {
            out.raw("<a class=\"drop\"")
                .href(self.address(&rest))
                .attr("aria-label", self.ui.t1("list-drop", "filter", &title));
            out.raw(">").push(&Icon::X.html()).raw("</a>");
        }
        out.raw("</span>");
        out
    }

    fn inputs(&self, filter: &Filter, value: Option<&FilterValue>) -> Html {
        let mut out = Html::new();
        match &filter.kind {
            FilterKind::Choice(choices) => {
                for choice in choices {
                    let on = matches!(value, Some(FilterValue::Choice(set)) if set.contains(&choice.value));
                    out.raw("<label class=\"check\"><input type=\"checkbox\"").attr("name", filter.id);
                    out.attr("value", &choice.value).raw(if on { " checked> " } else { "> " });
                    out.text(&choice.text).raw("</label>");
                }
            }
            FilterKind::Text => {
                let text = if let Some(FilterValue::Text(text)) = value { text.as_str() } else { "" };
                out.raw("<input type=\"text\"").attr("name", filter.id).attr("value", text);
                out.attr("aria-label", self.ui.t(filter.title)).raw(">");
            }
            FilterKind::Range | FilterKind::Money | FilterKind::Dates => {
                let dates = matches!(filter.kind, FilterKind::Dates);
                let (from, to) = ends(filter, value);
                for (end, label, value) in [("from", "list-from", from), ("to", "list-to", to)] {
                    out.raw("<label>").text(self.ui.t(label)).raw("<input type=\"text\" class=\"num\"");
                    out.raw(if dates { " data-date placeholder=\"YYYY-MM-DD\"" } else { "" });
                    out.attr("name", format!("{}.{end}", filter.id)).attr("value", value).raw("></label>");
                }
            }
        }
        out
    }

    fn value_text(&self, filter: &Filter, value: Option<&FilterValue>) -> String {
        let open = |end: String| if end.is_empty() { "…".to_owned() } else { end };
        match (value, &filter.kind) {
            (None, FilterKind::Choice(_)) => self.ui.t("list-all"),
            (None, _) => self.ui.t("list-any"),
            (Some(FilterValue::Choice(set)), FilterKind::Choice(choices)) => {
                let named = choices.iter().filter(|choice| set.contains(&choice.value));
                named.map(|choice| choice.text.as_str()).collect::<Vec<_>>().join(&self.ui.t("list-comma"))
            }
            (Some(FilterValue::Text(text)), _) => text.clone(),
            (Some(value), _) => {
                let (from, to) = ends(filter, Some(value));
                format!("{}–{}", open(from), open(to))
            }
        }
    }

    fn table(&self) -> Html {
        let mut out = Html::new();
        out.raw("<form method=\"post\" class=\"panel ledger\" data-batch>").push(&self.batch_bar());
        out.raw(if self.asked.comfortable {
            "<div class=\"scroll\"><table class=\"table high\">"
        } else {
            "<div class=\"scroll\"><table class=\"table\">"
        });
        out.raw("<thead><tr>");
        if self.batch() {
            out.raw("<th class=\"pick\" scope=\"col\"><input type=\"checkbox\" data-pick-all");
            out.attr("aria-label", self.ui.t("list-pick-all")).raw("></th>");
        }
        for (_, column) in self.columns_shown() {
            out.push(&self.head(column));
        }
        out.raw("</tr></thead><tbody>");
        for row in &self.page.rows {
            out.push(&self.row(row));
        }
        out.raw("</tbody><tfoot id=\"list-sums\">").push(&self.totals()).raw("</tfoot></table></div></form>");
        out
    }

    fn batch(&self) -> bool {
        self.spec.batch.is_some()
    }

    /// The bar over the head while rows are selected; the script counts and shows it.
    fn batch_bar(&self) -> Html {
        let mut out = Html::new();
        let Some(batch) = &self.spec.batch else { return out };
        out.push(&self.ui.guard(&batch.guard));
        out.raw("<div class=\"batch\" hidden data-batch-bar>").push(&Icon::Checkbox.html());
        out.raw("<span data-batch-words").attr("data-words", self.ui.t("list-selected")).raw("></span>");
        out.push(&self.batch_sum()).raw("<span class=\"verbs\">");
        for verb in &batch.verbs {
            out.raw("<button class=\"btn small\"").attr("formaction", own_address(&verb.action)).raw(">");
            out.push(&verb.icon.html()).text(&verb.text).raw("</button>");
        }
        out.raw("</span><button type=\"button\" class=\"drop\" data-batch-clear>").text(self.ui.t("cancel"));
        out.raw("<kbd>Esc</kbd></button></div>");
        out
    }

    /// What the selection comes to in the first column of money; the script adds it up.
    fn batch_sum(&self) -> Html {
        let mut out = Html::new();
        if let Some(column) = self.spec.columns.iter().find(|column| column.kind == super::ColumnKind::Money) {
            out.raw("<b data-batch-sum")
                .attr("data-words", self.ui.t("list-affects"))
                .attr("data-unit", self.ui.unit.code());
            out.attr("data-title", self.ui.t(column.title)).attr("data-unit-name", self.ui.unit_name()).raw("></b>");
        }
        out
    }

    fn head(&self, column: &Column) -> Html {
        let mut out = Html::new();
        let sorted = self.asked.sort.filter(|sort| sort.column == column.id);
        out.raw("<th scope=\"col\"");
        if column.kind.is_number() {
            out.raw(" class=\"r\"");
        }
        match sorted {
            Some(Sort { descending: true, .. }) => out.raw(" aria-sort=\"descending\">"),
            Some(_) => out.raw(" aria-sort=\"ascending\">"),
            None => out.raw(">"),
        };
        let title = self.ui.t(column.title);
        if column.sortable {
            let descending = sorted.map_or(column.kind.is_number(), |sort| !sort.descending);
            out.raw("<a").href(self.changed(|other| other.sort = Some(Sort { column: column.id, descending })));
            out.raw(">").text(title);
            if let Some(sort) = sorted {
                out.push(&if sort.descending { Icon::ArrowDown } else { Icon::ArrowUp }.html());
            }
            out.raw("</a>");
        } else {
            out.text(title);
        }
        out.raw("</th>");
        out
    }

    fn row(&self, row: &Row) -> Html {
        let mut out = Html::new();
        out.raw("<tr").attr("data-href", own_address(&row.href)).raw(">");
        if self.batch() {
            out.raw("<td class=\"pick\"><input type=\"checkbox\" name=\"key\"").attr("value", &row.key);
            if let Some(fen) = row_fen(row) {
                out.attr("data-fen", fen.to_string());
            }
            out.attr("aria-label", self.ui.t1("list-pick", "row", &row.key)).raw("></td>");
        }
        for (place, column) in self.columns_shown() {
            out.raw(if column.kind.is_number() { "<td class=\"r\"" } else { "<td" });
            out.attr("data-label", self.ui.t(column.title)).raw(">");
            out.push(&self.cell(row.cells.get(place).unwrap_or(&Cell::None)));
            if self.explained(place) && !matches!(row.cells.get(place), Some(Cell::MoneyWhy(..))) {
                out.push(&self.ui.no_why());
            }
            out.raw("</td>");
        }
        out.raw("</tr>");
        out
    }

    /// Whether a row has a ∵ button in this column: then all leave room for it.
    fn explained(&self, place: usize) -> bool {
        self.page.rows.iter().any(|row| matches!(row.cells.get(place), Some(Cell::MoneyWhy(..))))
    }

    fn cell(&self, cell: &Cell) -> Html {
        let mut out = Html::new();
        match cell {
            Cell::None => return self.ui.dash(),
            Cell::Text(text) => return Html::of_text(text),
            Cell::Strong(text) => out.raw("<b>").text(text).raw("</b>"),
            Cell::Muted(text) => out.raw("<span class=\"muted\">").text(text).raw("</span>"),
            Cell::Link(text, address) => out.raw("<a").href(address).raw(">").text(text).raw("</a>"),
            Cell::Money(fen) => return self.ui.money_in_unit(*fen),
            Cell::MoneyWhy(fen, address) => out.push(&self.ui.money_in_unit(*fen)).push(&self.ui.why(address)),
            Cell::Rate(billionths) => return self.ui.rate(*billionths),
            Cell::Count(number) => out.raw("<span class=\"num\">").text(locale::count(*number)).raw("</span>"),
            Cell::Date(on) => return self.ui.date(*on),
            Cell::Class(class) => return self.ui.class_badge(*class),
            Cell::Bucket(days) => return self.ui.bucket(*days),
            Cell::State(html, _) => return html.clone(),
        };
        out
    }

    /// The page's sums plain, those of the whole result double-ruled; both say what they count.
    fn totals(&self) -> Html {
        let mut out = Html::new();
        let counted = |count: i64| self.ui.t1(self.spec.counted, "count", self.ui.count(count));
        if !self.page.page_totals.is_empty() {
            let rows = i64::try_from(self.page.rows.len()).unwrap_or(i64::MAX);
            let label = self.ui.t1("list-page-total", "count", counted(rows));
            out.raw("<tr class=\"sum\">").push(&self.total_cells(&label, &self.page.page_totals)).raw("</tr>");
        }
        let label = match self.spec.later {
            None => self.ui.t1("list-total", "count", counted(self.page.count)),
            Some(_) => self.ui.t("list-total-later"),
        };
        out.raw("<tr class=\"grand\">").push(&self.total_cells(&label, &self.page.totals)).raw("</tr>");
        out
    }

    /// The label spans the columns before the first sum.
    fn total_cells(&self, label: &str, sums: &[(&'static str, i64)]) -> Html {
        let shown: Vec<&Column> = self.columns_shown().map(|(_, column)| column).collect();
        let sum = |column: &Column| sums.iter().find(|(id, _)| *id == column.id).map(|(_, sum)| *sum);
        let first = shown.iter().position(|column| sum(column).is_some()).unwrap_or(shown.len()).max(1);
        let mut out = Html::new();
        if self.batch() {
            out.raw("<td class=\"pick\"></td>");
        }
        out.raw("<td").attr("colspan", first.to_string()).raw(">").text(label).raw("</td>");
        for column in shown.iter().skip(first) {
            let place = self.spec.columns.iter().position(|one| one.id == column.id).unwrap_or(usize::MAX);
            out.raw("<td class=\"r\">");
            match (sum(column), column.kind) {
                (Some(fen), super::ColumnKind::Money) => out.push(&self.ui.money_in_unit(fen)),
                (Some(number), _) => out.text(locale::count(number)),
                (None, _) => &mut out,
            };
            if sum(column).is_some() && self.explained(place) {
                out.push(&self.ui.no_why());
            }
            out.raw("</td>");
        }
        out
    }

    fn foot(&self) -> Html {
        let count = self.page.count;
        let first = self.asked.offset() + 1;
        let last = first - 1 + i64::try_from(self.page.rows.len()).unwrap_or(0);
        let numbers = [("first", self.ui.count(first)), ("last", self.ui.count(last)), ("count", self.ui.count(count))];
        let mut out = Html::new();
        let range = if self.spec.later.is_some() { "list-range-later" } else { "list-range" };
        out.raw("<div class=\"list-foot\" id=\"list-foot\"><p>").text(self.ui.tn(range, &numbers));
        out.raw(" <span class=\"unit\">").text(self.ui.t(match self.asked.unit {
            MoneyUnit::Yuan => "unit-note-yuan",
            MoneyUnit::WanYuan => "unit-note-wan",
        }));
        out.raw("</span></p><p class=\"keyhelp\">").push(&self.ui.keycap("J")).push(&self.ui.keycap("K"));
        out.text(self.ui.t("key-move")).raw(" · ").push(&self.ui.keycap("Enter")).text(self.ui.t("key-open"));
        if self.batch() {
            out.raw(" · ").push(&self.ui.keycap("X")).text(self.ui.t("key-pick"));
        }
        out.raw(" · ").push(&self.ui.keycap("/")).text(self.ui.t("key-filter")).raw("</p>").push(&self.sizes());
        let pages = match self.spec.later {
            None => count.max(0).unsigned_abs().div_ceil(u64::from(self.asked.size)),
            Some(more) => u64::from(self.asked.page) + u64::from(more),
        };
        let mut plain = self.asked.clone();
        plain.page = 1;
        let query = plain.query(self.spec);
        let address = format!("{}?{query}{}", self.spec.path, if query.is_empty() { "" } else { "&" });
        out.push(&self.ui.pagination(address, self.asked.page, u32::try_from(pages).unwrap_or(u32::MAX)));
        out.raw("</div>");
        out
    }

    fn sizes(&self) -> Html {
        let mut out = Html::new();
        out.raw("<details class=\"menu\"><summary class=\"btn small\">");
        out.text(self.ui.t1("list-size", "size", self.asked.size)).push(&Icon::ChevronDown.html());
        out.raw("</summary><div class=\"pop\">");
        for size in SIZES {
            out.raw("<a").href(self.changed(|other| other.size = size)).raw(">").text(size.to_string()).raw("</a>");
        }
        out.raw("</div></details>");
        out
    }

    /// The switch 元 / 万元; works as two links, the choice is in the address.
    fn units(&self) -> Html {
        let mut out = Html::new();
        if !self.spec.columns.iter().any(|column| column.kind == super::ColumnKind::Money) {
            return out;
        }
        out.raw("<span class=\"switch\" role=\"group\"").attr("aria-label", self.ui.t("unit")).raw(">");
        for (unit, name) in [(MoneyUnit::Yuan, "unit-yuan"), (MoneyUnit::WanYuan, "unit-wan")] {
            let address = self.address(&ListQuery { unit, ..self.asked.clone() });
            out.raw("<a").href(address);
            out.raw(if unit == self.asked.unit { " aria-current=\"true\">" } else { ">" })
                .text(self.ui.t(name))
                .raw("</a>");
        }
        out.raw("</span>");
        out
    }

    fn columns(&self) -> Html {
        let mut out = Html::new();
        out.raw("<details class=\"menu\"><summary class=\"btn\">").push(&Icon::Columns3.html());
        out.text(self.ui.t("list-columns")).raw("</summary><form method=\"get\" class=\"pop\"");
        out.attr("action", own_address(&self.spec.path)).raw(">");
        for (name, value) in self.asked.pairs(self.spec).iter().filter(|(name, _)| name != "col") {
            out.raw("<input type=\"hidden\"").attr("name", name).attr("value", value).raw(">");
        }
        for column in &self.spec.columns {
            out.raw("<label class=\"check\"><input type=\"checkbox\" name=\"col\"").attr("value", column.id);
            out.raw(if self.asked.columns.contains(&column.id) { " checked> " } else { "> " });
            out.text(self.ui.t(column.title)).raw("</label>");
        }
        out.raw("<button class=\"btn small primary\">").text(self.ui.t("list-apply")).raw("</button></form></details>");
        out
    }

    fn density(&self) -> Html {
        let high = !self.asked.comfortable;
        let address = self.address(&ListQuery { comfortable: high, ..self.asked.clone() });
        let text = self.ui.t(if high { "list-compact" } else { "list-high" });
        self.ui.button(Button::link(Look::Secondary, text, address).icon(Icon::BaselineDensitySmall))
    }
}

/// The sum a row adds to the selection: its first cell of money.
fn row_fen(row: &Row) -> Option<i64> {
    row.cells.iter().find_map(|cell| match cell {
        Cell::Money(fen) | Cell::MoneyWhy(fen, _) => Some(*fen),
        _ => None,
    })
}

/// The two ends of a set filter as the form shows them.
fn ends(filter: &Filter, value: Option<&FilterValue>) -> (String, String) {
    let number = |value: &Option<i64>| match (value, &filter.kind) {
        (None, _) => String::new(),
        (Some(fen), FilterKind::Money) => locale::money(*fen),
        (Some(number), _) => number.to_string(),
    };
    let on = |value: &Option<jiff::civil::Date>| value.map(|on| on.to_string()).unwrap_or_default();
    match value {
        Some(FilterValue::Range(from, to)) => (number(from), number(to)),
        Some(FilterValue::Dates(from, to)) => (on(from), on(to)),
        Some(FilterValue::Choice(_) | FilterValue::Text(_)) | None => (String::new(), String::new()),
    }
}

/// The address of a list with these parameters, for tiles that open exactly the rows they count.
#[must_use]
pub fn address(path: &str, parameters: &[(&str, &str)]) -> String {
    let pairs: Vec<_> = parameters.iter().map(|(name, value)| query_pair(name, value)).collect();
    format!("{path}?{}", pairs.join("&"))
}
