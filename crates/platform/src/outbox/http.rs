//! Calls to others over HTTP (对外调用): one POST, to an address that was judged, without detours.
//!
//! No redirect is followed, no proxy asked, no cookie kept; the name is resolved once and the very address that was
//! judged is called, so that a name cannot answer differently the second time.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Request, StatusCode, Uri, header};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::reach::{Reach, is_loopback_name};

/// The longest address.
const MAX_URL: usize = 2_000;

/// Where a call goes (目标地址): `https`, or `http` to the machine itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    tls: bool,
    host: String,
    port: u16,
    path: String,
}

/// Why an address is none that is called (地址不可用).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// It cannot be read.
    #[error("not an address")]
    Unreadable,
    /// It is not `https`, and not the machine itself.
    #[error("not https")]
    NotHttps,
    /// It carries a user or a password, which would be stored in clear.
    #[error("with a user")]
    WithUser,
}

impl TargetError {
    /// The code of its message.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Unreadable => "url-unreadable",
            Self::NotHttps => "url-not-https",
            Self::WithUser => "url-with-user",
        }
    }
}

impl Target {
    /// Reads an address.
    ///
    /// # Errors
    /// [`TargetError`].
    pub fn parse(url: &str) -> Result<Self, TargetError> {
        if url.len() > MAX_URL || !url.is_ascii() || url.contains(['#', '\\']) || url.contains(char::is_whitespace) {
            return Err(TargetError::Unreadable);
        }
        let uri: Uri = url.parse().map_err(|_| TargetError::Unreadable)?;
        let authority = uri.authority().ok_or(TargetError::Unreadable)?;
        if authority.as_str().contains('@') {
            return Err(TargetError::WithUser);
        }
        let host = authority.host().to_owned();
        let tls = match uri.scheme_str() {
            Some("https") => true,
            Some("http") if is_loopback_name(&host) => false,
            Some("http") => return Err(TargetError::NotHttps),
            Some(_) | None => return Err(TargetError::Unreadable),
        };
        let port = match authority.as_str().strip_prefix(host.as_str()) {
            Some("") if tls => 443,
            Some("") => 80,
            Some(_) | None => authority.port_u16().filter(|port| *port > 0).ok_or(TargetError::Unreadable)?,
        };
        if host.is_empty() {
            return Err(TargetError::Unreadable);
        }
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let slash = if path.starts_with('/') { "" } else { "/" };
        Ok(Self { tls, host, port, path: format!("{slash}{path}") })
    }

    /// A server by its name and port, such as one for mail.
    pub(crate) fn of_server(host: &str, port: u16, tls: bool) -> Self {
        Self { tls, host: host.to_owned(), port, path: String::new() }
    }

    /// The host, for people and logs: paths and questions may hold secrets.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The addresses that may be called; the names of those that may not, when none may.
    async fn addresses(&self, reach: Reach) -> Result<Vec<SocketAddr>, CallError> {
        let bare = self.host.trim_matches(['[', ']']);
        let found = tokio::net::lookup_host((bare, self.port)).await;
        let all: Vec<SocketAddr> = found.map_err(|error| CallError::Unreachable(error.to_string()))?.collect();
        let named = is_loopback_name(&self.host);
        let allowed: Vec<SocketAddr> = all.iter().copied().filter(|at| reach.allows(at.ip(), named)).collect();
        match all.first() {
            None => Err(CallError::Unreachable("the name has no address".to_owned())),
            // One address that is not allowed condemns the name: it may be chosen by whoever controls it.
            Some(first) if allowed.len() < all.len() => Err(CallError::Forbidden(first.ip().to_string())),
            Some(_) => Ok(allowed),
        }
    }
}

/// What a receiver answered (应答).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The kind of its content, as far as it is a plain word.
    pub content_type: String,
    /// Its content, where it was asked for and is no longer than was said; else empty.
    pub content: Vec<u8>,
}

/// Why there is no answer (调用失败).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The address may not be called.
    #[error("the address {0} may not be called")]
    Forbidden(String),
    /// Nothing was sent.
    #[error("not reached: {0}")]
    Unreachable(String),
    /// It went out, wholly or in part, and there was no answer.
    #[error("no answer: {0}")]
    NoAnswer(String),
}

/// Posts a body.
///
/// # Errors
/// [`CallError`] says whether anything went out.
pub async fn post(
    target: &Target,
    headers: &[(HeaderName, HeaderValue)],
    body: String,
    reach: Reach,
    patience: Duration,
) -> Result<Reply, CallError> {
    post_and_read(target, headers, body, reach, patience, 0).await
}

/// Posts a body and reads the answer's content up to this many bytes.
///
/// # Errors
/// [`CallError`] says whether anything went out. An answer whose content does not come is one without content.
pub async fn post_and_read(
    target: &Target,
    headers: &[(HeaderName, HeaderValue)],
    body: String,
    reach: Reach,
    patience: Duration,
    most: usize,
) -> Result<Reply, CallError> {
    let late = || CallError::Unreachable("the connection took too long".to_owned());
    let stream = tokio::time::timeout(patience, connect(target, reach)).await.map_err(|_| late())??;
    let host = HeaderValue::from_str(&authority(target)).map_err(|error| CallError::Unreachable(error.to_string()))?;
    let mut request = Request::post(target.path.as_str()).header(header::HOST, host);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    let request = request.body(Body::from(body)).map_err(|error| CallError::Unreachable(error.to_string()))?;
    let plain = |stream: TcpStream| Box::new(stream) as Box<dyn Stream>;
    let stream = match (target.tls, stream) {
        (false, stream) => plain(stream),
        (true, stream) => tokio::time::timeout(patience, secure(target, stream)).await.map_err(|_| late())??,
    };
    let silent = || CallError::NoAnswer("it took too long".to_owned());
    tokio::time::timeout(patience, ask(stream, request, (most, patience / 2))).await.map_err(|_| silent())?
}

