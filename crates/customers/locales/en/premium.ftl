premium-title = Premium enterprises
premium-note = Entered by item with proof, in force once another person agreed; a customer's employer is found by its unified social credit code.
premium-none = No premium enterprise
premium-none-text = Enterprises that were entered and agreed to stand here.
premium-count = { $count } entries
premium-new = Enter an enterprise
premium-edit = Mend the entry
premium-import = Bring in a file
premium-import-note = The whole file at once: when one row is wrong, nothing is entered. The columns are those of the exported list.
premium-import-hint = .xlsx, .xls or .csv with headings in the first row; enterprise, unified social credit code and item are required.
premium-one = Entry of the list
premium-history = All entries of this enterprise
premium-number = Number
premium-name = Enterprise
premium-uscc = Unified social credit code
premium-item = Item of the list
premium-industry = Industry
premium-board = Board
premium-not-listed-anywhere = Not said
premium-subsidiary-hint = Board, years of profit, parent and its share are for subsidiaries only; the parent must be on the list.
premium-good-years = Years of good profit
premium-parent-uscc = Code of the parent
premium-parent-share = Share of the parent
premium-proof = Proof
premium-proof-hint = Name and date of the register, announcement, report or licence; the file may be added below.
premium-from = From
premium-until = Until
premium-until-hint = Leave empty where no end is known.
premium-approved-on = Agreed on
premium-ended-on = Off the list from
premium-end-reason = Why it was taken off
premium-end = Take off the list
premium-end-hint = From that day on it does not count; what was decided before stays.
premium-state = State
premium-state-submitted = Waiting
premium-state-refused = Not agreed to
premium-state-standing = On the list
premium-state-coming = Not in force yet
premium-state-over = Off the list
premium-view-standing = On the list
premium-view-waiting = Waiting
premium-view-over = Off the list
premium-view-all = All
premium-filter-text = Code, number or name
premium-not-on-list = The employer is not on the list of premium enterprises
premium-heading = Premium enterprise { $name } { $number }
approval-premium-enterprise = Entry of the list of premium enterprises
material-premium-page = Entry of the list
material-premium-uscc = Unified social credit code
material-premium-proof = Proof
material-premium-from = From
evaluation-source-premium-list = List of premium enterprises

error-premium-not-offered = The rules in force have no list of premium enterprises
error-premium-not-offered-way = Enterprises are entered once rules with the five customer classes are in force.
error-premium-waits = Entry { $number } of this enterprise waits for agreement
error-premium-waits-way = Wait until it is decided, or mend that entry.
error-premium-state = The entry does not stand where this can be done
error-premium-state-way = A waiting entry can be mended, one on the list can be taken off.
error-premium-conditions = The conditions of a subsidiary are not met
error-premium-conditions-way = A subsidiary is listed outside of ChiNext, made good profit for the years of the policy, and its parent holds the share of the policy.
error-premium-not-asked = This item does not ask for it
error-premium-own-parent = An enterprise is not its own parent
error-premium-parent-not-listed = The parent { $number } is not on the list, or not by an item of parents; enter the parent first
error-premium-share = Enter a number from 0 to 100 with at most four decimals
error-premium-end-past = It cannot end before today, { $date }
error-premium-no-heading = No headings were found; the first row must name enterprise, unified social credit code and item
error-premium-no-rows = There is no enterprise under the headings
error-premium-too-many = At most { $most } rows at once, the file has { $found }
error-premium-row = Row { $row } is wrong: { $field ->
    [name] enterprise
    [uscc] unified social credit code
    [item] item of the list
    [industry] industry
    [board] board
    [good_years] years of good profit
    [parent_uscc] parent (must be on the list)
    [parent_share] share of the parent
    [proof] proof
    [starts_on] from
    [until] until
   *[row] { $code ->
        [premium-waits] an entry of this enterprise waits already
        [premium-conditions] the conditions of a subsidiary are not met
       *[other] it cannot be entered
    }
}

action-premium-record = Enter, mend and take off premium enterprises
action-premium-enterprise-approve = Agree to entries of the list of premium enterprises
action-premium-submit = Entered a premium enterprise
action-premium-resubmit = Mended the entry of a premium enterprise
action-premium-import = Brought in a file of premium enterprises
action-premium-end = Took an enterprise off the list

api-field-premium-enterprises-enterprise = Key of the entry
api-field-premium-enterprises-ended-on = From when it is off the list; empty is today
api-field-premium-enterprises-reason = Why it is taken off
