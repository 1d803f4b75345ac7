//! Charts (图): the data as JSON beside an empty box; the script draws, and without it
//! the same numbers stand in a table.

use serde::Serialize;

use super::{Given, Html, Ui};

/// How a chart begins in a page: the frame looks for it.
pub(super) const CHART: &str = "<figure class=\"chart\" data-chart";

/// A chart (图), drawn by `chart.js` from this description.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Chart {
    /// What it shows, for those who cannot see it.
    #[serde(skip)]
    pub title: String,
    /// Bars or lines.
    pub shape: Shape,
    /// The words under the axis.
    pub labels: Vec<String>,
    /// The series.
    pub series: Vec<Series>,
    /// A limit, in the same unit as the values, drawn as a seal-coloured line with its words.
    pub limit: Option<(String, String)>,
    /// The page of the rows behind each label.
    pub links: Vec<String>,
    /// Who is connected to whom, of a graph.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub graph: Option<Graph>,
    /// The height in pixels.
    #[serde(skip)]
    pub height: u32,
}

/// How a chart is drawn (图形).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Shape {
    /// Bars from left to right, one a label: few things with names.
    #[default]
    Bars,
    /// Columns: months, days.
    Columns,
    /// Lines, each labelled at its end.
    Lines,
    /// Lines of the four overdue buckets, in their colours.
    BucketLines,
    /// Bars of the four overdue buckets, with their patterns.
    Buckets,
    /// Things and the lines between them.
    Graph,
}

/// Things that are connected (关系图); the page says the same in a table beside it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Graph {
    /// The things.
    pub nodes: Vec<GraphNode>,
    /// The lines.
    pub edges: Vec<GraphEdge>,
}

/// A thing of a graph (节点).
#[derive(Debug, Clone, Default, Serialize)]
pub struct GraphNode {
    /// Its name.
    pub name: String,
    /// What stands under it.
    pub note: String,
    /// Its page.
    pub link: Option<String>,
    /// `first`, `circle`, `customer` or `other`.
    pub look: &'static str,
}

/// A line of a graph (连线), by the places of its ends.
#[derive(Debug, Clone, Default, Serialize)]
pub struct GraphEdge {
    /// Where it begins.
    pub from: usize,
    /// Where its arrow points.
    pub to: usize,
    /// What it means.
    pub label: String,
    /// Whether it answers for the debt: drawn solid.
    pub answers: bool,
}

/// One series of a chart (数列).
#[derive(Debug, Clone, Default, Serialize)]
pub struct Series {
    /// Its name, at the end of its line.
    pub name: String,
    /// Plain decimal numbers without thousands (`"412.60"`), or none where there is none yet.
    pub values: Vec<Option<String>>,
    /// What is printed on each bar instead of the value.
    pub notes: Vec<String>,
}

impl Ui {
    /// A chart with its table for those without scripts or sight.
    #[must_use]
    pub fn chart(&self, chart: impl Given<Chart>) -> Html {
        let chart = chart.given();
        let data = serde_json::to_string(chart).expect("a chart has only strings as keys");
        let mut out = Html::new();
        out.raw(CHART).raw(" role=\"img\"").attr("aria-label", &chart.title);
        out.attr("data-spec", data).attr("style", format!("height:{}px", chart.height.max(120))).raw("></figure>");
        if chart.graph.is_some() {
            return out;
        }
        out.raw("<table class=\"table chart-data\"><caption>").text(&chart.title).raw("</caption><tbody>");
        for (place, label) in chart.labels.iter().enumerate() {
            out.raw("<tr><th scope=\"row\">").text(label).raw("</th>");
            for series in &chart.series {
                let value = series.values.get(place).and_then(Option::as_deref).unwrap_or("—");
                out.raw("<td class=\"r\">").text(series.notes.get(place).map_or(value, String::as_str)).raw("</td>");
            }
            out.raw("</tr>");
        }
        out.raw("</tbody></table>");
        out
    }
}
