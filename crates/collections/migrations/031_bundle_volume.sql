-- A bundle may have several volumes (分册), and tells of all files that were one customer on its day.
alter table case_bundle add column volume bigint not null default 1 check (volume > 0);
alter table case_bundle add column volumes bigint not null default 1 check (volumes > 0);
alter table case_bundle add column files bigint not null default 1 check (files > 0);
drop index case_bundle_number;
create unique index case_bundle_number on case_bundle (customer_id, number, volume);
