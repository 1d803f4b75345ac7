### The desk of car loans: cards, customer information, mailing, settlement statements.

card-title = Cards to look up
card-subtitle = What is due and unpaid, and the card it is taken from; looked up daily, with the bank's answer
card-view-todo = To look up today
card-view-failed = In trouble
card-view-all = All
card-number = Card
card-lacking = None recorded
card-result-title = Card check
card-result-enough = Funds enough
card-result-short = Funds short
card-result-invalid = Card invalid
card-result-unreached = Not found out
card-checked-on = Looked up on
card-checked-by = Looked up by
card-note = Note
card-note-hint = The bank's answer, or why there is none; do not write the whole number of a card.
card-none-found = No card to look up
card-none-text = All that is due and unpaid was looked up today.
card-new = Record a card check
card-record = Record
card-short = Card check
card-check-verb = Look up
batch-card-check = Record card checks

information-title = Customer information
information-subtitle = Card, car, pick-up date, changed phone and the mailing of schedules
information-view-unsent = Schedule not sent
information-view-handed = With customer service
information-view-sent = Sent
information-view-no-car = No car recorded
information-view-all = All
information-phone-changed = Phone last changed
information-none = No such loans
information-none-text = Choose another view, or clear the filters.
mailing-step-title = Schedule
mailing-step-none = Not printed
mailing-step-printed = Printed, in its envelope
mailing-step-handed = With customer service
mailing-step-sent = Sent
mailing-step-returned = Not sent, or came back
mailing-step-on = Since
mailing-note = Mailing
mailing-note-hint = The number of the parcel or the way it went; why, if it was not sent.
mailing-prepare = Print and hand over a schedule
mailing-dispatch = Send a schedule
mailing-verb = Print, hand over
batch-mailing-printed = Printed, in their envelopes
batch-mailing-handed = Hand over to customer service
batch-mailing-sent = Record as sent
vehicle-record = Record the car
vehicle-short = Car
vehicle-model = Model
vehicle-picked-up-on = Picked up on

settlement-title = Settlement statement
settlement-short = Settlement statement
settlement-new = Make a settlement statement
settlement-request = Make and ask for the signature
settlement-hint = Amounts and fees are those of the settlement quote; the leader signs. The repayment that follows settles the loan.
settlement-heading = Settlement statement { $number }
settlement-number = Statement number
settlement-state = State
settlement-state-submitted = To be signed
settlement-state-signed = Signed
settlement-state-refused = Refused
settlement-made-by = Made by
settlement-made-on = Made on
settlement-signed-by = Signed by
settlement-signed-on = Signed on
settlement-lines = What is owed
settlement-credit = Credit used
settlement-charge-said = The fees contain { $amount } for paying early.
settlement-contract = Contract number
settlement-total = Settles with
settlement-print = Print the statement
approval-settlement-statement = Settlement statement
material-settlement-page = Settlement statement
material-settles-on = Settles on
material-charge-fen = Charge for paying early
desk-signature = { $post }: { $name }

error-card-nothing-due = Nothing of loan { $number } is due and unpaid
error-card-nothing-due-way = Cards are looked up on the due date and while something is unpaid; check the number of the loan.
error-card-none = The borrower of loan { $number } has no card to be charged
error-card-none-way = Record a bank account for repayment on the customer's page first.
error-mailing-step = The schedule of loan { $number } is { $at ->
        [none] not printed
        [printed] in its envelope
        [handed] with customer service
        [sent] sent
       *[returned] back, or not sent
    } and cannot become { $to ->
        [printed] printed
        [handed] handed over
        [sent] sent
       *[returned] returned
    }
error-mailing-step-way = It is printed, handed over, sent; what came back is handed over again, and a changed schedule is printed anew.
error-mailing-own = Whoever handed a schedule over does not record what became of it
error-mailing-own-way = Let somebody else of customer service record it.
error-picked-up-later = { $on } is after the business date { $today }; record the car once it was picked up.
error-settlement-past = { $on } is before the last entry of the loan ({ $last }); choose that day or a later one.
error-settlement-changed = The settlement went from { $then } to { $now } yuan, or the loan has an entry after its day
error-settlement-changed-way = Return or refuse it; a new statement is made.
error-settlement-unsigned = Loan { $number } is settled early by a signed settlement statement, and none is signed for { $on }; make one on the loan's page and have it signed first.
error-settlement-unsigned-way = Make the statement of that day on the loan's page; record the repayment once it is signed.
error-settlement-other = The signed settlement statement of loan { $number } says { $stated } yuan, this repayment settles with { $settles }; record what it says, or make it anew.
error-settlement-other-way = Record the sum of the statement; if the loan changed since, make a new statement and have it signed.
error-settlement-not-found = No such settlement statement, or not within your data
error-settlement-not-found-way = Check the number; your supervisor can widen your data scope.
error-settlement-state = A statement of this loan waits for its signature
error-settlement-state-way = It is signed or refused first.

action-desk-view = See the lists of the desk
action-desk-record = Record cards, cars and schedules handed over
action-mailing-send = Record what became of schedules
action-settlement-statement-request = Make settlement statements
action-settlement-statement-approve = Sign settlement statements
action-card-check = Recorded a card check
action-mailing-step = Recorded a step of a schedule's mailing
action-vehicle-record = Recorded a car
action-settlement-request = Made a settlement statement
action-settlement-print = Printed a settlement statement

api-field-mailing-step = The step: `printed` or `handed` when prepared, `sent` or `returned` when dispatched
api-field-model = The model of the car
api-field-picked-up-on = The day on which the car was picked up, YYYY-MM-DD
api-field-card-result = What the bank said: `enough`, `short`, `invalid` or `unreached`
api-field-settlements-statement = Key of the settlement statement
