-- Undoing an import (撤销导入), and the one who writes.

-- Who writes an import now. One at a time in the whole house: two books may name the same customers and numbers.
create table import_lease (
  id bigint not null primary key check (id = 1),
  run_id bigint not null references import_run (id),
  holder bigint not null,                  -- 0: begun, nobody writes yet
  expires_at moment_text not null
);

-- Which related parties came in by which run.
create table import_relation (
  customer_id bigint not null,
  relation_id bigint not null,
  run_id bigint not null references import_run (id),
  primary key (customer_id, relation_id)
);
create index import_relation_run on import_relation (run_id);

-- Which records an undone run had brought; their business keys are free again.
create table import_voided (
  run_id bigint not null references import_run (id),
  kind key_text not null,
  business_key key_text not null,
  customer_id bigint not null,
  row_id bigint not null,
  primary key (run_id, kind, business_key)
);
create index import_voided_row on import_voided (customer_id, row_id);

-- A run that was undone: by whom, with whose approval, and what left the book.
create table import_undo (
  run_id bigint not null primary key references import_run (id),
  approval_id bigint not null,
  reason text not null,
  brought_json text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null
);
