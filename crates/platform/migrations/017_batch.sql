-- What came of a verb on a selection: kept for whoever ran it. The facts stand where each thing's own use case wrote them.
create table batch_report (
  user_id bigint not null references app_user (id),
  id bigint not null,
  verb key_text not null,                  -- its title is the message batch-<verb>
  back text not null,                      -- the list that it came from
  lines_json text not null,
  business_date date_text not null,
  recorded_at moment_text not null,
  primary key (user_id, id)
);
