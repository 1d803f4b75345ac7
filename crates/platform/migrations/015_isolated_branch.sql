-- Whose branch an isolated thing belongs to: a branch answers for its own.
alter table close_isolated add column branch_id bigint not null default 0;
