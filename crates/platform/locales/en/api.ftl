### The interface for programs: tokens, errors, documentation.

action-token-own = Make interface tokens for oneself
action-token-manage = Manage everybody's interface tokens
action-self = One's own things: approvals, notices, views

token-title = Interface tokens
token-note = With a token a program acts as its owner: at most what the owner may do today. A token is shown once; take it back when it is no longer used.
token-none = No tokens yet
token-none-text = Make one here when another program shall read or write.
token-name = Purpose
token-name-hint = Say which program uses it, for instance "general ledger".
token-owner = Owner
token-scopes = Scopes
token-scopes-hint = Tick only what the program needs; when the owner's roles shrink, so does the token.
token-life = Life
token-days = Days of life
token-days-hint = At most { $most } days.
token-used = Last used
token-never = Never used
token-state = State
token-alive = Valid
token-ended = Ended
token-revoked = Taken back
token-revoke = Take back
token-docs = Documentation
token-new = New token
token-make = Make the token
token-made = The token is made
token-once = Copy it now and keep it safe: it is shown this once; only its fingerprint is stored.
token-back = Back to the tokens

error-token-name = A purpose is needed, at most { $most } characters
error-token-no-scope = Tick at least one scope
error-token-beyond = The owner may not do "{ $action }"; a token never gets more than its owner
error-token-days = 1 to { $most } days are allowed
error-field-unknown = There is no field "{ $field }"
error-field-nested = "{ $field }" cannot be an object or a nested array
error-number-inexact = Send "{ $field }" as text, like "12.30": JSON numbers with decimals are not exact
error-key-reused = This Idempotency-Key was used for another request
error-key-reused-way = A repetition must be the same request; take a new key for a new one.

failure-bad-token = The token is not valid
failure-bad-token-text = A request carries Authorization: Bearer with a token; it may be mistyped, ended or taken back.
failure-key-missing = Idempotency-Key is missing
failure-key-missing-text = A writing request carries the header Idempotency-Key (1 to 128 characters); repeat the same key when you repeat the request.
failure-not-json = The body is not JSON
failure-not-json-text = Send a JSON object as Content-Type: application/json; a request with files as multipart/form-data.
failure-too-many = Too many requests
failure-too-many-text = Wait as many seconds as Retry-After says, then try again.
action-token-make = Made an interface token
action-token-revoke = Took back an interface token

api-docs-title = Interface documentation
api-docs-note = What a page can do, a program can do: one use case, the same permissions, data scope and rules
api-docs-token = Every request carries Authorization: Bearer with a token. Tokens are made on the page of that name and never allow more than their owner may do today.
api-docs-write = Writing is a POST of a JSON object with the fields of the form; unknown fields are refused. Idempotency-Key is required: repeat the same key when you repeat a request, and the answer is the same.
api-docs-money = Money that is written is text in yuan ("1234.50"); money that is read is a whole number of fen under a name that ends in _fen; rates are billionths and end in _e9. Dates are YYYY-MM-DD, keys are text.
api-docs-list = Lists are asked with page, size, sort, view and their filters, and give the totals of the page and of the whole result; location leads to each thing.
api-docs-error = A refusal is application/problem+json (RFC 9457): code as on the pages, errors name the fields, rule and article say why, instance is the request's id. Its words follow Accept-Language.
api-docs-scope = Scope
api-docs-fields = Fields (* required)
api-docs-files = Files and their fields, multipart/form-data
api-docs-query = Questions
api-docs-answer = Answer
api-docs-place = Where the result is: location
api-docs-open = Any field
api-docs-none = None