fn authority(target: &Target) -> String {
    let usual = if target.tls { 443 } else { 80 };
    if target.port == usual { target.host.clone() } else { format!("{}:{}", target.host, target.port) }
}

/// The first of the allowed addresses that answers.
pub(crate) async fn connect(target: &Target, reach: Reach) -> Result<TcpStream, CallError> {
    let mut last = CallError::Unreachable("no address".to_owned());
    for address in target.addresses(reach).await? {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => last = CallError::Unreachable(error.to_string()),
        }
    }
    Err(last)
}

/// A connection in clear or under TLS.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

pub(crate) async fn secure(target: &Target, stream: TcpStream) -> Result<Box<dyn Stream>, CallError> {
    let unreachable = |cause: String| CallError::Unreachable(format!("TLS: {cause}"));
    let name = target.host.trim_matches(['[', ']']).to_owned();
    let name = ServerName::try_from(name).map_err(|error| unreachable(error.to_string()))?;
    let connector = TlsConnector::from(tls()?);
    let secured = connector.connect(name, stream).await.map_err(|error| unreachable(error.to_string()))?;
    Ok(Box::new(secured))
}

/// Trust in what the machine trusts: an institution's own authority is installed there.
fn tls() -> Result<Arc<ClientConfig>, CallError> {
    static CONFIG: OnceLock<Arc<ClientConfig>> = OnceLock::new();
    if let Some(config) = CONFIG.get() {
        return Ok(Arc::clone(config));
    }
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| CallError::Unreachable(error.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::clone(CONFIG.get_or_init(|| Arc::new(config))))
}

async fn ask(
    stream: Box<dyn Stream>,
    request: Request<Body>,
    (most, reading): (usize, Duration),
) -> Result<Reply, CallError> {
    let no_answer = |error: hyper::Error| CallError::NoAnswer(error.to_string());
    let shaken = http1::handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = shaken.map_err(|error| CallError::Unreachable(error.to_string()))?;
    let answered = sender.send_request(request);
    tokio::pin!(answered, connection);
    let mut over = false;
    let answer = tokio::select! {
        biased;
        answer = &mut answered => answer,
        _ = &mut connection => {
            over = true;
            answered.await
        }
    };
    let answer = answer.map_err(no_answer)?;
    let kind = answer.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or("");
    let kind: String = kind.chars().filter(|c| c.is_ascii_alphabetic() || "/+-.".contains(*c)).take(40).collect();
    let status = answer.status();
    let content = if most == 0 {
        Vec::new()
    } else {
        let read = axum::body::to_bytes(Body::new(answer.into_body()), most);
        let read = async {
            tokio::pin!(read);
            tokio::select! {
                biased;
                content = &mut read => content,
                _ = &mut connection, if !over => read.await,
            }
        };
        // The status is the answer: what the content lacks, however late it is, changes nothing.
        tokio::time::timeout(reading, read).await.ok().and_then(Result::ok).map(|all| all.to_vec()).unwrap_or_default()
    };
    Ok(Reply { status, content_type: kind, content })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_and_the_machine_itself_are_addresses() {
        let rows = [
            ("https://example.com", Ok(())),
            ("https://example.com:8443/a?b=c", Ok(())),
            ("http://127.0.0.1:9000/hook", Ok(())),
            ("http://[::1]:9000", Ok(())),
            ("http://localhost/x", Ok(())),
            ("http://example.com", Err(TargetError::NotHttps)),
            ("http://localhost.example.com", Err(TargetError::NotHttps)),
            ("https://user:pass@example.com", Err(TargetError::WithUser)),
            ("https://example.com@127.0.0.1/", Err(TargetError::WithUser)),
            ("ftp://example.com", Err(TargetError::Unreadable)),
            ("file:///etc/passwd", Err(TargetError::Unreadable)),
            ("/webhooks", Err(TargetError::Unreadable)),
            ("https://", Err(TargetError::Unreadable)),
            ("https://example.com:0/", Err(TargetError::Unreadable)),
            ("https://example.com:99999/", Err(TargetError::Unreadable)),
            ("https://例.example/", Err(TargetError::Unreadable)),
            ("https://example.com/\r\nX: y", Err(TargetError::Unreadable)),
            ("https://example.com\\@127.0.0.1/", Err(TargetError::Unreadable)),
            ("", Err(TargetError::Unreadable)),
        ];
        for (url, expected) in rows {
            assert_eq!(Target::parse(url).map(drop), expected, "{url}");
        }
        let target = Target::parse("https://example.com?x=1").unwrap();
        assert_eq!((target.port, target.path.as_str(), target.host()), (443, "/?x=1", "example.com"));
    }
}
