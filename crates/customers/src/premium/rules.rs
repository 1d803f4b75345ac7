//! What an entry of the list must say (名单登记规则). Pure.

use jiff::civil::Date;
use platform::error::FieldError;

use super::model::{BOARDS, Content, Entry, Item, Role, Told};
use crate::customer::rules::check_name;
use crate::identity::{IdentityKind, IdentityNo};
use crate::lead::rules::check_words;

/// The normal form of the number of an enterprise.
///
/// # Errors
/// What is wrong with it, about the field.
pub fn uscc(field: &'static str, typed: &str) -> Result<String, FieldError> {
    let read = IdentityNo::parse(IdentityKind::SocialCreditCode, typed);
    read.map(|number| number.expose().to_owned()).map_err(|wrong| wrong.about(field))
}

/// What is wrong with an entry (rules `premium.entry`, `premium.subsidiary`, S5.8-08): a name and a number, an item of the
/// policy with an industry where it has industries, a proof, days in order; a subsidiary names board, years of profit, and
/// parent with its share. What the item does not ask for is not said.
#[must_use]
pub fn check(content: &Content, items: &[Item]) -> Vec<FieldError> {
    let mut wrong: Vec<FieldError> = check_name("name", &content.name).into_iter().collect();
    wrong.extend(uscc("uscc", &content.uscc).err());
    let of_name: Vec<&Item> = items.iter().filter(|one| one.name == content.item).collect();
    match of_name.iter().find(|one| one.industry == content.industry) {
        Some(item) => wrong.extend(check_parent(content, item.role)),
        None if of_name.is_empty() => wrong.push(FieldError::choice("item", &content.item)),
        None => wrong.push(FieldError::choice("industry", &content.industry)),
    }
    wrong.extend(check_words("proof", &content.proof, true));
    if content.until.is_some_and(|until| until < content.starts_on) {
        wrong.push(FieldError::new("until", "campaign-days"));
    }
    wrong
}

fn check_parent(content: &Content, role: Role) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    let said = [
        ("board", content.board.is_some()),
        ("good_years", content.good_years.is_some()),
        ("parent_uscc", content.parent_uscc.is_some()),
        ("parent_share", content.parent_share_ppm.is_some()),
    ];
    for (field, there) in said {
        match (role, there) {
            (Role::Subsidiary, false) => wrong.push(FieldError::new(field, "field-empty")),
            (Role::Parent | Role::Own, true) => wrong.push(FieldError::new(field, "premium-not-asked")),
            (Role::Subsidiary, true) | (Role::Parent | Role::Own, false) => {}
        }
    }
    if let Some(board) = content.board.as_deref().filter(|board| !BOARDS.contains(board)) {
        wrong.push(FieldError::choice("board", board));
    }
    if let Some(parent) = &content.parent_uscc {
        match uscc("parent_uscc", parent) {
            Ok(number) if uscc("uscc", &content.uscc).is_ok_and(|own| own == number) => {
                wrong.push(FieldError::new("parent_uscc", "premium-own-parent"));
            }
            Ok(_) => {}
            Err(error) => wrong.push(error),
        }
    }
    wrong
}

/// Whether an entry can be the parent of a subsidiary on the list.
#[must_use]
pub fn is_parent(entry: &Entry, items: &[Item]) -> bool {
    items.iter().any(|item| item.name == entry.content.item && item.role == Role::Parent)
}

/// What the list says of an enterprise on a day (rule `premium.force`): the entry that stands, of a subsidiary only while an
/// entry of its parent stands too.
#[must_use]
pub fn told(own: &[Entry], of_parent: &[Entry], items: &[Item], on: Date) -> Told {
    let parents: Vec<&Entry> = of_parent.iter().filter(|one| is_parent(one, items)).collect();
    let mut until: Option<Date> = own.iter().filter_map(|one| one.turns_after(on)).min();
    let entry = own.iter().rfind(|one| one.stands_on(on));
    let counts = |one: &&Entry| match &one.content.parent_uscc {
        Some(parent) => parents.iter().any(|other| other.content.uscc == *parent && other.stands_on(on)),
        None => true,
    };
    if entry.is_some_and(|one| one.content.parent_uscc.is_some()) {
        until = [until, parents.iter().filter_map(|one| one.turns_after(on)).min()].into_iter().flatten().min();
    }
    Told { entry: entry.filter(counts).cloned(), until }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn items() -> Vec<Item> {
        let item =
            |name: &str, industry: &str, role| Item { name: name.to_owned(), industry: industry.to_owned(), role };
        vec![
            item("sasac", "none", Role::Parent),
            item("subsidiary", "none", Role::Subsidiary),
            item("listed_industry", "finance", Role::Own),
            item("listed_industry", "salt", Role::Own),
        ]
    }

    fn content(item: &str, industry: &str) -> Content {
        Content {
            name: "示例集团有限公司".to_owned(),
            uscc: "91350100M000100Y43".to_owned(),
            item: item.to_owned(),
            industry: industry.to_owned(),
            board: None,
            good_years: None,
            parent_uscc: None,
            parent_share_ppm: None,
            proof: "国资委央企名录2026年版".to_owned(),
            starts_on: date(2026, 11, 20),
            until: None,
        }
    }

    fn fields(content: &Content) -> Vec<&'static str> {
        check(content, &items()).iter().map(|one| one.field).collect()
    }

    // S5.8-08. Rules premium.entry, premium.subsidiary
    #[test]
    fn an_entry_says_what_its_item_asks_for_and_nothing_else() {
        assert!(fields(&content("sasac", "none")).is_empty());
        assert!(fields(&content("listed_industry", "salt")).is_empty());
        assert_eq!(fields(&content("listed_industry", "none")), ["industry"], "an industry of the item");
        assert_eq!(fields(&content("other", "none")), ["item"]);
        let bare = content("subsidiary", "none");
        assert_eq!(fields(&bare), ["board", "good_years", "parent_uscc", "parent_share"]);
        let own = Content {
            board: Some("main".to_owned()),
            good_years: Some(3),
            parent_uscc: Some(bare.uscc.clone()),
            parent_share_ppm: Some(250_000),
            ..bare
        };
        assert_eq!(fields(&own), ["parent_uscc"], "nobody is the own parent");
        let more = Content { board: Some("main".to_owned()), proof: " ".to_owned(), ..content("sasac", "none") };
        assert_eq!(fields(&more), ["board", "proof"]);
        let wrong = Content { uscc: "1".to_owned(), until: Some(date(2026, 11, 19)), ..content("sasac", "none") };
        assert_eq!(fields(&wrong), ["uscc", "until"]);
    }
}
