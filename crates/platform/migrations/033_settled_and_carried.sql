-- Notices whose matter is settled can be told from those that were read: when it fell away.
alter table notice add column settled_at moment_text;

-- What a run of the whole book carries: the book itself, or the kept files (附件) that travel beside it.
alter table book_run add column carries key_text not null default 'book' check (carries in ('book', 'files'));
