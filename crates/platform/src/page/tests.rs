//! Every component, the frame and the doors: harmless with hostile text, complete in both languages.

use std::sync::Arc;

use jiff::civil::date;

use super::list::{
    Batch, BatchVerb, Cell, Column, ColumnKind, Filter, FilterKind, ListPage, ListQuery, ListSpec, Row, View,
};
use super::*;
use crate::locale::{Catalogue, Lang, Locale, missing_in, sources};

/// What somebody may have typed into any field.
const HOSTILE: &str = "\"><script>alert('x')</script><img src=x onerror=alert(1)>";

fn ui(lang: Lang) -> Ui {
    let catalogue = Catalogue::new(&sources()).unwrap();
    Ui::new(Locale::new(Arc::new(catalogue), lang), date(2026, 11, 20))
}

fn frame(lang: Lang) -> Frame {
    Frame {
        ui: ui(lang),
        institution: HOSTILE.into(),
        branch: HOSTILE.into(),
        person: Some(Person { name: HOSTILE.into(), role: HOSTILE.into() }),
        navigation: vec![NavGroup {
            key: "nav-k",
            icon: Icon::Home,
            label: HOSTILE.into(),
            items: vec![NavItem {
                key: "k",
                label: HOSTILE.into(),
                icon: Icon::Bell,
                href: HOSTILE.into(),
                count: Some(1),
            }],
        }],
        unread: 3,
        here: HOSTILE.into(),
        csrf: HOSTILE.into(),
        banner: Some(Banner { tone: Tone::Watch, text: HOSTILE.into(), link: Some((HOSTILE.into(), HOSTILE.into())) }),
    }
}

fn hostile_list(ui: &Ui) -> Html {
    let spec = ListSpec {
        path: "/loans".into(),
        columns: vec![
            Column::new("no", "list-all", ColumnKind::Text).sortable(),
            Column::new("sum", "list-any", ColumnKind::Money).sortable(),
        ],
        filters: vec![
            Filter::new("name", "list-all", FilterKind::Text),
            Filter::new("kind", "list-all", FilterKind::Choice(vec![Choice::new(HOSTILE, HOSTILE)])),
        ],
        views: vec![View { id: "v".into(), text: HOSTILE.into(), count: Some(1), shared: true }],
        export: Some("/loans/export".into()),
        batch: Some(Batch {
            verbs: vec![BatchVerb { action: HOSTILE.into(), text: HOSTILE.into(), icon: Icon::Mail }],
            guard: Guard { csrf: HOSTILE.into(), once: HOSTILE.into() },
        }),
        counted: "list-rows",
        default_sort: None,
        ..ListSpec::default()
    };
    let typed = query_pair("name", HOSTILE);
    let asked = ListQuery::parse(&spec, &typed).unwrap();
    let row = Row {
        key: HOSTILE.into(),
        href: format!("javascript:{HOSTILE}"),
        cells: vec![Cell::Link(HOSTILE.into(), HOSTILE.into()), Cell::MoneyWhy(1, HOSTILE.into())],
    };
    let page =
        ListPage { rows: vec![row], page_totals: vec![("sum", 1)], totals: vec![("sum", 1)], count: 99, empty: None };
    Html::join([
        ui.list(&spec, &asked, &page),
        ui.list_tools(&spec, &asked, 99),
        ui.list(&spec, &asked, ListPage::default()),
    ])
}

