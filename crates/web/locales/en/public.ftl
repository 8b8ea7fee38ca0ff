# The pages that everyone reads: front page, match, hall, listing, party.
box-side = This text is
box-side-auto = decide for me
home-lede = Describe a problem to be solved or what you are good at. Without an account you see at once who answers it, on which points, and how much is missing.
home-needs = Published needs
home-offers = Published offers
home-organizations = Organizations
home-newest = Newest
home-all = All listings
home-tour = Five-minute tour
home-empty-title = No listings yet
home-empty-text = Write the first need or offer; once it has been reviewed it appears here.

match-title = Matches
match-offers = Offers that answer it
match-needs = Needs that it answers
match-empty-title = Nothing answers it yet
match-empty-text = Add parameters, standards or other names and try again. Or publish it: we tell you as soon as something new answers it.
read-title = What was read
read-side = Side
read-side-guessed = read from the words; you can choose above
read-side-default = the words do not say, so taken as a need; you can choose above
read-side-chosen = as you chose
read-kind = Kind
read-region = Region
read-requirements = Parameters
read-terms = Words
read-publish-need = Publish this need
read-publish-offer = Publish this offer
read-publish-hint = Your text goes along unchanged; you can edit it before it is published.

did-you-mean = Did you mean
hall-description = Browse published needs and offers by kind, region, industry, chain, maturity and price.
hall-both = All
hall-sides = Needs or offers
hall-sort = Order
hall-sort-relevance = Best first
hall-sort-newest = Newest first
hall-empty-title = No listing meets all of this
hall-empty-text = Take a filter away or use another word. You can also publish your need and let others find you.
hall-download = Download this list:
facet-kind = Kind
facet-region = Region
facet-industry = Industry
facet-chain = Industry chain
facet-maturity = Maturity
facet-maturity-level = Level { $level }
facet-verified = Verification
facet-verified-only = Verified parties only
facet-state = State
facet-price = Price at most (yuan)
facet-apply = Apply
facet-all = All
facet-more = { $n ->
    [one] { $n } more
   *[other] { $n } more
}
chosen-remove = Remove filter:
chosen-maturity-min = maturity { $level } or more
chosen-maturity-max = maturity { $level } or less
chosen-price = at most { $price } yuan
chosen-unverified = not verified
chosen-party = one party
pager-first = First page

listing-published = Published
listing-expires = Valid until
listing-requirements = Requirements
listing-specs = Specifications
listing-body-for-members = Sign in to read the details.
listing-fields-for-members = Where they are given, you see these after signing in: { $fields }.
list-comma = {", "}
listing-contact-hint = Sign in to see how to get in touch.
listing-files = Attachments
listing-files-hidden = { $n ->
    [one] { $n } more attachment can be read after signing in or accepting the terms.
   *[other] { $n } more attachments can be read after signing in or accepting the terms.
}
listing-reviews = Reviews
listing-version = Version { $version }
listing-manage = Manage
listing-edit = Edit
listing-submit = Submit for review
listing-renew = Renew for 180 days
listing-versions = Versions
listing-declined = Why others declined
listing-declined-hint = Summed up from the records of engagements, for your own people; what you add or rewrite makes later matches better.
listing-close = Close this listing
listing-close-hint = A closed listing is no longer public and cannot be opened again. Its text and versions are kept for you.
listing-close-sure = Yes, close it
listing-close-go = Close
listing-not-done = This was not done, and nothing was changed:
listing-no-matches = Nothing answers it yet. When something new does, its publisher is told.
listing-all-matches = All matches
annex-title = Confidential annex
annex-intro = There is content here that is not public. Accept these terms to read it:
annex-term-use = Use it only to decide whether to work together.
annex-term-keep = Do not pass it on, and publish no part of it.
annex-term-log = Your account and the time of acceptance are recorded; the publisher can see them.
annex-accept = I have read the terms and accept them
annex-go = Accept and read
annex-sign-in = Sign in to read
annex-open = You may read this confidential content; please keep to the terms you accepted.
flash-annex-accepted = Terms accepted. The confidential content is below.
flash-listing-submitted = Submitted for review. We will tell you the result.
flash-listing-renewed = Renewed for 180 days.
flash-listing-closed = Closed.

parties-description = Find organizations and people: companies, institutes, test labs, parks and experts.
parties-hint = A few characters of the name are enough; so are pinyin or its initials.
parties-all = All
parties-kinds = Organizations or persons
parties-listings = { $n ->
    [one] { $n } listing
   *[other] { $n } listings
}
parties-empty-title = Nobody found
parties-empty-text = Try another spelling. If your organization is not here yet, you can register it now.
parties-new = Register an organization
party-aliases = Also known as
party-verified = Verified
party-unverified = Not verified
party-edit = Edit profile
party-people = People
party-uscc = Credit code
party-website = Website
party-contact = Contact
party-phone = Phone
party-email = E-mail
party-address = Address
party-members = Members
party-belongs-to = Positions and memberships
party-listings = Listings
party-no-listings = No public listings at the moment.
party-all-listings = See all
member-since = since { $from }
member-until = until { $to }
member-span = { $from } to { $to }
fault-unknown-order = There is no such order
fault-unknown-state = There is no such state
fault-not-a-level = Maturity is a whole number from 1 to 9
fault-tick-first = Tick the box first
