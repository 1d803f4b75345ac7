-- How far a rebuilding of the caches is: one row a rebuilder, so that it goes on where it was interrupted.
create table rebuild_mark (
  name key_text not null primary key,
  run_id bigint not null,
  after_place bigint not null,
  considered bigint not null,
  differing bigint not null,
  done bigint not null check (done in (0, 1)),
  started_at moment_text not null,
  ended_at moment_text not null
);
