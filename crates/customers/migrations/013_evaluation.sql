-- Evaluations (信用评估): a scorecard filled in for a customer, checked by somebody else.

create table evaluation (
  customer_id bigint not null references customer (customer_id),
  id bigint not null,
  number key_text not null,                -- 评估编号
  scorecard key_text not null,
  content_json text not null,              -- items with value, source, date and points; verification; opinion
  composite_centi bigint not null,
  grade_axis key_text not null,            -- the decision that grades by the score; empty: none
  rule_grade key_text not null,            -- what the tables say
  grade key_text not null,                 -- what was asked for: the same, or set by hand
  set_until date_text,                     -- until when a grade set by hand holds
  state key_text not null check (state in ('submitted', 'approved', 'refused')),
  approval_id bigint,
  approved_on date_text,
  review_on date_text,                     -- when it is made again
  superseded_by bigint,                    -- the approved evaluation that took its place
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,             -- the assessor
  book_origin text,
  version bigint not null default 1,
  primary key (customer_id, id),
  check ((state = 'approved') = (approved_on is not null)),
  check ((state = 'approved') = (review_on is not null)),
  check (set_until is null or grade <> rule_grade)
);
create unique index evaluation_number on evaluation (number);
-- One is open about a customer by a scorecard, and one counts.
create unique index evaluation_open on evaluation (customer_id, scorecard) where state = 'submitted';
create unique index evaluation_current on evaluation (customer_id, scorecard)
  where state = 'approved' and superseded_by is null;
create index evaluation_review on evaluation (review_on) where state = 'approved' and superseded_by is null;

-- A step of an evaluation (评估经过): a fact, never edited; what was submitted stands in it.
create table evaluation_step (
  customer_id bigint not null references customer (customer_id),
  id bigint not null,
  evaluation_id bigint not null,
  step key_text not null check (step in ('submitted', 'resubmitted', 'approved', 'refused', 'superseded')),
  detail text not null,
  content_json text,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id)
);
create index evaluation_step_of on evaluation_step (customer_id, evaluation_id, id);
