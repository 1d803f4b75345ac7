### Importing a loan book: refusals, warnings, files, roles, columns. Every sentence says what to do.

book-refused-id-lost-digits = The identity number was stored as a number and its digits after the 15th are lost. Format the column as text and enter the number again in full.
book-refused-id-checksum =
    { $about ->
        [check] The check character is wrong: it should be { $expected } but is { $found }. Compare with the original document and correct it.
        [birth] The birth date inside the identity number does not exist. Compare with the original document and correct it.
       *[other] An identity number has 18 characters (15 in the old form). Compare with the original document and correct it.
    }
book-refused-id-two-names = The same identity number stands before under the name { $other }. Check which of the two is wrong.
book-refused-name-missing = There is no name. Enter it.
book-refused-customer-refused = The row of this person on the customer sheet is refused. Correct that row first.
book-refused-customer-unknown = The customer sheet has nobody of this name. Add a row there, or correct the name.
book-refused-customer-ambiguous = { $count } customers have this name and nothing tells them apart. Add the identity number to this row.
book-refused-date-impossible = This date does not exist: there is no day { $day } in month { $month } of { $year }. Correct it.
book-refused-date-unreadable = This is not a date. Write it like 2024-03-05.
book-refused-date-missing = There is no date. Enter it.
book-refused-date-before-disbursement = The repayment of { $date } is before the disbursement on { $disbursed }. Check the loan or the month; the rest of the row is good.
book-refused-date-in-future = The date { $date } is after the date of the book, { $as-of }. Import it later, or correct the date of the book.
book-refused-maturity-before-start = The maturity { $maturity } is not after the disbursement { $start }. Correct one of them.
book-refused-amount-unreadable = An amount above zero should stand here. Enter a number such as 50000.00, or leave the cell empty if nothing happened.
book-refused-formula-without-value = The cell holds a formula whose result is not in the file. Open and save it in Excel once, or enter the value.
book-refused-rate-missing = There is no rate. Enter it as the contract says.
book-refused-rate-unreadable = This is not a rate. Write it like 12% (a year) or 10‰ (a month).
book-refused-method-unknown = This repayment method is not known. Use 等额本息, 等额本金, 等本等息, 先息后本 or 利随本清.
book-refused-term-unreadable = There is no maturity and the term cannot be read. Enter the maturity, or a term such as 12个月.
book-refused-terms-absurd =
    { $about ->
        [principal] The amount is absurdly large. Check whether the unit is 元 or 万元.
       *[other] { $periods } periods make no sense. Check disbursement and maturity.
    }
book-refused-allocation-mismatch =
    Principal, interest, penalty and fees together are { $difference } yuan { $direction ->
        [more] more
       *[other] less
    } than the amount { $amount }. Check how this payment was split.
book-refused-loan-no-missing = There is no loan number. It is required and unique within the institution.
book-refused-loan-no-taken = The loan number also stands on row { $first-row } of { $first-sheet } with other content. Correct one of the two.
book-refused-loan-unknown = No loan of the book has this number. Check the number, or import the loan first.
book-refused-duplicate-row = The same as row { $first-row }; it is imported once.
book-refused-loan-refused = It belongs to a loan that is refused. Correct the row of that loan first.
book-refused-kind-by-hand = “{ $kind }” goes through its own process and is not read from a book. Record it on the loan's page after the import.

book-warning-id-15-digits = An old 15-digit identity number was turned into 18 digits. Check it against the new card.
book-warning-uscc-letter-o = A letter O in the credit code was read as the digit 0; the check character then holds.
book-warning-id-missing = { $name } has no identity number and is filed by name. Add the number soon.
book-warning-phone-unreadable = The phone number cannot be read and is left out. Add it on the customer's page.
book-warning-same-person-two-spellings = The same identity number under two spellings, { $first } and { $name }: read as one customer.
book-warning-guarantor-is-borrower = The guarantor { $guarantor } has { $count } loans here: { $loans }.
book-warning-overpayment = More was paid than owed; { $credit } yuan stay as credit for the next due date.
book-warning-balance-differs = The sheet says { $sheet } yuan, the transactions give { $computed }. The transactions count; check for a missing payment.
book-warning-class-differs =
    The sheet says { $sheet ->
        [normal] normal
        [special-mention] special mention
        [substandard] substandard
        [doubtful] doubtful
       *[loss] loss
    }; { $days } days overdue make it { $computed ->
        [normal] normal
        [special-mention] special mention
        [substandard] substandard
        [doubtful] doubtful
       *[loss] loss
    }.
