//! Forms (表单): fields that keep what was typed, errors that say what to do and name the article.

use super::{Given, Html, Icon, Ui};

/// The name of the field with the token against forged requests.
pub const CSRF_FIELD: &str = "_csrf";
/// The name of the field that makes a second submit do nothing.
pub const ONCE_FIELD: &str = "_once";

/// What every form that writes carries (表单凭据).
#[derive(Debug, Clone, Default)]
pub struct Guard {
    /// The token against forged requests.
    pub csrf: String,
    /// The key that makes a double submit do nothing twice.
    pub once: String,
}

/// A value to choose from (选项).
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// What is submitted.
    pub value: String,
    /// What is shown.
    pub text: String,
}

impl Choice {
    /// A choice.
    #[must_use]
    pub fn new(value: impl Into<String>, text: impl Into<String>) -> Self {
        Self { value: value.into(), text: text.into() }
    }
}

/// How a field is filled (录入方式).
#[derive(Debug, Clone, Default)]
pub enum Input {
    /// One line.
    #[default]
    Text,
    /// A sum in 元, right-aligned.
    Money,
    /// A whole number or rate, right-aligned.
    Number,
    /// A date.
    Date,
    /// A date and time to the minute.
    Moment,
    /// Never shown again.
    Password,
    /// Several lines.
    Area,
    /// One of a list.
    Select(Vec<Choice>),
    /// One of a few, all in sight.
    Radio(Vec<Choice>),
    /// Any of a few, all in sight; the value holds the values chosen, a blank between them.
    Boxes(Vec<Choice>),
    /// Yes or no; submits `on`.
    Check,
    /// A file, with the endings it takes (`.xlsx,.csv`).
    File(String),
}

/// What is wrong with a field (填错): the sentence says how to mend it, with the numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldError {
    /// What is wrong and what to do.
    pub text: String,
    /// The article it follows from: its page (may be empty) and its name.
    pub article: Option<(String, String)>,
}

/// One field of a form (字段).
#[derive(Debug, Clone, Default)]
pub struct Field {
    /// The name that is submitted, also the anchor `f-name` of the error summary.
    pub name: String,
    /// The label.
    pub label: String,
    /// How it is filled.
    pub input: Input,
    /// What was typed, kept whatever it was.
    pub value: String,
    /// A line under it.
    pub hint: String,
    /// What is wrong.
    pub error: Option<FieldError>,
    /// Whether it must be filled.
    pub required: bool,
    /// Whether it stands alone in its row.
    pub wide: bool,
    /// What the browser may fill in by itself (`username`, `current-password`, …).
    pub autocomplete: Option<&'static str>,
}

impl Field {
    /// A field of one line.
    #[must_use]
    pub fn new(name: impl Into<String>, label: impl Into<String>, input: Input) -> Self {
        Self { name: name.into(), label: label.into(), input, ..Self::default() }
    }

    /// With what was typed.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// That must be filled.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// That stands alone in its row, where a form has two columns.
    #[must_use]
    pub fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    /// With a line under it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// With what is wrong, if anything.
    #[must_use]
    pub fn error(mut self, error: Option<FieldError>) -> Self {
        self.error = error;
        self
    }

    /// That the browser may fill in.
    #[must_use]
    pub fn autocomplete(mut self, kind: &'static str) -> Self {
        self.autocomplete = Some(kind);
        self
    }
}

impl Ui {
    /// The hidden fields of a form that writes.
    #[must_use]
    pub fn guard(&self, guard: impl Given<Guard>) -> Html {
        let guard = guard.given();
        let mut out = Html::new();
        out.raw("<input type=\"hidden\"").attr("name", CSRF_FIELD).attr("value", &guard.csrf).raw(">");
        out.raw("<input type=\"hidden\"").attr("name", ONCE_FIELD).attr("value", &guard.once).raw(">");
        out
    }

    /// A field with label, hint and error.
    #[must_use]
    pub fn field(&self, field: impl Given<Field>) -> Html {
        let field = field.given();
        let id = format!("f-{}", field.name);
        let mut out = Html::new();
        out.raw(match (field.error.is_some(), field.wide) {
            (true, true) => "<div class=\"field bad full\">",
            (true, false) => "<div class=\"field bad\">",
            (false, true) => "<div class=\"field full\">",
            (false, false) => "<div class=\"field\">",
        });
        match &field.input {
            Input::Radio(choices) => {
                out.raw("<fieldset").attr("id", &id).raw("><legend>").text(&field.label).raw("</legend>");
                for choice in choices {
                    out.push(&radio(field, choice));
                }
                out.raw("</fieldset>");
            }
            Input::Boxes(choices) => {
                // Nothing chosen is an answer too: the name is sent in any case.
                out.raw("<fieldset").attr("id", &id).raw("><legend>").text(&field.label).raw("</legend>");
                out.raw("<input type=\"hidden\"").attr("name", &field.name).raw(" value=\"\">");
                for choice in choices {
                    out.push(&choice_box(field, choice));
                }
                out.raw("</fieldset>");
            }
            Input::Check => {
                out.raw("<label class=\"check\"><input type=\"checkbox\"").attr("id", &id).attr("name", &field.name);
                out.raw(if field.value == "on" { " checked> " } else { "> " }).text(&field.label).raw("</label>");
            }
            _ => {
                out.raw("<label").attr("for", &id).raw(">").text(&field.label).raw("</label>");
                out.push(&control(field, &id, Some(&self.t("date-shape"))));
            }
        }
        if let Some(error) = &field.error {
            out.raw("<p class=\"error\"").attr("id", format!("{id}-error")).raw(">").push(&Icon::AlertCircle.html());
            out.text(&error.text);
            if let Some((address, article)) = &error.article {
                out.raw("</p><p>");
                out.push(&if address.is_empty() {
                    self.citation_text(article)
                } else {
                    self.citation(address, article)
                });
            }
            out.raw("</p>");
        }
        if !field.hint.is_empty() {
            out.raw("<p class=\"hint\"").attr("id", format!("{id}-hint")).raw(">").text(&field.hint).raw("</p>");
        }
        out.raw("</div>");
        out
    }

