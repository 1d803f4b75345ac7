-- Overdue updates of customer data (资料逾期未更新): since when each customer's data are due to be verified, kept with what the
-- policy knew at the last look, and the reports of a period about those whose time is over.
alter table customer_known add column verify_by date_text;
create index customer_known_verify on customer_known (verify_by);
-- Whoever was looked at before there was this column is looked at by the next close.
update customer_standing set review_on = looked_on where review_on > looked_on and review_on < '9999-12-31';

-- A report about the overdue updates of a branch (资料更新逾期报告), answered by its supervisor.
create table update_report (
  id bigint not null primary key,
  branch_id bigint not null,
  as_of date_text not null,
  customers bigint not null check (customers > 0),
  oldest_on date_text not null,            -- the earliest day on which data were due
  measures text not null,                  -- what is done about it; empty until somebody answered
  answered_on date_text,
  answered_by bigint,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  version bigint not null default 1,
  check ((answered_on is null) = (answered_by is null)),
  check ((answered_on is null) = (measures = ''))
);
create unique index update_report_once on update_report (as_of, branch_id);

-- Its customers: who, with which manager, since when.
create table update_report_line (
  customer_id bigint not null references customer (customer_id),
  id bigint not null,
  report_id bigint not null references update_report (id),
  manager_id bigint not null,
  verify_by date_text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id)
);
create index update_report_line_of on update_report_line (report_id, verify_by, customer_id);
