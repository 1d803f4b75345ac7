//! Rules of log-in and passwords (登录与密码规则): parameters from the policy pack, decisions without I/O.

use jiff::Timestamp;

use crate::error::{FieldError, Refusal, RefusalKind, Refused};
use crate::id::UserId;

/// The parameters of log-in, sessions and passwords (登录参数).
///
/// The values of [`Default`] are what a new institution starts with; the policy pack's
/// parameters replace them ([`AccessRules::from_pack`]). Lengths and times follow 《信息安全技术 网络安全等级保护基本要求》
/// (GB/T 22239-2019) 8.1.4.1 in sense: complexity, lock-out, time-out; it names no numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessRules {
    /// The fewest characters of a password.
    pub password_min_chars: usize,
    /// The fewest kinds of signs in a password: digits, small letters, capitals, everything else.
    pub password_min_kinds: usize,
    /// How many earlier passwords may not be chosen again.
    pub password_history: i64,
    /// How long a password holds; 0 for as long as it is not changed.
    pub password_seconds: i64,
    /// The roles whose log-in must have a second step.
    pub second_step_roles: Vec<String>,
    /// How long a log-in waits for its code.
    pub second_step_seconds: i64,
    /// How many recovery codes a device is given.
    pub recovery_codes: i64,
    /// The failed log-ins after which a user is locked.
    pub max_failures: i64,
    /// How long the lock holds.
    pub lock_seconds: i64,
    /// How long a session may be idle.
    pub idle_seconds: i64,
    /// How long a session lives at most.
    pub session_seconds: i64,
    /// How many days a token of the interface lives at most.
    pub token_days: i64,
    /// How many requests a token makes in a minute at most.
    pub token_requests: i64,
    /// How many requests with a bad token an address makes in a minute at most.
    pub bad_tokens: i64,
    /// The cost of hashing a password.
    pub hashing: Hashing,
}

/// The cost of hashing a password with Argon2id (密码散列强度).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hashing {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Hashing {
    /// RFC 9106's second recommended choice is 64 MiB and 3 passes; OWASP's floor is 19 MiB and 2 passes.
    #[must_use]
    pub fn strong() -> Self {
        Self { memory_kib: 19 * 1024, passes: 2, lanes: 1 }
    }

    /// As cheap as the algorithm allows: for tests only.
    #[must_use]
    pub fn weak_for_tests() -> Self {
        Self { memory_kib: 8, passes: 1, lanes: 1 }
    }
}

impl AccessRules {
    /// The parameters of the pack in force; a nonsensical one (a lock of no time) is the pack's check to refuse.
    ///
    /// # Errors
    /// [`policy::ParameterError`] names the parameter that the pack lacks.
    pub fn from_pack(edition: &policy::Edition, hashing: Hashing) -> Result<Self, policy::ParameterError> {
        let minutes = |name: &str| Ok::<_, policy::ParameterError>(edition.integer(name)?.saturating_mul(60));
        Ok(Self {
            password_min_chars: usize::try_from(edition.integer("password_min_length")?).unwrap_or(usize::MAX),
            password_min_kinds: usize::try_from(edition.integer("password_min_kinds")?).unwrap_or(usize::MAX),
            password_history: edition.integer("password_history")?,
            password_seconds: edition.integer("password_max_days")?.saturating_mul(24 * 3600),
            second_step_roles: edition.texts("second_step_roles")?,
            second_step_seconds: minutes("second_step_wait_minutes")?,
            recovery_codes: edition.integer("second_step_recovery_codes")?,
            max_failures: edition.integer("password_max_failures")?,
            lock_seconds: minutes("lockout_minutes")?,
            idle_seconds: minutes("session_idle_minutes")?,
            session_seconds: minutes("session_max_minutes")?,
            token_days: edition.integer("api_token_max_days")?,
            token_requests: edition.integer("api_requests_per_minute")?,
            bad_tokens: edition.integer("api_bad_tokens_per_minute")?,
            hashing,
        })
    }
}

impl Default for AccessRules {
    fn default() -> Self {
        Self {
            password_min_chars: 12,
            password_min_kinds: 1,
            password_history: 5,
            password_seconds: 0,
            second_step_roles: Vec::new(),
            second_step_seconds: 5 * 60,
            recovery_codes: 10,
            max_failures: 5,
            lock_seconds: 15 * 60,
            idle_seconds: 30 * 60,
            session_seconds: 12 * 3600,
            token_days: 365,
            token_requests: 600,
            bad_tokens: 30,
            hashing: Hashing::strong(),
        }
    }
}

