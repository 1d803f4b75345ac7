-- The debtor's dossier (债务人档案): dated facts by block, never edited; the newest of a thread stands.

create table dossier_entry (
  customer_id bigint not null,
  id bigint not null,
  case_id bigint not null,
  block key_text not null check (block in ('analysis', 'living', 'business', 'asset', 'liability', 'hardship', 'death',
    'heir', 'spouse', 'custody', 'fraud')),
  item_id bigint not null,                 -- the first entry of the thread
  relation_id bigint,                      -- the related party that it is about
  outcome key_text not null,               -- what follows: whether a person owes, what the policy advises
  cap_fen bigint check (cap_fen >= 0),     -- the most that can be claimed from the person
  article key_text not null,               -- behind what follows
  content_sealed bytea not null,           -- what was entered
  content_masked text not null,
  attachment_id bigint,                    -- the paper that proves it
  void bigint not null check (void in (0, 1)),
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id),
  check ((block in ('heir', 'spouse')) = (relation_id is not null))
);
create index dossier_entry_of_relation on dossier_entry (customer_id, relation_id, id);

-- A letter to somebody else who owes: a co-borrower, a spouse, an heir.
alter table letter add column relation_id bigint;
