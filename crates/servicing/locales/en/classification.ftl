### Classification runs: drawn by branch, reviewed, approved, with a report by goals.

classification-title = Classification runs
classification-subtitle = At least once a quarter: proposed by the classification post, reviewed by a second person, approved by others; never better than days overdue allow
classification-view-open = Open
classification-view-approved = Approved
classification-view-ended = Refused and given up
classification-view-all = All
classification-count = { $count } runs
classification-none = No classification runs
classification-none-text = The classification post begins one for a branch, as of today.
classification-one = Classification of loans
classification-number = Run
classification-branch = Branch
classification-as-of = As of
classification-former-as-of = Run before, as of
classification-loans = Loans
classification-state = State
classification-state-drawn = being classified
classification-state-proposed = to be reviewed
classification-state-submitted = to be approved
classification-state-approved = approved
classification-state-refused = refused
classification-state-dropped = given up
classification-maker = Proposed by
classification-reviewer = Reviewed by
classification-proposed-on = Proposed on
classification-reviewed-on = Reviewed on
classification-approved-on = Approved on
classification-review-note = Words of the review
classification-note = Note
classification-open-approval = See the approval
classification-new = Begin a run
classification-new-hint = Lists all loans of the branch with principal outstanding today and their classes by days overdue; a branch has one open run.
classification-draw = Begin
classification-propose = Propose
classification-propose-hint = Say something of each goal: real value and risk, problems of granting, monitoring and collection, whether provisions suffice. The report has the figures of each.
classification-review = Review
classification-review-hint = Where you think otherwise of a loan, set its class among the loans of the run first. Reviewed, it goes to those who approve; you are not among them.
classification-drop = Give up
classification-drop-hint = A run can be given up until it is reviewed, and begun anew.
classification-judge = Set the class
classification-rejudge = Set another class
classification-suggest = Suggest a class
classification-class = Class
classification-class-hint = No better than “{ $least }”, the class by days overdue.
classification-former = Run before
classification-system = By days overdue
classification-standing = Class until now
classification-initial = As proposed
classification-initial-reason = Why, as proposed
classification-review-reason = Why, as reviewed
classification-reason = Reason
classification-suggestions = What other posts suggest
classification-suggested-by = Suggested by
classification-on = Date
classification-new-loan = new
classification-items-title = Loans of runs
classification-items-subtitle = First those of open runs whose class differs from the days overdue or from the proposal; by the number of a run those of earlier ones
classification-items-differing = Differing
classification-items-all = All
classification-items-count = { $count } loans
classification-items-none = No such loans
classification-items-none-text = Look at “All”, or give the number of a run.
classification-by-class = By class
classification-moves = From the run before to this one
classification-share = Share
classification-former-loans = Loans before
classification-former-balance = Balance before
classification-rate = Provision rate
classification-provision = Provision
classification-part = { $loans } loans, { $amount }
classification-goal-value = Real value and risk
classification-goal-granting = Problems of granting
classification-goal-monitoring = Problems of monitoring
classification-goal-collection = Problems of collection
classification-goal-provision = Whether provisions suffice
classification-total = Total
classification-bad = Non-performing loans
classification-bad-ratio = Non-performing ratio
classification-former-bad-ratio = Ratio of the run before
classification-differing = Loans judged otherwise than by days overdue or as proposed
classification-fresh = Granted since the run before
classification-fresh-worse = Of these, no longer normal
classification-fresh-share = Share that went bad
classification-worse = Worse than in the run before
classification-better = Better than in the run before
classification-overdue = Overdue principal
classification-needed = Provisions needed
classification-held = Provisions held (yuan)
classification-held-hint = The special provisions in the books for the loans of this branch.
classification-short = Provisions missing
classification-words = Finding
classification-no-words = Written when the run is proposed
classification-paper = Report of the classification
classification-heading = Classification { $number }
classification-sign-maker = Proposed by: { $name }
classification-sign-reviewer = Reviewed by: { $name }
classification-verb = Begin the classification
why-class-judged = The class approved in a classification run is worse, and stands

approval-classification = Approval of a classification
material-classification-page = Classification
material-classification-as-of = As of
material-classification-loans = Loans
material-classification-differing = Loans judged otherwise
material-classification-bad-fen = Non-performing balance
material-classification-needed-fen = Provisions needed
close-step-classification_due = Duties to classify

error-classification-not-found = No such classification run or loan in it, or not within your data
error-classification-not-found-way = Open it from the classification runs; your supervisor can widen your data scope.
error-classification-open = The branch has the open run { $number }
error-classification-open-way = Finish that run; until it is reviewed it can be given up and begun anew.
error-classification-done = The branch was classified today by { $number }
error-classification-done-way = The next run can begin on the next business day.
error-classification-nothing = The branch has no loans to classify on { $on }
error-classification-nothing-way = Choose a branch with loans outstanding.
error-classification-no-classes = No classes are in force on { $on }
error-classification-no-classes-way = Ask the policy administrator to look at the rules in force on that day.
error-classification-state = The run does not allow this where it stands ({ $state ->
        [drawn] being classified
        [proposed] to be reviewed
        [submitted] to be approved
        [approved] approved
        [refused] refused
       *[dropped] given up
    })
error-classification-state-way = Begun, proposed, reviewed, approved, in this order; what comes back is mended and sent again by the reviewer.
error-classification-floor = The class is better than days overdue allow ({ $least ->
        [normal] normal
        [special_mention] special mention
        [substandard] substandard
        [doubtful] doubtful
       *[loss] loss
    })
error-classification-floor-way = Law sets the floor by days overdue; people may only be stricter. Once the arrears are paid, the next run can raise it.
error-classification-same-person = Suggesting, proposing, reviewing and approving are done by different people
error-classification-same-person-way = You took another step of this run; let somebody else do this one.
error-classification-not-own = Only whoever began the run sets its first classes
error-classification-not-own-way = Let that person do it; when away, give the run up and begin it anew.

event-loan-classified = Class approved in a run
action-classification-view = See classification runs
action-classification-prepare = Classify loans
action-classification-approve = Approve classifications
action-classification-draw = Begin a classification run
action-classification-judge = Set a first class
action-classification-rejudge = Set another class at the review
action-classification-suggest = Suggest a class
action-classification-propose = Propose a classification run
action-classification-review = Review a classification run
action-classification-drop = Give a classification run up
action-classification-print = Print a report of a classification

api-field-classifications-classification = The key of a classification run
api-field-classifications-loan = The key of a loan; in lists its number
api-field-classifications-run = The number of a run
api-field-classifications-branch = The key of a branch; the own one where it is left out
api-field-classifications-class = The class: normal, special_mention, substandard, doubtful, loss
api-field-classifications-reason = Why
api-field-classifications-value = What was found of real value and risk
api-field-classifications-granting = What was found of granting
api-field-classifications-monitoring = What was found of monitoring
api-field-classifications-collection = What was found of collection
api-field-classifications-provision = Whether provisions suffice
api-field-classifications-held = The provisions held, in yuan
api-field-classifications-review = The words of the review
