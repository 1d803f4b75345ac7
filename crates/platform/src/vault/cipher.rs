//! The envelope (信封): version, suite, key id, nonce, ciphertext with its tag.

use aes_gcm::aead::{Aead as _, Payload};
use aes_gcm::{Aes256Gcm, KeyInit as _};

use super::{Place, VaultError};

/// The layout of the envelope.
const VERSION: u8 = 1;
/// Version, suite, key id, nonce.
const HEAD: usize = 1 + 1 + 4 + 12;

/// How a value is sealed (密码套件). SM4-GCM (国密, GB/T 32907) takes the next number when a customer asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CipherSuite {
    /// AES-256 in Galois/Counter Mode.
    Aes256Gcm,
}

impl CipherSuite {
    /// Its number in the envelope.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::Aes256Gcm => 1,
        }
    }

    /// Reads its number.
    #[must_use]
    pub fn parse(number: u8) -> Option<Self> {
        [Self::Aes256Gcm].into_iter().find(|suite| suite.number() == number)
    }
}

/// What is authenticated besides the content: the head of the envelope and the place.
fn bound(head: &[u8], place: Place<'_>) -> Vec<u8> {
    [head, place.column.as_bytes(), b"\0", place.row.as_bytes()].concat()
}

pub(super) fn seal(suite: CipherSuite, id: [u8; 4], key: &[u8; 32], place: Place<'_>, clear: &[u8]) -> Vec<u8> {
    let nonce = rand::random::<[u8; 12]>();
    let mut envelope = Vec::with_capacity(HEAD + clear.len() + 16);
    envelope.extend([VERSION, suite.number()]);
    envelope.extend(id);
    envelope.extend(nonce);
    let aad = bound(&envelope, place);
    let sealed = match suite {
        CipherSuite::Aes256Gcm => {
            Aes256Gcm::new(&(*key).into()).encrypt(&nonce.into(), Payload { msg: clear, aad: &aad })
        }
    };
    envelope.extend(sealed.expect("a personal value is far below the 64 GiB that one nonce may seal"));
    envelope
}

/// The id of the key that sealed it; nothing for what is no envelope.
pub(super) fn key_of(envelope: &[u8]) -> Option<[u8; 4]> {
    let head = envelope.get(..HEAD)?;
    (head[0] == VERSION && CipherSuite::parse(head[1]).is_some()).then(|| [head[2], head[3], head[4], head[5]])
}

/// Opens it with the key that [`key_of`] names.
pub(super) fn open(key: &[u8; 32], place: Place<'_>, envelope: &[u8]) -> Result<Vec<u8>, VaultError> {
    let tampered = VaultError::Tampered { column: place.column };
    let Some((head, sealed)) = envelope.split_at_checked(HEAD) else { return Err(tampered) };
    let (Some(suite), VERSION) = (CipherSuite::parse(head[1]), head[0]) else { return Err(tampered) };
    let nonce: [u8; 12] = head[6..HEAD].try_into().expect("the head ends with twelve bytes of nonce");
    let aad = bound(head, place);
    let clear = match suite {
        CipherSuite::Aes256Gcm => {
            Aes256Gcm::new(&(*key).into()).decrypt(&nonce.into(), Payload { msg: sealed, aad: &aad })
        }
    };
    clear.map_err(|_| tampered)
}
