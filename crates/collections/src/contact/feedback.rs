//! What came of a contact goes back to the credit department by itself, on the day itself (S4-18, S4-06).

use platform::error::ActionError;
use platform::event::{BoxFuture, Event, Subscriber};
use platform::id::UserId;
use platform::notice::{self, News, Notice};
use platform::policies;
use platform::work::Work;

use crate::CASE_VIEW;
use crate::case::store as cases;

/// A contact that was recorded, however it was, is told in the same transaction.
pub(crate) fn subscribers() -> Vec<Subscriber> {
    vec![Subscriber { event: "contact_recorded", name: "collections.feedback", handle: tell }]
}

/// Tells whoever brought the debtor in, and the post that the policy names where it names one (rule `contact.feedback`):
/// once a case and day, however often the debtor was contacted.
fn tell<'a>(work: &'a mut Work, event: &'a Event) -> BoxFuture<'a, Result<(), ActionError>> {
    Box::pin(async move {
        let Some(case) = cases::open_of(&mut work.tx, event.customer).await? else { return Ok(()) };
        let on = work.business_date;
        let policy = policies::in_force(work, on).await?;
        let mut people: Vec<UserId> = vec![case.manager];
        if let Some(post) = policies::known(policy.edition(on).text("contact_feedback_role"))? {
            people.extend(notice::holders(work, post, case.branch).await?);
        }
        people.sort_unstable();
        people.dedup();
        // The page that it leads to is theirs to read.
        let may = notice::who_may(work, CASE_VIEW, None, Some(case.branch)).await?;
        people.retain(|user| may.contains(user));
        let told = Notice {
            news: News::CollectionFedBack { case: case.number.clone(), on },
            occasion: format!("{}:contacts:{on}", case.key.subject()),
            thing: case.key.subject(),
            href: format!("/collections/cases/{}", case.key.case),
        };
        Ok(notice::tell(work, &people, &told).await?)
    })
}
