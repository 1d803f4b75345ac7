# Stop flags

stop-flag-panel = Stop flags
stop-flag-badge = Stopped: { $kind }
stop-flag-set = Set a stop flag
stop-flag-lift = Lift the stop flag
stop-flag-none = No stop flag stands.
stop-flag-kind = Circumstance
stop-flag-reason = Reason
stop-flag-since = Since
stop-flag-evidence = Evidence
stop-flag-evidence-hint = A certificate, the number of a complaint or of an agreement.
stop-flag-note = From now on nobody is pressed, and duties to collect are excused; death, incapacity and insolvency go on with legal.
stop-flag-lifted = Lifted by { $by }: { $reason }
stop-flag-kind-agreement = Repayment by agreement
stop-flag-kind-dispute = Dispute or complaint
stop-flag-kind-death = Death
stop-flag-kind-minor = Minor
stop-flag-kind-incapacity = Without full capacity
stop-flag-kind-illness = Illness
stop-flag-kind-bankruptcy = Insolvency
error-stop-flag-stands = A flag of this kind stands already
error-stop-flag-not-found = There is no such flag, or it was lifted
error-stop-flag-own = Who set it does not lift it
error-stop-flag-own-way = Let another person with the permission do it.
timeline-stop-flag-set = Stop flag set
timeline-stop-flag-lift = Stop flag lifted
stop-flag-legal-verb = Go on with legal
