### What leaves the house, and webhooks.

action-outbox-manage = See outgoing messages, decide on those that did not arrive
action-webhook-manage = Manage webhooks
action-outbox-again = Sent a message again
action-outbox-arrived = Confirmed that a message arrived
action-outbox-drop = Decided not to send a message
action-webhook-make = Made a webhook
action-webhook-change = Changed a webhook
action-webhook-secret = Renewed the secret of a webhook
action-webhook-test = Sent a test event

outbox-title = Outgoing messages
outbox-note = Every message that leaves this system, with what came of each attempt; a person decides on those that did not arrive
outbox-none = No such message
outbox-none-text = Messages are written with their cause and sent by themselves; those that failed too often, or whose outcome nobody knows, stand under "To decide".
outbox-count = { $count } { $count ->
    [one] message
   *[other] messages
}
outbox-about = About
outbox-kind = Gateway
outbox-receiver = Receiver
outbox-state = State
outbox-attempts = Attempts
outbox-created = Written
outbox-due = Next attempt
outbox-key = Key against repetition
outbox-body = What is sent
outbox-log = Attempts
outbox-log-none = Not tried yet.
outbox-view-stuck = To decide
outbox-view-waiting = Waiting
outbox-view-sent = Sent
outbox-view-all = All
outbox-kind-webhook = Webhook
outbox-kind-file = File
outbox-state-waiting = Waiting
outbox-state-waiting-text = It is sent by itself when it is due; drop it if it is no longer wanted.
outbox-state-sent = Sent
outbox-state-sent-text = The receiver confirmed it.
outbox-state-unknown = Outcome unknown
outbox-state-unknown-text = It went out and nobody knows whether it arrived. It is not repeated by itself: ask the receiver first.
outbox-state-dead = Not delivered
outbox-state-dead-text = It was tried as often as the rules allow, or its address cannot be used. Mend the cause, then send it again.
outbox-state-dropped = Not sent
outbox-state-dropped-text = It was decided not to send it.
outbox-word-again = Send again
outbox-word-arrived = It arrived
outbox-word-drop = Do not send
outbox-attempt-no = No.
outbox-attempt-started = Began
outbox-attempt-outcome = Outcome
outbox-attempt-status = Status
outbox-attempt-duration = Took (ms)
outbox-attempt-answer = Answer
outbox-outcome-running = Under way
outbox-outcome-delivered = Delivered
outbox-outcome-refused = Cannot arrive
outbox-outcome-failed = Failed
outbox-outcome-unknown = Unknown
outbox-outcome-later = Too early
outbox-outcome-withdrawn = Nothing to send
outbox-there = Decide on its own page

error-outbox-not-now = This cannot be said of the message as it stands
error-outbox-not-now-way = Refresh the page to see how it stands now.
error-outbox-under-way = An attempt is under way
error-outbox-under-way-way = Wait a moment, then refresh the page.
error-outbox-elsewhere = What becomes of this message is said on its own page
error-outbox-elsewhere-way = Open { $page }.
error-outbox-no-word = Say what becomes of it: send again, it arrived, or do not send
error-url-unreadable = Give a whole address like https://example.com/hook, in ASCII, without spaces and without #
error-url-not-https = The address begins with https://; only this machine (localhost, 127.0.0.1) may be called by http://
error-url-with-user = An address carries no user and no password; verify messages by their signature

webhook-title = Webhooks
webhook-note = Other systems are told of events by signed messages with keys and facts, without personal data
webhook-none = No webhook yet
webhook-none-text = When another system must learn of repayments, cases and the like at once, enter its address here.
webhook-count = { $count } { $count ->
    [one] webhook
   *[other] webhooks
}
webhook-name = Purpose
webhook-name-hint = Which system is told, for instance "General ledger".
webhook-url = Address
webhook-url-hint = https; whether private networks may be called is the parameter outbox_reach of the rules.
webhook-kinds = Events
webhook-state = State
webhook-active = Active
webhook-paused = Paused
webhook-created = Made
webhook-new = New webhook
webhook-make = Make the webhook
webhook-edit = Change
webhook-save = Save
webhook-test = Send a test
webhook-pause = Pause
webhook-resume = Resume
webhook-renew = Renew the secret
webhook-buttons-hint = Pausing drops what waits, and events of the pause are not told later; a renewed secret ends the old one at once.
webhook-deliveries = Latest deliveries
webhook-all-deliveries = All deliveries
webhook-no-delivery = Nothing was delivered yet. A test shows whether the address answers.
webhook-secret = Signing secret
webhook-once = Copy it now and give it to the receiver: it is shown this once and kept sealed. The receiver verifies Loanward-Signature with it.
webhook-back = Back to the webhook

error-webhook-name = A purpose is needed, at most { $most } characters
error-webhook-no-kind = Tick at least one kind of event
error-webhook-unknown-kind = There is no kind of event "{ $kind }"
error-webhook-too-many = There are { $most } webhooks at most
error-webhook-too-many-way = Change one that is no longer needed.

event-webhook-test = Test
event-policy-approved = A version of the rules was approved
event-calendar-changed = The calendar changed
event-contact-recorded = A contact was recorded
