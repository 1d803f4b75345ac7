# Collections: words that its rooms share

action-case-view = See collection cases
action-case-work = Work collection cases
action-case-assign = Assign collection cases
action-stop-flag-set = Set a stop flag
action-stop-flag-lift = Lift a stop flag
action-contact-open = Open a contact within the law
action-letter-issue = Issue collection letters
action-limitation-record = Record interruptions and guarantee claims
action-legal-manage = Manage legal steps
