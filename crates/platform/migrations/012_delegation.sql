-- Delegation on leave: who stands in for whom, with which roles, from when until when.

create table delegation (
  id bigint not null primary key,
  absent_id bigint not null references app_user (id),
  delegate_id bigint not null references app_user (id),
  roles text not null,                     -- |officer|manager|: those that are handed on
  from_on date_text not null,
  until_on date_text not null,             -- the last day
  reason text not null,
  state key_text not null check (state in ('asked', 'approved', 'refused', 'ended')),
  asked_by bigint not null,
  asked_at moment_text not null,
  decided_by bigint,
  decided_at moment_text,
  ended_by bigint,
  ended_at moment_text,
  check (absent_id <> delegate_id),
  check (from_on <= until_on),
  -- who asks, who goes and who stands in never approve
  check (decided_by is null or (decided_by <> asked_by and decided_by <> absent_id and decided_by <> delegate_id))
);
create index delegation_of_absent on delegation (absent_id, state);
create index delegation_to on delegation (delegate_id, state);

alter table session add column delegation_id bigint;        -- the delegation under which this session acts
alter table approval_opinion add column for_user bigint;    -- for whom the opinion was given, under a delegation
