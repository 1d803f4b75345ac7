//! Our own import template: a header, a row of rules and a sample row, with lists to choose from.

use rust_xlsxwriter::{DataValidation, Format, FormatAlign, Workbook, XlsxError};

use super::write::WriteError;

/// A sheet of the template (模板工作表).
#[derive(Debug, Clone)]
pub struct TemplateSheet {
    /// Name on the tab.
    pub name: String,
    /// Title above the header.
    pub title: String,
    /// Columns in their order.
    pub columns: Vec<TemplateColumn>,
    /// The word in the first column that marks rows which are not imported: rules and sample.
    pub rules_mark: String,
    /// The same for the sample row.
    pub sample_mark: String,
}

/// A column of the template (模板列).
#[derive(Debug, Clone)]
pub struct TemplateColumn {
    /// Its heading.
    pub heading: String,
    /// What may stand there, for the rules row.
    pub rule: String,
    /// An example, as text.
    pub sample: String,
    /// The only values allowed, when there are few; Excel then offers them.
    pub choices: Vec<String>,
    /// Whether it must be filled in; shown by a star.
    pub required: bool,
}

/// Writes the template as .xlsx.
///
/// The first column is ours and stays empty in the user's rows; all columns are text, so that no identity number
/// loses digits and no date changes its form while it is typed.
pub fn write_template(sheets: &[TemplateSheet]) -> Result<Vec<u8>, WriteError> {
    let mut book = Workbook::new();
    for sheet in sheets {
        write_sheet(&mut book, sheet)?;
    }
    Ok(book.save_to_buffer()?)
}

fn write_sheet(book: &mut Workbook, sheet: &TemplateSheet) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    let heading = Format::new().set_bold().set_background_color("#F1F3F5").set_align(FormatAlign::Center);
    let grey = Format::new().set_font_color("#6B7280").set_italic().set_text_wrap().set_align(FormatAlign::Top);
    let text = Format::new().set_num_format("@");
    let page = book.add_worksheet();
    page.set_name(&sheet.name)?;
    page.write_string_with_format(0, 0, &sheet.title, &bold)?;
    page.write_string_with_format(1, 0, "说明", &heading)?;
    page.write_string_with_format(2, 0, &sheet.rules_mark, &grey)?;
    page.write_string_with_format(3, 0, &sheet.sample_mark, &grey)?;
    page.set_column_width(0, 10)?;
    for (at, column) in sheet.columns.iter().enumerate() {
        let at = u16::try_from(at + 1).unwrap_or(u16::MAX);
        let star = if column.required { "*" } else { "" };
        page.set_column_width(at, 18)?;
        page.set_column_format(at, &text)?;
        page.write_string_with_format(1, at, format!("{}{star}", column.heading), &heading)?;
        page.write_string_with_format(2, at, &column.rule, &grey)?;
        page.write_string_with_format(3, at, &column.sample, &grey)?;
        if !column.choices.is_empty() {
            let list = DataValidation::new().allow_list_strings(&column.choices)?;
            page.add_data_validation(4, at, 5_000, at, &list)?;
        }
    }
    page.set_freeze_panes(2, 0)?;
    Ok(())
}
