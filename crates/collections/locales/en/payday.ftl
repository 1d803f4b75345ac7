# Pay days

payday-title = Pay day
payday-unknown = not known
payday-day = day { $day } of each month
payday-next = next: { $on }
payday-own = around the pay day { $on }
payday-usual = usual pay day { $on }
payday-earlier = All records
payday-record = Record the pay day
payday-save = Record
payday-day-of-month = Day of the month
payday-day-hint = 1 to 31; where a month is shorter its last day counts. Leave empty when it is not known any more.
payday-source = Source
payday-source-debtor = The debtor says so
payday-source-payslip = Payslip
payday-source-contract = Contract of employment
payday-source-statement = Bank statement
case-view-pay-day = Around pay days
work-order-pay_day = pay day
error-payday-day = “{ $text }” is no day of a month. Enter 1 to 31, or nothing when it is not known any more.
error-payday-company = A company has no pay day. Note in its dossier when money comes in.
action-payday-record = Record a pay day
api-field-collections-day = Day of the month, 1 to 31; empty: not known any more
api-field-collections-source = Source: `debtor`, `payslip`, `contract` or `statement`
