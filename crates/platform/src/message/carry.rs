//! One message handed to whoever carries its channel (承运): once, and how it ended.

use serde_json::{Value as Json, json};

use super::model::{Carrier, MessageGateway};
use super::{actions, http, smtp, store};
use crate::app::App;
use crate::duty::Channel;
use crate::error::ActionError;
use crate::outbox::{Delivery, OutboxRules, Outcome, write_whole};

/// A message on its way (待送消息); the number or address is in clear, and stays in memory.
#[derive(Clone, PartialEq, Eq)]
pub struct Parcel {
    /// By which channel.
    pub channel: Channel,
    /// By which the carrier knows a repetition, and which its receipt names.
    pub key: String,
    /// The number or address.
    pub to: String,
    /// The subject, of a mail.
    pub subject: String,
    /// What it says.
    pub text: String,
}

/// Never shows number and words.
impl std::fmt::Debug for Parcel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Parcel({:?}, {})", self.channel, self.key)
    }
}

impl Parcel {
    /// As a program reads it: the body of the POST, and the file.
    pub(super) fn json(&self, sender: &str) -> Json {
        let mut all = json!({
            "id": self.key, "channel": self.channel.as_str(), "to": self.to, "text": self.text, "sender": sender,
        });
        if self.channel == Channel::Email
            && let Some(fields) = all.as_object_mut()
        {
            fields.insert("subject".to_owned(), json!(self.subject));
        }
        all
    }
}

/// Hands a message over, through the gateway that is on.
pub async fn carry(app: &App, parcel: &Parcel, rules: &OutboxRules) -> Delivery {
    hand_over(app, parcel, rules, false).await
}

/// The same through a gateway that may still be off: a test.
pub async fn try_out(app: &App, parcel: &Parcel, rules: &OutboxRules) -> Delivery {
    hand_over(app, parcel, rules, true).await
}

async fn hand_over(app: &App, parcel: &Parcel, rules: &OutboxRules, test: bool) -> Delivery {
    match prepare(app, parcel.channel).await {
        Ok(Some((one, _))) if !one.active && !test => Delivery::new(Outcome::Failed, "the gateway is off"),
        Ok(None) => Delivery::new(Outcome::Failed, "the channel has no gateway"),
        Ok(Some((one, secret))) => match one.carrier {
            Carrier::Http => http::send(app, parcel, &one, &secret, rules).await,
            Carrier::Smtp => smtp::send(app, parcel, &one, &secret, rules).await,
            Carrier::File => write(app, parcel, &one).await,
        },
        Err(error) => {
            tracing::error!(%error, "a gateway of messages could not be read");
            Delivery::new(Outcome::Failed, "the gateway could not be read; the log says why")
        }
    }
}

async fn prepare(app: &App, channel: Channel) -> Result<Option<(MessageGateway, String)>, ActionError> {
    let mut tx = app.db.read().await?;
    let found = (store::of(&mut tx, channel).await?, store::secret(&mut tx, channel).await?);
    tx.rollback().await?;
    let (Some(one), sealed) = found else { return Ok(None) };
    let secret = sealed.map(|sealed| actions::open(app, channel, &sealed)).transpose()?.unwrap_or_default();
    Ok(Some((one, secret)))
}

/// A file in the folder, there as a whole or not at all.
async fn write(app: &App, parcel: &Parcel, one: &MessageGateway) -> Delivery {
    let Some(folder) = app.settings.outbox_folder.as_ref().map(|folder| folder.join(&one.target)) else {
        return Delivery::new(Outcome::Refused, "no folder was named at the start of the program");
    };
    let name = format!("{}-{}.json", parcel.channel.as_str(), parcel.key);
    let text = parcel.json(&one.sender).to_string();
    match tokio::task::spawn_blocking(move || write_whole(&folder, &name, &text)).await {
        Ok(Ok(())) => Delivery::new(Outcome::Delivered, ""),
        // Nobody takes what does not stand under its name.
        Ok(Err(error)) => Delivery::new(Outcome::Failed, error.kind().to_string()),
        Err(error) => Delivery::new(Outcome::Unknown, error.to_string()),
    }
}
