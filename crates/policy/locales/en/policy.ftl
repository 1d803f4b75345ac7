### Refusals of decisions, and problems of a pack: the place stands before the sentence.

error-no-working-day = The calendar has no working day for a year around { $around }. Check the holidays.
error-date-out-of-range = The date { $days } days from { $from } is out of range. Check the rule.
error-number-used-up = The number series { $rule } is used up at { $sequence }. Widen its pattern in the policy pack.
error-number-code-width = The code { $code } does not fit the { $width } places of { $rule }. Shorten the code or widen the pattern.
error-unknown-parameter = The policy has no parameter { $name } on that date. Add it to the policy pack.
error-wrong-parameter-type = The parameter { $name } is { $found }, but { $expected } is needed. Correct the policy pack.
error-unknown-decision = There is no decision { $decision }. Check its name or the policy pack.
error-no-rule = No rule for { $decision } is in force on { $on }. Judge by hand, or choose another date.
error-missing-fact = { $decision } needs { $fact }. Record it first.
error-wrong-fact = { $decision }: { $fact } must be { $expected }, not { $found }. Correct the record.
error-no-row = No row of { $decision } covers this case. Complete the table.
error-formula = { $decision }: { $formula } cannot be computed ({ $detail }). Correct the record or the formula.
error-empty-fields = The text { $template } cannot go out: { $fields } is empty. Fill it in first.

problem-missing-file = The file is missing.
problem-bad-csv = This is not readable CSV: { $detail }
problem-missing-column = The column { $name } is missing.
problem-unknown-column = The column { $name } is unknown.
problem-unknown-line = The header line { $name } is unknown.
problem-missing-line = The line { $name } is missing.
problem-empty-cell = The cell of { $name } is empty. Write - for any value.
problem-duplicate = { $name } is here twice.
problem-unknown-fact = The fact { $name } is unknown. Is { $nearest } meant?
problem-unknown-parameter = The parameter { $name } is unknown. Is { $nearest } meant?
problem-unknown-reference = There is no { $what } { $name }.
problem-wrong-type = { $expected } is expected here, not { $found }.
problem-not-allowed = { $found } is not one of { $allowed }.
problem-floating-point = { $found } has a fraction. Write a whole number of the unit.
problem-unreadable = { $found } cannot be read: { $detail }
problem-gap = No row of { $decision } covers { $inputs }. Add one.
problem-overlap = This row and row { $other_row } both cover { $inputs }. Narrow one of them.
problem-unreachable = This row can never take effect (covered by rows { $covered_by }). Move it up, narrow those, or remove it.
problem-missing-article = The article is missing. Name where the row comes from.
problem-unknown-article = The article { $name } is in no register. Add it to articles.csv.
problem-bad-period = The period { $period } of { $name } overlaps another or ends before it begins.
problem-looser-than-law = { $name } = { $value } is looser than the law: { $direction } { $law } ({ $article }, on { $on }). Tighten it.
problem-not-overridable = { $name } is fixed by the law at { $law } ({ $article }) and cannot be { $value }. Remove the row.
problem-floor-order = The output { $name } must be ordered as in the law layer: { $law }.
problem-missing-field = The mandatory field { $name } is not in the text.
