//! The description of the interface (接口说明): OpenAPI 3.1, made from the router, so that it cannot miss a route.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::response::{IntoResponse as _, Response};
use policy::FactDictionary;
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::SELF;
use super::answer::field_of;
use super::example::Pool;
use super::operation::{Answer, Body};
use super::shape::{FieldKind, FieldShape, Shape};
use crate::access::action_title;
use crate::app::App;
use crate::clock::civil_day;
use crate::locale::{Lang, Locale};
use crate::page::Ui;
use crate::page::list::{ColumnKind, FilterKind, ListSpec};
use crate::policies::dictionary;
use crate::web::{API, Circumstances, Entry, RouteRecord, TwinRecord, Visit, WebError, twins};

/// `/api/openapi.json`: open to everybody; whoever comes with a token or is logged in finds things of the own book in its
/// examples.
pub(super) async fn document(
    State(app): State<App>,
    visit: Result<Visit, WebError>,
    request: Circumstances,
    headers: HeaderMap,
) -> Result<Response, WebError> {
    let actor = match visit {
        Ok(visit) => Some(visit.actor),
        Err(_) if !headers.contains_key(AUTHORIZATION) => None,
        // A token that is none is counted and leaves what everybody may read.
        Err(_) => super::recognise(&app, &headers, request.address()).await.ok().map(|(found, _)| found.actor),
    };
    let pool = match actor {
        Some(actor) => Pool::of_book(&app, actor).await?,
        None => Pool::of(&app),
    };
    Ok(axum::Json(written(&app, &pool)).into_response())
}

/// A pen in this language, for what is described without a visitor.
pub(super) fn pen(app: &App, lang: Lang) -> Ui {
    Ui::new(Locale::new(app.catalogue.clone(), lang), civil_day(app.clock.now()))
}

/// What things are called in both languages (接口用词): the messages, and the facts of the shipped rules.
pub(super) struct Words {
    both: [Ui; 2],
    named: BTreeMap<String, [String; 2]>,
}

impl Words {
    /// The words of this program.
    pub(super) fn of(app: &App) -> Self {
        let mut named = BTreeMap::new();
        let registers = app.settings.packs.iter().filter(|(path, _)| path.ends_with("/facts.csv"));
        let registers = registers.filter_map(|(path, text)| FactDictionary::from_csv(path, text).ok());
        for register in registers.chain(dictionary(&app.capabilities)) {
            for fact in register.iter() {
                let titles = [false, true].map(|english| fact.title.in_language(english).to_owned());
                named.entry(fact.name.clone()).or_insert(titles);
            }
        }
        for (name, titles) in app.capabilities.iter().flat_map(|capability| capability.field_titles()) {
            named.entry(name.to_owned()).or_insert(titles.map(str::to_owned));
        }
        Self { both: [pen(app, Lang::ZhCn), pen(app, Lang::En)], named }
    }

    /// What a field or parameter of a path means, in both languages: the message `api-field-<place>-<name>`, where
    /// the place is the first word of the path, else `api-field-<name>`, else the name of a fact or line.
    pub(super) fn label(&self, path: &str, name: &str) -> Option<String> {
        let name_id = name.replace(['_', '.'], "-");
        let place = path.split('/').nth(1).unwrap_or("");
        let ids = [format!("api-field-{place}-{name_id}"), format!("api-field-{name_id}")];
        let said = ids.iter().find_map(|id| {
            let words: Vec<String> = self.both.iter().filter_map(|ui| ui.locale.find(id)).collect();
            (words.len() == self.both.len()).then(|| words.join(" · "))
        });
        said.or_else(|| self.named.get(name).map(|titles| titles.join(" · ")))
    }
}

/// The whole description, as everybody may read it.
#[must_use]
pub fn describe(app: &App) -> Value {
    written(app, &Pool::of(app))
}

