-- Admission reviews (准入审查): an applicant begun by one person, checked against the policy by an assessor, decided by others.
create table admission (
  customer_id bigint not null references customer (customer_id),
  id bigint not null,
  number key_text not null,                -- 准入编号
  product key_text not null,               -- as the pack names it
  amount_fen bigint not null check (amount_fen > 0),
  months bigint not null check (months > 0),
  purpose text not null,
  repayment_source text not null,
  method key_text not null,                -- as the fact loan_method_asked
  preliminary text not null,               -- what the preliminary review found
  content_json text,                       -- the check sheet as it was submitted, frozen
  granted_fen bigint check (granted_fen > 0),
  state key_text not null check (state in ('begun', 'returned', 'submitted', 'fit', 'not_fit', 'withdrawn')),
  approval_id bigint,
  assessor bigint,                         -- who submitted the check sheet
  decided_on date_text,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,             -- who began it
  book_origin text,
  version bigint not null default 1,
  primary key (customer_id, id),
  check ((state in ('fit', 'not_fit')) = (decided_on is not null)),
  check (state not in ('submitted', 'fit', 'not_fit') or content_json is not null)
);
create unique index admission_number on admission (number);
-- One is open about a customer and a product.
create unique index admission_open on admission (customer_id, product) where state in ('begun', 'returned', 'submitted');
create index admission_state on admission (state);
-- Things in the audit trail are looked up by key.
create index admission_by_id on admission (id);

-- A step of an admission review (准入经过): a fact, never edited; what was submitted stands in it.
create table admission_step (
  customer_id bigint not null references customer (customer_id),
  id bigint not null,
  admission_id bigint not null,
  step key_text not null check (step in ('begun', 'mended', 'returned', 'submitted', 'resubmitted', 'fit', 'not_fit',
    'withdrawn')),
  detail text not null,
  content_json text,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id)
);
create index admission_step_of on admission_step (customer_id, admission_id, id);
