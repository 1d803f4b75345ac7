### Permissions and their review.

permissions-title = Permissions
permissions-note = What each role may do and how far; roles come from the policy, who holds which is set at Users
permissions-export = Export to Excel
permissions-who = Role or person
permissions-none = No role and nobody of this name; take away the words to see all
permissions-more = and { $count } more
permissions-tab-held = Roles held
permissions-tab-all = All roles
permissions-tab-review = Access review
permission-action = Action
permission-code = Code
permission-role = Role
permission-scope = Reach
permission-holders = Held by
permission-own = own
permission-team = team
permission-branch = branch
permission-institution = institution
review-note = Longest unused on top: disable or take back roles of those who left or moved
review-logged-in = Last log-in
review-used = Last used
review-never = never
