//! Mails over real TLS: log-in and words go out only once the way to the mail server is secured and its certificate is of
//! an authority that the house trusts; before that the server hears a greeting and nothing else.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::visitor::{Server, Visitor};
use crate::webhook_tls::{authority, certified, that_trusts};

/// What a mail server heard, in clear and behind TLS.
#[derive(Debug, Default, Clone)]
struct Heard {
    clear: String,
    sealed: String,
}

/// A mail server that speaks TLS at once, or after `STARTTLS`.
struct MailServer {
    port: u16,
    heard: Arc<Mutex<Heard>>,
}

impl MailServer {
    async fn start(acceptor: TlsAcceptor, at_once: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (port, heard) = (listener.local_addr().unwrap().port(), Arc::<Mutex<Heard>>::default());
        let kept = heard.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (acceptor, kept) = (acceptor.clone(), kept.clone());
                tokio::spawn(async move {
                    if !at_once {
                        let (said, secure) = converse(&mut stream, true).await;
                        kept.lock().unwrap().clear.push_str(&said);
                        if !secure {
                            return;
                        }
                    }
                    // Whoever does not trust the certificate ends here.
                    let Ok(mut stream) = acceptor.accept(stream).await else { return };
                    let (said, _) = converse(&mut stream, at_once).await;
                    kept.lock().unwrap().sealed.push_str(&said);
                });
            }
        });
        Self { port, heard }
    }

    /// All that was heard, once a conversation behind TLS is over: the page that caused it does not wait for that.
    async fn heard_behind_tls(&self) -> Heard {
        for _ in 0..600 {
            if !self.heard.lock().unwrap().sealed.is_empty() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        self.heard.lock().unwrap().clone()
    }
}

/// Talks until the other side leaves or wants TLS: what it said, and whether it wants it.
async fn converse<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S, greet: bool) -> (String, bool) {
    let (mut all, mut line, mut words) = (String::new(), Vec::new(), false);
    if greet {
        stream.write_all(b"220 ready\r\n").await.unwrap();
    }
    let mut byte = [0_u8; 1];
    while stream.read(&mut byte).await.unwrap_or(0) == 1 {
        line.push(byte[0]);
        if byte[0] != b'\n' {
            continue;
        }
        let said = String::from_utf8_lossy(&std::mem::take(&mut line)).into_owned();
        all.push_str(&said);
        let answer: &[u8] = match said.trim_end().split(' ').next().unwrap_or("") {
            "." if words => {
                words = false;
                b"250 kept\r\n"
            }
            _ if words => continue,
            "EHLO" => b"250-mail.example\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n",
            "STARTTLS" => {
                stream.write_all(b"220 go ahead\r\n").await.unwrap();
                return (all, true);
            }
            "AUTH" => b"235 welcome\r\n",
            "MAIL" | "RCPT" => b"250 ok\r\n",
            "DATA" => {
                words = true;
                b"354 go on\r\n"
            }
            "QUIT" => break,
            _ => b"502 what\r\n",
        };
        if stream.write_all(answer).await.is_err() || stream.flush().await.is_err() {
            break;
        }
    }
    (all, false)
}

/// Sets the gateway of mails to this server and sends a test: what the page says.
async fn tried(
    server: &Server,
    port: u16,
    (security, password): (&'static str, &'static str),
    seen: &'static str,
) -> String {
    let at = server.address.clone();
    let asked = tokio::task::spawn_blocking(move || {
        let mut admin = Visitor::log_in_at(&at);
        let form = admin.get(&at, "/gateways/email/edit");
        let target = format!("localhost:{port}");
        let fields = [
            ("seen", seen),
            ("carrier", "smtp"),
            ("target", target.as_str()),
            ("security", security),
            ("account", "bank"),
            ("password", password),
            ("sender", "service@lender.example"),
        ];
        let set = admin.post(&at, &form, "/gateways/email/edit", &fields);
        assert_eq!(set.status, 303, "{}", set.text);
        let form = admin.get(&at, "/gateways/email/test");
        admin.post(&at, &form, "/gateways/email/test", &[("to", "me@example.com")]).text
    });
    asked.await.unwrap()
}

// Rule `outbox.addresses`: the name in the certificate is that of the address that was judged.
#[tokio::test(flavor = "multi_thread")]
async fn a_mail_goes_only_behind_a_certificate_that_the_own_authority_signed() {
    let (own, pem) = authority("Own authority");
    let (unknown, _) = authority("Another authority");
    let (_folder, server) = that_trusts(pem).await;

    // how the way is secured | version of the gateway before
    for (security, seen) in [("tls", "0"), ("starttls", "1")] {
        let mail = MailServer::start(certified("localhost", 2090, &own), security == "tls").await;
        let page = tried(&server, mail.port, (security, "tree-house-17"), seen).await;
        let heard = mail.heard_behind_tls().await;
        assert!(page.contains("250"), "{security}: {page}");
        assert!(!heard.clear.contains("AUTH") && !heard.clear.contains("MAIL"), "{security}: {heard:?}");
        // base64 of "\0bank\0tree-house-17"
        assert!(heard.sealed.contains("AUTH PLAIN AGJhbmsAdHJlZS1ob3VzZS0xNw=="), "{security}: {heard:?}");
        assert!(heard.sealed.contains("RCPT TO:<me@example.com>"), "{security}: {heard:?}");
    }
    for (security, seen) in [("tls", "2"), ("starttls", "3")] {
        let mail = MailServer::start(certified("localhost", 2090, &unknown), security == "tls").await;
        let page = tried(&server, mail.port, (security, "tree-house-17"), seen).await;
        let heard = mail.heard.lock().unwrap();
        assert!(page.contains("TLS"), "{security}: {page}");
        assert!(heard.sealed.is_empty() && !heard.clear.contains("MAIL"), "{security}: {heard:?}");
    }
    // The password that was given for one server goes to no other.
    let other = MailServer::start(certified("localhost", 2090, &own), true).await;
    tried(&server, other.port, ("tls", ""), "4").await;
    let heard = other.heard_behind_tls().await;
    assert!(heard.sealed.contains("EHLO") && !heard.sealed.contains("tree-house"), "{heard:?}");
    assert!(!heard.sealed.contains("AGJhbmsAdHJlZS1ob3VzZS0xNw=="), "{heard:?}");
}
