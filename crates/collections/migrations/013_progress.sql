-- Reports of how the recovery goes (清收进展报告): figures frozen as of the end of their period, with the words of who made
-- it; seen by somebody else. A report is never edited and never deleted.
create table recovery_report (
  id bigint not null primary key,
  number key_text not null,
  branch_id bigint,                        -- null: the whole institution
  period_from date_text not null,
  period_to date_text not null,
  content_json text not null,
  words text not null,
  plan text not null,
  state key_text not null check (state in ('submitted', 'seen')),
  seen_at moment_text,
  seen_by bigint,
  opinion text,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  check (period_from <= period_to),
  check ((state = 'seen') = (seen_by is not null))
);
create unique index recovery_report_once on recovery_report (coalesce(branch_id, 0), period_from);
create unique index recovery_report_number on recovery_report (number);
