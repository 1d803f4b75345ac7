//! The press (打印机): turns documents into PDF.

use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};

use serde_json::{Value, json};
use typst::foundations::{Array, Bytes, Dict, IntoValue as _, Smart};
use typst_as_lib::{TypstEngine, TypstTemplateCollection};
use typst_pdf::PdfOptions;

use crate::clean::clean;
use crate::document::Document;
use crate::error::PrintError;
use crate::fonts::{FontFolders, Fonts};

/// Every template, by the name it is imported under.
const TEMPLATES: [(&str, &str); 11] = [
    ("base.typ", include_str!("../templates/base.typ")),
    ("labels.typ", include_str!("../templates/labels.typ")),
    ("bundle.typ", include_str!("../templates/bundle.typ")),
    ("agreement.typ", include_str!("../templates/agreement.typ")),
    ("report.typ", include_str!("../templates/report.typ")),
    ("schedule.typ", include_str!("../templates/schedule.typ")),
    ("derivation.typ", include_str!("../templates/derivation.typ")),
    ("receipt.typ", include_str!("../templates/receipt.typ")),
    ("notice.typ", include_str!("../templates/notice.typ")),
    ("statement.typ", include_str!("../templates/statement.typ")),
    ("list.typ", include_str!("../templates/list.typ")),
];

/// A press (打印机): prints documents with the fonts of some folders. Cheap to clone; clones share the fonts.
#[derive(Clone)]
pub struct Press {
    shared: Arc<Shared>,
}

struct Shared {
    folders: FontFolders,
    loading: Mutex<()>,
    loaded: OnceLock<Loaded>,
}

struct Loaded {
    fonts: Fonts,
    engine: TypstEngine<TypstTemplateCollection>,
}

/// A printed document (成品).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// The PDF file.
    pub pdf: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
    /// Characters that no font could draw (rare characters of names); they print as empty boxes, so warn.
    pub missing: Vec<char>,
}

impl Press {
    /// The press of this process, over the fonts of the system: they are found once and read on the first print.
    pub fn system() -> &'static Self {
        static PRESS: LazyLock<Press> = LazyLock::new(|| Press::new(FontFolders::system()));
        &PRESS
    }

    /// Makes a press. Nothing is read until the first document is printed, so a machine without fonts still starts.
    #[must_use]
    pub fn new(folders: FontFolders) -> Self {
        Self { shared: Arc::new(Shared { folders, loading: Mutex::new(()), loaded: OnceLock::new() }) }
    }

    /// Finds and reads the fonts now. A failure is not remembered: once a font is installed, the next call finds it.
    ///
    /// # Errors
    /// [`PrintError::NoCjkFont`] with the folders searched.
    pub fn warm_up(&self) -> Result<(), PrintError> {
        self.loaded().map(|_| ())
    }

    /// Prints a document.
    ///
    /// Synchronous; call it in `tokio::task::spawn_blocking`.
    ///
    /// # Errors
    /// [`PrintError::NoCjkFont`] first, then the refusals of the document, then [`PrintError::Template`].
    pub fn print(&self, document: &dyn Document) -> Result<Printed, PrintError> {
        let loaded = self.loaded()?;
        let template = document.template();
        let mut data = json!({
            "lang": document.frame().lang.code(),
            "sans": loaded.fonts.sans,
            "serif": loaded.fonts.serif,
            "frame": document.frame().data(),
            "doc": document.data()?,
        });
        clean(&mut data);
        let missing = loaded.fonts.cannot_draw(&texts(&data));
        let failed = |message: String| PrintError::Template { template, message };
        let mut inputs: Dict = serde_json::from_value(data).map_err(|error| failed(error.to_string()))?;
        let files = document.files().into_iter().map(|bytes| Bytes::new(bytes).into_value());
        inputs.insert("files".into(), files.collect::<Array>().into_value());

        let _evicted = EvictOnDrop;
        let world = loaded
            .engine
            .world_builder(template)
            .with_inputs(inputs)
            .build()
            .map_err(|error| failed(error.to_string()))?;
        let laid_out = typst::compile(&world).output.map_err(|errors| failed(format!("{errors:?}")))?;
        let options = PdfOptions {
            // The identifier of the file would else be a hash of title and author: fixed, so equal input is equal bytes.
            ident: Smart::Custom(document.frame().imprint.serial.clone()),
            creator: Smart::Custom(Some("Loanward".to_owned())),
            ..PdfOptions::default()
        };
        let pdf = typst_pdf::pdf(&laid_out, &options).map_err(|errors| failed(format!("{errors:?}")))?;
        Ok(Printed { pdf, pages: laid_out.pages().len(), missing })
    }

    fn loaded(&self) -> Result<&Loaded, PrintError> {
        if let Some(loaded) = self.shared.loaded.get() {
            return Ok(loaded);
        }
        let _alone = self.shared.loading.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(loaded) = self.shared.loaded.get() {
            return Ok(loaded);
        }
        let fonts = Fonts::load(&self.shared.folders)?;
        let engine = TypstEngine::builder()
            .fonts(fonts.faces.iter().cloned())
            .with_static_source_file_resolver(TEMPLATES)
            .build();
        Ok(self.shared.loaded.get_or_init(|| Loaded { fonts, engine }))
    }
}

/// Empties the typesetter's global caches on every way out, the failing ones too: they grow without bound
/// and hold the texts of customers.
struct EvictOnDrop;

impl Drop for EvictOnDrop {
    fn drop(&mut self) {
        comemo::evict(0);
    }
}

/// All texts of the data, for asking the fonts.
fn texts(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(texts).collect(),
        Value::Object(fields) => fields.values().map(texts).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Keys of one language in `labels.typ`, with the indentation that the file keeps.
    fn keys(lang: &str) -> BTreeSet<String> {
        let (_, labels) = TEMPLATES[1];
        let start = labels.find(&format!("\n  {lang}: (")).unwrap();
        let body = &labels[start..];
        let end = body.find("\n  ),").unwrap();
        body[..end]
            .lines()
            .filter_map(|line| line.strip_prefix("    ")?.split_once(':').map(|(key, _)| key.to_owned()))
            .collect()
    }

    #[test]
    fn every_label_is_there_in_both_languages() {
        assert!(keys("zh").len() > 80);
        assert_eq!(keys("zh"), keys("en"));
    }

    #[test]
    fn without_a_font_the_refusal_says_where_and_what_to_install() {
        let empty = tempfile::tempdir().unwrap();
        let error = Press::new(FontFolders::only(empty.path())).warm_up().unwrap_err();
        assert_eq!(error, PrintError::NoCjkFont { looked_in: vec![empty.path().to_owned()] });
        assert_eq!(error.code(), "print.no_cjk_font");
        let text = error.to_string();
        assert!(text.contains("fonts-noto-cjk") && text.contains("--fonts"), "{text}");
        assert!(text.contains(&empty.path().display().to_string()), "{text}");
    }
}
