-- What a business date changed in the totals, written with the positions that changed: the totals of a day are those
-- of the day before and these. Rows of a day are added up while it lasts.
create table loan_total_change (
  business_date date_text not null,
  branch_id bigint not null,
  product key_text not null,
  bucket key_text not null,
  class key_text not null,
  status key_text not null,
  loans bigint not null,
  principal_fen bigint not null,
  overdue_principal_fen bigint not null,
  overdue_interest_fen bigint not null,
  primary key (business_date, branch_id, product, bucket, class, status)
);
