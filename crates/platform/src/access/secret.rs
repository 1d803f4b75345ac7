//! Hashing passwords (密码散列) with Argon2id, off the threads that serve pages.

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};

use super::Hashing;
use crate::error::ActionError;

/// What the hash of nobody's password looks like: checked when there is no such user, so that
/// the time to answer does not tell.
const NOBODY: &str = "no user has this password";

/// Hashes a password with a fresh salt.
pub(super) async fn hash(hashing: Hashing, password: String) -> Result<String, ActionError> {
    off_thread(move || {
        let hashed = hasher(hashing)?.hash_password(password.as_bytes()).map_err(|error| internal(&error))?;
        Ok(hashed.to_string())
    })
    .await
}

/// Whether the password is the hashed one; without a hash it takes as long and says no.
pub(super) async fn verify(hashing: Hashing, password: String, hash: Option<String>) -> Result<bool, ActionError> {
    off_thread(move || {
        let hasher = hasher(hashing)?;
        match hash {
            Some(hash) => Ok(hasher.verify_password(password.as_bytes(), hash.as_str()).is_ok()),
            None => {
                hasher.hash_password(NOBODY.as_bytes()).map_err(|error| internal(&error))?;
                Ok(false)
            }
        }
    })
    .await
}

/// A first password to hand over on paper: 16 characters that nobody confuses, about 78 bits.
pub(crate) fn initial_password() -> String {
    const SIGNS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let bytes = rand::random::<[u8; 32]>();
    // 248 is a multiple of 31, so every sign is equally likely.
    let signs =
        bytes.iter().filter(|byte| **byte < 248).map(|byte| char::from(SIGNS[usize::from(*byte) % SIGNS.len()]));
    let all: Vec<char> = signs.take(16).collect();
    if all.len() < 16 {
        return initial_password();
    }
    all.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

fn hasher(hashing: Hashing) -> Result<Argon2<'static>, ActionError> {
    let params =
        Params::new(hashing.memory_kib, hashing.passes, hashing.lanes, None).map_err(|error| internal(&error))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn internal(error: &impl ToString) -> ActionError {
    ActionError::Internal(format!("password hashing: {}", error.to_string()))
}

async fn off_thread<T: Send + 'static>(
    task: impl FnOnce() -> Result<T, ActionError> + Send + 'static,
) -> Result<T, ActionError> {
    tokio::task::spawn_blocking(task).await.map_err(|error| internal(&error))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_by_its_hash_only() {
        let cost = Hashing::weak_for_tests();
        let hashed = hash(cost, "河边的旧船坞".to_owned()).await.unwrap();
        assert!(hashed.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{hashed}");
        assert!(verify(cost, "河边的旧船坞".to_owned(), Some(hashed.clone())).await.unwrap());
        assert!(!verify(cost, "河边的新船坞".to_owned(), Some(hashed)).await.unwrap());
        assert!(!verify(cost, NOBODY.to_owned(), None).await.unwrap());
    }

    #[test]
    fn first_passwords_are_long_and_differ() {
        let one = initial_password();
        assert_eq!(one.len(), 19);
        assert_ne!(one, initial_password());
    }
}
