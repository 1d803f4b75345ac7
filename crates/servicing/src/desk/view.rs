//! Panels, facts and links of the desk's pages.

use platform::page::Html;

/// A panel with a title around something.
pub(crate) fn panel(title: &str, inner: &Html) -> Html {
    let mut out = Html::new();
    out.raw("<section class=\"panel\"><header class=\"panel-head\"><h2>").text(title).raw("</h2></header>");
    out.push(inner).raw("</section>");
    out
}

/// Labels and values.
pub(crate) fn facts(rows: &[(String, Html)]) -> Html {
    let mut out = Html::new();
    out.raw("<div class=\"panel-body\"><dl class=\"facts\">");
    for (label, value) in rows {
        out.raw("<dt>").text(label).raw("</dt><dd>").push(value).raw("</dd>");
    }
    out.raw("</dl></div>");
    out
}

/// A link in a line.
pub(crate) fn link(href: impl AsRef<str>, text: impl AsRef<str>) -> Html {
    let mut out = Html::new();
    out.raw("<a").href(href).raw(">").text(text).raw("</a>");
    out
}
