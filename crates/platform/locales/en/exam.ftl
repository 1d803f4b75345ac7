### Exams of the staff.

exam-title = Exams
exam-subtitle = Exams of the staff: single choice, every question worth the same; questions, points and pass mark are policy
exam-count = { $count } exams
exam-none = No exams
exam-none-text = Exams of the staff are entered here by human resources.
exam-view-all = All
exam-view-passed = Passed
exam-view-failed = Failed
exam-new = Enter an exam
exam-correct = Correct an exam
exam-person = Person
exam-name = Exam
exam-held-on = Held on
exam-right = Right answers
exam-right-hint = Of { $questions } questions at { $each } points, { $most } points in all; passed from { $pass } points on.
exam-points = Points
exam-most = Of points
exam-result = Result
exam-passed = passed
exam-failed = failed
exam-note = Note
exam-reason = Why it is corrected

error-exam-right = Enter a whole number from 0 to { $most }.
error-exam-future = An exam cannot lie after today.
error-exam-not-found = There is no such exam
error-exam-not-found-way = Choose one from the list.
error-exam-own = Nobody enters the result of the own exam
error-exam-own-way = Let somebody else enter it.
error-exam-corrected = This exam was corrected already
error-exam-corrected-way = Correct the entry that stands in its place.

action-exam-view = View exams of the staff
action-exam-record = Enter and correct exams of the staff
action-exam-correct = Corrected an exam of the staff

api-field-exams-exam = The key of the exam
api-field-exams-person = The key of the user who sat it
api-field-exams-title = What it was
api-field-exams-held-on = When it was held
api-field-exams-right = How many questions were answered rightly
api-field-exams-note = What else is to be said; of a correction why
