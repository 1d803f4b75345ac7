# Acts as the audit trail names them

action-agreement-export = Exported repayment agreements
action-bundle-make = Made a bundle for court
action-calling-line-register = Registered a calling line
action-capacity-assess = Assessed the capacity to pay
action-case-export = Exported cases
action-case-transfer = Transferred a case
action-case-unlock = Unlocked a case
action-cause-diagnose = Diagnosed the cause
action-conduct-export = Exported the conduct report
action-conduct-review = Reviewed conduct
action-contact-ground = Recorded a ground for contact
action-contact-ground-end = Ended a ground for contact
action-contact-hours = Set hours without contact
action-dossier-bundle = Read a debtor's dossier for a bundle
action-dossier-print = Printed a debtor's dossier
action-dossier-record = Recorded in a debtor's dossier
action-dossier-view = Read a debtor's dossier
action-frequency-export = Exported the frequency of contact
action-legal-close = Closed a legal matter
action-legal-end-means = Ended a legal means
action-legal-evidence = Recorded evidence
action-legal-means = Took a legal means
action-legal-open = Opened a legal matter
action-letter-print = Printed a letter
action-letter-step = Recorded a step of a letter
action-limitation-correct = Corrected a limitation record
action-promise-export = Exported promises
action-promise-make = Recorded a promise
action-promise-withdraw = Withdrew a promise

event-case-opened = A collection case was opened
event-case-closed = A collection case was closed
event-promise-settled = A promise was kept or broken
event-letter-issued = A letter was issued
event-letter-sent = A letter was sent
event-legal-opened = A legal file was opened
