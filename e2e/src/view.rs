//! How the program is looked at: in which language, on which screen.

use std::fmt;

/// A language of the pages (界面语言).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// 简体中文.
    Chinese,
    /// English.
    English,
}

impl Language {
    /// Its BCP 47 tag, as in `<html lang>`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }

    /// One of two texts, by language.
    pub fn pick<T>(self, chinese: T, english: T) -> T {
        match self {
            Self::Chinese => chinese,
            Self::English => english,
        }
    }
}

/// A screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// An office laptop, 1366 × 768.
    Desk,
    /// A phone held upright, 390 × 844.
    Phone,
}

impl Size {
    /// Width and height in CSS pixels.
    pub fn pixels(self) -> (u32, u32) {
        match self {
            Self::Desk => (1366, 768),
            Self::Phone => (390, 844),
        }
    }
}

/// A language on a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// The language.
    pub language: Language,
    /// The screen.
    pub size: Size,
}

impl View {
    /// Both languages on both screens, Chinese first.
    pub const ALL: [Self; 4] = [
        Self::new(Language::Chinese, Size::Desk),
        Self::new(Language::English, Size::Desk),
        Self::new(Language::Chinese, Size::Phone),
        Self::new(Language::English, Size::Phone),
    ];

    /// Chinese at a desk, for walks that change the book and are walked once.
    pub const FIRST: [Self; 1] = [Self::ALL[0]];

    /// A view.
    pub const fn new(language: Language, size: Size) -> Self {
        Self { language, size }
    }
}

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (width, height) = self.size.pixels();
        write!(f, "{}-{width}x{height}", self.language.tag())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_is_named_by_language_and_size() {
        let names: Vec<_> = View::ALL.iter().map(View::to_string).collect();
        assert_eq!(names, ["zh-CN-1366x768", "en-1366x768", "zh-CN-390x844", "en-390x844"]);
    }
}
