### The whole book.

action-book-export = Export the whole book, personal data masked
action-book-export-clear = Export the whole book with personal data in clear
action-book-import = Bring a whole book into an empty institution

error-book-cannot-write = The workbook cannot be written: the disk is full, or a value fits no cell. The log has the details.

whole-book-finding-no-workbook = This is no Excel workbook (.xlsx), or only a part of one: export or upload it again.
whole-book-finding-damaged = The file is damaged and cannot be read on: export it again.
whole-book-finding-encrypted = The workbook is protected by a password: remove it first.
whole-book-finding-too-large = { $what ->
    [parts] More than { $limit } parts in the archive
    [unpacked] It unpacks to more than { $limit } MiB
   *[text] A text longer than { $limit }
  }: this is no whole book that this program made.
whole-book-finding-formula = Cell { $cell } ({ $part }) is a formula: a whole book holds values only; paste them as values.
whole-book-finding-no-first-page = The page 说明 is missing: this is no whole book. Books that lenders keep themselves come in under Import.
whole-book-finding-first-page = The page 说明 lacks “{ $item }”, or it cannot be read: leave that page as it is, or export again with this version.
whole-book-finding-too-many-rows = Too many rows.
whole-book-finding-too-many-columns = Something stands right of column { $limit }.
whole-book-finding-row-order = The rows are out of order: the file is damaged.
whole-book-finding-long-text = The number of a long text cannot be read.
whole-book-finding-text-mark = The mark of a text is damaged, or its long text is missing.
whole-book-finding-no-tab = This tab is missing: the file is incomplete.
whole-book-finding-no-sheet = The sheet “{ $sheet }” is missing: the file is incomplete, or another version made it.
whole-book-finding-unknown-sheet = This program does not know the sheet “{ $sheet }”: use the version that exported it.
whole-book-finding-masked = Personal data in the workbook is masked, so it cannot come in again: export it in clear.
whole-book-finding-not-empty = This institution is not empty: “{ $sheet }” has { $rows } rows. A whole book comes into an empty one only.
whole-book-finding-already = The same file came in at { $at }.
whole-book-finding-business-date = The book stands on { $book }; this institution has closed days and stands on { $here }: use one that was just set up.
whole-book-finding-other-calendar = The holiday calendar here is not that of the export; due dates may differ for that.
whole-book-finding-other-lpr = The LPR here is not that of the export; floating rates may differ for that.
whole-book-finding-other-policy = The policy here is not that of the export; buckets and classes may differ for that.
whole-book-finding-columns = The keys in the second row are not those of this sheet: “{ $key }”.
whole-book-finding-empty = It must not be empty.
whole-book-finding-no-money = This is no amount (yuan, two decimals at most).
whole-book-finding-no-rate = This is no rate.
whole-book-finding-no-count = This is no whole number.
whole-book-finding-no-date = This is no date.
whole-book-finding-no-key = This is no key.
whole-book-finding-key-as-number = The key was stored as a number and lost its last digits: keys must be text.
whole-book-finding-no-moment = This is no moment.
whole-book-finding-no-flag = Only 是 or 否.
whole-book-finding-no-text = This is no text.
whole-book-finding-surplus-cell = Something stands beside the columns.
whole-book-finding-unknown-name = The person, the branch or who is referred to is not in this book.
whole-book-finding-no-such-row = It refers to a row that the sheet “{ $sheet }” does not have.
whole-book-finding-twice = The key stands twice.
whole-book-finding-later = The date is later than the book's business date.
whole-book-finding-sealed = The content is not acceptable ({ $code }).
whole-book-finding-refused-rows = The database refuses a row between { $first } and { $last }: a number twice, a state that contradicts its fields, or the verifier is the one who imports.
whole-book-finding-rows-differ = The page 说明 says { $said } rows, there are { $found }: the file is incomplete or was changed.
whole-book-finding-sum-differs = The page 说明 says { $said } in all, it is { $found }: the file was changed.
whole-book-finding-changed = It was changed after the export; the totals are the same.
whole-book-finding-unsettled = { $number } cannot be computed: { $why }.
whole-book-finding-derived-differs = The file says “{ $said }”; computed from the facts it is “{ $found }”.
whole-book-finding-derived-other = Not the same row as computed: rows of a derived sheet were added, removed or changed.
whole-book-finding-derived-surplus = What is computed has no such row.
whole-book-finding-derived-lacking = More is computed than the file has: rows are missing from a derived sheet.
