### The institution's rules.

action-policy-view = View the rules
action-policy-draft = Draft policy versions
action-policy-approve = Approve policy versions

policies-title = Rules
policy-version = Version
policy-from = Effective from
policy-by = By
policy-note = Note
policy-shipped = came with the program
policy-in-force = In force
policy-approved = Approved
policy-submitted = Awaits approval
policy-draft = Draft
policy-rejected = Not approved
policy-switches = Ambiguities and choices
policy-switches-note = where the source texts contradict themselves or are unclear, what this institution chose
policy-settles = No.
policy-choice = Question
policy-chosen = Choice
policy-tables = Decision tables
policy-parameters = Parameters
policy-articles = Articles
policy-own-table = This institution
policy-law-table = Floor of the law
policy-hit = hit policy { $hit }
article-source = Source
article-sure = How sure
article-period = In force
article-repealed = Repealed by
confidence-text = the text was read
confidence-seen = seen in a secondary source
confidence-unsure = to be checked against the text
confidence-house = the institution's own

error-policy-none = No policy version is in force on { $date }
error-policy-none-way = Install the rules that came with the program, or approve a version effective on that date.
error-policy-broken = The pack { $pack } has { $count } problems; the first: { $first }
error-policy-facts = The facts for policies cannot be put together: { $cause }
error-policy-undecidable = The rules cannot decide: { $cause }
error-policy-parameter = A parameter is not usable: { $cause }
error-policy-not-draft = The version is { $state }, not a draft
error-policy-past = A version cannot take effect on { $date }: the business date is { $today }, and only later dates are possible
error-policy-unknown = There is no such version or article
