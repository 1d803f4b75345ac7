### Oversight: dashboard, migration, rows.

action-dashboard-view = See the dashboard

dashboard-title = Dashboard
dashboard-unit = Unit: { $unit }; every figure and bar opens its rows
dashboard-export = Export
dashboard-table = Table
dashboard-later = Being counted …
as-of = As of { $on }
as-of-known = As of { $on }, as known at { $known }

unit-loans = loans
count-loans = { $count } loans
count-items = { $count } payments

dashboard-book = Loans outstanding
dashboard-book-note = { $count }, { $change } since { $on }
dashboard-overdue-rate = Overdue rate
dashboard-npl-ratio = NPL ratio
dashboard-collected-month = Collected this month
dashboard-due-today = Due today
dashboard-due-week = Due this week
dashboard-due-note = { $count } instalments, { $paid } collected ({ $share }%)
dashboard-due-unknown = The schedule is kept only as known now
dashboard-new-overdue-today = New overdue today
dashboard-new-overdue-week = New overdue this week
dashboard-overdue-note = overdue { $sum } × 10k yuan
change-worse = ↑ +{ $points } pt worse since { $on }
change-better = ↓ −{ $points } pt better since { $on }
change-none = unchanged since { $on }

picture-class = Book by class
picture-class-note = Balance and loans, { $unit }, as of { $on }
picture-bucket = Overdue by bucket
picture-bucket-note = Balance and loans, { $unit }, as of { $on }
picture-aging = Aging over time
picture-aging-note = Overdue balance at 12 month-ends and now, { $unit }, as of { $on }
picture-new-overdue = New overdue
picture-new-overdue-note = Loans a day, last 30 days, as of { $on }
picture-collected = Collected
picture-collected-note = Money received a month, last 12 months, { $unit }, as of { $on }
picture-maturing = Maturities
picture-maturing-note = Balance of loans that mature, by month, { $unit }, as of { $on }

grid-class = Class
grid-bucket = Bucket
grid-loans = Loans
grid-items = Payments
grid-balance = Balance
grid-share = Share %
grid-total = Total
grid-day = Date
grid-month = Month
grid-overdue-sum = Overdue sum
grid-received = Received

grade-unclassified = Unclassified

migration-title = Migration
migration-class = Migration by class
migration-bucket = Migration by bucket
migration-legend = ▼ worse　▲ better
migration-from = Compared with
migration-corner = { $from } ↓　{ $to } →
migration-back = Repaid
migration-settled = Settled
migration-off = Written off
migration-opening = Opening
migration-fresh = New
migration-closing = Closing
migration-show-money = Balance
migration-show-loans = Loans
migration-equation = Opening { $opening } + new { $fresh } − repaid { $back } − written off { $off } = { $closing }

rows-list = Rows behind a number
rows-title = Rows: { $of }
rows-of = What
rows-of-book = open loans
rows-of-due = instalments due
rows-of-new-overdue = new overdue
rows-of-collected = money received
rows-of-maturing = loans that mature
rows-of-moved = movement between two dates
rows-of-fresh = new between two dates
rows-number = Loan no.
rows-customer = Customer
rows-maturity = Maturity
rows-due-on = Due on
rows-overdue-since = Overdue from
rows-paid-on = Received on
rows-start = Start
rows-balance = Balance
rows-due = Due
rows-paid = Paid
rows-overdue-sum = Overdue sum
rows-received = Received
rows-opening = Opening balance
rows-closing = Closing balance
rows-days = Days overdue
rows-class = Class
rows-bucket = Bucket
rows-on = Date
rows-since = Compared with
rows-before-bucket = Bucket before
rows-before-class = Class before
rows-overdue = Overdue
rows-overdue-yes = overdue only
rows-end = Where it ended
rows-end-open = still open
rows-end-settled = settled
rows-end-written-off = written off

why-title = Why: { $what }
why-book = Loans outstanding
why-book-rule = The principal of all loans that are neither settled nor written off.
why-overdue-rate = Overdue rate
why-overdue-part = Balance of loans overdue by a day or more
why-overdue-rule = Overdue rate = principal of loans overdue by a day or more ÷ all loans outstanding.
why-npl-ratio = NPL ratio
why-npl-rule = NPL ratio = (substandard + doubtful + loss) ÷ all loans outstanding.
why-npl-classes = The classes that are non-performing
why-npl-no-rule = No rule says on this date what is non-performing, so the ratio is not computed.
why-collected = Collected this month
why-collected-fact = Repayments and recoveries from { $from } to { $to }
why-collected-rule = The sum of repayments and of recoveries after write-off; what was reversed does not count.
why-new-overdue = New overdue
why-new-overdue-rule = Loans that were not overdue the day before and are on this day; the day after a due date is day 1.
why-share-step = Part ÷ whole
why-share-result = Rounded half up to 0.01%

error-standpoint-date = “{ $typed }” is not a date. Write year-month-day, for instance 2026-10-31.
error-standpoint-moment = “{ $typed }” is not a moment. Write year-month-day hour:minute, for instance 2026-11-02 09:00.
error-standpoint-future = { $on } is after the business date { $today }: there are no books yet. Choose the business date or an earlier one.
error-standpoint-unknown = At { $known } nobody could know the books of { $on }. Choose a moment of knowledge on { $on } or later.
error-standpoint-order = The date to compare with, { $from }, must be before { $to }. Choose an earlier one.
error-dashboard-table = There is no table “{ $table }”. Use “Export” on the page.
