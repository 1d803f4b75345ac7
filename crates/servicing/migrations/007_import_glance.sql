-- What the row of a finding says of its loan, so that people know which one it is without opening the file.
alter table import_finding add column customer text;
alter table import_finding add column principal_fen bigint;
alter table import_finding add column rate_e9 bigint;