fn hostile_parts(ui: &Ui) -> Html {
    let text = || HOSTILE.to_owned();
    let article = || vec![(text(), text()), (String::new(), text())];
    let error = FieldError { text: text(), article: Some((text(), text())) };
    let inputs = [
        Input::Text,
        Input::Money,
        Input::Date,
        Input::Area,
        Input::Check,
        Input::File(text()),
        Input::Select(vec![Choice::new(HOSTILE, HOSTILE)]),
        Input::Radio(vec![Choice::new(HOSTILE, HOSTILE)]),
        Input::Boxes(vec![Choice::new(HOSTILE, HOSTILE)]),
    ];
    let fields =
        inputs.map(|input| Field::new(HOSTILE, HOSTILE, input).value(HOSTILE).hint(HOSTILE).error(Some(error.clone())));
    let derivation = Derivation {
        title: text(),
        subtitle: text(),
        figure_note: text(),
        facts: vec![FactLine { text: text(), value: text(), href: Some(text()) }],
        rules: vec![RuleLine { text: text(), value: text(), id: text(), articles: article() }],
        steps: vec![StepLine { text: text(), product: text(), value: text() }],
        result: Some((text(), text())),
        ceiling: Some((Tone::Ok, text(), article())),
        pack: text(),
        print: Some(text()),
        ..Derivation::default()
    };
    let refusal =
        Refusal { title: text(), rule: Some(text()), articles: article(), recorded_at: text(), ..Refusal::default() };
    let step = Button::link(Look::Small, HOSTILE, HOSTILE).key(HOSTILE).submits(HOSTILE, HOSTILE);
    let subject = Subject {
        name: text(),
        masked: text(),
        reveal: Some(text()),
        note: text(),
        clocks: Some(Clocks { path: text(), as_of: date(2026, 1, 1), known_at: text() }),
        figures: vec![KeyFigure { label: text(), why: Some(text()), ..KeyFigure::default() }],
        tabs: vec![Tab { text: text(), href: text(), count: Some(1), active: true, shared: true }],
        ..Subject::default()
    };
    let duty = DutyRow {
        due_on: date(2026, 11, 1),
        what: text(),
        whom: (text(), text()),
        number: text(),
        balance: None,
        article: (text(), text()),
        verb: (text(), text()),
    };
    let tile = Tile { label: text(), figure: text(), unit: text(), note: Some((Tone::Ok, text())), ..Tile::default() };
    let series = Series { name: text(), values: vec![Some(text())], notes: vec![text()] };
    let chart = Chart { title: text(), labels: vec![text()], series: vec![series], ..Chart::default() };
    let mut out = Html::join(fields.iter().map(|field| ui.field(field)));
    out.push(&ui.error_summary(&fields)).push(&ui.derivation(&derivation)).push(&ui.refusal(&refusal));
    out.push(&ui.empty(Empty { title: text(), text: text(), step: Some(step.blocked(HOSTILE)), icon: None }));
    out.push(&ui.subject(&subject)).push(&ui.duties([duty])).push(&ui.tiles([tile])).push(&ui.chart(&chart));
    out.push(&ui.badge(Tone::Ok, Icon::Lock, HOSTILE)).push(&ui.progress(500_u32, Some(900), HOSTILE));
    out.push(&ui.stamp(StampLook::Coming, HOSTILE, date(2026, 11, 21), HOSTILE)).push(&ui.skeleton(2_usize, HOSTILE));
    out.push(&ui.guard(Guard { csrf: text(), once: text() })).push(&ui.bucket(39_i64));
    out
}

/// Nothing of what was typed may stand in the page as markup.
fn assert_harmless(html: &str) {
    let lower = html.to_lowercase();
    for part in ["<script>alert", "<img src=x", "href=\"javascript:", "href=\"&quot;"] {
        assert!(!lower.contains(part), "{part} in {html}");
    }
    assert_eq!(missing_in(html), Vec::<String>::new());
}

#[test]
fn hostile_text_stays_text_in_every_component_and_language() {
    for lang in Lang::ALL {
        let ui = ui(lang);
        assert_harmless(&hostile_parts(&ui).into_string());
        assert_harmless(&hostile_list(&ui).into_string());
    }
}

