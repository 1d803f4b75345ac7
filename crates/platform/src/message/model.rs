//! What is set about a gateway, and how it is checked. Pure.

#![deny(clippy::wildcard_enum_match_arm)]

use jiff::Timestamp;

use crate::duty::Channel;
use crate::error::FieldError;
use crate::outbox::http::{Target, TargetError};
use crate::outbox::reach::is_loopback_name;
use crate::stored_as_text;

/// The longest text of a setting.
const MAX_TEXT: usize = 200;
/// The longest name of a sender.
const MAX_SENDER: usize = 60;

/// Who carries a message (承运方式).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// An address that takes a signed POST.
    Http,
    /// A mail server.
    Smtp,
    /// A folder: another program takes the files.
    File,
}

impl Carrier {
    /// Every carrier.
    pub const ALL: [Self; 3] = [Self::Http, Self::Smtp, Self::File];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Smtp => "smtp",
            Self::File => "file",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }

    /// Whether it carries what goes by this channel.
    #[must_use]
    pub fn carries(self, channel: Channel) -> bool {
        match self {
            Self::Http | Self::File => true,
            Self::Smtp => channel == Channel::Email,
        }
    }
}
stored_as_text!(Carrier, "carrier of messages");

/// How a connection to a mail server is kept from others' eyes (连接加密).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// TLS from the first byte.
    Tls,
    /// TLS after a plain greeting.
    StartTls,
    /// None: only to this machine.
    Plain,
}

impl Security {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::Tls, Self::StartTls, Self::Plain];

    /// Its name in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tls => "tls",
            Self::StartTls => "starttls",
            Self::Plain => "plain",
        }
    }

    /// Reads its name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == text)
    }
}
stored_as_text!(Security, "security of a connection");

/// The gateway of a channel (消息通道) as it is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageGateway {
    /// Which channel it serves.
    pub channel: Channel,
    /// Who carries.
    pub carrier: Carrier,
    /// The address, the mail server with its port, or the name of a folder.
    pub target: String,
    /// How the way to the mail server is secured.
    pub security: Security,
    /// The log-in at the mail server; empty for none.
    pub account: String,
    /// The name or address that it is sent under.
    pub sender: String,
    /// Whether anything is sent.
    pub active: bool,
    /// When it was last changed.
    pub changed_at: Timestamp,
    /// Rises with every change.
    pub version: i64,
}

/// How somebody wants a gateway (通道设置申请).
#[derive(Clone, PartialEq, Eq)]
pub struct Wish {
    /// Who carries.
    pub carrier: Option<Carrier>,
    /// Where to.
    pub target: String,
    /// How secured.
    pub security: Option<Security>,
    /// The log-in at the mail server.
    pub account: String,
    /// The password there; empty leaves the one that stands.
    pub password: String,
    /// The name or address that it is sent under.
    pub sender: String,
}

/// Never shows the password.
impl std::fmt::Debug for Wish {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Wish({:?}, {:?})", self.carrier, self.target)
    }
}

impl Wish {
    /// Everything that is wrong with it for a channel.
    #[must_use]
    pub fn check(&self, channel: Channel) -> Vec<FieldError> {
        let mut wrong = Vec::new();
        match self.carrier {
            Some(carrier) if carrier.carries(channel) => wrong.extend(self.check_target(carrier)),
            Some(_) | None => wrong.push(FieldError::new("carrier", "choice-invalid")),
        }
        if self.security.is_none() {
            wrong.push(FieldError::new("security", "choice-invalid"));
        }
        for (name, text) in [("account", &self.account), ("password", &self.password)] {
            if text.chars().count() > MAX_TEXT || text.chars().any(char::is_control) {
                wrong.push(FieldError::new(name, "gateway-text").with("most", MAX_TEXT));
            }
        }
        let sender = self.sender.trim();
        if sender.chars().count() > MAX_SENDER || sender.chars().any(char::is_control) {
            wrong.push(FieldError::new("sender", "gateway-text").with("most", MAX_SENDER));
        } else if self.carrier == Some(Carrier::Smtp) && !is_mailbox(sender) {
            wrong.push(FieldError::new("sender", "gateway-mailbox"));
        }
        wrong
    }

    fn check_target(&self, carrier: Carrier) -> Option<FieldError> {
        let target = self.target.trim();
        match carrier {
            Carrier::Http => {
                Target::parse(target).err().map(|error: TargetError| FieldError::new("target", error.code()))
            }
            Carrier::Smtp => match server_of(target) {
                None => Some(FieldError::new("target", "gateway-server")),
                Some((host, _)) if self.security == Some(Security::Plain) && !is_loopback_name(&host) => {
                    Some(FieldError::new("security", "gateway-plain"))
                }
                Some(_) => None,
            },
            Carrier::File => {
                let plain = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '-';
                let named = !target.is_empty() && target.len() <= 40 && target.chars().all(plain);
                (!named).then(|| FieldError::new("target", "gateway-folder"))
            }
        }
    }
}

