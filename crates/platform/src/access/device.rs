//! Devices (设备): what a browser calls itself, in words; and which browsers a person has come from before.

use jiff::Timestamp;

use crate::args;
use crate::db::{StoreError, Tx};
use crate::id::UserId;

/// Browsers by the sign in what they call themselves; the first that fits, so the borrowed names come last.
const BROWSERS: [(&str, &str); 9] = [
    ("MicroMessenger/", "WeChat"),
    ("DingTalk/", "DingTalk"),
    ("QQBrowser/", "QQ Browser"),
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
    ("curl/", "curl"),
];
/// Systems in the same way.
const SYSTEMS: [(&str, &str); 8] = [
    ("HarmonyOS", "HarmonyOS"),
    ("OpenHarmony", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

/// A browser in words, `Firefox · Windows`; what nobody knows is cut short and shown as it is.
#[must_use]
pub fn device_name(agent: &str) -> String {
    let find = |signs: &[(&str, &'static str)]| signs.iter().find(|(sign, _)| agent.contains(sign)).map(|one| one.1);
    let known: Vec<&str> = [find(&BROWSERS), find(&SYSTEMS)].into_iter().flatten().collect();
    match (known.is_empty(), agent.is_empty()) {
        (false, _) => known.join(" · "),
        (true, true) => "—".to_owned(),
        (true, false) => agent.chars().take(40).collect(),
    }
}

/// Notes that a person came from this browser; true when it is another one than all before.
/// The first browser of all is not new: there is nothing to compare it with.
pub(super) async fn note(
    tx: &mut Tx,
    user: UserId,
    device: &str,
    agent: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let before = "select count(*) as n from known_device where user_id = $1";
    let before: i64 = tx.fetch_one(before, args![user]).await?.get("n")?;
    let seen = tx
        .execute(
            "update known_device set last_at = $1, agent = $2 where user_id = $3 and device = $4",
            args![now, agent, user, device],
        )
        .await?;
    if seen > 0 {
        return Ok(false);
    }
    tx.execute(
        "insert into known_device (user_id, device, agent, first_at, last_at) values ($1, $2, $3, $4, $5)",
        args![user, device, agent, now, now],
    )
    .await?;
    Ok(before > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_called_by_their_own_name_and_not_by_the_borrowed_ones() {
        let rows = [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 \
                 Safari/537.36 Edg/140.0.0.0",
                "Edge · Windows",
            ),
            (
                "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36 \
                 MicroMessenger/8.0.50",
                "WeChat · Android",
            ),
            ("Mozilla/5.0 (Macintosh; Intel Mac OS X 15_1) Version/18.0 Safari/605.1.15", "Safari · macOS"),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux"),
            (
                "something of our own, longer than a cell of the table can hold",
                "something of our own, longer than a cell",
            ),
            ("", "—"),
        ];
        for (agent, name) in rows {
            assert_eq!(device_name(agent), name);
        }
    }
}
