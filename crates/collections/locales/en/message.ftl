### Text messages and mails to debtors.

action-message-send = Send messages to debtors, decide on those that did not arrive
action-message-compose = Composed a message to a debtor
action-message-decide = Decided on a message to a debtor

message-title = SMS and mail
message-short = SMS or mail
message-note = Messages to debtors with what became of each; the number stays masked
message-new = Send an SMS or mail
message-send = Send
message-none = No such message
message-none-text = Failed messages, and those of which nobody knows whether they arrived, stand here until somebody decides.
message-count = { $count } { $count ->
    [one] message
   *[other] messages
}
message-to = To
message-channel = Channel
message-kind = Words
message-state = State
message-decision = Decision
message-composed = Composed
message-sent-at = Sent
message-not-before = Put off until
message-provider-ref = The provider's number
message-why = Rule
message-again-of = In place of
message-first = The message before
message-signs = Signs
message-by = By
message-at = When
message-step = What
message-detail = More
message-life = What happened
message-decide = Decide
message-view-open = To decide
message-view-waiting = Waiting
message-view-sent = Sent
message-view-all = All
message-early-reminder = Overdue reminder
message-repayment-reminder = Repayment reminder
message-promise-confirmation = Confirmation of a promise
message-state-waiting = Waiting
message-state-waiting-text = It leaves by itself as soon as the contact guard allows; withdraw it if it is no longer wanted.
message-state-sent = Sent
message-state-sent-text = The gateway took it. Whether it arrived, a receipt will tell where the provider sends any.
message-state-delivered = Delivered
message-state-delivered-text = It arrived, by the provider's receipt or by somebody's word.
message-state-failed = Not delivered
message-state-failed-text = It did not arrive. Send another, or settle it with a reason.
message-state-unknown = Outcome unknown
message-state-unknown-text = It may have gone out, and nobody knows. It is not repeated by itself: ask the provider first.
message-state-withdrawn = Not sent
message-state-withdrawn-text = A rule or a person kept it back; nothing went out.
message-decision-again = Send another
message-decision-arrived = It arrived
message-decision-lost = Settle, no other
message-decision-withdraw = Withdraw
message-step-composed = Composed
message-step-later = Put off
message-step-retry = Failed, is tried again
message-step-sent = Sent
message-step-delivered = Delivered
message-step-failed = Not delivered
message-step-unknown = Outcome unknown
message-step-withdrawn = Not sent
message-step-receipt-delivered = Receipt: delivered
message-step-receipt-failed = Receipt: not delivered
message-step-again = Decided: send another
message-step-arrived = Decided: it arrived
message-step-lost = Decided: settled
message-step-withdraw = Decided: withdrawn

outbox-kind-message = SMS or mail
batch-messages = Send SMS or mail

error-message-not-found = There is no such message
error-message-not-found-way = Look for it in the list of messages.
error-message-changed = The message was changed meanwhile
error-message-changed-way = Refresh the page to see how it stands now.
error-message-no-point = The debtor has no number or address for this channel
error-message-no-point-way = Add a contact point to the customer's file, or choose the other channel.
error-message-waiting = A message of this kind about this loan waits already
error-message-waiting-way = Wait until it has left, or withdraw it.
error-message-no-promise = There is no open promise to confirm
error-message-no-promise-way = Record the promise in the case first.
error-message-no-template = The rules have no words "{ $template }"
error-message-no-template-way = Add the template to the institution's rules.
error-message-guarded = The contact guard does not let this message out
error-message-guarded-way = See the rule and its article.
error-message-not-now = This cannot be said of the message as it stands
error-message-not-now-way = Refresh the page to see how it stands now.

api-field-messages-word = What is said: `again`, `arrived`, `lost` or `withdraw`
message-proved-by-receipt = { $channel } { $id }, arrived by the receipt of the carrier
message-proved-by-person = { $channel } { $id }, arrived as a person found out
