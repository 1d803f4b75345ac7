//! Ways back (返回之路): where a refusal leads whoever met it: to the page they came from, and to the thing or list it
//! was about.
//!
//! An address is only ever made of the pages that the program has and of what the visitor's own program sent. So a way
//! back says nothing about what exists, and whoever follows it is asked for the permission like everybody.

use std::sync::Arc;

use axum::http::Method;

use super::{Circumstances, Entry, RouteRecord, Visit};
use crate::page::own_address;
use crate::sheets::values::resident_check;
use crate::vault::mask_numbers;

/// The pages that can be looked at (可看的页面): patterns and who may open them.
#[derive(Debug, Clone)]
pub(super) struct Pages(Arc<[(&'static str, Entry)]>);

/// Where a refusal leads (返回之处).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct WayBack {
    /// The page that was left, with its question.
    pub(super) from: Option<String>,
    /// The page of the thing that the request was about.
    pub(super) thing: Option<String>,
    /// The list or overview above it.
    pub(super) above: Option<String>,
}

impl Pages {
    pub(super) fn of(records: &[RouteRecord]) -> Self {
        let looked_at = records.iter().filter(|record| record.method == Method::GET && record.entry != Entry::Public);
        Self(looked_at.map(|record| (record.path, record.entry)).collect())
    }

    /// The pattern of an address, where this person may open it.
    fn open(&self, path: &str, may: &impl Fn(&str) -> bool) -> Option<&'static str> {
        let fits = |(_, entry): &&(&'static str, Entry)| match *entry {
            Entry::Action(action) => may(action),
            Entry::Own => true,
            Entry::Public => false,
        };
        // A page whose words stand in its pattern goes before one that would take them for a key.
        let found = self.0.iter().filter(|(pattern, _)| matches(pattern, path));
        found.min_by_key(|(pattern, _)| pattern.matches('{').count()).filter(fits).map(|(pattern, _)| *pattern)
    }

    /// The ways back from a request. `exists` says that the refusal did not deny the thing itself.
    pub(super) fn ways_back(&self, visit: &Visit, request: &Circumstances, exists: bool) -> WayBack {
        self.ways(request.here(), request.looks_only(), request.came_from(), exists, &|action: &str| visit.may(action))
    }

    fn ways(
        &self,
        here: &str,
        looks_only: bool,
        came_from: Option<&str>,
        exists: bool,
        may: &impl Fn(&str) -> bool,
    ) -> WayBack {
        let path = path_of(here);
        let from = came_from.filter(|from| {
            let again = looks_only && path_of(from) == path;
            !again && own_address(from) == *from && named_nobody(from) && self.open(path_of(from), may).is_some()
        });
        let mut back = WayBack { from: from.map(str::to_owned), ..WayBack::default() };
        let mut ancestor = if looks_only { parent(path) } else { Some(path) };
        while let Some(place) = ancestor {
            ancestor = parent(place);
            let Some(pattern) = self.open(place, may) else { continue };
            let known = back.from.as_deref().is_some_and(|from| path_of(from) == place);
            if pattern.contains('{') {
                if exists && back.thing.is_none() && !known && named_nobody(place) {
                    back.thing = Some(place.to_owned());
                }
            } else {
                back.above = (!known).then(|| place.to_owned());
                break;
            }
        }
        back
    }
}

/// Whether an address has the form of a pattern.
fn matches(pattern: &str, path: &str) -> bool {
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(one), Some(other)) if one == other || (one.starts_with('{') && !other.is_empty()) => {}
            _ => return false,
        }
    }
}

/// The address one step above; none above the first.
fn parent(path: &str) -> Option<&str> {
    path.rsplit_once('/').map(|(above, _)| above).filter(|above| !above.is_empty())
}

fn path_of(address: &str) -> &str {
    address.split(['?', '#']).next().unwrap_or(address)
}

/// Whether no number of a person was typed into the address: a page of a failure never repeats one.
fn named_nobody(address: &str) -> bool {
    // Keys of ours have eighteen digits too, and some look dated: the check digit tells them apart.
    let is_key = |run: &str| {
        run.len() == 18 && resident_check(run).is_some_and(|check| !run.ends_with([check, check.to_ascii_lowercase()]))
    };
    address.split(|c: char| !c.is_ascii_alphanumeric()).all(|run| mask_numbers(run) == run || is_key(run))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages() -> Pages {
        let entry = |path| (path, Entry::Action("visit.view"));
        let closed = |path| (path, Entry::Action("user.view"));
        let open = [entry("/visits"), entry("/visits/{id}"), entry("/visits/new")];
        Pages(open.into_iter().chain([closed("/users"), closed("/visits/lost")]).collect())
    }

    fn ways(here: &str, looks_only: bool, from: Option<&str>, exists: bool) -> [Option<String>; 3] {
        let back = pages().ways(here, looks_only, from, exists, &|action: &str| action == "visit.view");
        [back.from, back.thing, back.above]
    }

    fn some(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn a_refusal_leads_to_where_one_came_from_to_the_thing_and_to_its_list() {
        let list = some("/visits");
        assert_eq!(ways("/visits/7/record", false, None, true), [None, some("/visits/7"), list.clone()]);
        let from = Some("/visits?view=late&lang=en");
        assert_eq!(ways("/visits/7", true, from, true), [from.map(str::to_owned), None, None]);
        assert_eq!(ways("/visits/7/record", false, Some("/visits/7"), true), [some("/visits/7"), None, list.clone()]);
        assert_eq!(ways("/visits/7", true, Some("/visits/7"), true), [None, None, list], "not to itself");
    }

    #[test]
    fn what_is_denied_closed_or_elsewhere_is_no_way_back() {
        let list = some("/visits");
        assert_eq!(ways("/visits/7/record", false, None, false), [None, None, list.clone()], "not there for them");
        let elsewhere = ["//elsewhere.test/visits", "https://elsewhere.test/"];
        for from in ["/users", "/visits/lost", "/nowhere", "/visits/13900004321"].into_iter().chain(elsewhere) {
            assert_eq!(ways("/visits/7", true, Some(from), true), [None, None, list.clone()], "{from}");
        }
        assert_eq!(ways("/visits/990101199003071237/x", false, None, true), [None, None, list], "a typed identity");
        let key = ways("/visits/990101199003071235/x", false, None, true);
        assert_eq!(key[1], some("/visits/990101199003071235"), "a key that looks dated");
        assert_eq!(ways("/users/7", true, None, true), [None, None, None]);
        assert_eq!(ways("/", true, None, true), [None, None, None]);
    }
}
