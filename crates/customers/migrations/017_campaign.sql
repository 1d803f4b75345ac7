-- Marketing campaigns (营销活动) and partners (合作伙伴).
create table campaign (
  id bigint not null primary key,
  number key_text not null,                -- 营销活动编号
  title text not null,
  channel key_text not null,
  aim text not null,                       -- whom, with what, why
  target_axis key_text not null,           -- empty: everybody
  target_outcome key_text not null,
  branch_id bigint,                        -- null: the whole institution
  starts_on date_text not null,
  ends_on date_text not null,
  budget_fen bigint not null check (budget_fen >= 0),
  target_leads bigint not null check (target_leads >= 0),
  reviewed_on date_text,
  review text not null,                    -- what came of it, in words
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  version bigint not null default 1,
  check (ends_on >= starts_on),
  check ((target_axis = '') = (target_outcome = '')),
  check ((reviewed_on is null) = (review = ''))
);
create unique index campaign_number on campaign (number);

-- What a campaign cost (活动费用); a wrong entry is taken back by one of the opposite sign.
create table campaign_cost (
  id bigint not null primary key,
  campaign_id bigint not null references campaign (id),
  corrects_id bigint,
  amount_fen bigint not null check (amount_fen <> 0),
  spent_on date_text not null,
  purpose text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text
);
create index campaign_cost_of on campaign_cost (campaign_id, id);
create unique index campaign_cost_once on campaign_cost (corrects_id) where corrects_id is not null;

create table partner (
  id bigint not null primary key,
  number key_text not null,                -- 合作机构编号
  name text not null,
  kind key_text not null,                  -- as the policy names kinds of partners
  note text not null,
  branch_id bigint,                        -- null: the whole institution
  ended_on date_text,
  end_reason text,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  version bigint not null default 1,
  check ((ended_on is null) = (end_reason is null))
);
create unique index partner_number on partner (number);

-- Agreements with a partner (合作协议): the paper is a kept file; the next one follows the last.
create table partner_agreement (
  id bigint not null primary key,
  partner_id bigint not null references partner (id),
  title text not null,
  valid_from date_text not null,
  valid_until date_text not null,
  attachment_id bigint not null,
  asked_on date_text,                      -- when its renewal was asked for
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  version bigint not null default 1,
  check (valid_until >= valid_from)
);
create index partner_agreement_of on partner_agreement (partner_id, valid_until);
create index partner_agreement_ends on partner_agreement (valid_until) where asked_on is null;

create view campaign_view as
  select c.id, c.number, c.title, c.channel, c.branch_id, c.starts_on, c.ends_on, c.budget_fen, c.target_leads,
    cast(coalesce((select sum(e.amount_fen) from campaign_cost e where e.campaign_id = c.id), 0) as bigint) as cost_fen
  from campaign c;
create view campaign_cost_view as
  select e.id, e.campaign_id, c.channel, c.branch_id, e.amount_fen, e.spent_on
  from campaign_cost e join campaign c on c.id = e.campaign_id;
create view partner_view as
  select id, number, name, kind, branch_id, ended_on from partner;
