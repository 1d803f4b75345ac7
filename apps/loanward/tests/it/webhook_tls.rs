//! Webhooks over real TLS: a receiver whose certificate the institution's own authority signed is told; one with another
//! name, one whose time is over and one of an unknown authority get nothing, not even the body.

use std::path::Path;
use std::sync::{Arc, Mutex};

use platform::args;
use platform::db::{DatabaseUrl, Db};
use platform::webhook::sign;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::visitor::{Server, Visitor, pause};

pub(crate) type Authority = Issuer<'static, KeyPair>;

/// An authority of its own, and its certificate as a file of trust holds it.
pub(crate) fn authority(name: &str) -> (Authority, String) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let pem = params.self_signed(&key).unwrap().pem();
    (Issuer::new(params, key), pem)
}

/// A program that trusts this authority alone, with its administrator let in, in a folder of its own.
pub(crate) async fn that_trusts(pem: String) -> (TempDir, Server) {
    let folder = TempDir::new().unwrap();
    let trust = folder.path().join("own-authority.pem");
    std::fs::write(&trust, pem).unwrap();
    let opens = ["--institution", "证书测试", "--opens-on", "2026-11-20"];
    let server = Server::start(&folder.path().join("data"), &opens, &[("SSL_CERT_FILE", trust.to_str().unwrap())]);
    let server = tokio::task::spawn_blocking(move || {
        Visitor::first_log_in(&server);
        server
    });
    (folder, server.await.unwrap())
}

/// Whoever shows a certificate for this name, good until this year, signed by this authority.
pub(crate) fn certified(name: &str, until: i32, by: &Authority) -> TlsAcceptor {
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    (params.not_before, params.not_after) = (date_time_ymd(2020, 1, 1), date_time_ymd(until, 1, 1));
    let key = KeyPair::generate().unwrap();
    let chain = vec![CertificateDer::from(params.signed_by(&key, by).unwrap())];
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

/// A receiver and what reached it.
struct Receiver {
    port: u16,
    got: Arc<Mutex<Vec<String>>>,
}

impl Receiver {
    /// With a certificate for this name, good until this year, signed by this authority.
    async fn start(name: &str, until: i32, by: &Authority) -> Self {
        let acceptor = certified(name, until, by);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (port, got) = (listener.local_addr().unwrap().port(), Arc::<Mutex<Vec<String>>>::default());
        let kept = got.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, kept) = (acceptor.clone(), kept.clone());
                tokio::spawn(async move {
                    // Whoever does not trust the certificate ends here.
                    let Ok(mut stream) = acceptor.accept(stream).await else { return };
                    let mut request = vec![0; 65_536];
                    let read = stream.read(&mut request).await.unwrap_or(0);
                    kept.lock().unwrap().push(String::from_utf8_lossy(&request[..read]).into_owned());
                    let answer = b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";
                    let _ = stream.write_all(answer).await;
                    let _ = stream.shutdown().await;
                });
            }
        });
        Self { port, got }
    }

    fn got(&self) -> Vec<String> {
        self.got.lock().unwrap().clone()
    }
}

/// Makes a webhook and lets it be tested; its secret, and the outcome with what stands beside it.
async fn told(server: &Server, data: &Path, receiver: &Receiver) -> (String, String, String) {
    let (at, port) = (server.address.clone(), receiver.port);
    let asked = tokio::task::spawn_blocking(move || {
        let mut admin = Visitor::log_in_at(&at);
        let form = admin.get(&at, "/webhooks/new");
        let url = format!("https://localhost:{port}/hook");
        let fields = [("name", "总账"), ("url", url.as_str()), ("kind", "repayment_received")];
        let made = admin.post(&at, &form, "/webhooks/new", &fields);
        assert_eq!(made.status, 200, "{}", made.text);
        let part = |from: &str, to: char| made.text.split(from).nth(1).unwrap().split(to).next().unwrap().to_owned();
        let (secret, id) = (part("<code class=\"rule\">", '<'), part("href=\"/webhooks/", '"'));
        let page = admin.get(&at, &format!("/webhooks/{id}"));
        let tested = admin.post(&at, &page, &format!("/webhooks/{id}/test"), &[]);
        assert_eq!(tested.status, 303, "{}", tested.text);
        (secret, id)
    });
    let (secret, id) = asked.await.unwrap();
    let db = Db::open(&DatabaseUrl::Sqlite(data.join("loanward.db"))).await.unwrap();
    let sql = "select a.outcome, a.answer from outbox_attempt a join outbox_message m on m.id = a.message_id \
               where m.receiver = $1 and a.outcome <> 'running'";
    for _ in 0..100 {
        let found = db.read().await.unwrap().fetch_optional(sql, args![format!("webhook:{id}")]).await.unwrap();
        if let Some(row) = found {
            return (secret, row.get("outcome").unwrap(), row.get("answer").unwrap());
        }
        tokio::task::spawn_blocking(pause).await.unwrap();
    }
    panic!("nobody tried: {}", server.log());
}

// Rule `webhook.signed`
#[tokio::test(flavor = "multi_thread")]
async fn only_a_receiver_whose_certificate_the_own_authority_signed_for_its_name_is_told() {
    let (own, pem) = authority("Own authority");
    let (unknown, _) = authority("Another authority");
    let (folder, server) = that_trusts(pem).await;
    let data = folder.path().join("data");

    let good = Receiver::start("localhost", 2090, &own).await;
    let (secret, outcome, answer) = told(&server, &data, &good).await;
    assert_eq!(outcome, "delivered", "{answer}");
    let request = good.got().pop().unwrap();
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    let signature = head.lines().find_map(|line| line.strip_prefix("loanward-signature: ")).unwrap();
    let second: i64 = signature.trim_start_matches("t=").split(',').next().unwrap().parse().unwrap();
    assert_eq!(sign(&secret, second, body), signature, "{head}");

    // name in the certificate | good until | signed by | what is said
    let rows = [
        ("other.example", 2090, &own, "name"),
        ("localhost", 2021, &own, "xpired"),
        ("localhost", 2090, &unknown, "ssuer"),
    ];
    for (name, until, by, said) in rows {
        let receiver = Receiver::start(name, until, by).await;
        let (_, outcome, answer) = told(&server, &data, &receiver).await;
        assert_eq!(outcome, "failed", "{name} {until}: {answer}");
        assert!(answer.contains("TLS") && answer.contains(said), "{name} {until}: {answer}");
        assert_eq!(receiver.got(), Vec::<String>::new(), "nothing of the message went out");
    }
}
