-- The ledger begins with the latest loans: a page of it reads no more than it shows.
create index loan_started on loan (start_on desc, customer_id, id);

-- The totals of now, for whoever may see a whole branch: those of the last day that was written, and what was noted since.
create view loan_total_now_view as
  select branch_id, product, bucket, class, status, loans, principal_fen, overdue_principal_fen, overdue_interest_fen
  from loan_total where business_date = (select max(business_date) from loan_total)
  union all
  select branch_id, product, bucket, class, status, loans, principal_fen, overdue_principal_fen, overdue_interest_fen
  from loan_total_change where business_date > coalesce((select max(business_date) from loan_total), '');
