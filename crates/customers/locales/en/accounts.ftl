### Bank accounts, nationality, kinds of documents.

accounts-title = Bank accounts
accounts-note = Numbers are sealed; whoever enters one does not verify it
accounts-none = No bank account yet. Record the accounts that money goes to and comes from; a second person verifies them.
account-add = Add bank account
account-number = Account number
account-number-hint = 6 to 32 digits, spaces allowed; sealed, only its ends are shown.
account-holder = Holder
account-bank = Bank
account-bank-hint = Down to the branch.
account-purpose = For
account-purpose-repay = Repayment
account-purpose-disburse = Disbursement
account-purpose-both = Both
account-verified = Verified
account-is-verified = Verified
account-not-verified = Not verified
account-verify = Verify
account-verify-title = Verify bank account
account-verify-hint = Against what: the card itself, a statement, a small transfer.
account-end-title = End bank account
account-end-hint = For instance: closed, card replaced, the customer asked.
account-reveal = See account number
account-luhn = Check digit does not fit, look again
account-shared = Also in somebody else's file

customer-nationality = Nationality (region)
customer-nationality-hint = Two letters as the document says, such as CN or VN; never derived from the number; leave empty if unknown.
identity-hk-macao-permit = Mainland travel permit for Hong Kong and Macao residents
identity-taiwan-permit = Mainland travel permit for Taiwan residents
identity-foreign-resident = Foreign permanent resident ID card
country-cn = China
country-hk = Hong Kong, China
country-mo = Macao, China
country-tw = Taiwan, China
country-vn = Vietnam
country-la = Laos
country-mm = Myanmar
country-ru = Russia
country-kr = South Korea
country-jp = Japan
country-us = United States
country-gb = United Kingdom

timeline-bank-account-add = Bank account added
timeline-bank-account-verify = Bank account { $number } verified
timeline-bank-account-end = Bank account ended
timeline-personal-reveal-account = Account number seen { $shown }

error-account-number = 6 to 32 digits are needed
error-account-known = This account is in the file already
error-account-known-way = To change its purpose or holder end the old entry first, then add it anew.
error-account-own-entry = Whoever entered an account does not verify it
error-account-own-entry-way = Let a colleague verify it against the card or a statement.
error-account-already-verified = This account was verified already
error-country-code = A country code of two letters is needed, such as CN
