### The institution's settings.

action-settings-manage = Manage the institution's settings

institution-title = Institution
institution-note = Pages, papers and texts to customers use what stands here
institution-name = Name
institution-name-hint = As on the business licence.
institution-code = Code
institution-code-hint = As given by the supervisor or the association; may be empty.
institution-credit-code = Unified social credit code
institution-address = Address
institution-contact = Contact for customers
institution-contact-hint = Where customers reach you: every reminder and notice that goes out names it.
institution-account = Account for repayments
institution-account-hint = Number and bank; letters name it, and leave it out when it is empty.
institution-save = Save
institution-changed = Changed by { $who } at { $at }

error-institution-text = At most { $most } characters, without control characters
error-institution-credit-code = 18 digits or letters are needed
error-institution-name-number = The name cannot hold an identity number or a mobile number: it stands on every page
