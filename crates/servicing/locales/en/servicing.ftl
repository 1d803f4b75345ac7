### Servicing: lists, loans, repayments, prints, close, refusals.

ledger-title = Loan ledger
as-of-business-date = As of business date { $on }
list-loans = { $count } { $count ->
    [one] loan
   *[other] loans
}
ledger-find = Name, pinyin, loan number, phone digits
ledger-view-open = Open
ledger-view-overdue = Overdue
ledger-view-week = Due in 7 days
ledger-view-npl = Non-performing
ledger-view-written-off = Written off, tracked
ledger-view-settled = Settled
ledger-empty = No loans yet
ledger-empty-text = Import the loan book you keep in Excel, or open a loan.
ledger-nothing-found = No loan fits
ledger-nothing-found-text = Drop a filter and try again.
loan-number = Loan no.
loan-customer = Customer
loan-identity = Identity no.
loan-product = Product
loan-security = Security
loan-balance = Balance
loan-overdue-money = Overdue
loan-days = Days overdue
loan-class = Class
loan-bucket = Bucket
loan-rate = Rate % a year
loan-oldest-due = Oldest due
loan-next-due = Next due
loan-next-due-money = Next instalment
loan-maturity = Maturity
loan-start = Start
loan-status = State
loan-manager = Manager
loan-principal = Principal
loan-overdue-principal = Overdue principal
loan-overdue-interest = Overdue interest
loan-penalty = Penalty unpaid
loan-overdue-total = Overdue in all
loan-next-on = Next on { $on }
loan-purpose = Purpose
loan-non-accrual = Non-accrual since { $on }
loan-provisional = Date or rate provisional
loan-note = { $method }, { $count } instalments · { $rate }% a year (simple)
loan-note-field = Note
loan-change = Change
loan-tab-schedule = Schedule
loan-tab-transactions = Transactions
loan-tab-terms = Contract and security
loan-tab-history = History
security-credit = Credit
security-guarantee = Guarantee
security-mortgage = Mortgage
security-pledge = Pledge
security-mixed = Mixed
security-kind-joint = Joint guarantee
security-kind-general = General guarantee
security-kind-mortgage = Mortgage
security-kind-pledge = Pledge
security-head-kind = Kind
security-head-who = Who or what
security-head-amount = Amount
security-head-since = Since
security-none = Unsecured: no guarantor, mortgage or pledge.
standing-undrawn = Undrawn
standing-current = Current
standing-overdue = Overdue
standing-settled = Settled
standing-written-off-tracked = Written off, tracked
class-unclassified = Unclassified
bucket-current = Current
bucket-d1-30 = 1–30 days
bucket-d31-60 = 31–60 days
bucket-d61-90 = 61–90 days
bucket-d91-up = 91 days and more
method-equal-instalment = Equal instalments
method-equal-principal = Equal principal
method-interest-only = Interest first
method-bullet = All at maturity
method-flat = Flat
method-balloon = Balloon
method-custom = Custom plan
schedule-no = No.
schedule-due-on = Due
schedule-principal = Principal
schedule-interest = Interest
schedule-penalty = Penalty
schedule-total = Total due
schedule-paid = Paid
schedule-waived = Waived
schedule-open = Open
schedule-state = State
schedule-count = Total, { $count } instalments
schedule-moved = moved from { $on }
schedule-provisional = provisional
instalment-cleared = Paid
instalment-overdue = { $days ->
    [one] { $days } day late
   *[other] { $days } days late
}
instalment-today = Due today
instalment-to-come = To come
transactions-latest = Latest transactions
transaction-on = Date
transaction-kind = Kind
transaction-number = Number
transaction-amount = Amount
transaction-split = What it paid
transaction-recorded = Recorded
transaction-verb = Paper
transaction-state = State
transaction-reversed = Reversed by { $by }
transaction-title = Transaction { $number }
kind-disburse = Disbursement
kind-repay = Repayment
kind-charge = Charge
kind-waive = Waiver
kind-change-rate = Rate change
kind-extend = Extension
kind-restructure = Restructuring
kind-suspend = Suspension
kind-misuse = Misuse flag
kind-accelerate = Acceleration
kind-write-off = Write-off
kind-recover = Recovery
kind-reverse = Reversal
head-cost = Costs
head-fee = Fees
head-penalty = Penalty
head-compound = Compound interest
head-interest = Interest
head-principal = Principal
head-credit = Credit
terms-method = Method
terms-rate-fixed = fixed
terms-rate-lpr = LPR plus { $bp } bp
terms-days = { $count } days
terms-day-count = Day count
terms-penalty = Penalty
terms-compound = Compound interest
terms-grace = Grace
terms-rest-days = Rest days
rest-days-kept = kept
rest-days-forward = moved forward without interest
rest-days-forward-with-interest = moved forward with interest
yes = Yes
no = No
total = Total
yuan = CNY
history-from = From
history-to = To
history-known = Known since
history-balance = Balance
history-overdue = Overdue
history-days = Days
history-class = Class
history-now = now
why-overdue = Why: overdue in all
why-principal = Why: balance
why-penalty = Why: penalty unpaid
why-penalty-of = Why: penalty of instalment { $no }
why-interest-of = Why: interest of instalment { $no }
why-class = Why: class
why-subtitle = { $number } · business date { $on } · known until { $known }
known-now = now
why-result = Result
why-fact-drawn = Drawn in all
why-fact-due = Instalment { $no }, principal and interest, due { $on }
why-fact-paid = Paid on { $on }: { $what }
why-step = Instalment { $no }, { $head }, { $from } → { $to }
why-step-days = , { $days } days
why-pack = Policy pack { $title } { $version } · fingerprint { $print }
why-decision-asset-class = Class by days overdue
why-decision-overdue-bucket = Bucket by days overdue
repayment-record = Record repayment
repayment-title = Record a repayment · { $number }
repayment-amount = Amount (CNY)
repayment-amount-next = Nothing is due today; the next instalment, on { $on }, is CNY { $amount }.
repayment-on = Date
repayment-mode = Meant as
repayment-channel = Channel
repayment-owed = Owed today
mode-regular = What is due
mode-reduce = Prepay, lower instalments
mode-shorten = Prepay, shorter term
mode-settle = Settle in full
channel-bank-transfer = Bank transfer
channel-direct-debit = Direct debit
channel-cash = Cash
channel-payment-provider = Payment provider
channel-book = Book entry
owed-head = Head
owed-overdue = Overdue
owed-due = Due
owed-all = Everything owed
back-to-loan = Back to the loan
reversal-open = Reverse this transaction
reversal-reason = Reason
quote-title = Settlement quote
quote-on = Settle on
quote-compute = Compute
quote-amount = To pay
quote-settle = Record this settlement
print-schedule = Print schedule
print-statement = Print statement
print-receipt = Print receipt
print-rest-day = rest day
print-instalment = instalment { $no }
print-schedule-note = After an early, late or partial payment the newly printed schedule counts.
action-loan-view = See loans
action-loan-export = Export loans
action-loan-open = Prepare loans
action-loan-disburse = Disburse
action-loan-repay = Record repayments
action-loan-edit = Edit loans
close-step-positions = Dues, overdue, buckets, classes, duties
close-step-totals = Totals of the day
close-proof-loans-accounted = Closed + isolated = all loans
close-proof-schedule-sums = Open principal of schedules = balance
close-proof-positions-replayed = Positions = replay of transactions
close-proof-totals-foot = Totals = sum of positions
close-proof-history-agrees = Balances now = history on the new day
error-loan-not-found = No loan { $number }, or it is outside what you may see.
error-loan-not-found-way = Check the number, or look in the ledger.
error-loan-changed = Somebody changed this loan meanwhile; nothing was recorded.
error-loan-changed-way = Go back to the loan, look at it as it is now, and record again.
error-after-business-date = { $on } is after the business date { $business_date }. Enter a date that is not later.
error-amount-not-positive = The amount must be above zero; it is { $amount }.
error-amount-unreadable = “{ $text }” is not an amount. Enter yuan with at most two decimals, such as 8,884.88.
error-date-unreadable = “{ $text }” is not a date. Write 2026-11-20.
error-moment-unreadable = “{ $text }” is not a moment. Write 2026-11-20 16:30.
error-choice-unknown = There is no choice “{ $text }”. Take one of the list.
error-reason-missing = Give the reason: it stays in the audit trail.
error-loan-settled = Loan { $number } is settled: nothing is owed.
error-loan-settled-way = If the money did arrive, check whether it belongs to another loan.
error-loan-written-off = Loan { $number } is written off.
error-loan-not-written-off = Loan { $number } is not written off.
error-transaction-not-found = No transaction { $number }.
error-receipt-reversed = { $number } was reversed by { $by }: it has no receipt, and one printed before is void.
error-already-reversed = { $number } was reversed by { $by } already.
error-not-reversible = A { $kind } cannot be reversed by hand.
error-not-reversible-way = What an approval allowed is corrected by another approval.
error-more-than-owed = { $amount } is more than the { $owed } owed.
error-write-off-not-met = Loan { $number } is { $days } days overdue and { $class ->
    [normal] normal
    [special_mention] special mention
    [substandard] substandard
    [doubtful] doubtful
    [loss] a loss
   *[other] not classified
}; a write-off needs { $needed ->
    [normal] any class
    [special_mention] special mention or worse
    [substandard] substandard or worse
    [doubtful] doubtful or worse
   *[other] the class loss
} and at least { $needed_days } days.
error-product-unknown = The policy in force offers no product { $product }.
error-no-such-figure = There is no derivation of “{ $what }”.
error-print-no-cjk-font = No Chinese font was found: nothing can be printed.
error-print-no-cjk-font-way = Ask the administrator to install one, for instance apt-get install fonts-noto-cjk; no restart is needed.
error-terms-principal-not-positive = Principal must be above zero. ({ $why })
isolated-terms-principal-not-positive = Principal must be above zero.
error-terms-amount-too-large = An amount is too large; check whether it is in yuan or ten thousand yuan. ({ $why })
isolated-terms-amount-too-large = An amount is too large; check whether it is in yuan or ten thousand yuan.
error-terms-amount-negative = An amount must not be negative. ({ $why })
isolated-terms-amount-negative = An amount must not be negative.
error-terms-no-term = State the number of periods or the maturity. ({ $why })
isolated-terms-no-term = State the number of periods or the maturity.
error-terms-no-periods = A loan needs at least one period. ({ $why })
isolated-terms-no-periods = A loan needs at least one period.
error-terms-too-many-periods = More than 1,000 periods cannot be computed; check the term. ({ $why })
isolated-terms-too-many-periods = More than 1,000 periods cannot be computed; check the term.
error-terms-maturity-not-after-start = The maturity must be after the start. ({ $why })
isolated-terms-maturity-not-after-start = The maturity must be after the start.
error-terms-dates-not-ascending = Due dates must ascend. ({ $why })
isolated-terms-dates-not-ascending = Due dates must ascend.
error-terms-date-out-of-range = A date is out of range. ({ $why })
isolated-terms-date-out-of-range = A date is out of range.
error-terms-bad-frequency = The frequency makes no sense. ({ $why })
isolated-terms-bad-frequency = The frequency makes no sense.
error-terms-bad-repayment-day = The repayment day must be 1 to 31. ({ $why })
isolated-terms-bad-repayment-day = The repayment day must be 1 to 31.
error-terms-day-needs-months = A fixed day needs months, quarters or years. ({ $why })
isolated-terms-day-needs-months = A fixed day needs months, quarters or years.
error-terms-rate-out-of-range = The rate is out of range; check whether it is yearly or monthly. ({ $why })
isolated-terms-rate-out-of-range = The rate is out of range; check whether it is yearly or monthly.
error-terms-lpr-missing = The LPR of that day is missing: import it under calendar and rates first. ({ $why })
isolated-terms-lpr-missing = The LPR of that day is missing: import it under calendar and rates first.
error-terms-sum-mismatch = The parts (instalments, down payment, remainder) make { $sum } yuan and do not fit the principal of { $principal } yuan.
isolated-terms-sum-mismatch = The parts do not add up to the total.
error-terms-drawdown-outside-term = A drawdown lies outside the term. ({ $why })
isolated-terms-drawdown-outside-term = A drawdown lies outside the term.
error-terms-grace-too-long = The grace is longer than the loan. ({ $why })
isolated-terms-grace-too-long = The grace is longer than the loan.
error-terms-out-of-range = A parameter is out of range. ({ $why })
isolated-terms-out-of-range = A parameter is out of range.
error-terms-overflow = The amounts are too large to compute. ({ $why })
isolated-terms-overflow = The amounts are too large to compute.
error-replay-duplicate-id = A transaction number occurs twice. ({ $why })
isolated-replay-duplicate-id = A transaction number occurs twice.
error-replay-bad-amount = The amount of a transaction makes no sense. ({ $why })
isolated-replay-bad-amount = The amount of a transaction makes no sense.
error-replay-before-start = The date is before the disbursement; check the date or the loan. ({ $why })
isolated-replay-before-start = The date is before the disbursement; check the date or the loan.
error-replay-over-drawn = More is drawn than the contract allows. ({ $why })
isolated-replay-over-drawn = More is drawn than the contract allows.
error-replay-drawn-after-maturity = Nothing can be drawn after maturity. ({ $why })
isolated-replay-drawn-after-maturity = Nothing can be drawn after maturity.
error-replay-nothing-to-reverse = There is nothing to reverse. ({ $why })
isolated-replay-nothing-to-reverse = There is nothing to reverse.
error-replay-already-reversed = The transaction was reversed already. ({ $why })
isolated-replay-already-reversed = The transaction was reversed already.
error-replay-allocation-too-large = The stated allocation is larger than the payment. ({ $why })
isolated-replay-allocation-too-large = The stated allocation is larger than the payment.
error-replay-not-owed = The stated allocation pays more than is owed. ({ $why })
isolated-replay-not-owed = The stated allocation pays more than is owed.
error-replay-does-not-settle = The amount does not settle the loan: use the quote, or choose a partial prepayment. ({ $why })
isolated-replay-does-not-settle = The amount does not settle the loan: use the quote, or choose a partial prepayment.
error-replay-waives-too-much = The waiver is more than is owed. ({ $why })
isolated-replay-waives-too-much = The waiver is more than is owed.
error-replay-not-a-charge = Only fees and costs can be charged. ({ $why })
isolated-replay-not-a-charge = Only fees and costs can be charged.
error-replay-wrong-state = The state of the loan does not allow this. ({ $why })
isolated-replay-wrong-state = The state of the loan does not allow this.
error-replay-not-later = The new maturity must be later than the present one. ({ $why })
isolated-replay-not-later = The new maturity must be later than the present one.
home-overdue-rate = Overdue sums to outstanding
home-overdue-note = Overdue { $overdue } of { $balance } CNY
print-rounded-later = with a later line
print-rounding-half-up = half up
print-rounding-half-even = half even
print-rounding-half-down = half down
print-rounding-up = up
print-rounding-down = down
print-rounding-ceiling = ceiling
print-rounding-floor = floor
error-loan-changed-by =
    After you opened it { $who } recorded at { $at }: { $kind ->
        [disburse] { kind-disburse }
        [charge] { kind-charge }
        [waive] { kind-waive }
        [change_rate] { kind-change-rate }
        [extend] { kind-extend }
        [restructure] { kind-restructure }
        [suspend] { kind-suspend }
        [misuse] { kind-misuse }
        [accelerate] { kind-accelerate }
        [write_off] { kind-write-off }
        [recover] { kind-recover }
        [reverse] { kind-reverse }
       *[repay] { kind-repay }
    }, { $amount } yuan ({ $transaction }). Nothing of yours was recorded.{ $others ->
        [0] {""}
        [one] {" "}There is one more change.
       *[other] {" "}There are { $others } more changes.
    }
error-loan-changed-by-way = Go back to the loan, look at it as it is now, and record again.
