//! Badges (徽章): a state is always word + shape + tone, so that a grey print still reads.

use jiff::civil::Date;

use super::{Given, Html, Icon, Ui};

/// The tone of a state (色调); never its only sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// 正常, 相符, 完成.
    Ok,
    /// 关注, 今日, yellow warning.
    Watch,
    /// 次级, 此刻不可, orange warning, 转差.
    Sub,
    /// 可疑, 迟, 禁止, refusal, error.
    Doubt,
    /// 损失.
    Loss,
    /// Locked, neutral facts.
    Info,
    /// Waiting for me, in progress.
    Accent,
    /// Nothing to say.
    #[default]
    Neutral,
}

impl Tone {
    /// The class of the style sheet.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Tone::Ok => "ok",
            Tone::Watch => "watch",
            Tone::Sub => "sub",
            Tone::Doubt => "doubt",
            Tone::Loss => "loss",
            Tone::Info => "info",
            Tone::Accent => "acc",
            Tone::Neutral => "neutral",
        }
    }
}

/// The five classes of loan quality (五级分类), best first, as a badge shows them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LoanClass {
    /// 正常.
    Pass,
    /// 关注.
    SpecialMention,
    /// 次级.
    Substandard,
    /// 可疑.
    Doubtful,
    /// 损失.
    Loss,
}

impl LoanClass {
    /// All, best first.
    pub const ALL: [LoanClass; 5] = [Self::Pass, Self::SpecialMention, Self::Substandard, Self::Doubtful, Self::Loss];

    /// The code that policy and tables use.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::SpecialMention => "special-mention",
            Self::Substandard => "substandard",
            Self::Doubtful => "doubtful",
            Self::Loss => "loss",
        }
    }

    /// The class of a code; `_` stands for `-` too.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.code() == code.replace('_', "-"))
    }

    /// The id of its name.
    #[must_use]
    pub fn message(self) -> &'static str {
        match self {
            Self::Pass => "class-pass",
            Self::SpecialMention => "class-special-mention",
            Self::Substandard => "class-substandard",
            Self::Doubtful => "class-doubtful",
            Self::Loss => "class-loss",
        }
    }

    /// The shape in front of the word; it means nothing else anywhere.
    #[must_use]
    pub fn shape(self) -> &'static str {
        match self {
            Self::Pass => "○",
            Self::SpecialMention => "◐",
            Self::Substandard => "▲",
            Self::Doubtful => "◆",
            Self::Loss => "■",
        }
    }

    /// Its tone.
    #[must_use]
    pub fn tone(self) -> Tone {
        match self {
            Self::Pass => Tone::Ok,
            Self::SpecialMention => Tone::Watch,
            Self::Substandard => Tone::Sub,
            Self::Doubtful => Tone::Doubt,
            Self::Loss => Tone::Loss,
        }
    }
}

impl Ui {
    /// A badge: shape, tone, word.
    #[must_use]
    pub fn badge(&self, tone: impl Given<Tone>, icon: impl Given<Icon>, word: impl AsRef<str>) -> Html {
        let mut out = Html::new();
        out.raw("<span class=\"badge ").raw(tone.given().class()).raw("\">");
        out.push(&icon.given().html()).text(word).raw("</span>");
        out
    }

    /// The badge of a class: ○ 正常, ◐ 关注, ▲ 次级, ◆ 可疑, ■ 损失.
    #[must_use]
    pub fn class_badge(&self, class: impl Given<LoanClass>) -> Html {
        let class = *class.given();
        let mut out = Html::new();
        out.raw("<span class=\"badge ").raw(class.tone().class()).raw("\">").push(&class_shape(class));
        out.text(self.t(class.message())).raw("</span>");
        out
    }

    /// The head of a matrix column: the shape and the word without the box.
    #[must_use]
    pub fn class_head(&self, class: impl Given<LoanClass>) -> Html {
        let class = *class.given();
        let mut out = Html::new();
        out.raw("<span class=\"class-head ").raw(class.tone().class()).raw("-ink\">").push(&class_shape(class));
        out.raw("</span>").text(self.t(class.message()));
        out
    }

    /// The overdue meter: four steps (1–30, 31–60, 61–90, ≥ 91) and the days.
    #[must_use]
    pub fn bucket(&self, days: impl Given<i64>) -> Html {
        let days = *days.given();
        let (steps, label) = match days {
            i64::MIN..=0 => (0, self.t("bucket-none")),
            1..=30 => (1, self.t1("bucket-1-30", "days", days)),
            31..=60 => (2, self.t1("bucket-31-60", "days", days)),
            61..=90 => (3, self.t1("bucket-61-90", "days", days)),
            _ => (4, self.t1("bucket-over-90", "days", days)),
        };
        let mut out = Html::new();
        out.raw("<span class=\"bucket b").text(steps.to_string()).raw("\"><span class=\"meter\" role=\"img\"");
        out.attr("aria-label", &label).raw("><i></i><i></i><i></i><i></i></span>");
        let word = if steps == 0 { label } else { self.t1("days", "days", days) };
        out.raw("<span class=\"days\" aria-hidden=\"true\">").text(word).raw("</span></span>");
        out
    }

    /// The deadline of a duty: 迟 n 天, 今日, 还剩 n 天, from the business date.
    #[must_use]
    pub fn deadline(&self, due_on: impl Given<Date>) -> Html {
        let left = days_between(self.business_date, *due_on.given());
        match left {
            i32::MIN..=-1 => {
                self.badge(Tone::Doubt, Icon::AlertTriangle, self.t1("due-late", "days", left.unsigned_abs()))
            }
            0 => self.badge(Tone::Watch, Icon::Clock, self.t("due-today")),
            1.. => self.badge(Tone::Neutral, Icon::CalendarEvent, self.t1("due-left", "days", left)),
        }
    }
}

/// Whole days from one date to another.
fn days_between(from: Date, to: Date) -> i32 {
    (to - from).get_days()
}

/// The shape drawn, the same on every machine whatever its fonts.
fn class_shape(class: LoanClass) -> Html {
    let mut out = Html::new();
    out.raw("<svg class=\"shape\" viewBox=\"0 0 12 12\" aria-hidden=\"true\">");
    out.raw(match class {
        LoanClass::Pass => "<circle cx=\"6\" cy=\"6\" r=\"4\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\"/>",
        LoanClass::SpecialMention => {
            "<circle cx=\"6\" cy=\"6\" r=\"4.2\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.6\"/><path d=\"M6 1.5a4.5 4.5 0 0 1 0 9z\" fill=\"currentColor\"/>"
        }
        LoanClass::Substandard => "<path d=\"M6 1.5 11 10.5H1z\" fill=\"currentColor\"/>",
        LoanClass::Doubtful => "<path d=\"M6 .8 11.2 6 6 11.2.8 6z\" fill=\"currentColor\"/>",
        LoanClass::Loss => "<path d=\"M1.5 1.5h9v9h-9z\" fill=\"currentColor\"/>",
    });
    out.raw("</svg>");
    out
}
