# Entities, the graph and the timeline.
entities-description = People, organizations, platforms, agreements and activities that the news names, and in which articles.
entities-lede = People, organizations, platforms, agreements and activities that the news names; open one for what is known and where it is said.
entities-to-graph = Draw the graph
entities-to-path = How two hang together
entities-search = Find by name
entities-placeholder = A name, or a part of one
entities-kinds = By kind
entities-all = All
entities-name = Name
entities-kind = Kind
entities-last = Last named
entities-articles = { $n ->
    [one] { $n } article
   *[other] { $n } articles
}
entities-none-title = No articles have been read yet
entities-none-text = Once articles are read, the people, organizations and facts in them are listed here.
entities-upload = Upload articles
entities-empty-title = No such entity
entities-empty-text = Try other characters, or take the kind away. Any part of a name will do.
entity-articles = { $n ->
    [one] Named in { $n } article
   *[other] Named in { $n } articles
}
entity-days = { $first } to { $last }
entity-on = { $day }
entity-names = Also called
entity-called = { $name } ({ $n })
entity-description = { $name }: facts, ties and sources from { $n } articles.
entity-no-facts = The news names it, but no facts about it have been read.
entity-more-facts = See the rest on the timeline
entity-party = Party of the platform
entity-may-be = same name, may be
entity-claim-as = Claim it for
entity-claim-hint = An operator checks the claim; until then it is marked as waiting.
entity-claim = Claim this entity
entity-withdraw = Withdraw the claim
entity-propose = Register as a party from what the articles say
entity-propose-hint = Name, other names, region and summary are filled in for you to change.
entity-neighbours = Tied to
flash-entity-claimed = Claimed. An operator will check it.
flash-entity-claim-withdrawn = The claim is withdrawn.
party-in-the-news = In the news
told-fact = Grounds
told-source = Source
told-reported = as reported on { $day }
told-untitled = Untitled
who-several = Several entities go by this name. Choose one:
who-nobody = No entity is called “{ $name }”
who-nobody-text = Try only the most telling part of the name, or look through the list of entities.
when-from = From
when-to = Until
when-go = Filter
graph-title = Graph
graph-description = One entity in the middle, and those that stand in facts with it.
graph-lede = Give a name to draw it with those one or two steps around it. Every line has a source.
graph-who = Who stands in the middle
graph-draw = Draw
graph-of = Graph around { $name }
graph-one-step = One step
graph-two-steps = Two steps
graph-rings = How far
graph-another = Another middle
graph-how = Choose a name to go on from there, or the one in the middle for its facts. The words of a line appear when you point at it or reach it by keyboard; it leads to its row of the table.
graph-left-out = { $n ->
    [one] At least { $n } more that is tied to these is not drawn.
   *[other] At least { $n } more that are tied to these are not drawn.
}
graph-latest-only = There are many facts in this period; of each entity the latest { $n } are counted.
graph-lines-left-out = { $n ->
    [one] { $n } weaker line is not drawn.
   *[other] { $n } weaker lines are not drawn.
}
graph-empty-title = No ties to draw
graph-empty-text = In the chosen kinds and period it stands in no fact together with another entity.
net-person = person
net-body = organization, platform
net-thing = other
net-table = Every line of the drawing
net-to-table = As a table
net-enlarge = Enlarge
net-entity = Entity
net-other = Tied to
net-ties = Ties (number of facts)
net-days = Time
path-title = How two hang together
path-description = One of the shortest ways between two entities, each step with facts and sources.
path-lede = Give two names to find one of the shortest ways between them, with the grounds of each step.
path-from = From
path-to = To
path-go = Find a way
path-found = { $n ->
    [one] { $n } step apart
   *[other] { $n } steps apart
}
path-same-title = Both ends are the same
path-same-text = Write another person, organization or agreement on one side.
path-none-title = No way was found
path-none-text = No way of at most six steps ties the two. Look at the graph around each, or try again when more articles have been read.
timeline-of = Timeline of { $name }
timeline-description = The facts of the news by day, month and year.
timeline-lede = The facts of the news by their days, the latest first; those without a day are left out.
timeline-by = Periods to count by
timeline-by-day = By day
timeline-by-month = By month
timeline-by-year = By year
timeline-who = Only about: a name
timeline-to-entity = All its facts
timeline-bars = Number of facts in each period; choose a period to see it
timeline-bar = { $period }: { $n }
timeline-earlier = { $n ->
    [one] { $n } earlier fact is not drawn; filter by days to see it.
   *[other] { $n } earlier facts are not drawn; filter by days to see them.
}
timeline-empty-title = No facts here
timeline-empty-text = Widen the days or kinds. Once articles are read, facts with a day stand here.
