# Batches of repayments: bank files, spreadsheets
repaybatch-title = Batch repayment
repaybatch-send = Send a bank file
repaybatch-file = File of repayments
repaybatch-file-hint = CSV (UTF-8 or GBK), .xlsx or .xls, with three columns at least: 借据号 (loan no) or 合同号, 还款日期 (date), 还款金额 (amount).
repaybatch-what = A dry run first: every row with its loan, its customer, what it would settle and what is wrong with it. Nothing is recorded before you confirm.
repaybatch-try = Dry run
repaybatch-template = Download template
repaybatch-history = Batches so far
repaybatch-history-none = No batch of repayments yet
repaybatch-state-tried = Tried, not recorded
repaybatch-state-recorded = Recorded
repaybatch-tried-title = Batch repayment: dry run
repaybatch-recorded-title = Batch repayment: report
repaybatch-rows = Row by row
repaybatch-all = All
repaybatch-good = Can be recorded
repaybatch-doubtful = Perhaps twice
repaybatch-existing = Recorded before
repaybatch-refused = Refused
repaybatch-recorded = Recorded now
repaybatch-left = Not recorded
repaybatch-yuan = { $amount } yuan
repaybatch-count =
    { $count ->
        [one] 1 row
       *[other] { $count } rows
    }
repaybatch-none = No such rows
repaybatch-row = Row
repaybatch-outcome = Result
repaybatch-loan = Loan no
repaybatch-customer = Customer
repaybatch-on = Paid on
repaybatch-amount = Amount
repaybatch-due = Due that day
repaybatch-settles = Would settle
repaybatch-receipt = Receipt
repaybatch-findings = Remarks
repaybatch-open = Open
repaybatch-choose = Not the same, record it
repaybatch-excel = Export to Excel
repaybatch-again = Send another file
repaybatch-record = Record all { $count } · { $amount } yuan
repaybatch-record-good = Record the { $count } good ones · { $amount } yuan
repaybatch-left-note =
    { $rows ->
        [one] 1 row stays in the file; one that is perhaps there twice can be ticked and recorded too.
       *[other] { $rows } rows stay in the file; those that are perhaps there twice can be ticked and recorded too.
    }
repaybatch-nothing-note = This file has no new repayment that can be recorded.
repaybatch-done-note =
    { $left ->
        [0] Everything is recorded. Sending the same file again records nothing twice.
        [one] Recorded; 1 row was not, it says why. Correct and send it again: what is recorded is not recorded twice.
       *[other] Recorded; { $left } rows were not, each says why. Correct and send them again: what is recorded is not recorded twice.
    }
repaybatch-found-loan-unknown = The ledger has no loan of this number, or it is not within your permissions. Check the number.
repaybatch-found-payer-differs = The payer { $payer } is not the borrower { $name }. Check whether somebody pays for the borrower or the loan number is wrong.
repaybatch-found-rounded = The amount had digits below the fen and was rounded to the fen.
repaybatch-found-equal-rows = The same loan, date and amount as row { $first }; both are recorded. Check that it is not the same money.
repaybatch-found-existing = Recorded already as { $number }; not recorded again.
repaybatch-found-existing-reversed = That entry was reversed by { $by }; if the money did come, record it on the loan's page.
repaybatch-found-by-hand = A repayment of the same date and amount was entered by hand ({ $number }).
repaybatch-found-less-than-due = { $difference } yuan less than was due that day.
repaybatch-found-more-than-due = { $difference } yuan more than was due that day.
repaybatch-found-nothing-due = Nothing was due that day.
repaybatch-found-overpaid = More than all that is owed; { $credit } yuan stay as credit.
error-repaybatch-no-repayments = No sheet of repayments was found. The header must name 借据号 (loan no) or 合同号, 还款日期 (date) and 还款金额 (amount); the template has them.
error-repaybatch-too-many-rows = The file has { $rows } rows, at most { $limit } go at once. Split it into several files.
error-repaybatch-not-found = There is no such batch, or it is not within your permissions.
error-repaybatch-already-recorded = This batch is recorded already.
error-repaybatch-changed = The ledger changed since the dry run, and the batch would do something else than the screen says. Go back, look at the new dry run, then record.
error-repaybatch-rows-left =
    { $rows ->
        [one] 1 row cannot be recorded. Correct the file and send it again, or record only the good rows.
       *[other] { $rows } rows cannot be recorded. Correct the file and send it again, or record only the good rows.
    }
error-repaybatch-nothing = No row can be recorded.
