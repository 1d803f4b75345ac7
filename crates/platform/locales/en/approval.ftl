### Approvals.

approvals-title = Approvals
approvals-count = { $count ->
    [one] { $count } approval
   *[other] { $count } approvals
}
approvals-for-me = For me
approvals-returned = Returned to me
approvals-mine = Submitted by me
approvals-all = All
approval-what = Subject
approval-kind = Kind
approval-amount = Amount (CNY)
approval-maker = Maker
approval-priority = Priority
approval-at = Submitted
approval-step = Waits for
approval-state = State
approval-pending = Waiting
approval-returned = Returned
approval-approved = Approved
approval-rejected = Rejected
approval-withdrawn = Withdrawn
approval-for-me = For my approval
approval-material = Material
approval-mend = To mend
approval-mend-now = Mend it
approval-opinion = Opinion
approval-words = Opinion
approval-missing = What must be mended, for a return
approval-missing-hint = One a line, written “what: what is wrong”, for instance “proof of income: last three months are missing”
approval-history = History
approval-no-history = Nobody has said anything yet.
approval-waiver = Waiver
approval-extension = Extension
approval-restructure = Restructuring
approval-rate-change = Change of rate
approval-write-off = Write-off
approval-class-override = Class set by hand
approval-reversal = Reversal
approval-policy = Policy version
approval-import-undo = Undo of an import
verdict-approve = Approve
verdict-return = Return
verdict-reject = Reject
verdict-withdraw = Withdraw
verdict-resubmit = Submitted again
material-version = Version
material-effective-from = Effective from
material-note = Note
material-amount-fen = Amount (CNY)
material-reason = Reason

error-approval-own = Nobody approves what they submitted themselves
error-approval-own-way = Somebody else with the role must decide.
error-approval-one-person = The institution has one user: it may record, but not approve
error-approval-one-person-way = Create a second user and grant the approving role first.
error-approval-decided-before = You decided an earlier step and cannot decide another one of the same chain
error-approval-step = This step is for { $roles }
error-approval-state = It is { $state } and cannot be { $verb }
error-approval-not-maker = Only its maker can do this
error-approval-opinion = A rejection or return needs an opinion or what to mend
error-approval-not-found = There is no such approval, or it lies outside your data scope
error-approval-unknown-kind = Nothing here handles approvals of kind { $kind }
error-approval-waits = { $subject } already waits for an approval of this kind
error-approval-waits-way = Wait until it ends, or have its maker withdraw it.
