-- Recordings of contacts (催收录音), X-05: one a contact, its content in sealed pieces. Kept as long as the law and the policy ask;
-- then the close takes the content away, and the row says since when.
create table contact_recording (
  customer_id bigint not null,
  id bigint not null,
  contact_id bigint not null,
  case_id bigint not null,
  made_on date_text not null,              -- the civil day of the contact
  media key_text not null check (media in ('wav', 'mp3', 'ogg', 'm4a', 'amr')),
  size_bytes bigint not null check (size_bytes > 0),
  digest key_text not null,                -- SHA-256 of the content
  erased_on date_text,
  effective_on date_text not null,
  recorded_at moment_text not null,
  recorded_by bigint not null,
  book_origin text,
  primary key (customer_id, id)
);
create unique index contact_recording_once on contact_recording (customer_id, contact_id);
create index contact_recording_kept on contact_recording (made_on) where erased_on is null;

create table contact_recording_piece (
  customer_id bigint not null,
  recording_id bigint not null,
  no bigint not null check (no >= 0),
  sealed bytea not null,
  primary key (customer_id, recording_id, no)
);
