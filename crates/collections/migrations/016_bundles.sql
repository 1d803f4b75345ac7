-- A weekly report is one of its kind by both ends of its period.
drop index recovery_report_once;
create unique index recovery_report_once on recovery_report (coalesce(branch_id, 0), period_from, period_to);

-- What tracing cost in a period.
create index trace_step_day on trace_step (happened_on);

-- Whether documents of the customer are enclosed in a bundle; of older bundles the stricter answer is taken.
alter table case_bundle add column documents bigint not null default 1 check (documents in (0, 1));