fn written(app: &App, pool: &Pool) -> Value {
    let told = &Told { words: &Words::of(app), pool };
    let mut settings = SchemaSettings::draft2020_12();
    settings.definitions_path = "/components/schemas".into();
    let mut schemas = SchemaGenerator::new(settings);
    let mut paths = Map::new();
    for twin in twins(app) {
        let path = format!("{}{}", API.trim_end_matches('/'), twin.route.path);
        let method = twin.route.method.as_str().to_lowercase();
        let operation = operation(told, &mut schemas, &twin);
        let entry = paths.entry(path).or_insert_with(|| json!({}));
        entry[method] = operation;
    }
    let mut components = schemas.take_definitions(true);
    components.insert("Problem".to_owned(), problem());
    components.insert("Place".to_owned(), place());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Loanward 信守",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Conventions: docs/api.md. 约定见 docs/api.md。",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "security": [{ "token": [] }],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
            "responses": { "Problem": {
                "description": "A refusal or failure (RFC 9457). 拒绝或故障。",
                "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } },
            } },
        },
    })
}

/// What is told beside the schemas (说明素材): names and examples.
struct Told<'a> {
    words: &'a Words,
    pool: &'a Pool,
}

fn operation(told: &Told<'_>, schemas: &mut SchemaGenerator, twin: &TwinRecord) -> Value {
    let words = told.words;
    let RouteRecord { method, path, entry } = &twin.route;
    let action = match entry {
        Entry::Action(action) => action,
        Entry::Own | Entry::Public => SELF,
    };
    let titles: Vec<String> = words.both.iter().map(|ui| action_title(ui, action)).collect();
    let mut operation = json!({
        "operationId": name_of(method.as_str(), path),
        "summary": titles.join(" · "),
        "tags": [path.split('/').nth(1).unwrap_or("")],
        "x-scope": action,
        "parameters": parameters(told, twin),
        "responses": responses(words, schemas, &twin.operation.answer),
    });
    match twin.operation.body {
        Body::None => {}
        Body::Fields(shape) => {
            let shape = shape();
            let content =
                json!({ "schema": object(&shape, words, path), "example": told.pool.body(words, path, &shape) });
            operation["requestBody"] = json!({ "content": { "application/json": content } });
        }
        Body::Files => {
            let file = json!({ "type": "object", "additionalProperties": {
                "anyOf": [{ "type": "string" }, { "type": "string", "contentMediaType": "application/octet-stream" }] } });
            let content = json!({ "schema": file, "example": told.pool.upload(path) });
            operation["requestBody"] = json!({ "required": true, "content": { "multipart/form-data": content } });
        }
    }
    operation
}

/// A name for generated programs: `post_loans_id_repayments`.
fn name_of(method: &str, path: &str) -> String {
    let words = path.split(['/', '-', '.', '{', '}', '_']).filter(|word| !word.is_empty());
    std::iter::once(method.to_lowercase().as_str()).chain(words).collect::<Vec<_>>().join("_")
}

fn parameters(told: &Told<'_>, twin: &TwinRecord) -> Vec<Value> {
    let (words, path) = (told.words, twin.route.path);
    let names = path.split('{').skip(1).filter_map(|rest| rest.split('}').next());
    let mut all: Vec<Value> = names
        .map(|name| {
            let about = words.label(path, name);
            json!({ "name": name, "in": "path", "required": true, "description": about,
                "schema": { "type": "string" }, "example": told.pool.parameter(words, path, name) })
        })
        .collect();
    if !matches!(twin.operation.body, Body::None) {
        // No example: the same key for two things is refused.
        all.push(json!({
            "name": "Idempotency-Key", "in": "header", "required": true,
            "description": "Repeat the same key when you repeat the request. 重发同一操作时沿用同一个键。",
            "schema": { "type": "string", "minLength": 1, "maxLength": 128, "pattern": "^[A-Za-z0-9._~-]+$" },
        }));
    }
    if let Some(Shape::Fields(fields)) = twin.operation.query.map(|shape| shape()) {
        let one = |field: &FieldShape| {
            let about = words.label(path, field.name);
            let mut one = json!({ "name": field.name, "in": "query", "required": field.required, "description": about,
                "schema": kind_of(field.kind) });
            // What may be left out is left out of a first try.
            if let Some(example) = told.pool.field(words, path, field).filter(|_| field.required) {
                one["example"] = example;
            }
            one
        };
        all.extend(fields.iter().map(one));
    }
    if let Answer::Rows(spec) = twin.operation.answer {
        all.extend(questions(words, spec));
    }
    all
}

