# Parameters as read
chip-strength = { $name }: how much it matters
chip-out = not asked
chip-misread = This cannot be understood; matched by “{ $was }” still
chip-more = { $n ->
    [one] { $n } more parameter counts as it was read
   *[other] { $n } more parameters count as they were read
  }
chip-go = Match with these parameters
doubt-contradiction = { $name } contradicts itself ({ $values }); only the first is used.
doubt-unknown-unit = The unit “{ $unit }” of { $name } is not in the table of units: it is kept as written and cannot be compared.

# Why not
why-title = Why is it not there?
why-ask = Why is … not there?
why-ask-offer = Name an offer by its title, id or address, and read where it falls short.
why-ask-need = Name a need by its title, id or address, and read where it falls short.
why-go = Ask
why-shown = It is among the matches, at place { $place }.
why-own = Both are of the same party; nobody is matched with itself.
why-other-matter = Hardly a word of the need stands in it, so it is no match.
why-blocked = It fails a must, so it stands below all that fail none and is not among the first.
why-behind = It has { $score } points and the last one listed has { $last }: those before it fit better.
why-farther = Its words are farther from the need than those of others, so it was not looked at. This is how it compares.
why-changes = What would have to change
why-blocks = blocked without it
why-reasons = Point by point
why-nobody-title = No such listing
why-nobody-text = Check the title, id or address. What is not published or not for you does not appear here.
why-others = You may have meant

# Together
together-title = Together they can
together-lede = No offer meets all musts alone. These are the smallest sets that meet them together. Where one product has to meet several at once, this does not apply.
together-within = There are too many musts to compare all sets: the first weighs at most { $n } times the smallest.
together-partners = { $n ->
    [one] { $n } partner
   *[other] { $n } partners
  }
together-must = Must
together-other = met by another
together-missing = No offer says that it meets: { $musts }

# Industry chains
chains-title = Industry chains
chains-lede = Needs and offers on each link of a chain, and the links that somebody needs and nobody offers.
chains-empty-title = No chains yet
chains-empty-text = An operator adds them to the catalog as taxonomies whose id begins with chain-.
chain-whole = { $needs } needs, { $offers } offers
chain-gap = gap
chain-gaps = Links with needs and no offers: { $n }. { $links }
chain-no-gaps = Every link with a need has an offer.
chain-how = Needs to the left of the axis, offers to the right. A link with needs and no offers is marked as a gap.
chain-table = As a table
chain-link = Link
chain-regions = By region
chain-empty-title = Nothing on this chain yet
chain-empty-text = Tick its links when you publish a need or an offer, and it appears here.
sheet-stage = Stage
sheet-link = Link
sheet-needs = Needs
sheet-offers = Offers
sheet-gap = Gap
