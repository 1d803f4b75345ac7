# Risk ratings of overdue customers

risk-title = Risk rating
risk-none = Not rated yet.
risk-on = Date
risk-rating = Rating
risk-broken = Broken promises
risk-in-words = Evaluation
risk-words-hint = The policy rates by time, amount, capacity and credit. Write here what changed, the loss to expect, and what you advise.
risk-record = Rate the risk
risk-save = Rate
risk-verb = Rate
error-risk-words-long = The evaluation has at most { $most } characters. Shorten it.
action-risk-rate = Rate the risk of an overdue customer
action-risk-rating-record = Rate the risk of overdue customers
api-field-collections-risk-words = The evaluation: what changed, the loss to expect, what is advised
