//! What every document shares: letterhead, imprint, language, borrower.

use jiff::civil::DateTime;
use serde_json::{Value, json};

use crate::error::PrintError;
use crate::figures::moment;

/// A document (打印件) that a [`crate::Press`] can print. Implemented by the structs of this crate.
pub trait Document {
    /// File name of the template.
    fn template(&self) -> &'static str;

    /// Letterhead, imprint and language.
    fn frame(&self) -> &Frame;

    /// The data of the template: texts and formatted figures, totals added up and compared.
    ///
    /// # Errors
    /// The refusals of the document: an empty mandatory field, a total that does not foot.
    fn data(&self) -> Result<Value, PrintError>;

    /// Files that the template draws, by their place.
    fn files(&self) -> Vec<Vec<u8>> {
        Vec::new()
    }
}

/// Language of the labels (语言).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// Simplified Chinese.
    #[default]
    Zh,
    /// English; amounts in words stay Chinese capitals, which is what the rules of payment know.
    En,
}

impl Lang {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Zh => "zh",
            Self::En => "en",
        }
    }
}

/// What stands around the content of every document (版式): who issues it, and where it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Language of the labels.
    pub lang: Lang,
    /// Who issues the document.
    pub letterhead: Letterhead,
    /// Where the print came from.
    pub imprint: Imprint,
}

/// Who issues the document (抬头).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letterhead {
    /// Name of the institution.
    pub institution: String,
    /// Address and telephone, one line; may be empty.
    pub contact: String,
    /// One or two characters in the black square before the name, usually 信守; empty for none.
    pub mark: String,
}

/// Where the print came from (印记): the foot of every page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imprint {
    /// Serial number (编号) of this print.
    pub serial: String,
    /// Number and version of the form, such as `LN-02 v5`.
    pub form: String,
    /// Article that asks for the form, such as `放款管理办法 第十七条`; may be empty.
    pub article: String,
    /// Name of who printed.
    pub printed_by: String,
    /// When, in the institution's local time.
    pub printed_at: DateTime,
    /// Check code (校验码) under which the register of prints finds this one.
    pub check_code: String,
}

/// Whose loan it is (借款人).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Borrower {
    /// Name.
    pub name: String,
    /// Identity number, masked by the caller.
    pub masked_id: String,
}

impl Borrower {
    pub(crate) fn data(&self) -> Value {
        json!({ "name": self.name, "masked_id": self.masked_id })
    }
}

impl Frame {
    pub(crate) fn data(&self) -> Value {
        json!({
            "institution": self.letterhead.institution,
            "contact": self.letterhead.contact,
            "mark": self.letterhead.mark.chars().take(2).map(String::from).collect::<Vec<_>>(),
            "serial": self.imprint.serial,
            "form": self.imprint.form,
            "article": self.imprint.article,
            "printed_by": self.imprint.printed_by,
            "printed_at": moment(self.imprint.printed_at),
            "check_code": self.imprint.check_code,
        })
    }
}

/// Refuses the first empty field.
pub(crate) fn must_be_filled(document: &'static str, fields: &[(&'static str, &str)]) -> Result<(), PrintError> {
    match fields.iter().find(|(_, value)| value.trim().is_empty()) {
        Some(&(field, _)) => Err(PrintError::EmptyField { document, field }),
        None => Ok(()),
    }
}
