//! Mails to a mail server (邮件服务器, RFC 5321): one connection a mail, under the same judged addresses as every call.
//!
//! Until the words are handed over nothing has left the house, so whatever fails before is tried again; from then on
//! only the server's answer says what became of it. Bounces that come back by mail are not read.

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::carry::Parcel;
use super::mail::{Mail, base64};
use super::model::{MessageGateway, Security, is_mailbox, server_of};
use crate::app::App;
use crate::outbox::http::{CallError, Stream, Target, connect, secure};
use crate::outbox::reach::{Reach, is_loopback_name};
use crate::outbox::{Delivery, OutboxRules, Outcome};

/// The longest answer of a server.
const MOST: usize = 16_384;

/// Why a mail is not on its way (投递失败).
enum Failure {
    /// The connection: nothing was sent, or nobody knows.
    Gone(String),
    /// The address may not be called, or the server does not do what must be.
    Never(String),
    /// What the server said of this mail.
    Said(u16),
    /// What the server said of the house: of the connection, the log-in, the sender. Another mail would fare the same.
    Shut(u16),
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::Gone(error.kind().to_string())
    }
}

impl From<CallError> for Failure {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Forbidden(_) => Self::Never(error.to_string()),
            CallError::Unreachable(_) | CallError::NoAnswer(_) => Self::Gone(error.to_string()),
        }
    }
}

impl Failure {
    /// What it means before (`gone` is [`Outcome::Failed`]) or after the words went out ([`Outcome::Unknown`]).
    fn delivery(self, gone: Outcome) -> Delivery {
        match self {
            Self::Gone(why) => Delivery::new(gone, why),
            Self::Never(why) => Delivery::new(Outcome::Refused, why),
            // 4yz: not now; 5yz: never (RFC 5321, section 4.2.1). Anything else says nothing of what became of it.
            Self::Said(code) => {
                let outcome = match code {
                    400..500 => Outcome::Failed,
                    500..600 => Outcome::Refused,
                    _ => gone,
                };
                Delivery { status: Some(i64::from(code)), ..Delivery::new(outcome, "") }
            }
            // No fault of the mail: it waits until somebody has set the gateway right, as long as tries are left.
            Self::Shut(code) => Delivery { status: Some(i64::from(code)), ..Delivery::new(Outcome::Failed, "") },
        }
    }
}

pub(super) async fn send(
    app: &App,
    parcel: &Parcel,
    one: &MessageGateway,
    password: &str,
    rules: &OutboxRules,
) -> Delivery {
    let mail = Mail {
        from: &one.sender,
        to: &parcel.to,
        subject: &parcel.subject,
        text: &parcel.text,
        key: &parcel.key,
        at: app.clock.now(),
    };
    if !is_mailbox(mail.to) || !is_mailbox(mail.from) {
        return Delivery::new(Outcome::Refused, "the address is none that every mail server takes");
    }
    deliver(one, password, &mail, rules.reach, rules.patience()).await
}

async fn deliver(one: &MessageGateway, password: &str, mail: &Mail<'_>, reach: Reach, patience: Duration) -> Delivery {
    let mut talk = match tokio::time::timeout(patience, prepare(one, password, mail, reach)).await {
        Err(_) => return Delivery::new(Outcome::Failed, "it took too long before anything was sent"),
        Ok(Err(failure)) => return failure.delivery(Outcome::Failed),
        Ok(Ok(talk)) => talk,
    };
    match tokio::time::timeout(patience, talk.words(&mail.whole())).await {
        Err(_) => Delivery::new(Outcome::Unknown, "no answer: it took too long"),
        Ok(Err(failure)) => failure.delivery(Outcome::Unknown),
        Ok(Ok(code)) => Delivery { status: Some(i64::from(code)), ..Delivery::new(Outcome::Delivered, "") },
    }
}

/// Everything up to the point where the server waits for the words.
async fn prepare(
    one: &MessageGateway,
    password: &str,
    mail: &Mail<'_>,
    reach: Reach,
) -> Result<Talk<Box<dyn Stream>>, Failure> {
    let (host, port) = server_of(&one.target).ok_or_else(|| Failure::Never("no mail server".to_owned()))?;
    if one.security == Security::Plain && !is_loopback_name(&host) {
        return Err(Failure::Never("only this machine is talked to in clear".to_owned()));
    }
    let target = Target::of_server(&host, port, one.security != Security::Plain);
    let stream = connect(&target, reach).await?;
    let mut talk = let_in(one, password, mail.from, &target, stream).await.map_err(|failure| match failure {
        Failure::Said(code) => Failure::Shut(code),
        other => other,
    })?;
    talk.ask(&format!("RCPT TO:<{}>", mail.to), 250).await?;
    talk.ask("DATA", 354).await?;
    Ok(talk)
}

