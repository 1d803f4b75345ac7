### Customer data, classes and grades.

data-title = Data items
datum-record = Record
datum-record-note = Fill in only what was learned or has changed; blanks stay as they are. Each datum is kept with its source and ground, the old value stays readable; a second entry for the same date corrects the first.
datum-verify = Verify
datum-verify-text = Say of each item whether it is so; blanks are not recorded. What was contradicted is no longer used for decisions until it is recorded anew.
datum-withdraw = Take back
datum-withdraw-hint = For example: the person withdrew consent. From today on the item counts as unknown; its history stays readable.
datum-none = Nothing was recorded of this item.
datum-open = Not recorded: { $names }
datum-unchanged = Unchanged
datum-not-looked-at = Not looked at
datum-now = Now { $value } ({ $date })
datum-item = Item
datum-value = Value
datum-effective-on = As of
datum-source = Source
datum-source-note = Source in words
datum-source-note-hint = Which paper, whom, which register. No identity numbers, phones or accounts.
datum-basis = Ground
datum-consented-on = Consent on
datum-consented-on-hint = Where the ground is consent.
datum-state = State
datum-recorded = Recorded
datum-verified = Verification
datum-verified-on = Verified on
datum-verify-note = What was said or seen
datum-verify-note-hint = With whom you spoke, what you saw, which institution answered.
datum-way = How
datum-until = until { $date }
datum-yes = Yes
datum-no = No
datum-in-yuan = CNY
datum-in-percent = per cent
datum-in-years = years
datum-in-points = In points, at most two decimals: 82.50
datum-in-months = months
datum-yuan = CNY { $amount }
datum-years-old = { $count ->
    [one] 1 year
   *[other] { $count } years
}
range-from = from { $low }
range-over = over { $low }
range-to = { $high } at most
range-under = under { $high }
range-both = { $least }, { $most }
range-or = { " or " }
datum-years = { $count ->
    [one] 1 year
   *[other] { $count } years
}
datum-months = { $count ->
    [one] 1 month
   *[other] { $count } months
}
datum-days = { $count ->
    [one] 1 day
   *[other] { $count } days
}
datum-points = { $points } points
datum-route = By way of
datum-route-customer = The customer
datum-route-verification = Verification
datum-route-partner = A partner
datum-route-bureau = A credit bureau
datum-route-public = Public sources
datum-basis-contract = Needed for the contract
datum-basis-consent = Consent
datum-basis-law = Statutory duty
datum-basis-public = Lawfully public
datum-way-phone = By telephone
datum-way-visit = On the spot
datum-way-enquiry = Enquiry at an institution
datum-way-document = Against the original
datum-finding-confirmed = Confirmed
datum-finding-contradicted = Contradicted
datum-standing-verified = Verified
datum-standing-stated = Not verified
datum-standing-expired = Expired
datum-standing-contradicted = Contradicted
datum-standing-withdrawn = Taken back
datum-group-identity = Identity and capacity
datum-group-work = Occupation and employer
datum-group-business = Own business
datum-group-household = Household and spouse
datum-group-income = Income
datum-group-debt = Debts and outgoings
datum-group-asset = Assets and security
datum-group-credit = Credit and good faith
datum-group-dealing = Dealings and needs
datum-group-registration = Registration
datum-group-operation = Operations and finances
datum-group-risk = Risk judgement
datum-group-score = Scores

error-datum-value = “{ $found }” cannot be a value of this item; follow the unit and the choices given
error-datum-other-kind = Customers of this kind do not have this item
error-datum-not-held = The file holds nothing of this item to verify
error-datum-source-unnamed = Name the paper, the institution or the person it came from
error-datum-shared-basis = What was shared or came from a bureau needs consent or a statutory duty
error-datum-consent-needed = These data need the person's consent or a statutory duty
error-datum-public-basis = “Lawfully public” is for public sources only
error-datum-consent-date = Give the date of the consent
error-datum-identifier = No identity numbers, phones or accounts here: they have sealed fields of their own
error-datum-adverse-route = An adverse social record is found by verification, in a bureau or in a public register, not on the word of the customer or a partner
error-datum-adverse-basis = An adverse social record is held by law, because it is public, or by consent
error-date-in-future = The date cannot lie after the business date

standing-title = Classes and grades
standing-note = By the rules in force
standing-none = Nothing decided yet. Record customer data first; the rules decide at once.
standing-look = Decide anew
standing-axis = Axis
standing-outcome = Outcome
standing-open = Open
standing-since = Since
standing-review = Next review
standing-lacking = To be supplied
standing-lacking-one = To be supplied: { $fact }
standing-history = History
standing-article = Articles
standing-version = Version
standing-better = Better than { $before }
standing-worse = Worse than { $before }
standing-other = Before: { $before }
standing-why = Why: { $axis }
standing-from-file = The file
standing-from-book = The loan book
standing-pack = Policy pack { $title } { $version } · fingerprint { $print }
close-step-standings = Classes and grades of customers
timeline-datum-record = Customer data recorded
timeline-datum-verify = Customer data verified
timeline-datum-withdraw = Customer data taken back
timeline-standing-changed = A class or grade changed

datum-complete = Completeness
datum-complete-of = { $held } of { $of } required items held
datum-complete-all = All required items are held
datum-complete-missing = Missing: { $names }
datum-verify-by = To be verified by { $date }
information-update-verb = Verify data

error-lending-stopped = New lending to this customer is stopped
error-lending-stopped-way = A mark in the customer data stops it, until it is taken back or a verification contradicts it.
error-lending-stopped-dishonest = This customer is on the dishonest-debtor list: no new lending
error-lending-stopped-dishonest-way = Once off the list, take the mark back in the customer data.
error-lending-stopped-blacklist = This customer is on a credit blacklist: no new lending
error-lending-stopped-blacklist-way = Once off the list, take the mark back in the customer data.
error-lending-stopped-suspected = This customer is suspected of fraud or laundering: no new lending
error-lending-stopped-suspected-way = Let the risk department examine it; take the mark back once the suspicion is gone.
compare-persons = customers that are persons
compare-companies = customers that are companies
