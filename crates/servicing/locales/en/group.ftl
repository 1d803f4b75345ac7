### Group exposure: relations and guarantees as a picture, circles and chains, what all of them owe.

group-title = Relations and group exposure
group-open = Group exposure
group-parties = Parties
group-exposure = Balance of all (CNY)
group-overdue = Overdue of all (CNY)
group-circles = Guarantee circles
group-chains = Guarantee chains
group-cut = There are many parties; only as many as the rules say are shown. Follow the others from their own pages.
group-hidden = { $count } more files lie outside your data scope: neither listed nor counted.
group-picture = Relations
group-picture-note = Arrows point at whoever is guaranteed for or related to; a solid line answers for the debt
group-alone = No related parties are recorded. Once relations or guarantees are, the picture and the exposure of all appear here.
group-rings = Circles and chains of guarantees
group-rings-note = In a circle everybody answers for everybody, directly or over others; along a chain a default passes on
group-circle = Circle
group-chain = Chain
group-members = Members
group-member = Member
group-relations = Relations
group-is = { $kind } of { $name }
group-loans = Loans
group-total = { $count } parties
