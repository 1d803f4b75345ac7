-- What collecting costs (催收费用), and rewards and penalties of those who collect (奖惩).

-- A cost is never edited: a correction is another row that names the one it corrects; `state` is what became of the row.
create table collection_cost (
  customer_id bigint not null,
  id bigint not null,
  case_id bigint not null,
  kind key_text not null,
  amount_fen bigint not null check (amount_fen >= 0),
  spent_on date_text not null,
  note text not null,
  state key_text not null check (state in ('waiting', 'standing', 'refused', 'corrected')),
  corrects_id bigint,
  checked_at moment_text,
  checked_by bigint,
  opinion text,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id),
  check ((checked_at is null) = (checked_by is null))
);
create index collection_cost_id on collection_cost (id);
create index collection_cost_of_case on collection_cost (customer_id, case_id, id);
create index collection_cost_day on collection_cost (spent_on);
create index collection_cost_waiting on collection_cost (effective_on) where state = 'waiting';
-- What a checker refused corrects nothing.
create unique index collection_cost_corrected_once on collection_cost (customer_id, corrects_id)
  where state <> 'refused';

-- A reward or a penalty, proposed, decided by others, carried out.
create table collection_merit (
  id bigint not null primary key,
  number key_text not null,
  person_id bigint not null,
  branch_id bigint not null,
  side key_text not null check (side in ('reward', 'penalty')),
  kind key_text not null,
  amount_fen bigint check (amount_fen > 0),
  reason text not null,
  period_from date_text not null,
  period_to date_text not null,
  figures_json text not null,              -- the figures of the person in the period, as they stood
  rectify_by date_text,
  state key_text not null check (state in ('proposed', 'approved', 'refused', 'done')),
  approval_id bigint,
  done_on date_text,
  done_note text,
  done_by bigint,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  version bigint not null default 1,
  check ((done_on is null) = (done_by is null))
);
create unique index collection_merit_number on collection_merit (number);
create index collection_merit_person on collection_merit (person_id, id);
create index collection_merit_state on collection_merit (state, id);

-- What the measures read by day.
create index contact_allowance_day on contact_allowance (civil_on);
create index legal_means_day on legal_means (happened_on);
create index collection_case_closed on collection_case (closed_on) where closed_on is not null;
create index promise_due_on on promise (due_on);
