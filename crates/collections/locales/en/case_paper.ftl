# Papers of a case

case-paper-title = Plans, opinions and minutes
case-paper-plan = Recovery plan
case-paper-opinion = Legal opinion
case-paper-minutes = Minutes of the management group
case-paper-until = until { $on }
case-paper-person = Responsible
case-paper-due = By when
case-paper-words-plan = The plan: measures and steps
case-paper-words-opinion = The opinion and what it rests on
case-paper-words-minutes = Who took part, what was decided
case-paper-save = Write down
action-case-paper = Wrote a plan, an opinion or minutes into a case
api-field-collections-paper-person = Who is responsible for a plan: the key of a person
api-field-collections-paper-due = By when, as a date
api-field-collections-paper-words = What the paper says
error-case-paper-past = The day is over; choose { $on } or a later one.
