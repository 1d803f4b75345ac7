### Messages of the frame and the components.

brand = Loanward
brand-other = 信守
brand-other-lang = zh-CN
slogan =
    Your rules, running.
    Every number
    answers "why".
data-stays = The data stays on this machine; nothing is sent anywhere.
demo-banner = Demo book: institution, people, customers and amounts are made up; the clock stands on the business date. Try anything.
skip = Skip to the content
navigation = Navigation
more = More
search = Search
search-hint = Name, pinyin, contract, loan no., phone digits
business-date = Business date
bell = Notices ({ $count } unread)
my-account = My account
log-out = Log out
close = Close
cancel = Cancel
print = Print

weekday-1 = Mon
weekday-2 = Tue
weekday-3 = Wed
weekday-4 = Thu
weekday-5 = Fri
weekday-6 = Sat
weekday-7 = Sun

unit = Unit of money
unit-yuan = yuan
unit-wan = 10k yuan
unit-note-yuan = Amounts in yuan
unit-note-wan = Amounts in 10,000 yuan (totals summed in fen, each figure rounded half up)

class-pass = Normal
class-special-mention = Special-mention
class-substandard = Substandard
class-doubtful = Doubtful
class-loss = Loss

bucket-none = Not overdue
bucket-1-30 = { $days } days overdue, step 1–30
bucket-31-60 = { $days } days overdue, step 31–60
bucket-61-90 = { $days } days overdue, step 61–90
bucket-over-90 = { $days } days overdue, step 91 and over
days = { $days } d
due-late = { $days } d late
due-today = Today
due-left = { $days } d left

why = Why
why-facts = Facts
why-rules = Rules
why-steps = Arithmetic

refusal-recorded = { $at } recorded
form-errors = { $count ->
    [one] One field needs mending before this can be sent
   *[other] { $count } fields need mending before this can be sent
 }

pages = Pages
page-previous = Previous page
page-next = Next page

list-all = all
list-any = any
list-more = More filters
list-clear = Clear
list-apply = Apply
list-drop = Drop the filter { $filter }
list-from = From
list-to = To
list-comma = ,{" "}
list-semicolon = ;{" "}
list-columns = Columns
list-compact = Compact
list-high = Roomy
list-export = Export { $count }
list-rows = { $count ->
    [one] 1 row
   *[other] { $count } rows
 }
list-pick = Select { $row }
list-pick-all = Select this page
list-selected = {"{n}"} selected ({"{here}"} on this page)
list-affects = {"{n}"} rows affected, {"{title}"} {"{sum}"} {"{unit}"}
list-page-total = This page · { $count }
list-total = Whole result · { $count }
list-range = { $first }–{ $last } of { $count }
list-range-later = { $first }–{ $last }, counting all
list-total-later = Adding up the whole result
list-export-all = Export the whole result
list-size = { $size } a page
list-empty = Nothing matches these filters
list-empty-text = Widen the filters above, or clear them.
list-error-unknown = This list has no filter “{ $name }”. Choose from the filters on the page.
list-error-value = The filter “{ $name }” cannot be “{ $value }”. Choose from the filters on the page.
list-error-twice = The filter “{ $name }” is given twice. Keep one.
list-error-reversed = The filter “{ $name }” starts above its end. Swap them.

key-move = move
key-open = open
key-pick = select
key-filter = filter

login = Log in
login-user = User name
login-password = Password
login-demo = Users of the demo book
password-change = Choose a new password
password-first = This is your first log-in, or somebody reset your password. Choose a new one to go on.
password-old = Current password
password-new = New password
password-again = Once more
password-hint = Make it long: a sentence is easier to remember and harder to guess than symbols.
password-set = Set and go on

error-400 = This request makes no sense here
error-400-text = The address or form holds something this page does not know; nothing was changed. Go back and choose again.
error-403 = You may not do this
error-403-text = Your role does not cover it; nothing was changed. If you need it, ask your supervisor to grant it under users and permissions.
error-404 = There is no such page
error-404-text = The address may be wrong, or the record lies outside what you may see. Enter through your duties or the search.
error-409 = Changed meanwhile
error-409-text = Somebody changed this record after you opened it, so yours was not written. Open it again, compare, then send.
error-500 = Something broke here
error-500-text = This was not written. Try again; if it stays, give the id below to your administrator.
error-home = Back to my duties
error-id = Id

reveal = Reveal, with a reason
clock-as-of = Business date
clock-known = As known at
clock-show = Show
clock-back = Back to now
clock-note = Two clocks: when it took effect, when it was known

duty-due = Due
duty-what = Duty
duty-whom = Customer · loan
duty-balance = Balance, yuan
duty-source = Source


date-shape = Year-month-day, as in 2026-11-20
clock-now = now, or date and time

view-save = Save as view
view-name = Name of the view
view-shared = Share with all who may open this list
view-hint = Filters, order, columns and unit are kept; a text that was searched for is not. A view of the same name is replaced.
view-delete = Delete the view “{ $name }”
view-of = Shared by { $name }
list-all-rows = All
password-expired = Your password has held as long as the institution's rules allow. Choose another.
login-code = Second step
login-code-text = Type the code that your authenticator app shows, or one of your recovery codes.
login-code-field = Code
login-code-back = Log in as somebody else
