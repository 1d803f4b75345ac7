-- What the sheet of a day counts is found by its day, and the slips that are waited for by the payouts.

create index loan_transaction_payout on loan_transaction (effective_on, customer_id, id) where kind = 'disburse';
create index card_check_day on card_check (effective_on);
create index dunning_call_on on dunning_call (effective_on);
create index schedule_mailing_day on schedule_mailing (effective_on, step);
create index loan_vehicle_day on loan_vehicle (effective_on);
create index disbursement_slip_day on disbursement_slip (effective_on);
create index disbursement_slip_checked on disbursement_slip (checked_on);
create index settlement_statement_day on settlement_statement (effective_on);
create index settlement_statement_signed on settlement_statement (signed_on);
