# Acts as the audit trail names them

action-import-download = Downloaded an import
action-import-run = Imported
action-import-try = Tried an import
action-import-undo = Undid an import
action-import-upload = Uploaded an import
action-import-write = Wrote an import
action-loan-charge = Charged a fee
action-loan-extend = Extended a loan
action-loan-print = Printed a paper of a loan
action-loan-reverse = Reversed a transaction
action-loan-waive = Waived
action-loan-write-off = Wrote a loan off
action-repayment-batch-export = Exported a repayment batch
action-repayment-batch-record = Recorded a repayment batch
action-repayment-batch-upload = Uploaded a repayment batch
action-security-add = Added security
action-security-end = Released security
action-loan-change-rate = Changed the rate of a loan
action-loan-restructure = Restructured a loan
action-loan-suspend = Suspended interest of a loan
action-loan-misuse = Marked a loan as misused or not
action-loan-accelerate = Called a loan

event-loan-disbursed = A loan was paid out
event-repayment-received = A repayment came in
event-transaction-reversed = A transaction was reversed
event-loan-charged = A fee was charged
event-loan-waived = A debt was waived
event-loan-extended = A loan was extended
event-loan-written-off = A loan was written off
event-loan-imported = A loan was imported
event-loan-import-undone = An import was undone
