-- Leads (潜在客户): who might become a customer, from where, what was done, what came of it.
create table lead (
  id bigint not null primary key,
  number key_text not null,                -- 线索编号
  kind key_text not null check (kind in ('person', 'company')),
  name text not null,                      -- empty once erased
  phone_sealed bytea,
  phone_index key_text,
  phone_masked key_text not null,
  channel key_text not null,               -- as the policy names channels
  campaign_id bigint,
  partner_id bigint,
  referrer_id bigint,                      -- the customer who referred
  source_user_id bigint,                   -- the colleague who found it
  ground key_text not null,                -- on what ground it is contacted
  ground_note text not null,
  interest text not null,                  -- what it asks for; empty once erased
  customer_id bigint,                      -- the file on which it stands, or which it became
  owner_id bigint not null,
  branch_id bigint not null,
  team_id bigint,
  state key_text not null check (state in ('new', 'contacted', 'visited', 'applied', 'customer', 'lost')),
  lost_reason key_text,
  next_on date_text,
  seen_on date_text not null,              -- the last step
  turn bigint not null,                    -- rises with every duty to contact it
  refused_on date_text,                    -- when the person said no
  won_on date_text,
  erase_asked_on date_text,
  erased_on date_text,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  version bigint not null default 1,
  check ((state = 'lost') = (lost_reason is not null)),
  check ((state = 'customer') = (won_on is not null)),
  check (state <> 'customer' or customer_id is not null),
  check (phone_sealed is null or phone_index is not null),   -- the index outlives an erasure where contact was refused
  check (erased_on is null or (name = '' and interest = ''))
);
create unique index lead_number on lead (number);
create index lead_owner on lead (owner_id, state);
create index lead_branch on lead (branch_id, state);
create index lead_phone on lead (phone_index);
create index lead_customer on lead (customer_id);
create index lead_campaign on lead (campaign_id);
create index lead_partner on lead (partner_id);
create index lead_idle on lead (seen_on) where erased_on is null and erase_asked_on is null and state <> 'customer';

-- What was done about a lead (跟进记录); words fall away when the lead is erased.
create table lead_step (
  id bigint not null primary key,
  lead_id bigint not null references lead (id),
  kind key_text not null check (kind in ('taken', 'contacted', 'visited', 'applied', 'converted', 'lost', 'refused',
    'reopened', 'assigned', 'erased')),
  note text not null,
  next_on date_text,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text
);
create index lead_step_of on lead_step (lead_id, id);

-- From where a customer came (客户来源): once when the file was opened, and again whenever the customer was won anew.
create table customer_source (
  customer_id bigint not null references customer (customer_id),
  id bigint not null,
  lead_id bigint,
  opening bigint not null check (opening in (0, 1)),
  channel key_text not null,
  campaign_id bigint,
  partner_id bigint,
  referrer_id bigint,
  source_user_id bigint,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id)
);
create unique index customer_source_opening on customer_source (customer_id) where opening = 1;
create index customer_source_channel on customer_source (channel, effective_on);
create index customer_source_campaign on customer_source (campaign_id);
create index customer_source_partner on customer_source (partner_id);

-- Published for reports: no names, no numbers of telephones.
create view lead_view as
  select id, number, channel, campaign_id, partner_id, state, branch_id, team_id, owner_id, effective_on, won_on
  from lead;
create view customer_source_view as
  select customer_id, id, opening, channel, campaign_id, partner_id, referrer_id, effective_on from customer_source;
