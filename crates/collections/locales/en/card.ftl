# Cards, who does what

playbook-title = How to talk
playbook-note = The policy's own words: what to do before and during a call; what may be answered to each pattern of debtor, what is forbidden, what is recorded.
playbook-all = All cards
playbook-call = A call
playbook-sort-call = call
playbook-sort-pattern = pattern of debtor
playbook-sort-segment = segment of debtors
playbook-before = Before the call
playbook-during = During the call
playbook-recognise = Recognised by
playbook-permitted = May
playbook-prohibited = Never
playbook-record = Record
segment-white-collar = White-collar workers
segment-retiree = Retired people
segment-micro-owner = Owners of small businesses
segment-worker = Workers
case-life-stage = Life stage
api-field-collections-pattern = The pattern of debtor, `p1` to `p14`; empty: all
api-field-collections-segment = The segment: `white_collar`, `retiree`, `micro_owner` or `worker`; empty: all

post-title = Who does what
post-note = What each post does about overdue customers, by which permission, who holds it, and which duties the system gives it in time.
post-task = Task
post-permission = Permission
post-article = Article
post-granted = granted
post-missing = not granted
post-duties = Duties given in time
post-people = Held by
post-nobody = nobody
post-none = The policy names no posts
post-none-text = Keep the table of posts in the policy.
