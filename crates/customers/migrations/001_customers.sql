-- Customers (客户): persons and companies, who they are, how they are reached, how they are related.
-- Identity numbers and phones are sealed; the index is a keyed blind index for exact look-up.

create table customer (
  customer_id bigint not null primary key,
  person_id bigint not null,               -- the person or company across files, from the identity index
  number key_text not null,
  kind key_text not null check (kind in ('person', 'company')),
  name key_text not null,
  pinyin key_text not null,                -- liangwenbo
  initials key_text not null,              -- lwb
  identity_kind key_text not null,
  identity_sealed bytea,
  identity_index key_text,                 -- blind index; one person is one human being across files
  identity_masked text not null,
  nationality key_text not null,
  born_on date_text,
  phone_last key_text,                     -- last four digits of the main phone, for search
  branch_id bigint not null,
  team_id bigint,
  manager_id bigint not null,
  state key_text not null check (state in ('active', 'hidden')),
  opened_on date_text not null,
  address text,
  note text,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  source key_text not null,
  source_detail text not null,
  version bigint not null default 1
);
create index customer_identity on customer (identity_index);
create index customer_person on customer (person_id);
create index customer_number on customer (number);
create index customer_name on customer (name);
create index customer_pinyin on customer (pinyin);
create index customer_initials on customer (initials);
create index customer_phone_last on customer (phone_last);
create index customer_manager on customer (manager_id);

-- One file per identity number: the blind index leads to it, whoever may see it.
create table identity_lookup (
  identity_index key_text not null primary key,
  customer_id bigint not null
);

-- What was changed of a file after its opening (资料变更): each a fact with its value before and after.
create table customer_fact (
  customer_id bigint not null references customer (customer_id),
  id bigint not null,
  attribute key_text not null check (attribute in ('address', 'note', 'manager')),
  value_before text,
  value text,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  source key_text not null,
  source_detail text not null,
  reason text not null,
  primary key (customer_id, id)
);

-- Other spellings of the name seen in documents and imports.
create table customer_alias (
  customer_id bigint not null references customer (customer_id),
  name key_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  primary key (customer_id, name)
);
create index customer_alias_name on customer_alias (name);

create table contact_point (
  customer_id bigint not null references customer (customer_id),
  id bigint not null,
  relation_id bigint,                      -- null: the customer's own
  kind key_text not null check (kind in ('phone', 'email', 'address')),
  value_sealed bytea not null,
  value_index key_text not null,
  value_masked text not null,
  value_last key_text not null,
  source_route key_text not null,          -- where it comes from (来源)
  consented bigint not null check (consented in (0, 1)),
  main bigint not null check (main in (0, 1)),
  recorded_at moment_text not null,
  recorded_by bigint not null,
  ended_at moment_text,
  ended_by bigint,
  primary key (customer_id, id)
);
create index contact_point_value on contact_point (value_index);
create index contact_point_last on contact_point (value_last);

-- Related parties (关系人) of a customer, with what they are and whether they agreed to be contacted.
create table relation (
  customer_id bigint not null references customer (customer_id),
  id bigint not null,
  person_id bigint not null,
  kind key_text not null,
  name text not null,
  identity_kind key_text not null,
  identity_sealed bytea,
  identity_index key_text,
  identity_masked text not null,
  other_customer_id bigint,                -- when the related party is a customer here too
  share_ppm bigint check (share_ppm between 0 and 1000000),
  consented_on date_text,
  objected_on date_text,
  note text,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  ended_on date_text,
  ended_reason text,
  version bigint not null default 1,
  primary key (customer_id, id)
);
create index relation_person on relation (person_id);

-- What other capabilities may join to.
create view customer_view as
  select customer_id, person_id, number, kind, name, pinyin, initials, identity_masked, identity_index, phone_last,
         branch_id, team_id, manager_id, state, opened_on
  from customer;
