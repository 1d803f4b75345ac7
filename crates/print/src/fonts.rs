//! Finds the fonts (字体) in the folders of the system.
//!
//! Fonts are not shipped: the four faces used are some 95 MB. They are found by family name through an index
//! that maps files instead of reading them; only the chosen files are then read, once.

use std::collections::{HashMap, HashSet};
use std::env;
use std::path::{Path, PathBuf};

use fontdb::{Database, FaceInfo, Source, Style};
use typst::foundations::Bytes;
use typst::text::Font;

use crate::error::PrintError;

/// Sans families with simplified Chinese, best first.
const SANS: [&str; 10] = [
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "Microsoft YaHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimHei",
    "Droid Sans Fallback",
];

/// Serif families with simplified Chinese, best first.
const SERIF: [&str; 8] = [
    "Noto Serif CJK SC",
    "Noto Serif SC",
    "Source Han Serif SC",
    "Source Han Serif CN",
    "Songti SC",
    "SimSun",
    "NSimSun",
    "AR PL UMing CN",
];

/// Characters that a Chinese font must draw: two of the capital numerals and two of the trade.
const MUST_DRAW: [char; 4] = ['壹', '贰', '贷', '款'];

/// The folders in which fonts are looked for (字体目录).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FontFolders {
    folders: Vec<PathBuf>,
}

impl FontFolders {
    /// The folders of the operating system and of the user.
    #[must_use]
    pub fn system() -> Self {
        let mut folders: Vec<PathBuf> =
            ["/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "/System/Library/Fonts"]
                .iter()
                .map(PathBuf::from)
                .collect();
        if let Some(home) = env::var_os("HOME").map(PathBuf::from) {
            folders.extend([".fonts", ".local/share/fonts", "Library/Fonts"].map(|below| home.join(below)));
        }
        for (variable, below) in [("SYSTEMROOT", "Fonts"), ("LOCALAPPDATA", "Microsoft/Windows/Fonts")] {
            folders.extend(env::var_os(variable).map(|root| Path::new(&root).join(below)));
        }
        Self { folders }
    }

    /// One folder and nothing else.
    #[must_use]
    pub fn only(folder: impl Into<PathBuf>) -> Self {
        Self { folders: vec![folder.into()] }
    }

    /// Puts a folder in front of the others (`--fonts`).
    #[must_use]
    pub fn preferring(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folders.insert(0, folder.into());
        self
    }
}

/// The faces a press prints with.
pub(crate) struct Fonts {
    /// Family of tables and labels.
    pub(crate) sans: String,
    /// Family of titles and letters.
    pub(crate) serif: String,
    /// Regular and bold of both.
    pub(crate) faces: Vec<Font>,
}

impl Fonts {
    /// Finds and reads the faces. Where only one of sans and serif is there, it serves as both.
    pub(crate) fn load(folders: &FontFolders) -> Result<Self, PrintError> {
        let mut index = Database::new();
        for folder in &folders.folders {
            index.load_fonts_dir(folder);
        }
        let found = match (first_family(&index, &SANS), first_family(&index, &SERIF)) {
            (Some(sans), Some(serif)) => Some((sans, serif)),
            (Some(one), None) | (None, Some(one)) => Some((one.clone(), one)),
            (None, None) => any_chinese(&index).map(|one| (one.clone(), one)),
        };
        let missing = || PrintError::NoCjkFont { looked_in: folders.folders.clone() };
        let (sans, serif) = found.ok_or_else(missing)?;
        let faces = read_faces(&index, &[&sans, &serif]);
        if faces.is_empty() {
            return Err(missing());
        }
        Ok(Self { sans, serif, faces })
    }

    /// Which of the characters no face can draw, in order of first use.
    pub(crate) fn cannot_draw(&self, text: &str) -> Vec<char> {
        let mut seen = HashSet::from(['\u{200B}']);
        text.chars()
            .filter(|sign| !sign.is_whitespace() && seen.insert(*sign))
            .filter(|sign| !self.faces.iter().any(|face| face.info().coverage.contains(u32::from(*sign))))
            .collect()
    }
}

fn first_family(index: &Database, wanted: &[&str]) -> Option<String> {
    wanted.iter().find(|name| index.faces().any(|face| has_family(face, name))).map(|name| (*name).to_owned())
}

fn has_family(face: &FaceInfo, name: &str) -> bool {
    face.families.iter().any(|(family, _)| family.eq_ignore_ascii_case(name))
}

/// The family of any face that draws Chinese, for systems whose fonts have other names.
fn any_chinese(index: &Database) -> Option<String> {
    index.faces().filter(|face| face.style == Style::Normal).find_map(|face| {
        let font = read_face(&mut HashMap::new(), face)?;
        let draws = MUST_DRAW.iter().all(|sign| font.info().coverage.contains(u32::from(*sign)));
        draws.then(|| font.info().family.as_str().to_owned())
    })
}

/// Reads the face nearest to regular and the one nearest to bold of each family.
fn read_faces(index: &Database, families: &[&String]) -> Vec<Font> {
    let mut files = HashMap::new();
    let mut chosen: Vec<&FaceInfo> = Vec::new();
    for family in families {
        for weight in [400_u16, 700] {
            let nearest = index
                .faces()
                .filter(|face| face.style == Style::Normal && has_family(face, family))
                .min_by_key(|face| face.weight.0.abs_diff(weight));
            chosen.extend(nearest.filter(|face| chosen.iter().all(|known| known.id != face.id)));
        }
    }
    chosen.into_iter().filter_map(|face| read_face(&mut files, face)).collect()
}

/// Reads one face; a file shared by several is read once.
fn read_face(files: &mut HashMap<PathBuf, Bytes>, face: &FaceInfo) -> Option<Font> {
    let (Source::File(path) | Source::SharedFile(path, _)) = &face.source else {
        return None;
    };
    let bytes = match files.get(path) {
        Some(bytes) => bytes.clone(),
        None => {
            let bytes = Bytes::new(std::fs::read(path).ok()?);
            files.insert(path.clone(), bytes.clone());
            bytes
        }
    };
    Font::new(bytes, face.index)
}
