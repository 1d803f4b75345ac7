# Risk ratings of overdue customers

risk-title = Risk rating
risk-none = Not rated yet.
risk-on = Date
risk-rating = Rating
risk-broken = Broken promises
risk-in-words = Evaluation
risk-words-hint = The policy rates by time, amount, capacity and credit. The expected loss is computed. Write here what changed and what you advise.
risk-record = Rate the risk
risk-save = Rate
risk-verb = Rate
error-risk-words-long = The evaluation has at most { $most } characters. Shorten it.
action-risk-rate = Rate the risk of an overdue customer
action-risk-rating-record = Rate the risk of overdue customers
api-field-collections-risk-words = The evaluation: what changed, what is advised
risk-expected = Expected loss
risk-exposure = Exposure
risk-pd = Probability of default
risk-lgd = Loss given default
risk-basis = By
risk-why = How the expected loss comes about
risk-why-note = Each overdue loan: exposure (principal to come and all that is overdue) × probability of default × loss given default, rounded to the fen, a half up.
close-step-expected-losses = Expected losses that changed
