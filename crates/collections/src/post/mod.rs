//! Posts (岗位职责): who does what about overdue customers, as the policy has it; by which permission, and held by whom
//! (S4-02 … S4-06, S2.2-01).

mod data;
pub mod pages;
pub mod rules;

use platform::web::Routes;

/// Where the posts are.
pub const PAGE: &str = "/collections/posts";

/// The page of the posts.
pub fn routes() -> Routes {
    pages::routes()
}
