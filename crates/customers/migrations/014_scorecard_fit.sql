-- Fits of scorecards (评分卡拟合): what data gave which card. The data themselves are not kept.

create table scorecard_fit (
  id bigint not null primary key,
  title text not null,
  subject_kind key_text not null check (subject_kind in ('person', 'company')),
  file_name text not null,
  file_digest key_text not null,           -- SHA-256 of the file, to know it again
  row_count bigint not null check (row_count >= 0),
  report_json text,                        -- the card and its measures
  refusal_json text,                       -- or why the data give none
  ignored text not null,                   -- columns of the file that are no facts
  draft_id bigint,                         -- the draft of the policy desk that it became
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  check ((report_json is null) <> (refusal_json is null))
);
