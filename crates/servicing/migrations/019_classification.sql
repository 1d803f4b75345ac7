-- Classification runs (分类认定): the class of every loan of a branch as of a day, proposed by the classification post, reviewed
-- by a second person, approved by a third. What was approved is a fact that positions read; until then nothing moves.

create table classification_run (          -- 分类认定
  id bigint not null primary key,
  number key_text not null,
  branch_id bigint not null,
  as_of date_text not null,
  former_id bigint references classification_run (id),  -- the approved run before it
  former_on date_text,                     -- as of which day that one was
  state key_text not null check (state in ('drawn', 'proposed', 'submitted', 'approved', 'refused', 'dropped')),
  made_by bigint not null,
  proposed_on date_text,
  provision_held_fen bigint check (provision_held_fen >= 0),  -- what the books hold against these loans
  value_note text not null,
  granting_note text not null,
  monitoring_note text not null,
  collection_note text not null,
  provision_note text not null,
  reviewed_by bigint,
  reviewed_on date_text,
  review_note text not null,
  approval_id bigint,
  approved_on date_text,
  note text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  version bigint not null default 1,
  check ((reviewed_on is null) = (reviewed_by is null)),
  check ((state = 'approved') = (approved_on is not null))
);
create unique index classification_run_number on classification_run (number);
-- One open run a branch.
create unique index classification_run_open on classification_run (branch_id)
  where state in ('drawn', 'proposed', 'submitted');
create index classification_run_branch on classification_run (branch_id, as_of);

create table classification_item (         -- 逐笔认定
  customer_id bigint not null,
  run_id bigint not null references classification_run (id),
  loan_id bigint not null,
  former_class key_text not null,          -- in the approved run before it; empty: not in it
  system_class key_text not null,          -- by days overdue on the day of the run
  standing_class key_text not null,        -- with which the loan stood on that day
  class key_text not null,                 -- as judged so far
  initial_class key_text not null,         -- as the classification post has it
  initial_reason text not null,            -- why the classification post set another one
  reviewed_class key_text,                 -- where the reviewer set another one
  review_reason text not null,
  differs bigint not null check (differs in (0, 1)),  -- from the class by days, or between the two people
  fresh bigint not null check (fresh in (0, 1)),      -- opened since the run before it
  overdue_days bigint not null,
  principal_fen bigint not null,
  overdue_fen bigint not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  version bigint not null default 1,
  primary key (customer_id, run_id, loan_id),
  foreign key (customer_id, loan_id) references loan (customer_id, id)
);
create index classification_item_run on classification_item (run_id, class);
create index classification_item_differs on classification_item (run_id) where differs = 1;

-- What other posts think a class should be: asked of the classification post, decided by it.
create table classification_suggestion (   -- 分类建议
  customer_id bigint not null,
  id bigint not null,
  run_id bigint not null references classification_run (id),
  loan_id bigint not null,
  class key_text not null,
  reason text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id),
  foreign key (customer_id, loan_id) references loan (customer_id, id)
);
create index classification_suggestion_run on classification_suggestion (run_id, loan_id);

-- What a run counted when it was drawn, proposed and reviewed: inserted once each, so that a report is read without a loan.
create table classification_count (        -- 认定汇总
  id bigint not null primary key,
  run_id bigint not null references classification_run (id),
  step key_text not null check (step in ('drawn', 'proposed', 'reviewed')),
  counted_on date_text not null,
  former_class key_text not null,
  system_class key_text not null,
  class key_text not null,
  fresh bigint not null,
  loans bigint not null,
  principal_fen bigint not null,
  overdue_fen bigint not null,
  differing bigint not null,               -- loans whose class differs from that by days, or between the two people
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text
);
create index classification_count_run on classification_count (run_id, id);

-- The approved class of a loan where it is not simply that by days, and the end of such a one.
create table loan_class (                  -- 认定分类
  customer_id bigint not null,
  id bigint not null,
  loan_id bigint not null,
  run_id bigint not null references classification_run (id),
  class key_text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id),
  foreign key (customer_id, loan_id) references loan (customer_id, id)
);
create index loan_class_loan on loan_class (customer_id, loan_id, effective_on);
