//! Who is who in a book: one entry a person, by identity number, else by name.

use std::collections::{HashMap, HashSet};

use platform::sheets::values::{IdKind, Identity, normalise_name};

use super::draft::{CustomerDraft, PartyKind, Source};
use super::finding::{RefusalCode, fact};
use super::row_view::Fault;
use super::vocabulary::Vocabulary;

/// The parties met so far (当事人登记).
#[derive(Default)]
pub(super) struct Parties {
    by_id: HashMap<String, usize>,
    by_name: HashMap<String, Vec<usize>>,
    refused: HashSet<String>,
    /// Whether the book lists its customers on a sheet of their own.
    listed: bool,
}

/// A party as a row names it.
#[derive(Debug, Clone)]
pub(super) struct Named {
    pub name: String,
    pub identity: Option<(Identity, String)>,
    pub kind: Option<PartyKind>,
    pub phone: Option<String>,
    pub address: Option<String>,
    pub note: Option<String>,
}

/// What a row's party turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// A party met before under the same spelling.
    Known(usize),
    /// A party met before under another spelling.
    OtherSpelling(usize),
    /// A party not met before.
    New,
}

impl Named {
    /// A party of which only the name is known.
    pub(super) fn only(name: &str) -> Named {
        Named { name: name.trim().to_owned(), identity: None, kind: None, phone: None, address: None, note: None }
    }
}

impl Parties {
    /// Nobody met yet.
    pub(super) fn new(listed: bool) -> Parties {
        Parties { listed, ..Parties::default() }
    }

    /// Remembers that a customer's own row is refused.
    pub(super) fn refuse(&mut self, name: &str) {
        self.refused.insert(normalise_name(name));
    }

    /// Finds the party without adding anything; `strict` refuses a bare name that no customer sheet lists.
    pub(super) fn find(&self, named: &Named, strict: bool, customers: &[CustomerDraft]) -> Result<Found, Fault> {
        let name = normalise_name(&named.name);
        if let Some((identity, _)) = &named.identity {
            let Some(known) = self.by_id.get(&identity.number) else { return Ok(Found::New) };
            let customer = &customers[*known];
            if customer.name.trim() == named.name || customer.aliases.contains(&named.name) {
                return Ok(Found::Known(*known));
            }
            if normalise_name(&customer.name) == name {
                return Ok(Found::OtherSpelling(*known));
            }
            return Err((RefusalCode::IdTwoNames, vec![fact("other", &customer.name)]));
        }
        match self.by_name.get(&name).map(Vec::as_slice) {
            Some([only]) => Ok(Found::Known(*only)),
            Some([]) | None if self.refused.contains(&name) => Err((RefusalCode::CustomerRefused, vec![])),
            Some([]) | None if strict && self.listed => Err((RefusalCode::CustomerUnknown, vec![])),
            Some([]) | None => Ok(Found::New),
            Some(several) => Err((RefusalCode::CustomerAmbiguous, vec![fact("count", several.len())])),
        }
    }

    /// Adds the party, or what its row knows to the party met before.
    pub(super) fn take(
        &mut self,
        named: &Named,
        found: Found,
        source: Source,
        customers: &mut Vec<CustomerDraft>,
    ) -> usize {
        match found {
            Found::Known(at) | Found::OtherSpelling(at) => {
                let customer = &mut customers[at];
                if found == Found::OtherSpelling(at) {
                    customer.aliases.push(named.name.clone());
                }
                let fill = |slot: &mut Option<String>, value: &Option<String>| {
                    if slot.is_none() {
                        slot.clone_from(value);
                    }
                };
                fill(&mut customer.phone, &named.phone);
                fill(&mut customer.address, &named.address);
                fill(&mut customer.note, &named.note);
                at
            }
            Found::New => {
                let at = customers.len();
                customers.push(new_customer(named, source));
                if let Some((identity, _)) = &named.identity {
                    self.by_id.insert(identity.number.clone(), at);
                }
                self.by_name.entry(normalise_name(&named.name)).or_default().push(at);
                at
            }
        }
    }
}

fn new_customer(named: &Named, source: Source) -> CustomerDraft {
    let by_id = named.identity.as_ref().map(|(identity, _)| match identity.kind {
        IdKind::ResidentId => PartyKind::Person,
        IdKind::Uscc => PartyKind::Company,
    });
    let by_name = || match Vocabulary::shipped().ends("company_name", &named.name) {
        true => PartyKind::Company,
        false => PartyKind::Person,
    };
    let key = match &named.identity {
        Some((identity, _)) => format!("customer|{}", identity.number),
        None => format!("customer|name|{}", normalise_name(&named.name)),
    };
    CustomerDraft {
        key,
        kind: by_id.or(named.kind).unwrap_or_else(by_name),
        name: named.name.clone(),
        aliases: Vec::new(),
        id_kind: named.identity.as_ref().map(|(identity, _)| identity.kind),
        id_no: named.identity.as_ref().map(|(identity, _)| identity.number.clone()),
        id_no_in_sheet: named.identity.as_ref().map(|(_, written)| written.clone()),
        phone: named.phone.clone(),
        address: named.address.clone(),
        note: named.note.clone(),
        source,
    }
}
