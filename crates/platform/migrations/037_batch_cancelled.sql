-- A batch on its way may be cancelled by whoever asked for it: what is done stays done, the rest is told as not done.
alter table batch_job add column cancelled_at moment_text;
