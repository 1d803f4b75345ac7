//! How a command ends when it does not succeed (退出状态), with the exit code that scripts look at.

use platform::app::AssembleError;
use platform::db::StoreError;
use platform::error::ActionError;
use platform::server::NodeError;
use platform::vault::VaultError;

/// Why a command did not succeed (失败原因).
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The command did its work and the answer is no: problems in a pack, a broken chain, a day that cannot be sealed.
    #[error("{0}")]
    No(String),
    /// What was given cannot be used.
    #[error("{0}")]
    Input(String),
    /// The machine, the file system or the database refused.
    #[error("{0}")]
    Machine(String),
}

/// What is said when there is no room left: what happened to the data, and what to do.
const NO_ROOM: &str = "磁盘已满：未完成的一步没有写入任何内容，已完成的都在。请腾出空间后再运行一次 / \
                       the disk is full: the step under way wrote nothing, what was done before it stands. \
                       Make room and run this again";

impl Failure {
    /// The exit code: 1, 2 or 3.
    pub fn code(&self) -> u8 {
        match self {
            Self::No(_) => 1,
            Self::Input(_) => 2,
            Self::Machine(_) => 3,
        }
    }

    /// The machine refused, in its own words.
    pub fn machine(error: impl ToString) -> Self {
        Self::Machine(error.to_string())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Url { .. } => Self::Input(error.to_string()),
            full if full.is_full() => Self::Machine(format!("{NO_ROOM} ({full})")),
            other => Self::Machine(other.to_string()),
        }
    }
}

impl From<AssembleError> for Failure {
    fn from(error: AssembleError) -> Self {
        Self::Machine(error.to_string())
    }
}

impl From<VaultError> for Failure {
    fn from(error: VaultError) -> Self {
        Self::Machine(error.to_string())
    }
}

impl From<NodeError> for Failure {
    fn from(error: NodeError) -> Self {
        Self::Machine(error.to_string())
    }
}

impl From<ActionError> for Failure {
    fn from(error: ActionError) -> Self {
        match error {
            ActionError::Refused(refused) => {
                let details: Vec<String> =
                    refused.details.iter().map(|(name, value)| format!("{name}: {value}")).collect();
                let rule = refused.rule.map(|rule| format!(" [{rule}]")).unwrap_or_default();
                Self::No(format!("refused: {}{rule} {}", refused.code, details.join(", ")).trim_end().to_owned())
            }
            ActionError::Store(error) => error.into(),
            ActionError::Internal(what) => Self::Machine(what),
        }
    }
}

#[cfg(test)]
mod tests {
    use platform::error::{RefusalKind, Refused};

    use super::*;

    #[test]
    fn a_refusal_is_an_answer_with_its_rule_and_its_numbers() {
        let refused = Refused::new(RefusalKind::Conflict, "close-running").with("until", "2026-11-20 18:00");
        let failure = Failure::from(ActionError::from(refused.under("close.one-runner", None)));
        assert_eq!(failure.code(), 1);
        assert_eq!(failure.to_string(), "refused: close-running [close.one-runner] until: 2026-11-20 18:00");
    }

    #[test]
    fn an_address_that_is_none_is_the_callers_matter() {
        let failure = Failure::from(StoreError::Url { url: "mysql://x".to_owned() });
        assert_eq!(failure.code(), 2);
        assert!(failure.to_string().contains("postgres://"), "{failure}");
    }
}
