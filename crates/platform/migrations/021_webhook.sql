-- Webhooks (事件推送): who is told of which events. The secret lies sealed; deliveries lie in the outbox.
create table webhook (
  id bigint not null primary key,
  name text not null,
  url text not null,
  kinds text not null,                     -- kinds of events between bars: |loan_disbursed|repayment_received|
  secret bytea not null,
  active bigint not null check (active in (0, 1)),
  created_at moment_text not null,
  created_by bigint not null,
  changed_at moment_text not null,
  version bigint not null check (version > 0)
);
