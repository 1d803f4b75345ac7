### Delegation on leave.

action-delegation-approve = Approve delegations
action-delegation-ask = Asked for a delegation
action-delegation-refuse = Refused a delegation
action-delegation-end = Ended a delegation
action-delegation-act = Began to act for somebody
action-delegation-act-ended = Acts for oneself again

delegations-title = Delegation
delegations-text = Who stands in while somebody is away.
delegations-waiting = Waiting for approval
delegations-own = Mine
delegations-none = None. When you are away, name a colleague below; once approved, your duties and approvals can be done by that person on those days.
delegation-absent = Away
delegation-delegate = Stands in
delegation-role = Roles handed on
delegation-all-roles = All roles
delegation-from = First day
delegation-until = Last day
delegation-reason = Reason
delegation-asked = Waits for approval
delegation-holds = Holds
delegation-to-come = Approved, to come
delegation-over = Over
delegation-refused = Refused
delegation-ended = Ended
delegation-approve = Approve
delegation-refuse = Refuse
delegation-act = Act for this person
delegation-end = End
delegation-new = Name somebody
delegation-ask = Ask for approval
delegation-hint = A supervisor who is neither away, nor stands in, nor asked approves it. It begins and ends by itself with the business date. Everything is recorded as done by the one for the other, and who stands in approves nothing that either of the two made.
delegation-banner = You are acting for { $name } (until { $until }); everything is recorded as done by you for { $name }.
delegation-banner-end = Act for myself
delegation-acting = You are acting for { $name }.
delegation-act-ended = Act for myself again
delegation-for = for { $name }
home-stand-in = You may act for { $name } until { $until }
home-delegated = { $name } stands in for you until { $until }

notice-kind-delegation-waits = Delegation waits
notice-kind-collection-fed-back = Collection fed back
notice-collection-fed-back = Case { $case }: the debtor was contacted on { $on }. Time, content and response stand in the case.
notice-kind-delegated = Delegation approved
notice-delegation-waits = { $delegate } is to stand in for { $absent }; it waits for approval
notice-delegated = { $delegate } stands in for { $absent } from { $from } until { $until }

error-delegation-unknown = There is no such delegation, or it lies outside what you may see
error-delegation-days = The last day must be the first day or later, and not be over
error-delegation-delegate = Choose another person who may log in
error-delegation-role = The person who is away does not hold this role; choose all roles or another one
error-delegation-own = Who asks, goes or stands in does not approve it
error-delegation-own-way = Another person with the permission must do it.
error-delegation-not-now = This delegation does not hold on the business date
error-delegation-not-now-way = Look at its days and its state.
