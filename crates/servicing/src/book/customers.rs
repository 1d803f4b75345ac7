//! Customer sheets (客户信息): one customer a row.

use super::field::{Field, Role};
use super::finding::{RefusalCode, WarningCode};
use super::parties::{Found, Named};
use super::reading::Reading;
use super::row_view::{RowView, identity};

/// Reads all customer sheets.
pub(super) fn read_customers(reading: &mut Reading<'_>) {
    reading.each_row(Role::Customers, |reading, view, idle| {
        if idle.is_none() {
            read_row(reading, &view);
        }
    });
}

fn read_row(reading: &mut Reading<'_>, view: &RowView<'_>) {
    let Some(name) = view.text(Field::Name) else {
        reading.refuse(view.refusal(Field::Name, (RefusalCode::NameMissing, vec![]), None));
        return;
    };
    let mut named = Named::only(&name);
    match identity(view.cell(Field::IdNo)) {
        Ok(identity) => named.identity = identity.zip(view.text(Field::IdNo)),
        Err(fault) => {
            reading.parties.refuse(&name);
            reading.refuse(view.refusal(Field::IdNo, fault, None));
            return;
        }
    }
    named.note = view.text(Field::Note);
    let found = match reading.parties.find(&named, false, &reading.draft.customers) {
        // On the customers' own sheet a bare name that is there already is another person, or the same row again.
        Ok(found) => found,
        Err((RefusalCode::CustomerAmbiguous | RefusalCode::CustomerRefused, _)) => Found::New,
        Err(fault) => {
            reading.refuse(view.refusal(Field::Name, fault, None));
            return;
        }
    };
    reading.describe(view, &mut named, None);
    let before = reading.draft.customers.len();
    let at = reading.take_party(view, &named, found, (Field::Name, Field::IdNo), None);
    if at < before && found == Found::Known(at) {
        reading.warn(view, Some(Field::Name), WarningCode::EqualRows, vec![], None, Some(at));
    }
}
