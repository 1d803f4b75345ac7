//! Group exposure (集团授信): what everybody who stands together with a customer owes, as a picture and as tables.

mod data;
pub mod pages;
pub mod store;

pub(crate) use pages::draw_head;
