-- Proofs of large assets (大额资产证明): a sum beside a paper of the file; it counts in the offset of debts once it was verified.
create table asset_proof (
  customer_id bigint not null references customer (customer_id),
  id bigint not null,
  document_id bigint not null,             -- the paper on file
  kind key_text not null,                  -- as the policy names kinds of proofs
  face_fen bigint not null check (face_fen > 0),
  note text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id),
  foreign key (customer_id, document_id) references customer_document (customer_id, id)
);

-- What became of a proof (证明经过): verified or contradicted by somebody else, a kind beyond the list agreed to or not, taken back.
create table asset_proof_step (
  customer_id bigint not null,
  id bigint not null,
  proof_id bigint not null,
  step key_text not null check (step in ('confirmed', 'contradicted', 'consented', 'refused', 'withdrawn')),
  way key_text,                            -- how it was verified
  note text not null,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id),
  foreign key (customer_id, proof_id) references asset_proof (customer_id, id),
  check ((way is not null) = (step in ('confirmed', 'contradicted')))
);
create index asset_proof_step_of on asset_proof_step (customer_id, proof_id);
