-- Service accounts (服务账号): users that no person logs in as; they come with tokens only.
alter table app_user add column kind key_text not null default 'person' check (kind in ('person', 'service'));
