//! Duty rows (任务行): deadline, date, what, whom and loan, money, article, one verb.

use jiff::civil::Date;

use super::{Button, Given, Html, Look, Ui, own_address};

/// A duty as a row shows it (任务行).
#[derive(Debug, Clone)]
pub struct DutyRow {
    /// The deadline.
    pub due_on: Date,
    /// What is to be done.
    pub what: String,
    /// Whom it concerns: name and page.
    pub whom: (String, String),
    /// The number of the loan, empty without one.
    pub number: String,
    /// The balance in fen.
    pub balance: Option<i64>,
    /// The article: page (may be empty) and name.
    pub article: (String, String),
    /// The verb and the page where it is done.
    pub verb: (String, String),
}

impl Ui {
    /// Draws duties as a table; the caller orders them: late first, then by date.
    #[must_use]
    pub fn duties(&self, duties: impl AsRef<[DutyRow]>) -> Html {
        let mut out = Html::new();
        out.raw("<div class=\"scroll\"><table class=\"table cards-on-phone\"><thead><tr>");
        let heads = ["duty-due", "", "duty-what", "duty-whom", "duty-balance", "duty-source", ""];
        for head in heads {
            out.raw(if head == "duty-balance" { "<th scope=\"col\" class=\"r\">" } else { "<th scope=\"col\">" });
            out.text(if head.is_empty() { String::new() } else { self.t(head) }).raw("</th>");
        }
        out.raw("</tr></thead><tbody>");
        for duty in duties.as_ref() {
            out.push(&self.duty(duty));
        }
        out.raw("</tbody></table></div>");
        out
    }

    fn duty(&self, duty: impl Given<DutyRow>) -> Html {
        let it = duty.given();
        let mut out = Html::new();
        out.raw("<tr").attr("data-href", own_address(&it.verb.1)).raw("><td>").push(&self.deadline(it.due_on));
        out.raw("</td><td>").push(&self.date_short(it.due_on)).raw("</td><td><b>").text(&it.what).raw("</b></td><td>");
        out.raw("<a").href(&it.whom.1).raw(">").text(&it.whom.0).raw("</a> <span class=\"muted num\">");
        out.text(&it.number).raw("</span></td><td class=\"r\"").attr("data-label", self.t("duty-balance")).raw(">");
        out.push(&self.money_or_dash(it.balance)).raw("</td><td>");
        let (page, article) = &it.article;
        out.push(&if page.is_empty() { self.citation_text(article) } else { self.citation(page, article) });
        out.raw("</td><td class=\"verb\">").push(&self.button(Button::link(Look::Small, &it.verb.0, &it.verb.1)));
        out.raw("</td></tr>");
        out
    }
}
