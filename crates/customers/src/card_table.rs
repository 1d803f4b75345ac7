//! A small table that becomes cards on a phone (卡片表格): each cell says its column, the verbs stand at the foot.

use platform::page::Html;

/// Draws it; the last column holds the verbs.
#[must_use]
pub fn draw(caption: &str, heads: &[String], rows: &[Vec<Html>]) -> Html {
    let mut out = Html::new();
    out.raw("<div class=\"scroll\"><table class=\"table cards-on-phone\"><caption class=\"unseen\">").text(caption);
    out.raw("</caption><thead><tr>");
    for head in heads {
        out.raw("<th scope=\"col\">").text(head).raw("</th>");
    }
    out.raw("</tr></thead><tbody>");
    for row in rows {
        out.raw("<tr>");
        for (place, cell) in row.iter().enumerate() {
            if place + 1 == row.len() {
                out.raw("<td class=\"verb nowrap\">");
            } else {
                out.raw("<td").attr("data-label", heads.get(place).map_or("", String::as_str)).raw(">");
            }
            out.push(cell).raw("</td>");
        }
        out.raw("</tr>");
    }
    out.raw("</tbody></table></div>");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_say_their_column_and_nothing_typed_becomes_markup() {
        let row = vec![Html::of_text("<b>"), Html::new()];
        let shown = draw("关系", &["姓名".to_owned(), String::new()], &[row]).to_string();
        assert!(shown.contains("<td data-label=\"姓名\">&lt;b&gt;</td><td class=\"verb nowrap\"></td>"), "{shown}");
    }
}