/// Refusals about people (人员类拒绝).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccessError {
    /// Name or password is wrong, or the user is locked or disabled: which of them is not said, so that
    /// nobody learns names, nor tries passwords against a locked door.
    #[error("the log-in is refused")]
    LoginRefused {
        /// The failures that lock.
        max: i64,
        /// The minutes that a lock holds.
        minutes: i64,
    },
    /// The current password is wrong.
    #[error("the current password is wrong")]
    WrongPassword,
    /// The new password breaks a rule.
    #[error("the new password is too weak")]
    WeakPassword(Weakness),
    /// The two new passwords differ.
    #[error("the two new passwords differ")]
    PasswordsDiffer,
    /// A form field is empty.
    #[error("{0} is empty")]
    Empty(&'static str),
    /// A form field holds what it cannot hold.
    #[error("{0} is not valid")]
    Invalid(&'static str),
    /// The log-in name exists.
    #[error("the log-in name is taken")]
    LoginTaken,
    /// The name of a branch or team exists.
    #[error("the name is taken")]
    NameTaken,
    /// There is no such user, role, branch, team, grant.
    #[error("no such {0}")]
    Unknown(&'static str),
    /// The user has the role, or it is already asked for.
    #[error("already granted or asked for")]
    AlreadyGranted,
    /// The grant was decided meanwhile.
    #[error("already decided")]
    AlreadyDecided,
    /// Who made a thing never approves it.
    #[error("the maker cannot be the checker")]
    SamePerson {
        /// Who made it.
        maker: UserId,
    },
    /// A grant is not confirmed by the person who receives it.
    #[error("own grant")]
    OwnGrant,
    /// A user cannot disable oneself: nobody might be left.
    #[error("own account")]
    OwnAccount,
    /// The user is already in that state.
    #[error("already so")]
    AlreadyDone,
    /// The code is none of the device's, was taken before, or is no recovery code.
    #[error("the code is wrong or was used before")]
    WrongCode,
    /// A role of the person must have a second step.
    #[error("a role must have a second step")]
    SecondStepRequired,
    /// The log-in waits no longer for its code.
    #[error("the log-in waits no longer")]
    StepOver,
    /// It is a service account: nobody logs in as it, and it is no second person.
    #[error("a service account")]
    ServiceAccount,
    /// Set-up was done before.
    #[error("already set up")]
    AlreadySetUp,
}

/// What is weak about a password (弱密码原因).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weakness {
    /// Fewer characters than the policy asks.
    Short {
        /// The fewest.
        least: usize,
    },
    /// Fewer kinds of signs than the policy asks.
    Plain {
        /// The fewest kinds.
        kinds: usize,
    },
    /// It is, or contains, the log-in name.
    LikeLogin,
    /// Everybody tries it first.
    Common,
    /// It is the old one.
    Unchanged,
    /// It is one of the last ones.
    UsedBefore {
        /// How many of the last ones may not come back.
        last: i64,
    },
}

impl AccessError {
    fn field(field: &'static str, code: &'static str) -> Refused {
        Refused::form(vec![FieldError::new(field, code)])
    }
}

impl Refusal for AccessError {
    fn refused(&self) -> Refused {
        use RefusalKind::{Conflict, Forbidden, NotFound};
        match self {
            Self::LoginRefused { max, minutes } => {
                Refused::new(Forbidden, "login-refused").with("max", max).with("minutes", minutes)
            }
            Self::WrongPassword => Self::field("old", "password-wrong"),
            Self::WeakPassword(Weakness::Short { least }) => {
                Refused::form(vec![FieldError::new("new", "password-short").with("least", least)])
            }
            Self::WeakPassword(Weakness::Plain { kinds }) => {
                Refused::form(vec![FieldError::new("new", "password-plain").with("kinds", kinds)])
            }
            Self::WeakPassword(Weakness::UsedBefore { last }) => {
                Refused::form(vec![FieldError::new("new", "password-used-before").with("last", last)])
            }
            Self::WeakPassword(Weakness::LikeLogin) => Self::field("new", "password-like-login"),
            Self::WeakPassword(Weakness::Common) => Self::field("new", "password-common"),
            Self::WeakPassword(Weakness::Unchanged) => Self::field("new", "password-unchanged"),
            Self::PasswordsDiffer => Self::field("again", "passwords-differ"),
            Self::Empty(field) => Self::field(field, "field-empty"),
            Self::Invalid(field) => Self::field(field, "field-invalid"),
            Self::LoginTaken => Self::field("login", "login-taken"),
            Self::NameTaken => Self::field("name", "name-taken"),
            Self::Unknown(what) => Refused::new(NotFound, "unknown-thing").with("what", what),
            Self::AlreadyGranted => Refused::new(Conflict, "already-granted"),
            Self::AlreadyDecided => Refused::new(Conflict, "already-decided"),
            Self::ServiceAccount => Refused::new(Forbidden, "service-account").under("service.no-second-person", None),
            Self::SamePerson { .. } => Refused::new(Forbidden, "same-person").under("maker-checker", None),
            Self::OwnGrant => Refused::new(Forbidden, "own-grant").under("maker-checker", None),
            Self::OwnAccount => Refused::new(Conflict, "own-account"),
            Self::AlreadyDone => Refused::new(Conflict, "already-done"),
            Self::WrongCode => Self::field("code", "code-wrong"),
            Self::SecondStepRequired => Refused::new(Forbidden, "second-step-required"),
            Self::StepOver => Refused::new(Forbidden, "second-step-over"),
            Self::AlreadySetUp => Refused::new(Conflict, "already-set-up"),
        }
    }
}

/// Rule `maker-checker`: who made a thing never approves it. Source: X-02 of the requirements;
/// 《商业银行内部控制指引》(银监发〔2014〕40号) 第十五条, separation of incompatible posts.
///
/// Errors: [`AccessError::SamePerson`].
pub fn second_person(maker: UserId, checker: Option<UserId>) -> Result<(), AccessError> {
    if checker == Some(maker) { Err(AccessError::SamePerson { maker }) } else { Ok(()) }
}

/// Whether a password may be chosen.
///
/// Length counts characters, so a Chinese sentence counts by its signs. Errors: the first [`Weakness`].
pub fn judge_password(rules: &AccessRules, login: &str, password: &str) -> Result<(), AccessError> {
    let lower = password.to_lowercase();
    let weakness = if password.chars().count() < rules.password_min_chars {
        Weakness::Short { least: rules.password_min_chars }
    } else if kinds_of(password) < rules.password_min_kinds {
        Weakness::Plain { kinds: rules.password_min_kinds }
    } else if !login.is_empty() && lower.contains(&login.to_lowercase()) {
        Weakness::LikeLogin
    } else if is_common(&lower) {
        Weakness::Common
    } else {
        return Ok(());
    };
    Err(AccessError::WeakPassword(weakness))
}

/// The kinds of signs in a text: digits, small letters, capitals, and everything else (signs, Chinese characters).
fn kinds_of(text: &str) -> usize {
    let kind = |c: char| match c {
        '0'..='9' => 0,
        'a'..='z' => 1,
        'A'..='Z' => 2,
        _ => 3,
    };
    text.chars().map(kind).collect::<std::collections::BTreeSet<_>>().len()
}

/// Until when a password holds; `None` for as long as it is not changed.
#[must_use]
pub fn password_until(rules: &AccessRules, set_at: Timestamp) -> Option<Timestamp> {
    let until = set_at.as_second().saturating_add(rules.password_seconds);
    (rules.password_seconds > 0).then(|| Timestamp::from_second(until).unwrap_or(Timestamp::MAX))
}

/// Whether a password has held too long and another must be chosen.
#[must_use]
pub fn password_expired(rules: &AccessRules, set_at: Timestamp, now: Timestamp) -> bool {
    password_until(rules, set_at).is_some_and(|until| now >= until)
}

/// The words that everybody tries first; a password made of one, repeated or with digits around it, is common too.
const COMMON: &str = include_str!("common_passwords.txt");

fn is_common(lower: &str) -> bool {
    let bare = lower.trim_matches(|c: char| c.is_ascii_digit() || c.is_ascii_punctuation());
    let words = || COMMON.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    repeats(lower) || is_run(lower) || bare.chars().count() < 4 || words().any(|word| word == lower || word == bare)
}

/// One piece of at most four characters over and over: `abcabcabcabc`.
fn repeats(text: &str) -> bool {
    let all: Vec<char> = text.chars().collect();
    (1..=4).any(|size| all.len() >= size * 2 && all.iter().enumerate().all(|(place, one)| *one == all[place % size]))
}

/// Characters in their own order, up or down: `abcdefghijkl`, `987654321098`.
fn is_run(text: &str) -> bool {
    let codes: Vec<i64> = text.chars().map(|c| i64::from(u32::from(c))).collect();
    let steps: Vec<i64> = codes.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let regular = steps.iter().filter(|step| matches!(step, 1 | -1 | 9 | -9)).count();
    !steps.is_empty() && regular == steps.len()
}

/// The minutes until a lock opens; `None` when it is open.
#[must_use]
pub fn lock_left(locked_until: Option<Timestamp>, now: Timestamp) -> Option<i64> {
    let left = locked_until?.as_second().saturating_sub(now.as_second());
    (left > 0).then_some(left.saturating_add(59) / 60)
}

/// The failures and the lock after one more failed log-in.
#[must_use]
pub fn after_failure(
    rules: &AccessRules,
    failures: i64,
    locked_until: Option<Timestamp>,
    now: Timestamp,
) -> (i64, Option<Timestamp>) {
    // A lock that has opened begins a new count.
    let before = if locked_until.is_some() && lock_left(locked_until, now).is_none() { 0 } else { failures };
    let failures = before.saturating_add(1);
    let until = Timestamp::from_second(now.as_second().saturating_add(rules.lock_seconds)).unwrap_or(Timestamp::MAX);
    (failures, (failures >= rules.max_failures).then_some(until))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_judged_one_by_one() {
        let rules = AccessRules::default();
        let rows = [
            ("短密码", Some(Weakness::Short { least: 12 })),
            ("11chars-xyz", Some(Weakness::Short { least: 12 })),
            ("lin.jingyi-2026", Some(Weakness::LikeLogin)),
            ("LIN.JINGYI-2026", Some(Weakness::LikeLogin)),
            ("passwordpassword", Some(Weakness::Common)),
            ("administrator1", Some(Weakness::Common)),
            ("aaaaaaaaaaaaaa", Some(Weakness::Common)),
            ("abcdefghijklmn", Some(Weakness::Common)),
            ("123456789012", Some(Weakness::Common)),
            ("20261120-2026", Some(Weakness::Common)),
            ("河边的旧船坞夜里会响三声钟", None),
            ("correct horse battery", None),
        ];
        for (password, weakness) in rows {
            let expected = weakness.map_or(Ok(()), |weakness| Err(AccessError::WeakPassword(weakness)));
            assert_eq!(judge_password(&rules, "lin.jingyi", password), expected, "{password}");
        }
    }

    #[test]
    fn a_password_has_as_many_kinds_of_signs_as_the_policy_asks() {
        let rules = AccessRules { password_min_kinds: 3, ..AccessRules::default() };
        let rows = [
            ("river boat bell tower", Err(Weakness::Plain { kinds: 3 })),
            ("riverboat9belltower", Err(Weakness::Plain { kinds: 3 })),
            ("Riverboat9belltower", Ok(())),
            ("river boat 9 towers", Ok(())),
            ("河边的旧船坞夜里会响三声钟", Err(Weakness::Plain { kinds: 3 })),
            ("河边的旧船坞会响3声Bell吗", Ok(())),
        ];
        for (password, expected) in rows {
            let judged = judge_password(&rules, "lin.jingyi", password);
            assert_eq!(judged, expected.map_err(AccessError::WeakPassword), "{password}");
        }
    }

    #[test]
    fn a_password_expires_on_its_last_second_and_never_without_a_limit() {
        let set_at: Timestamp = "2026-08-22T08:00:00Z".parse().unwrap();
        let rows = [
            (0, "2036-11-20T08:00:00Z", false),
            (90, "2026-11-20T07:59:59Z", false),
            (90, "2026-11-20T08:00:00Z", true),
        ];
        for (days, now, expired) in rows {
            let rules = AccessRules { password_seconds: days * 24 * 3600, ..AccessRules::default() };
            assert_eq!(password_expired(&rules, set_at, now.parse().unwrap()), expired, "{days} days at {now}");
        }
    }

    #[test]
    fn the_lock_closes_at_the_limit_and_opens_by_itself() {
        let rules = AccessRules { max_failures: 3, lock_seconds: 600, ..AccessRules::default() };
        let now: Timestamp = "2026-11-20T08:00:00Z".parse().unwrap();
        let until: Timestamp = "2026-11-20T08:10:00Z".parse().unwrap();
        assert_eq!(after_failure(&rules, 0, None, now), (1, None));
        assert_eq!(after_failure(&rules, 2, None, now), (3, Some(until)));
        assert_eq!(lock_left(Some(until), now), Some(10));
        assert_eq!(lock_left(Some(until), "2026-11-20T08:09:59Z".parse().unwrap()), Some(1));
        assert_eq!(lock_left(Some(until), until), None);
        assert_eq!(after_failure(&rules, 3, Some(until), until), (1, None), "a new count after the lock");
    }

    #[test]
    fn the_maker_is_never_the_checker() {
        // X-02, rule `maker-checker`
        assert!(second_person(UserId(1), Some(UserId(2))).is_ok());
        assert_eq!(second_person(UserId(1), Some(UserId(1))), Err(AccessError::SamePerson { maker: UserId(1) }));
    }
}