book-warning-not-replayable = This loan cannot be computed: { $error }. It is imported; check its terms and payments.
book-warning-hidden-row = A hidden row holds data; it is imported.
book-warning-hidden-column = A hidden column holds data; it is imported.
book-warning-hidden-sheet = A hidden sheet holds data; it is imported.
book-warning-total-uses-text = The stored total { $total } includes { $texts } yuan that are stored as text; Excel will show another total once it calculates. All amounts are imported.
book-warning-amount-rounded = The amount had digits below the fen and was rounded to the fen.
book-warning-rate-assumed = The rate names neither period nor sign and was taken by its size. Check it.
book-warning-term-differs = { $stated } periods are stated, the dates give { $periods }; the dates count.
book-warning-security-unknown = The kind of security “{ $word }” is not known and left open. Choose it on the loan's page.
book-warning-equal-rows = There are equal rows; all are imported. Check whether something was recorded twice.
book-warning-sheet-not-recognised = This sheet seems to hold data but was not recognised. Say what it is in the step where columns are matched.

book-file-not-a-spreadsheet = This is neither an Excel nor a CSV file. Upload .xlsx, .xls or .csv.
book-file-too-large = The file is too large. Split it into several files.
book-file-unpacks-too-large = The file unpacks to too much and was not opened. Split it into several files.
book-file-too-many-parts = There are too many sheets. Keep only those to import.
book-file-too-many-rows = There are too many rows. Split the file.
book-file-too-many-columns = A cell far to the right holds something. Delete the unused columns at the right and upload again.
book-file-too-many-cells = There are too many cells. Split the file.
book-file-text-too-long = A cell holds too long a text. Shorten it and upload again.
book-file-encrypted = The file is protected by a password. Remove it and upload again.
book-file-damaged = The file is damaged and cannot be read. Open it in Excel, save it as a new file and upload that.

book-role-customers = Customers
book-role-loans = Loans
book-role-repayments = Repayments
book-role-wide = Repayments by month
book-role-security = Security
book-role-none = Not imported

book-field-serial = Serial number
book-field-loan-no = Loan number
book-field-contract-no = Contract number
book-field-name = Name
book-field-id-no = Identity number
book-field-phone = Phone
book-field-address = Address
book-field-party-kind = Kind of customer
book-field-note = Note
book-field-co-name = Joint borrower
book-field-co-id-no = Identity number of the joint borrower
book-field-principal = Principal
book-field-rate = Rate
book-field-method = Repayment method
book-field-disbursed-on = Disbursed on
book-field-maturity-on = Maturity
book-field-periods = Term
book-field-repayment-day = Repayment day
book-field-security = Security
book-field-class = Class
book-field-balance = Balance
book-field-purpose = Purpose
book-field-day-count = Day count
book-field-guarantor = Guarantor or owner
book-field-guarantor-id = Identity number of the guarantor
book-field-guarantee-amount = Amount guaranteed
book-field-collateral = Collateral
book-field-collateral-value = Appraised value
book-field-paid-on = Paid on
book-field-amount = Amount paid
book-field-paid-principal = of which principal
book-field-paid-interest = of which interest
book-field-paid-penalty = of which penalty
book-field-paid-fee = of which fees
book-field-kind = Remark
book-field-total = Total

book-row-title = Title
book-row-header = Header
book-row-blank = Blank row
book-row-subtotal = Sub-total
book-row-total = Total
book-row-note = Note

book-check-heading = Check
book-check-refused = Error: { $text }
book-check-warning = Note: { $text }

book-rule-amount = Amount above zero in yuan, two decimals
book-rule-date = Date such as 2026-01-15
book-rule-id = 18-character identity number or credit code, as text
book-rule-rate = 12% a year, or 10‰ a month
book-rule-loan-no = Unique within the institution
book-rule-day = 1 to 31; empty: the day of disbursement
book-rule-kind = 服务费, 提前还本（减少月供） and the like; empty for an ordinary repayment
book-rule-choice = Choose from the list
book-rule-text = Text
book-template-rules = Rules
book-template-sample = Example
