# A fact as a sentence. The roles stand in their order; what is in square brackets is left out where a role in it has
# no value.
line-holds-position = [{ $person }]任[{ $organization }][{ $title }]
line-part-of = { $part }隶属{ $whole }
line-visited = [{ $visitors }]到访[{ $hosts }]
line-met = [{ $hosts }][在{ $place }]会见[{ $guests }]
line-signed = [{ $parties }][与{ $counterparties }][（称共 { $declared_parties } 方）][在{ $place }]签署[{ $agreement }][，金额 { $amount }][，{ $signatories }签字]
line-founded = [{ $founders }][（称共 { $declared_founders } 家）][在{ $place }]成立[{ $thing }]
line-launched = [{ $launchers }][在{ $place }]启动[{ $thing }]
line-issued = [{ $issuers }]发布[{ $thing }]
line-joined = [{ $members }][（称共 { $declared_members } 家）]加入[{ $organization }]
line-held = [{ $organizers }][在{ $place }]举办[{ $activity }]
line-attended = [{ $attendees }]参加[{ $activity }]
line-cooperates-on = [{ $partners }][就{ $topic }]开展合作
line-offers = [{ $who }]提供[{ $services }]
line-seeks = [{ $who }]寻求[{ $needs }]
line-located-in = [{ $who }]位于[{ $place }]
line-invests = [{ $investors }]投资[{ $targets }][，金额 { $amount }][（{ $stage }）]
line-transferred = [{ $givers }]转让[{ $thing }][给{ $takers }][，金额 { $amount }]
line-and-more = 等 { $n } 个
