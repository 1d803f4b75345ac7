### People and permissions, audit, navigation, search.

nav-work = Work
nav-customers = Customers
nav-loans = Loans
nav-monitoring = Monitoring
nav-collections = Collections
nav-accounts = Accounts
nav-oversight = Oversight
nav-setup = Set-up

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
session-agent = Browser
session-this = this one
session-end = End
