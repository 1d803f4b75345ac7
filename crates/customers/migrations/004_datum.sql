-- Customer data (客户资料项): every datum with its source route, its legal basis, its validity, and who verified it how.

create table customer_datum (
  customer_id bigint not null references customer (customer_id),
  id bigint not null,
  item key_text not null,                  -- the fact as policies call it
  value text,                              -- null: withdrawn, unknown from then on
  effective_on date_text not null,
  valid_until date_text,                   -- from the policy of the day it was recorded
  route key_text not null check (route in ('customer', 'verification', 'partner', 'bureau', 'public')),
  source_note text not null,               -- which paper, whom, which register
  basis key_text not null check (basis in ('contract', 'consent', 'law', 'public')),
  consented_on date_text,
  corrects_id bigint,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  source key_text not null,
  source_detail text not null,
  book_origin text,
  primary key (customer_id, id),
  check ((basis = 'consent') = (consented_on is not null))
);
create index customer_datum_item on customer_datum (customer_id, item, effective_on);

-- Verification (核实): a datum held against a call, a visit, an enquiry or a paper.
create table datum_verification (
  customer_id bigint not null references customer (customer_id),
  id bigint not null,
  datum_id bigint not null,
  way key_text not null check (way in ('phone', 'visit', 'enquiry', 'document')),
  finding key_text not null check (finding in ('confirmed', 'contradicted')),
  verified_on date_text not null,
  note text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id)
);
create index datum_verification_datum on datum_verification (customer_id, datum_id);
