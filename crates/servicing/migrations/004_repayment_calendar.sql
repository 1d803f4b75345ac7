-- The repayment calendar sums a month from this index alone: due dates first, then everything that it adds up,
-- and the key that says whose row it is. It stands in place of the narrower one of the same first column.
drop index loan_instalment_due;
create index loan_instalment_calendar on loan_instalment
  (due_on, outstanding_fen, principal_due_fen, principal_waived_fen, principal_moved_fen, principal_paid_fen,
   interest_due_fen, interest_waived_fen, interest_moved_fen, interest_paid_fen, customer_id, loan_id);
-- Loans of an import that was undone are few, and are taken off the sums.
create index loan_hidden on loan (state, customer_id, id) where state = 'hidden';
-- Debts off the books are tracked elsewhere.
create index loan_position_written_off on loan_position (status, customer_id, loan_id) where status = 'written-off-tracked';
