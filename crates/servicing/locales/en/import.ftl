# Import: reading a lender's own book
import-title = Import
import-template = Download template
import-upload = Upload a book
import-file = File
import-file-hint = Excel (.xlsx, .xls) or CSV, at most 64 MB. Take the book as you keep it; it need not look like the template.
import-file-missing = Choose a file.
import-go = Upload and recognise
import-what = Columns are confirmed first, then everything is tried out; nothing is written before you say so. The same file a second time only adds what is missing.
import-history = Past imports
import-none = Nothing was imported yet
import-none-text = Upload the first book above; every import stays here with your file and what was found beside its rows.
import-at = When
import-by = By
import-state = State
import-state-uploaded = Columns open
import-state-tried = Tried out
import-state-importing = Writing
import-state-imported = Imported
import-step-file = File
import-step-columns = Columns
import-step-columns-note = { $known } columns matched, { $open } left out
import-step-try = Dry run
import-step-try-note = Nothing written yet
import-step-write = Write
import-step-write-note = All, or only the good rows
import-step-done = Done
import-step-done-note = In the ledger
import-columns-title = Sheet “{ $sheet }”
import-columns-none = No header was recognised on this sheet. If it holds data, say what it is; the header must stand in the first 40 rows.
import-role = This sheet is
import-column = Column
import-heading = Heading
import-sample = First row
import-field = Meaning
import-field-none = Not imported
import-sure = How sure
import-sure-certain = Confirmed
import-sure-good = Known
import-sure-weak = Please check
import-sure-unknown = Not recognised
import-month = Received in { $year }-{ $month }
import-answers = What the book does not say
import-answers-note = Asked once, proposed again next time.
import-as-of = Date of the book
import-as-of-hint = Nothing later is imported; balances are compared on this date.
import-product = Product
import-wide-day = Money in a month column came in
import-wide-day-due = On the due day
import-wide-day-end = On the last day of the month
import-day-count = Where no day count is given
import-days-of-year = Year of a daily rate
import-days = { $days } days
import-penalty = Penalty above the contract rate, %
import-penalty-hint = Leave empty if no penalty is charged.
import-penalty-days = Year of penalty
import-direction = Money pays first
import-direction-by-instalment = Fee, penalty, interest and principal of the oldest instalment, then the next
import-direction-by-head = Fees of all instalments, then penalty, interest and principal
import-try = Dry run
import-change-answers = Change columns and answers
import-tile-loans = Loans to write
import-tile-warnings = Warnings
import-tile-refused = Rows refused
import-tile-existing = There already
import-tile-balance = Principal outstanding
import-unit-loans = loans
import-unit-rows = rows
import-unit-records = records
import-refused-note = mend and upload again, or leave in the file
import-warning-note = read by the rules
import-existing-note = same content, skipped
import-balance-note = as of { $on }
import-totals = Control totals
import-totals-note = Compare with the totals of your own book before writing
import-totals-what = Item
import-totals-count = Count
import-totals-existing = There already
import-totals-sum = Amount (yuan)
import-total-customers = Customers (with guarantors and owners)
import-total-loans = Loans
import-total-receipts = Receipts and other transactions
import-total-guarantees = Guarantees
import-total-collaterals = Collateral
import-total-outstanding = Principal outstanding on { $on } (replayed)
import-problems = Rows with findings
import-problems-all = All
import-problems-refused = Refused
import-problems-warning = Warnings
import-problems-none = No row has a finding.
import-problems-more = { $size } a page, { $count } in all; the downloaded file has the whole list.
import-level-refused = Refused
import-level-warning = Warning
import-sheet = Sheet
import-row = Row
import-customer = Customer
import-principal = Principal
import-rate = % a year
import-loan = Loan no.
import-cell = Cell
import-empty-cell = (empty)
import-how = What to do
import-checked-file = Download my file with findings
import-write-all = Only if all is right (mend { $rows } rows and upload again)
import-write-rest = Write the rest, { $rows } rows stay in the file
import-write = Write { $loans } loans · { $principal } yuan
import-write-nothing = Everything is there already
import-nothing-new = All records of this file are there already; writing again changes nothing.
import-progress = { $done } of { $all } loans written
import-progress-note = You may leave this page. After a power cut or stop, press “Go on writing”: nothing is lost and nothing comes in twice.
import-continue = Go on writing
import-done-note = Everything is in the ledger.
import-done-partial = In the ledger; { $rows } rows were refused and are still in the file.
import-open-ledger = Open the loan ledger
import-again = Import another file

book-refused-not-replayable = This loan cannot be computed: { $error }. It does not come in; check its terms and repayments.
book-refused-loan-differs = The ledger has this loan number with another borrower, amount or disbursement date. Only the same number with the same content is the same loan; check the number.
book-refused-borrower-merged = The borrower's file was merged into customer { $customer } and takes no new loan. Enter it under the surviving file, or undo the merge first.
book-refused-contract-taken = Contract { $contract } belongs to another customer. Check the contract number.
book-warning-rate-above-cap = The yearly cost of { $rate } % is above the cap of { $cap } % on the day of disbursement. An existing loan comes in all the same; act on it by your rules.

error-import-file =
    { $code ->
        [not_a_spreadsheet] { book-file-not-a-spreadsheet }
        [too_large] { book-file-too-large }
        [unpacks_too_large] { book-file-unpacks-too-large }
        [too_many_parts] { book-file-too-many-parts }
        [too_many_rows] { book-file-too-many-rows }
        [too_many_columns] { book-file-too-many-columns }
        [too_many_cells] { book-file-too-many-cells }
        [text_too_long] { book-file-text-too-long }
        [encrypted] { book-file-encrypted }
       *[damaged] { book-file-damaged }
    }
error-import-file-missing = Choose a file.
error-import-not-found = There is no such import, or it is outside your scope.
error-import-not-answered = The columns are not confirmed yet. Confirm what they mean and the answers first, then write.
error-import-state =
    { $state ->
        [importing] This import is being written. Wait for it, or press “Go on writing”.
        [undone] This import was undone. Upload the file again to import it anew.
        [imported] This import is complete. To add new records, upload the file again.
       *[other] This step is not possible yet. Begin with the columns.
    }
error-import-rows-refused = { $rows } rows are refused. Mend and upload them again, or choose to write the rest.
error-import-book-date = The date of the book { $as_of } is after the business date { $business_date }. Correct it, or close the day first.
error-import-nobody-manages = Imported customers and loans need somebody who manages them. Import under a person's account.
error-import-penalty-unreadable = “{ $text }” is no percentage. Write 50, or leave it empty if no penalty is charged.