/// What a list can be asked: paging, order, views, filters.
fn questions(words: &Words, spec: fn(&Ui) -> ListSpec) -> Vec<Value> {
    let ask = |name: &str, about: String, schema: Value| json!({ "name": name, "in": "query", "required": false, "description": about, "schema": schema });
    let list = words.both.iter().map(spec).collect::<Vec<_>>();
    let Some(one) = list.first() else { return Vec::new() };
    let mut all = vec![
        ask("page", "1, 2, …".to_owned(), json!({ "type": "integer", "minimum": 1, "maximum": 100_000 })),
        ask("size", "Rows of a page. 每页行数。".to_owned(), json!({ "enum": crate::page::list::SIZES })),
    ];
    let orders: Vec<String> = one
        .columns
        .iter()
        .filter(|column| column.sortable)
        .flat_map(|column| [column.id.to_owned(), format!("-{}", column.id)])
        .collect();
    if !orders.is_empty() {
        all.push(ask("sort", "`-` first: descending. 前加 `-` 为降序。".to_owned(), json!({ "enum": orders })));
    }
    if !one.views.is_empty() {
        let views: Vec<&str> = one.views.iter().map(|view| view.id.as_str()).collect();
        all.push(ask("view", "A named filter. 视图。".to_owned(), json!({ "enum": views })));
    }
    for filter in &one.filters {
        let title: Vec<String> = words.both.iter().map(|ui| ui.t(filter.title)).collect();
        let title = title.join(" · ");
        match &filter.kind {
            FilterKind::Text => all.push(ask(filter.id, title, json!({ "type": "string", "maxLength": 100 }))),
            FilterKind::Choice(choices) => {
                let values: Vec<&str> = choices.iter().map(|choice| choice.value.as_str()).collect();
                let item = if values.is_empty() { json!({ "type": "string" }) } else { json!({ "enum": values }) };
                all.push(ask(filter.id, title, json!({ "type": "array", "items": item })));
            }
            FilterKind::Range | FilterKind::Money | FilterKind::Dates => {
                for (end, about) in [("from", "≥"), ("to", "≤")] {
                    let name = format!("{}.{end}", filter.id);
                    let schema = if matches!(filter.kind, FilterKind::Dates) {
                        json!({ "type": "string", "format": "date" })
                    } else {
                        json!({ "type": "string" })
                    };
                    all.push(ask(&name, format!("{title} {about}"), schema));
                }
            }
        }
    }
    all
}

fn responses(words: &Words, schemas: &mut SchemaGenerator, answer: &Answer) -> Value {
    let json_of = |schema: Value| json!({ "application/json": { "schema": schema } });
    let content = match answer {
        Answer::Place => json_of(json!({ "$ref": "#/components/schemas/Place" })),
        Answer::Rows(spec) => json_of(rows(words, *spec)),
        Answer::Thing(schema) => json_of(schema(schemas).to_value()),
        Answer::File(kinds) => {
            let file =
                |kind: &&str| ((*kind).to_owned(), json!({ "schema": { "type": "string", "contentMediaType": kind } }));
            Value::Object(kinds.iter().map(file).collect())
        }
    };
    json!({
        "200": { "description": "Done. 完成。", "content": content },
        "default": { "$ref": "#/components/responses/Problem" },
    })
}

