-- Notices of somebody who is away reach who stands in: for whom it was told.
alter table notice add column for_user bigint;
