-- The list of premium enterprises (优质企业名单): employers whose staff the classes of customers favour, each under an item of
-- the list, entered by a branch, agreed to by somebody else, in force between two days.
create table premium_enterprise (
  id bigint not null primary key,
  number key_text not null,                -- 优质企业编号
  name text not null,
  uscc key_text not null,                  -- 统一社会信用代码
  item key_text not null,                  -- as the policy names the items of the list
  industry key_text not null,              -- as the policy names industries under an item; 'none': the item asks for none
  board key_text,                          -- where a subsidiary is listed
  good_years bigint check (good_years >= 0),
  parent_uscc key_text,
  parent_share_ppm bigint check (parent_share_ppm between 0 and 1000000),
  proof text not null,                     -- which paper, register or page shows it
  attachment_id bigint,                    -- the paper itself
  branch_id bigint not null,               -- which branch entered it
  starts_on date_text not null,
  until_on date_text,                      -- the last day, where one is known
  state key_text not null check (state in ('submitted', 'approved', 'refused')),
  approval_id bigint,
  approved_on date_text,
  ended_on date_text,                      -- from this day on it is not on the list any more
  end_reason text,
  superseded_by bigint,                    -- the later entry that took its place
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  version bigint not null default 1,
  check (until_on is null or until_on >= starts_on),
  check ((state = 'approved') = (approved_on is not null)),
  check (ended_on is null or end_reason is not null or superseded_by is not null)
);
create unique index premium_enterprise_number on premium_enterprise (number);
create index premium_enterprise_uscc on premium_enterprise (uscc, starts_on);
create index premium_enterprise_parent on premium_enterprise (parent_uscc) where parent_uscc is not null;
create unique index premium_enterprise_open on premium_enterprise (uscc) where state = 'submitted';

-- Whose employer an enterprise is, so that an entry that begins or ends finds them.
create index customer_datum_employer on customer_datum (value, customer_id) where item = 'employer_uscc';