/// A mail server with its port: `smtp.example.com:465`.
#[must_use]
pub(super) fn server_of(target: &str) -> Option<(String, u16)> {
    let (host, port) = target.rsplit_once(':')?;
    let port = port.parse::<u16>().ok().filter(|port| *port > 0)?;
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    let named = match bare {
        Some(address) => {
            address.contains(':') && address.chars().all(|c| c.is_ascii_hexdigit() || matches!(c, ':' | '.'))
        }
        None => {
            let sign = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
            !host.is_empty() && host.len() <= 253 && host.chars().all(sign)
        }
    };
    named.then(|| (host.to_owned(), port))
}

/// Whether a text is a mailbox that every mail server takes: one `@`, plain ASCII, nothing that ends a line or a path.
#[must_use]
pub(super) fn is_mailbox(text: &str) -> bool {
    let sign = |c: char| {
        c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"' | '\\' | ',' | ';' | '(' | ')' | '[' | ']' | ':')
    };
    match text.split_once('@') {
        Some((name, house)) => {
            !name.is_empty()
                && house.contains('.')
                && !house.contains('@')
                && text.len() <= 254
                && text.chars().all(sign)
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(carrier: Carrier, target: &str, security: Security, sender: &str) -> Wish {
        let text = String::new;
        Wish {
            carrier: Some(carrier),
            target: target.to_owned(),
            security: Some(security),
            account: text(),
            password: text(),
            sender: sender.to_owned(),
        }
    }

    #[test]
    fn what_is_wrong_with_a_gateway_is_said_by_field() {
        use Carrier::{File, Http, Smtp};
        use Security::{Plain, StartTls, Tls};
        let rows = [
            (Channel::Sms, wish(Http, "https://sms.example.com/send", Tls, "信守"), None),
            (Channel::Sms, wish(Http, "http://sms.example.com/send", Tls, ""), Some(("target", "url-not-https"))),
            (Channel::Sms, wish(Smtp, "mail.example.com:465", Tls, "a@b.cn"), Some(("carrier", "choice-invalid"))),
            (Channel::Email, wish(Smtp, "mail.example.com:465", Tls, "a@b.cn"), None),
            (Channel::Email, wish(Smtp, "mail.example.com:587", StartTls, "a@b.cn"), None),
            (Channel::Email, wish(Smtp, "mail.example.com:25", Plain, "a@b.cn"), Some(("security", "gateway-plain"))),
            (Channel::Email, wish(Smtp, "127.0.0.1:25", Plain, "a@b.cn"), None),
            (Channel::Email, wish(Smtp, "mail.example.com", Tls, "a@b.cn"), Some(("target", "gateway-server"))),
            (Channel::Email, wish(Smtp, "a b:25", Tls, "a@b.cn"), Some(("target", "gateway-server"))),
            (Channel::Email, wish(Smtp, "m.cn:465", Tls, "a@b.cn\r\nBcc: x@y.cn"), Some(("sender", "gateway-text"))),
            (Channel::Email, wish(Smtp, "m.cn:465", Tls, "信守"), Some(("sender", "gateway-mailbox"))),
            (Channel::Sms, wish(File, "sms", Tls, ""), None),
            (Channel::Sms, wish(File, "../sms", Tls, ""), Some(("target", "gateway-folder"))),
            (Channel::Sms, wish(File, "", Tls, ""), Some(("target", "gateway-folder"))),
        ];
        for (channel, wish, expected) in rows {
            let wrong: Vec<_> = wish.check(channel).iter().map(|error| (error.field, error.code)).collect();
            assert_eq!(wrong, expected.into_iter().collect::<Vec<_>>(), "{wish:?}");
        }
    }

    #[test]
    fn a_mailbox_holds_nothing_that_ends_a_line_or_a_path() {
        for good in ["a@b.cn", "first.last+x@mail.example.com"] {
            assert!(is_mailbox(good), "{good}");
        }
        for bad in ["", "a", "@b.cn", "a@b", "a@b@c.cn", "a b@c.cn", "a@b.cn>", "a@b.cn\r\nRCPT TO:<x@y.cn>", "名@b.cn"]
        {
            assert!(!is_mailbox(bad), "{bad}");
        }
    }
}
