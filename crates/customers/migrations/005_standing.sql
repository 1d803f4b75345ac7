-- Standings (分类评级): on each axis of the policy where a customer stands now, since when, and when to look again.

create table customer_standing (
  customer_id bigint not null references customer (customer_id),
  axis key_text not null,
  outcome key_text not null,               -- empty: facts are lacking
  before key_text not null,                -- the outcome before this one; empty: none
  moved key_text not null check (moved in ('', 'better', 'worse', 'other')),
  decision_id bigint,
  since date_text not null,
  looked_on date_text not null,
  review_on date_text not null,
  lacking text not null,                   -- facts to be supplied, separated by |
  primary key (customer_id, axis)
);
create index customer_standing_review on customer_standing (review_on, customer_id);
create index customer_standing_axis on customer_standing (axis, outcome, customer_id);