#[test]
fn hostile_text_stays_text_in_the_frame_and_the_doors() {
    use askama::Template as _;
    for lang in Lang::ALL {
        let frame = frame(lang);
        let page = Page::new(HOSTILE, "k").subtitle(HOSTILE).rail();
        let html = frame.render_html(&page, &Html::of_text(HOSTILE)).unwrap().0;
        assert_harmless(&html);
        assert!(html.contains(&format!("<html lang=\"{}\">", lang.tag())));
        let guard = Guard::default();
        let login = LoginPage {
            ui: ui(lang),
            institution: HOSTILE.into(),
            guard: guard.clone(),
            user: HOSTILE.into(),
            next: HOSTILE.into(),
            refused: Some(HOSTILE.into()),
            demo: vec![(HOSTILE.into(), HOSTILE.into())],
            lang: "",
            here: HOSTILE.into(),
        };
        assert_harmless(&login.render().unwrap());
        let fields = PasswordPage::empty_fields(&ui(lang));
        let person = HOSTILE.to_owned();
        let password = PasswordPage { ui: ui(lang), person, expired: true, guard, fields, here: HOSTILE.into() };
        assert_harmless(&password.render().unwrap());
        for status in [400, 403, 404, 409, 500] {
            let status = axum::http::StatusCode::from_u16(status).unwrap();
            let error = ErrorPage { ui: ui(lang), status, id: HOSTILE.into(), detail: Html::of_text(HOSTILE) };
            assert_harmless(&error.render().unwrap());
        }
    }
}

#[test]
fn no_page_holds_an_inline_script_or_another_host() {
    let (frame, page) = (frame(Lang::ZhCn), Page::new("x", "k"));
    let plain = frame.render_html(&page, &Html::of_text("<figure class=\"chart\" data-chart")).unwrap().0;
    assert!(!plain.contains("echarts"), "what draws nothing loads nothing");
    let html = frame.render_html(&page, &ui(Lang::ZhCn).chart(Chart::default())).unwrap().0;
    assert!(html.contains("echarts.min.js") && html.contains("chart.js"));
    for script in html.split("<script").skip(1) {
        assert!(script.contains("src=\"/assets/") && script.contains("></script>"), "{script}");
    }
    assert!(!html.contains("http://") && !html.contains("https://") && !html.contains(" onclick="));
}

#[test]
fn a_state_is_said_by_word_and_shape_not_only_by_tone() {
    for lang in Lang::ALL {
        let ui = ui(lang);
        for class in LoanClass::ALL {
            let html = ui.class_badge(class).into_string();
            assert!(html.contains("<svg class=\"shape\"") && html.contains(&ui.t(class.message())), "{html}");
            assert_eq!(LoanClass::parse(class.code()), Some(class));
        }
    }
    let meter = ui(Lang::ZhCn).bucket(39_i64).into_string();
    assert!(meter.contains("aria-label=\"逾期 39 天，31–60 档\""), "{meter}");
}

#[test]
fn the_meter_steps_at_the_edges_of_the_buckets() {
    let ui = ui(Lang::En);
    for (days, step) in [(0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4), (4_000, 4)] {
        assert!(ui.bucket(days).into_string().contains(&format!("\"bucket b{step}\"")), "{days}");
    }
}

#[test]
fn deadlines_are_told_from_the_business_date() {
    let ui = ui(Lang::ZhCn);
    for (on, words) in [((2026, 11, 15), "迟 5 天"), ((2026, 11, 20), "今日"), ((2026, 12, 20), "还剩 30 天")] {
        let html = ui.deadline(date(on.0, on.1, on.2)).into_string();
        assert!(html.contains(words), "{html}");
    }
}

#[test]
fn a_field_keeps_what_was_typed_and_names_its_error() {
    let error = FieldError { text: "too much".into(), article: Some(("/a/1".into(), "Contract 5.6".into())) };
    let field = Field::new("amount", "Amount", Input::Money).value("50,000.00").error(Some(error));
    let html = ui(Lang::En).field(&field).into_string();
    for part in ["value=\"50,000.00\"", "aria-invalid=\"true\"", "aria-describedby=\"f-amount-error\"", "Contract 5.6"]
    {
        assert!(html.contains(part), "{part} in {html}");
    }
    let password = Field::new("p", "P", Input::Password).value("secret");
    assert!(!ui(Lang::En).field(&password).into_string().contains("secret"));
}

#[test]
fn a_list_says_its_totals_with_their_counts_and_keeps_the_question_in_its_links() {
    let html = hostile_list(&ui(Lang::En)).into_string();
    assert!(html.contains("Whole result · 99 rows") && html.contains("This page · 1 row"), "{html}");
    assert!(html.contains("/loans?name=") && html.contains("&amp;page=2"), "{html}");
}