    /// All that is wrong with a form, each linked to its field; nothing when nothing is.
    #[must_use]
    pub fn error_summary(&self, fields: impl AsRef<[Field]>) -> Html {
        let wrong: Vec<_> = fields.as_ref().iter().filter_map(|f| Some((f, f.error.as_ref()?))).collect();
        let mut out = Html::new();
        if wrong.is_empty() {
            return out;
        }
        out.raw("<div class=\"refusal\" role=\"alert\" tabindex=\"-1\" data-focus>").push(&Icon::AlertCircle.html());
        out.raw("<div><h2>").text(self.t1("form-errors", "count", wrong.len())).raw("</h2><ul>");
        for (field, error) in wrong {
            out.raw("<li><a").href(format!("#f-{}", field.name)).raw(">").text(&field.label).raw("</a> ");
            out.text(&error.text).raw("</li>");
        }
        out.raw("</ul></div></div>");
        out
    }
}

fn radio(field: &Field, choice: &Choice) -> Html {
    let mut out = Html::new();
    out.raw("<label class=\"check\"><input type=\"radio\"").attr("name", &field.name).attr("value", &choice.value);
    out.raw(if choice.value == field.value { " checked> " } else { "> " }).text(&choice.text).raw("</label>");
    out
}

fn choice_box(field: &Field, choice: &Choice) -> Html {
    let mut out = Html::new();
    out.raw("<label class=\"check\"><input type=\"checkbox\"").attr("name", &field.name).attr("value", &choice.value);
    let chosen = field.value.split_whitespace().any(|value| value == choice.value);
    out.raw(if chosen { " checked> " } else { "> " }).text(&choice.text).raw("</label>");
    out
}

/// The element of a field that has a label of its own.
fn control(field: &Field, id: &str, date_words: Option<&str>) -> Html {
    let mut out = Html::new();
    out.raw(match &field.input {
        Input::Area => "<textarea rows=\"3\"",
        Input::Select(_) => "<select",
        Input::Money => "<input type=\"text\" inputmode=\"decimal\" class=\"num\" data-money",
        Input::Number => "<input type=\"text\" inputmode=\"decimal\" class=\"num\"",
        // A text, because browsers write dates in their own order; the script adds the calendar.
        Input::Date => "<input type=\"text\" inputmode=\"numeric\" placeholder=\"YYYY-MM-DD\" pattern=\"\\d{4}-\\d{2}-\\d{2}\" data-date",
        Input::Moment => "<input type=\"datetime-local\"",
        Input::Password => "<input type=\"password\"",
        Input::File(_) => "<input type=\"file\"",
        Input::Text | Input::Radio(_) | Input::Boxes(_) | Input::Check => "<input type=\"text\"",
    });
    out.attr("id", id).attr("name", &field.name);
    if field.required {
        out.raw(" required");
    }
    if let (Input::Date, Some(words)) = (&field.input, date_words) {
        out.attr("title", words);
    }
    if let Some(kind) = field.autocomplete {
        out.attr("autocomplete", kind);
    }
    let mut described = Vec::new();
    if field.error.is_some() {
        out.raw(" aria-invalid=\"true\"");
        described.push(format!("{id}-error"));
    }
    if !field.hint.is_empty() {
        described.push(format!("{id}-hint"));
    }
    if !described.is_empty() {
        out.attr("aria-describedby", described.join(" "));
    }
    match &field.input {
        Input::Area => out.raw(">").text(&field.value).raw("</textarea>"),
        Input::Select(choices) => {
            out.raw(">");
            for choice in choices {
                out.raw("<option").attr("value", &choice.value);
                out.raw(if choice.value == field.value { " selected>" } else { ">" });
                out.text(&choice.text).raw("</option>");
            }
            out.raw("</select>")
        }
        Input::File(endings) => out.attr("accept", endings).raw(">"),
        Input::Password => out.raw(">"),
        _ => out.attr("value", &field.value).raw(">"),
    };
    out
}
