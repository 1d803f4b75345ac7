# Kept files: scans, photos and papers of a thing.

attachment-file = File
attachment-file-hint = { $kinds }, up to { $most } MiB each; kept sealed, every look leaves a trace.
attachment-size-kib = { $kib } KiB
attachment-size-mib = { $mib } MiB
action-attachment-keep = Kept a file
action-attachment-open = Opened a kept file
action-attachment-withdraw = Withdrew a kept file

error-attachment-empty = Choose a file that is not empty
error-attachment-too-large = The file has about { $found } MiB, more than { $most } MiB: make it smaller or send it in parts
error-attachment-kind = By its content this is none of the kinds that are kept ({ $kinds }); documents with macros, web pages and programs are not taken
error-attachment-not-found = There is no such file
error-attachment-not-found-way = The link may be old: go back to the list of documents.
error-attachment-not-current = This file was replaced or withdrawn
error-attachment-not-current-way = Kept files are not changed: open the latest one and replace or withdraw that.
error-attachment-withdrawn = This file was withdrawn; its content is shown no more
error-attachment-withdrawn-way = Where it must be seen, somebody who may read the audit trail can open it.
error-attachment-elsewhere = The content of this file is not in this database
error-attachment-elsewhere-way = A workbook of the whole book lists files without their content: bring in the archive of files of the house it came from (loanward import --files), restore a backup of that house, or hand the file in again.
error-attachment-damaged = The content of this file is not what was kept
error-attachment-damaged-way = It may have been changed or damaged outside the program: verify the audit chain and restore it from a backup.