/// The rows of a list: each column by the name and the type that it has in the answer.
fn rows(words: &Words, spec: fn(&Ui) -> ListSpec) -> Value {
    let [zh, en] = &words.both;
    let spec = spec(zh);
    let mut row = Map::new();
    row.insert("key".to_owned(), json!({ "type": "string", "description": "The key of the row. 行的键。" }));
    row.insert(
        "location".to_owned(),
        json!({ "type": ["string", "null"], "description": "Where the row's own thing is. 该行所指的位置。" }),
    );
    let mut sums = Map::new();
    for column in &spec.columns {
        let about = format!("{} · {}", zh.t(column.title), en.t(column.title));
        let kind = match column.kind {
            ColumnKind::Money | ColumnKind::Rate | ColumnKind::Count => json!(["integer", "null"]),
            ColumnKind::Date => json!(["string", "null"]),
            ColumnKind::Text | ColumnKind::State => json!(["string", "integer", "null"]),
        };
        row.insert(field_of(column), json!({ "type": kind, "description": &about }));
        if column.kind == ColumnKind::Money {
            sums.insert(field_of(column), json!({ "type": "integer", "description": about }));
        }
    }
    let sums = |about: &str| json!({ "type": "object", "description": about, "properties": sums });
    json!({
        "type": "object",
        "required": ["rows", "page", "size", "count", "page_totals", "totals"],
        "properties": {
            "rows": { "type": "array", "description": "The rows of this page. 本页各行。", "items": { "type": "object", "required": ["key", "location"], "properties": row } },
            "page": { "type": "integer", "description": "Which page this is, from 1. 页码。" },
            "size": { "type": "integer", "description": "Rows of a page. 每页行数。" },
            "count": { "type": "integer", "description": "Rows of the whole result. 全部结果行数。" },
            "page_totals": sums("Totals of this page. 本页合计。"),
            "totals": sums("Totals of the whole result. 全部结果合计。"),
        },
    })
}

fn kind_of(kind: FieldKind) -> Value {
    match kind {
        FieldKind::Text => json!({ "type": "string" }),
        FieldKind::Integer => json!({ "type": "integer" }),
        FieldKind::Flag => json!({ "type": "boolean" }),
        FieldKind::Many => json!({ "type": "array", "items": { "type": "string" } }),
    }
}

/// The body of a form: its fields and no others; what is a form's text may be sent as a whole number too.
fn object(shape: &Shape, words: &Words, path: &str) -> Value {
    let Shape::Fields(fields) = shape else {
        return json!({ "type": "object", "additionalProperties": { "type": ["string", "integer", "boolean", "null"] } });
    };
    let mut properties = Map::new();
    for field in fields {
        let mut schema = match field.kind {
            FieldKind::Text => json!({ "type": ["string", "integer", "boolean", "null", "array"],
                "items": { "type": ["string", "integer", "boolean", "null"] } }),
            FieldKind::Integer => json!({ "type": ["integer", "string"] }),
            FieldKind::Flag | FieldKind::Many => kind_of(field.kind),
        };
        if let Some(about) = words.label(path, field.name) {
            schema["description"] = json!(about);
        }
        properties.insert(field.name.to_owned(), schema);
    }
    let required: Vec<&str> = fields.iter().filter(|field| field.required).map(|field| field.name).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn place() -> Value {
    json!({
        "type": "object",
        "required": [],
        "properties": {
            "location": { "type": ["string", "null"], "description": "Where the result is. 结果的位置。" },
            "page": { "type": "string", "description": "The same for a person. 对应的页面。" },
            "checked": { "type": "boolean", "description": "A trial without complaints; nothing was written. 试算通过，未写入。" },
        },
    })
}

fn problem() -> Value {
    let text = |about: &str| json!({ "type": "string", "description": about });
    let some = |about: &str| json!({ "type": ["string", "null"], "description": about });
    json!({
        "type": "object",
        "required": ["type", "code", "title", "status", "instance"],
        "properties": {
            "type": text("`urn:loanward:` and the code. 问题类型。"),
            "code": text("What it is; the same in every language. 代码，各语言相同。"),
            "title": text("The same in words. 标题。"),
            "status": { "type": "integer", "description": "The status of the answer. 状态码。" },
            "instance": text("The request's id, also in the log. 请求编号。"),
            "detail": text("What happened and what to do. 说明与处理办法。"),
            "rule": some("The rule that refused. 拒绝所依据的规则。"),
            "article": some("The article behind the rule. 规则所依据的条款。"),
            "errors": { "type": "array", "description": "What is wrong with each field. 各字段的问题。", "items": {
                "type": "object",
                "required": ["field", "code", "detail"],
                "properties": {
                    "field": text("The field. 字段。"),
                    "code": text("What is wrong with it. 问题代码。"),
                    "detail": text("The same in words. 说明。"),
                },
            } },
        },
    })
}
