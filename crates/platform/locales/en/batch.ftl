# Batches

action-batch-run = Ran a batch
action-batch-export = Exported the report of a batch
batch-picked = { $count } picked
batch-lines = Lines
batch-head-thing = Picked
batch-head-amount = Amount
batch-head-outcome = Result
batch-head-why = Reason
batch-how = Try first: each is tried by the same rules as alone, and nothing is written. What cannot be done says why; the rest can go ahead.
batch-try = Try
batch-do = { $verb }: { $count } to do
batch-refused = { $count } of { $of } cannot be done, for the reasons below; they will be left out
batch-went = { $done } done, { $refused } not done
batch-total = { $count } in all, refused ones apart
batch-export = Export the report
batch-outcome-picked = Picked
batch-outcome-would = Can be done
batch-outcome-done = Done
batch-outcome-refused = Cannot be done
batch-duty-assign = Assign duties
batch-duty-excuse = Excuse duties
error-batch-none = Nothing is picked: go back to the list and tick some rows
error-batch-too-many = { $count } picked, { $most } at most: please do it in several goes
error-batch-unknown = There is no such report, or it is not yours
