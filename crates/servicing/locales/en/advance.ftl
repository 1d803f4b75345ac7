### Advances: drawn by month, checked, signed, paid, recovered.

advance-title = Advances
advance-subtitle = Drawn by month, checked by a colleague, signed by the heads, paid by the cashier; one list a branch and month
advance-view-open = In hand
advance-view-signed = To be paid
advance-view-paid = Paid
advance-view-ended = Refused or given up
advance-view-all = All
advance-count = { $count } lists
advance-none = No lists of advances
advance-none-text = After a month its unpaid instalments are listed; the payment closes the month.
advance-one = List of advances
advance-number = List number
advance-month = Month
advance-month-hint = The month of the due dates, such as 2026-10; a month is listed once it is over.
advance-rows = Rows
advance-rows-title = Rows of the list
advance-amount = Advanced
advance-capital = Amount in capitals
advance-state = State
advance-state-drawn = To be checked
advance-state-checked = Checked
advance-state-submitted = To be signed
advance-state-signed = To be paid
advance-state-paid = Paid
advance-state-refused = Refused
advance-state-dropped = Given up
advance-row-state = Row
advance-row-listed = Listed
advance-row-taken-off = Taken off
advance-row-left-out = Not paid
advance-row-paid = Paid
advance-row-change = Change the row
advance-row-hint = { $due } is due now; 0 takes the row off. Card, holder and due date are taken anew.
advance-holder = Holder
advance-due-now = Due now
advance-note = Note
advance-maker = Clerk
advance-checker = Checker
advance-cashier = Cashier
advance-drawn-on = Drawn on
advance-checked-on = Checked on
advance-signed-on = Signed on
advance-paid-on = Paid on
advance-payment-ref = Number of the payment
advance-payment-hint = Number of the voucher or transfer, not of an account.
advance-leave-out = Leave out rows of borrowers who paid meanwhile, pay the others
advance-open-approval = See the signatures
advance-new = List the advances of a month
advance-draw = Draw the list
advance-check = Check
advance-check-hint = Compare amount, card, name and date of every row; what differs from the ledger or the customer's file does not pass.
advance-submit = Ask for signatures
advance-submit-hint = The heads are asked to sign; from then on the list can be printed, with their posts under it.
advance-pay = Pay
advance-pay-hint = Only a signed list is paid; the payment closes the month, and each row becomes a debt of its borrower to the house.
advance-drop = Give up
advance-drop-hint = The month can be listed anew afterwards.
advance-paper = List of advances (print)
advance-heading = List of advances { $number }
advance-sign-maker = Clerk: { $name }
advance-sign-checker = Checker: { $name }
advance-sign-cashier = Cashier: { $name }
advance-verb = List the advances
advance-pay-verb = Pay the advances
advance-debts-title = Ledger of advances
advance-debts-subtitle = Each advance, what repayments of its instalment recovered, and what is still owed
advance-debts-view-open = Owed
advance-debts-view-all = All
advance-debts-count = { $count } advances
advance-debts-none = No advances owed
advance-debts-none-text = An advance is recovered when its instalment is repaid.
advance-recovered = Recovered
advance-owed = Still owed
approval-advance-list = Signatures under a list of advances
material-advance-page = List of advances
material-advance-month = Month
material-advance-rows = Rows
close-step-advance_lists = Duties to list advances

error-advance-not-found = No such list of advances, or not within your data
error-advance-not-found-way = Open it from the lists of advances; your supervisor can widen your data scope.
error-advance-month = “{ $month }” is no month, or is not over yet
error-advance-month-way = Write it as 2026-10, earlier than the month of the business date.
error-advance-month-closed = { $month } has the list { $number } ({ $state ->
        [drawn] to be checked
        [checked] checked
        [submitted] to be signed
        [signed] to be paid
       *[paid] paid, the month is closed
    })
error-advance-month-closed-way = Go on with that list; one that is not paid can be given up and drawn anew.
error-advance-nothing = There is nothing to advance in { $month }
error-advance-nothing-way = What fell due in it is paid or was advanced; give up a list without rows.
error-advance-too-many = { $month } has more to advance than the { $most } rows that a list holds
error-advance-too-many-way = Record the repayments that came in, then draw the list; where it is still too long, ask your administrator.
error-advance-not-own = Only who drew a list changes its rows
error-advance-not-own-way = Let the clerk who drew it do so; in their absence give the list up and draw it anew.
error-advance-state = The list does not allow this where it stands ({ $state ->
        [drawn] to be checked
        [checked] checked
        [submitted] to be signed
        [signed] to be paid
        [paid] paid
        [refused] refused
       *[dropped] given up
    })
error-advance-state-way = It is drawn, checked, sent for signatures, signed, paid; each list is paid once.
error-advance-same-person = Clerk, checker, signers and cashier are different people
error-advance-same-person-way = You did another step of this list: let somebody else do this one.
error-advance-over-due = The advance of { $amount } yuan for loan { $number } is more than the { $due } yuan due
error-advance-over-due-way = Before the check lower it or take it off; when paying a signed list, leave such rows out.
error-advance-changed = Card, holder or due date of loan { $number } are not those of the list
error-advance-changed-way = The clerk changes the row, which takes them anew, before the check; a list that was checked is given up and drawn anew.

event-advance-paid = An advance was paid
action-advance-list-draw = Draw lists of advances
action-advance-list-check = Check lists of advances
action-advance-list-approve = Sign lists of advances
action-advance-list-pay = Pay lists of advances
action-advance-draw = Drew a list of advances
action-advance-change = Changed a row of a list of advances
action-advance-check = Checked a list of advances
action-advance-submit = Asked for signatures under a list of advances
action-advance-drop = Gave a list of advances up
action-advance-pay = Paid a list of advances
action-advance-print = Printed a list of advances

api-field-advances-advance = Key of the list of advances
api-field-advances-row = Key of a row of the list
api-field-advances-month = The month of the due dates, YYYY-MM
api-field-advances-amount = The advance in yuan; 0 takes the row off
api-field-advances-payment-ref = Number of the payment
api-field-advances-leave-out = `on`: rows above what is due are left out, the others paid
