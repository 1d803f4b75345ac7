### People and permissions, audit, navigation, search.

nav-work = Work
nav-customers = Customers
nav-loans = Loans
nav-monitoring = Monitoring
nav-collections = Collections
nav-reach = Contact
nav-accounts = Accounts
nav-oversight = Oversight
nav-setup = Set-up
nav-system = System

action-user-view = Look at users
action-user-edit = Manage users
action-user-confirm = Confirm grants of roles
action-branch-view = Look at branches and teams
action-branch-edit = Manage branches and teams
action-audit-view = Look at the audit trail
action-audit-verify = Verify the audit chain
action-personal-reveal = See personal data in clear
action-contact-reveal = See phone numbers

search-none-asked = Type a name, pinyin, contract or loan number, or the last digits of a phone.
search-nothing = Nothing found for “{ $asked }”. Write it another way, or shorter.

user-branch = Branch
user-roles = Roles
sessions-title = My sessions
sessions-text = End what you do not recognise, and change your password at once.
session-started = Logged in
session-seen = Last used
session-address = From
session-this = this one
session-end = End

reason = Reason
users-title = Users and permissions
users-count = { $count ->
    [one] 1 user
   *[other] { $count } users
 }
user-new = New user
user-create = Create
user-login = User name
user-login-hint = 2 to 32 small letters, digits or . - _, beginning with a letter; it cannot be changed later.
user-name = Name
user-team = Team
user-place = Branch or team
user-state = State
user-active = Active
user-disabled = Disabled
user-locked = Locked
user-account = Account
user-open = Open the user
user-disable = Disable
user-enable = Enable
user-unlock = Unlock
user-no-roles = No roles yet: this user sees only the own account. Ask for a role below.
user-role-ask = Ask for a role
user-role-ask-hint = It takes effect when another person with the permission to confirm confirms it.
user-role-revoke = Take the role away
user-password-title = First password
user-password-once = Tell it to the person face to face or by phone. It is shown only this once and must be changed at the first log-in.
user-password-next = A new user has no roles yet; open the user and ask for some.
user-password-reset = Reset the password
user-password-reset-hint = All sessions end at once; the new password must be changed at the first log-in.
grants-title = Grants awaiting confirmation
grants-open = Awaiting confirmation { $count }
grants-text = One person asks for a role, another confirms it. What took effect at set-up, before there was a second person, stands here too until one confirms it.
grants-none = Nothing awaits confirmation.
grant-user = User
grant-role = Role
grant-asked-by = Asked by
grant-asked-at = Asked at
grant-by-set-up = set-up
grant-provisional = In effect, unconfirmed
grant-asked = Not yet in effect
grant-confirm = Confirm
grant-refuse = Refuse
grant-other-person = Another person must decide
branches-title = Branches and teams
branch-new = New branch
branch-name = Branch
branch-parent = Belongs to
branch-teams = Teams
branch-opened = Since
team-new = New team
team-name = Team

audit-title = Audit trail
audit-count = { $count ->
    [one] 1 entry
   *[other] { $count } entries
 }
audit-at = Time
audit-user = By
audit-action = Action
audit-subject = Subject
audit-reason = Reason
audit-before = Before
audit-after = After
audit-origin = From
audit-link = Link
audit-system = system
audit-verify = Verify the chain
audit-back = Back to the trail
audit-whole = The chain is whole: { $chains } chains, { $entries } entries, { $roots } daily roots, each as it must be.
audit-broken-content = Entry { $seq } of chain { $chain } does not match its digest: it was changed. Stop, tell the administrator, compare with the backup and the printed roots.
audit-broken-order = Entry { $seq } of chain { $chain } does not continue the one before: one was removed, added or moved. Compare with the backup.
audit-broken-head = Chain { $chain } ends at entry { $seq }, which is not its head: the end was cut off. Compare with the backup.
audit-broken-root = The root of { $day } does not match its heads. Compare with the root that was printed or sent out that day.
audit-broken-anchor = The root of { $day } is not the one kept outside, or is missing: what was recorded up to that day was written anew.

kept-title = A form that was not sent
kept-head = What was typed before the session ended
kept-text = The session had ended when you sent this form, so nothing was done; what you typed was kept, encrypted. Check it and send it on: permission and rules are judged anew, and what was done before is not done twice.
kept-send = Send it on
kept-discard = Throw it away
kept-none = No form is kept: it was sent, thrown away or waited too long, or somebody else typed it.

user-kind = Kind
user-kind-person = Person
user-kind-service = Service account
user-kind-hint = A service account is for programs: it has no password and opens no page, it comes with tokens only; its roles take effect once a second person confirms them.
user-service = Tokens
user-service-text = Nobody logs in as this account. Programs come with its tokens and may do what its confirmed roles allow; a service account is never the second person.
error-service-account = A service account neither logs in nor confirms anything
error-service-account-way = A person with the permission must do it.
