//! A recording of a contact as it is known without listening to it. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::civil::Date;
use platform::duty::ContactId;
use platform::error::{FieldError, Refusal, RefusalKind, Refused};
use platform::id::CustomerId;
use platform::{id_type, stored_as_text};

id_type!(RecordingId, "The key of a recording (催收录音) within its customer.");

/// What kind of sound a file holds (录音格式), by its first bytes and never by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sound {
    /// WAV.
    Wav,
    /// MP3.
    Mp3,
    /// Ogg.
    Ogg,
    /// MPEG-4 audio.
    M4a,
    /// AMR, as telephones record.
    Amr,
}

impl Sound {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Wav, Self::Mp3, Self::Ogg, Self::M4a, Self::Amr];

    /// Its name in data, and the ending of its files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Wav => "wav",
            Self::Mp3 => "mp3",
            Self::Ogg => "ogg",
            Self::M4a => "m4a",
            Self::Amr => "amr",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sound| sound.as_str() == text)
    }

    /// What a browser calls it.
    #[must_use]
    pub fn mime(self) -> &'static str {
        match self {
            Self::Wav => "audio/wav",
            Self::Mp3 => "audio/mpeg",
            Self::Ogg => "audio/ogg",
            Self::M4a => "audio/mp4",
            Self::Amr => "audio/amr",
        }
    }

    /// What the content is; nothing for what is no sound of ours (rule `recording.kinds`).
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => Some(Self::Wav),
            [b'I', b'D', b'3', ..] | [0xff, 0xf2 | 0xf3 | 0xfa | 0xfb, ..] => Some(Self::Mp3),
            [b'O', b'g', b'g', b'S', ..] => Some(Self::Ogg),
            [_, _, _, _, b'f', b't', b'y', b'p', ..] => Some(Self::M4a),
            [b'#', b'!', b'A', b'M', b'R', ..] => Some(Self::Amr),
            _ => None,
        }
    }
}
stored_as_text!(Sound, "kind of a recording");

/// A recording of a contact (催收录音).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    /// Whose file.
    pub customer: CustomerId,
    /// Its key.
    pub id: RecordingId,
    /// Of which contact.
    pub contact: ContactId,
    /// The civil day of the contact.
    pub made_on: Date,
    /// What it is.
    pub sound: Sound,
    /// How many bytes.
    pub bytes: i64,
    /// SHA-256 of its content.
    pub digest: String,
    /// Since when its content is taken away.
    pub erased_on: Option<Date>,
    /// Whether it came in with a workbook of the whole book, which carries no content.
    pub brought_in: bool,
}

impl Recording {
    /// How the audit trail names it.
    #[must_use]
    pub fn subject(&self) -> String {
        format!("contact_recording:{}:{}", self.customer, self.id)
    }
}

/// Why a recording is not kept or not opened (录音拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordingError {
    /// Fields of the form.
    #[error("the form is not complete")]
    Form(Vec<FieldError>),
    /// There is no such recording, or not for this person.
    #[error("no such recording")]
    NotFound,
    /// The contact has its recording.
    #[error("the contact has its recording")]
    Kept,
    /// Its time is over: the content was taken away.
    #[error("erased on {on}")]
    Erased {
        /// When.
        on: Date,
    },
    /// It came in with a book; its content is where the book came from.
    #[error("the content is elsewhere")]
    Elsewhere,
    /// What is kept is not what was handed in.
    #[error("the content is damaged")]
    Damaged,
}

impl Refusal for RecordingError {
    fn refused(&self) -> Refused {
        let conflict = |code| Refused::new(RefusalKind::Conflict, code);
        match self {
            Self::Form(fields) => Refused::form(fields.clone()),
            Self::NotFound => Refused::new(RefusalKind::NotFound, "recording-not-found"),
            Self::Kept => conflict("recording-kept").under("recording.once", None),
            Self::Erased { on } => conflict("recording-erased").with("on", on).under("recording.retention", None),
            Self::Elsewhere => conflict("recording-elsewhere"),
            Self::Damaged => conflict("recording-damaged"),
        }
    }
}
