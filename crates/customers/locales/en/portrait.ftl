### Portraits: with consent, from listed data.

portrait-title = Portrait
portrait-note = With the customer's consent, from the data that the rules list; never from credit reports, and gone once consent is taken back
portrait-not-offered = The rules in force draw no portraits.
portrait-no-consent = The customer has not agreed to a portrait. Once there is consent, record it among the data on dealings, on the ground “consent”.
portrait-record-consent = Record consent
portrait-nothing = None of the listed data is recorded yet.
portrait-from = Drawn from
policy-column-life_cycle = Life cycle
policy-column-consumption_habit = Habit of consumption
policy-column-risk_preference = Attitude to risk
policy-column-portrait_segment = Segment
policy-column-portrait_service = Fitting services
