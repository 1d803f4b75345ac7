### Standards of classes: the classes of each axis, conditions and measures.

standard-title = Standards of classes
standard-note = Standard, method and measures of each axis in the rules in force, to be printed
standard-axis = Axis
standard-of-axis = { $axis }: standard and measures
standard-of = Whom
standard-classes = Classes
standard-class = Class
standard-conditions = Standard (one of these)
standard-measures = Service and risk measures
standard-review = Review every, months
standard-articles = Articles
standard-version = Version of the rules
standard-print = Print
standard-condition = { $fact }: { $value }
standard-noted = ({ $note })
standard-and = ;{" "}
standard-or = {" "}|{" "}
standard-otherwise = everything else
standard-plan = a plan is made: { $plan }
action-standard-print = Printed the standard of an axis
policy-column-rating_service = Service
policy-column-rating_risk = Risk measure
policy-column-category_service = Service
policy-column-category_risk = Risk measure
