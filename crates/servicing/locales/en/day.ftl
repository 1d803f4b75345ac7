### The finance post: its day, the control of repayments, who is called today.

day-title = Day of the finance post
day-before = Day before
day-today = Today
day-line = Item
day-count = Number
day-money = Amount
day-group-dunning = Dunning
day-group-details = Detail calculation and entry
day-group-settling = Settlement and bank repayment
day-due = Fell due
day-unpaid = Of these, unpaid
day-overdue = Overdue from before
day-cards = Cards looked up
day-cards-failed = Of these, funds short, invalid or not found out
day-called = Overdue customers called
day-reached = Of these, reached
day-payouts = Payouts
day-slips-entered = Slips of the bank entered
day-slips-checked = Slips of the bank compared
day-printed = Schedules printed
day-sent = Schedules sent
day-returned = Schedules not sent, or back
day-cars = Cars recorded
day-repaid = Repayments received
day-statements-made = Settlement statements made
day-statements-signed = Settlement statements signed
day-advanced = Advances paid

control-title = Control of repayments
control-subtitle = Whether what is due is paid, advanced or followed today; what is overdue is called daily
control-view-call = To call today
control-view-open = Open
control-view-followed = Followed today
control-view-advanced = Advanced
control-view-paid = Paid
control-view-all = All
control-state = Control
control-paid = Paid
control-advanced = Advanced
control-followed = Followed today
control-open = Open
control-count = Instalments
control-called-on = Last called
control-reached = Reached
control-reached-yes = Yes
control-reached-no = No
control-none = No such instalments
control-none-text = Choose another view, or clear the filters.
control-share = Under control this month
control-derivation = How the share is computed
control-formula = Share = due of paid, advanced and followed instalments { $held } ÷ all that fell due in the month until today { $all } = { $share } ({ $article }).

error-day-to-come = { $text } is after the business date; choose today or an earlier day.
