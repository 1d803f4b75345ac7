-- What stood behind a loan when it was opened (放款依据): the admission review, and what the borrower's classes did. Written
-- once with the loan, never changed.

create table loan_ground (
  customer_id bigint not null,
  loan_id bigint not null,
  admission_id bigint,                     -- the admission review, where one stands behind the loan
  decision_id bigint,                      -- the decision of the opening
  chain key_text not null check (chain in ('normal', 'fast', 'longer')),
  share_ppm bigint not null check (share_ppm >= 0),
  cut_bp bigint not null check (cut_bp >= 0),
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, loan_id),
  foreign key (customer_id, loan_id) references loan (customer_id, id)
);
-- What is left of a review is asked for at every opening.
create index loan_ground_admission on loan_ground (admission_id);
