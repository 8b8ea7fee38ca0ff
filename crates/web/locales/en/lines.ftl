# A fact as a sentence. The roles stand in their order; what is in square brackets is left out where a role in it has
# no value.
line-holds-position = [{ $person } ]is[ { $title }][ at { $organization }]
line-part-of = { $part } is a part of { $whole }
line-visited = [{ $visitors } ]visited[ { $hosts }]
line-met = [{ $hosts } ]met[ { $guests }][ in { $place }]
line-signed = [{ $parties } ][(said to be { $declared_parties } parties) ]signed[ { $agreement }][ with { $counterparties }][ for { $amount }][ in { $place }][; signatories: { $signatories }]
line-founded = [{ $founders } ][(said to be { $declared_founders } founders) ]founded[ { $thing }][ in { $place }]
line-launched = [{ $launchers } ]launched[ { $thing }][ in { $place }]
line-issued = [{ $issuers } ]issued[ { $thing }]
line-joined = [{ $members } ][(said to be { $declared_members } members) ]joined[ { $organization }]
line-held = [{ $organizers } ]held[ { $activity }][ in { $place }]
line-attended = [{ $attendees } ]attended[ { $activity }]
line-cooperates-on = [{ $partners } ]work together[ on { $topic }]
line-offers = [{ $who } ]offers[ { $services }]
line-seeks = [{ $who } ]needs[ { $needs }]
line-located-in = [{ $who } ]lies in[ { $place }]
line-invests = [{ $investors } ]invested[ { $amount }][ in { $targets }][ ({ $stage })]
line-transferred = [{ $givers } ]transferred[ { $thing }][ to { $takers }][ for { $amount }]
line-and-more = { "" } and others, { $n } in all
