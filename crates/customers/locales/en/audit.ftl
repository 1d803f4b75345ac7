# Acts as the audit trail names them

action-bank-account-add = Added a bank account
action-bank-account-end = Ended a bank account
action-bank-account-verify = Verified a bank account
action-contact-point-add = Added a contact point
action-contact-point-end = Ended a contact point
action-customer-change = Changed a customer
action-customer-hide = Hid a customer
action-customer-open = Opened a customer
action-customer-open-many = Opened customers in bulk
action-relation-add = Added a related party
action-relation-change = Changed a related party
action-relation-consent = Recorded a consent
action-relation-end = Ended a relation
action-relation-object = Recorded an objection
action-datum-record = Record customer data
action-datum-verify = Verify customer data
action-datum-withdraw = Take customer data back

event-customer-opened = A customer's file was opened
action-statement-enter = Enter a financial statement
event-standing-changed = A class or grade of a customer changed
