### The institution's rules.

action-policy-view = View the rules
action-policy-draft = Draft policy versions
action-policy-approve = Approve policy versions

policies-title = Rules
policy-heads = Purpose, scope, principles
policy-purpose = Purpose:
policy-scope = Scope:
policy-principle-customer-centred = Customer-centred
policy-principle-risk-controllable = Risk-controllable
policy-principle-confidentiality = Confidentiality
policy-principle-compliance = Compliant operation
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
article-open-ended = now
article-repealed = Repealed by
article-unsure-note = The text of this article has not been checked: wording and number come from general knowledge. Before citing it to others, or acting on it against a customer, read the published text and have compliance confirm the register.
article-cited = Rules that stand on this article
article-cited-count = { $count ->
    [one] one rule, on the business date
   *[other] { $count } rules, on the business date
}
article-uncited = No rule in force cites this article
article-versions = Versions of the rules that cite it
article-version-rules = { $count ->
    [one] one rule
   *[other] { $count } rules
}
cites-switch = Choice
cites-parameter = Parameter
cites-table = Decision table
cites-duty = Duty rule
cites-product = Product
cites-template = Paper
cites-role = Role
confidence-text = the text was read
confidence-seen = seen in a secondary source
confidence-unsure = to be checked against the text
confidence-house = the institution's own

error-policy-none = No policy version is in force on { $date }
error-policy-none-way = Install the rules that came with the program, or approve a version effective on that date.
error-policy-broken = The pack { $pack } has { $count } problems; the first: { $first }
error-policy-facts = The facts for policies cannot be put together: { $cause }
error-policy-undecidable = The rules cannot decide: { $cause }
error-policy-parameter = A parameter is not usable: { $cause }. After an upgrade of the program, take its rules over: Rules, “Newer rules came with the program”.
error-policy-not-draft = The version is { $state }, not a draft
error-policy-past = A version cannot take effect on { $date }: the business date is { $today }, and only later dates are possible
error-policy-unknown = There is no such version or article
