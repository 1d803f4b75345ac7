### Exports of lists.

action-export-ask = Asked for an export in the background
action-export-download = Took an exported file

export-title = Exports
export-note = Exports that you asked for; files expire, and permission and data scope are checked again when one is taken
export-none = No export yet
export-none-text = Export a large result from a list, or tick some rows and choose "Export selected": it will stand here.
export-count = { $count } { $count ->
    [one] export
   *[other] exports
}
export-list = List
export-asked = Asked for
export-state = State
export-rows = Rows
export-kept = Kept until
export-selection = Export selected
export-as-of = Business date { $on }
export-large = The result has { $count } rows and is made in the background.
export-large-hint = Go on working meanwhile: a notice says when it is ready. Nobody else can take the file.
export-begin = Begin the export
export-progress = { $done } of { $all } rows written
export-ready = { $rows } rows, to be taken until { $until }.
export-failed-text = It was not made. Export it again; if it fails again, ask the administrator.
export-removed-text = The file expired and was removed. Export it again when you need it.
export-take = Download
export-state-running = Under way
export-state-done = Ready
export-state-failed = Not made
export-state-removed = Removed

error-export-question = The question to the list cannot be read
error-export-question-way = Go back to the list, filter again, then export.
error-export-too-many = The result has { $rows } rows; one export has { $most } at most
error-export-too-many-way = Narrow it by filters and export in parts.
error-export-too-large = The result has { $rows } rows and is made in the background
error-export-too-large-way = A program asks for it by POST /exports and takes the file when it is ready.
error-export-busy = { $running } exports are under way
error-export-busy-way = Wait until one of them is ready.
error-export-narrower = Your data scope is narrower now than when this file was made
error-export-narrower-way = Export again within your scope of today.
