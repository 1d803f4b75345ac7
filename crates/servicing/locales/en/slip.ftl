### The desk of car loans: slips of the bank.

slip-title = Slips of the bank
slip-subtitle = Each payout as the bank's slip has it, compared part by part with the ledger and the customer's file by somebody else
slip-one = Slip of the bank
slip-short = Slip of the bank
slip-new = Enter
slip-enter = Enter a slip of the bank
slip-verb = Enter the slip
slip-view-missing = Without a slip
slip-view-entered = To compare
slip-view-checked = Compared
slip-view-all = All
slip-count = { $count ->
        [one] { $count } payout
       *[other] { $count } payouts
    }
slip-none = No such payouts
slip-none-text = Choose another view, or clear the filters.
slip-payout = Which payout
slip-drawn-on = Paid out, by the ledger
slip-drawn = Amount, by the ledger
slip-number = Slip number
slip-paid-on = Paid on
slip-payee = Payee
slip-account = Payee's account
slip-account-hint = The whole number as the slip has it; only the masked number is kept, and it is compared with the verified accounts in the customer's file.
slip-amount = Amount
slip-repays-on = First repayment date
slip-monthly = Monthly amount
slip-state = State
slip-state-missing = No slip
slip-state-entered = To compare
slip-state-checked = Compared
slip-state-refused = Refused
slip-maker = Entered by
slip-made-on = Entered on
slip-checker = Compared by
slip-checked-on = Compared on
slip-hint = Enter what the slip says, not what the ledger says; a colleague compares part by part.
slip-compared = Part by part
slip-part = Part
slip-says = Slip
slip-loan-says = Ledger and customer's file
slip-agrees = Result
slip-same = Agrees
slip-differs = Differs
slip-part-paid-on = Paid on
slip-part-payee = Payee
slip-part-account = Payee's account
slip-part-amount = Amount
slip-part-repays-on = First repayment date
slip-part-monthly = Monthly amount
slip-check = Compare a slip of the bank
slip-verdict = Result
slip-verdict-passes = All parts agree: passed
slip-verdict-refused = Entered wrongly: refused
slip-check-note = Remark
slip-check-note-hint = Whoever refuses a slip says which part is wrong.

error-slip-no-payout = No payout of loan { $number } waits for a slip
error-slip-no-payout-way = Check the loan; what was entered wrongly is refused by the checker first.
error-slip-taken = Slip { $number } was entered before
error-slip-taken-way = Check the number; what was entered wrongly is refused by the checker first.
error-slip-not-found = No such slip of the bank, or not within your data
error-slip-not-found-way = Check the number; your supervisor can widen your data scope.
error-slip-state = This slip was { $state ->
        [checked] compared
       *[refused] refused
    } already
error-slip-state-way = A compared slip stays as it is; a refused one is entered anew.
error-slip-own = Whoever entered a slip does not compare it
error-slip-own-way = Let another checker do it.
error-slip-differs = { $count ->
        [one] One part
       *[other] { $count } parts
    } of slip { $number } { $count ->
        [one] differs
       *[other] differ
    } from the ledger or the customer's file ({ $part ->
        [paid_on] day of the payout
        [payee] payee
        [account] payee's account
        [amount] amount
        [repays_on] first repayment date
       *[monthly] monthly amount
    }); it does not pass
error-slip-differs-way = Refuse what was entered wrongly; where the customer's account or the ledger is wrong, have that put right first.
error-slip-later = { $on } is after the business date { $today }; check the slip.
error-slip-repays-before = { $on } is not after the day of the payout, { $paid_on }; check the slip.

action-slip-enter = Entered a slip of the bank
action-slip-check = Compare slips of the bank

api-field-slips-slip = Key of the slip of the bank
api-field-payout = Key of the payout's transaction; without it the first that has no slip
api-field-slip-number = The bank's number of the slip
api-field-slip-paid-on = The day of the payout on the slip, YYYY-MM-DD
api-field-payee = The payee
api-field-payee-account = The payee's account; only the masked number is kept
api-field-repays-on = First repayment date, YYYY-MM-DD
api-field-monthly = Monthly amount, yuan
api-field-slip-verdict = What the checker found: `passes` or `refused`