/// Everything that is the same for every mail: greeting, security, log-in, sender.
async fn let_in(
    one: &MessageGateway,
    password: &str,
    from: &str,
    target: &Target,
    stream: TcpStream,
) -> Result<Talk<Box<dyn Stream>>, Failure> {
    let mut talk = match one.security {
        Security::Plain => Talk::over(Box::new(stream) as Box<dyn Stream>).greeted().await?,
        Security::Tls => Talk::over(secure(target, stream).await?).greeted().await?,
        Security::StartTls => {
            let mut plain = Talk::over(stream).greeted().await?;
            plain.ask("EHLO [127.0.0.1]", 250).await?;
            plain.ask("STARTTLS", 220).await?;
            // What came behind the answer came in clear: somebody in between put it there.
            if !plain.rest.is_empty() {
                return Err(Failure::Never("the server spoke before the connection was secured".to_owned()));
            }
            Talk::over(secure(target, plain.stream).await?)
        }
    };
    talk.ask("EHLO [127.0.0.1]", 250).await?;
    if !one.account.is_empty() {
        let login = base64(format!("\0{}\0{password}", one.account).as_bytes());
        talk.ask(&format!("AUTH PLAIN {login}"), 235).await?;
    }
    talk.ask(&format!("MAIL FROM:<{from}>"), 250).await?;
    Ok(talk)
}

/// A conversation with a mail server (会话).
struct Talk<S> {
    stream: S,
    /// What was read and belongs to no answer yet.
    rest: Vec<u8>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Talk<S> {
    fn over(stream: S) -> Self {
        Self { stream, rest: Vec::new() }
    }

    async fn greeted(mut self) -> Result<Self, Failure> {
        self.answer(220).await?;
        Ok(self)
    }

    async fn ask(&mut self, line: &str, wanted: u16) -> Result<u16, Failure> {
        self.stream.write_all(format!("{line}\r\n").as_bytes()).await?;
        self.stream.flush().await?;
        self.answer(wanted).await
    }

    /// Hands the words over; the server's answer is the end of it.
    async fn words(&mut self, whole: &str) -> Result<u16, Failure> {
        // A line that begins with a dot gets one more (RFC 5321, section 4.5.2).
        let mut sent = whole.replace("\r\n.", "\r\n..");
        if sent.starts_with('.') {
            sent.insert(0, '.');
        }
        if !sent.ends_with("\r\n") {
            sent.push_str("\r\n");
        }
        sent.push_str(".\r\n");
        self.stream.write_all(sent.as_bytes()).await?;
        self.stream.flush().await?;
        let code = self.answer(250).await?;
        // It has it; whether it hears the farewell changes nothing.
        let _ = self.stream.write_all(b"QUIT\r\n").await;
        Ok(code)
    }

    /// The code of the next answer, which may have several lines.
    async fn answer(&mut self, wanted: u16) -> Result<u16, Failure> {
        loop {
            let line = self.line().await?;
            let code = line.get(..3).and_then(|code| code.parse::<u16>().ok());
            let code = code.ok_or_else(|| Failure::Gone("the answer is none of a mail server".to_owned()))?;
            if line.as_bytes().get(3) != Some(&b'-') {
                // Done is done in whichever of the ways that 2yz names (RFC 5321, section 4.2.1).
                return if code == wanted || (wanted == 250 && (200..300).contains(&code)) {
                    Ok(code)
                } else {
                    Err(Failure::Said(code))
                };
            }
        }
    }

    async fn line(&mut self) -> Result<String, Failure> {
        loop {
            if let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.rest.drain(..=end).collect();
                return Ok(String::from_utf8_lossy(&line).trim_end().to_owned());
            }
            if self.rest.len() > MOST {
                return Err(Failure::Gone("the answer is too long".to_owned()));
            }
            let mut more = [0_u8; 1_024];
            let read = self.stream.read(&mut more).await?;
            if read == 0 {
                return Err(Failure::Gone("the server hung up".to_owned()));
            }
            self.rest.extend_from_slice(more.get(..read).unwrap_or_default());
        }
    }
}
