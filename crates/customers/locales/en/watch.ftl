### The watch list.

watch-title = Watch list
watch-note = Entries, reviews and ends leave their trace; a badge shows wherever the customer does
watch-none = On no watch list. Enter the customer when a lawsuit, bad news or the like appears, and review it periodically.
watch-new = Put on a list
watch-new-note = Lists and their reviews are fixed by the rules. The badge then shows on the customer page, in the list of customers and on loans.
watch-list = List
watch-reason = Reason
watch-from = From
watch-until = Until
watch-until-hint = Blank: until it is ended.
watch-stands = Watched
watch-over = Over
watch-review-by = review by { $date }
watch-steps = Reviews
watch-step-kept = reviewed, kept
watch-step-ended = ended
watch-review = Review
watch-review-hint = What was looked at and what came of it; the customer stays on the list and the next review moves on.
watch-end = Take off the list
watch-end-hint = On what ground, for example that the suit was withdrawn.
watch-review-verb = Review the watch list

error-watch-already = The customer stands on this list already: review that entry
error-watch-until-past = It cannot end before today or before it begins

action-watch-enter = Put a customer on a watch list
action-watch-review = Reviewed a watch-list entry
action-watch-end = Took a customer off a watch list
timeline-watch-enter = Put on a watch list
timeline-watch-review = Watch list reviewed
timeline-watch-end = Taken off a watch list
api-field-customers-list = The list
api-field-customers-from = From when
api-field-customers-until = The last day
api-field-customers-entry = The key of the entry
api-field-customers-step = kept or ended
