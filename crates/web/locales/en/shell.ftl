# The frame of every page, and the blocks that pages share.
site-name = Keqiao
site-tagline = sci-tech service cloud
site-description = Say what you need or what you can do. Keqiao finds who answers it and explains why, point by point.
skip-to-content = Skip to content
nav-main = Main navigation
nav-hall = Listings
nav-parties = Parties
nav-publish = Publish
nav-help = Help
nav-review = Review
nav-import = Import
nav-desk = Desk
nav-account = Account
nav-sign-in = Sign in
nav-sign-up = Sign up
nav-sign-out = Sign out
nav-status = Status
nav-api = API
unread-notices = { $n ->
    [one] { $n } unread notice
   *[other] { $n } unread notices
}
language-other = 中文
theme-dark = Dark
theme-light = Light
footer-about = Keqiao is an open-source science and technology service cloud. Every match says why, down to each number and each standard.

search-label = Search
search-placeholder = Technology, part number, parameter, organization
search-go = Search
box-label = Tell us what you need or what you can do
box-placeholder = For example: silicon carbide power modules for vehicles, −40 to 125 ℃, qualified to AEC-Q100 Grade 1, 50,000 pieces a year.
box-go = Show matches
facets-title = Filter
facets-clear = Clear filters
results-count = { $n ->
    [one] { $n } result
   *[other] { $n } results
}
pager-label = Pages
pager-previous = Previous
pager-next = Next
crumbs-label = You are here
demo-badge = Demo data
verified = verified
score-of = Match score { $n } out of 100
score-unit = points
score-blocked = fails a must

field-optional = optional
yes = yes
no = no
value-none = not stated
interval-between = { $min } to { $max }

reasons-title = Why it matches
reasons-tally = { $n } { $verdict }
reason-required = required
reason-offered = offered
reason-terms = Words in common
reason-terms-share = cover { $n }% of the need’s words
reason-text = Texts near to each other
channel-words = words
channel-pairs = character pairs
channel-characters = characters
channel-meaning = meaning
channel-feedback = meaning of the most relevant
reason-set-back = Stands further behind
reason-crowd = { $n } listings of the same party stand among the first ten; others go first
reason-busy = { $n } requests already wait for this party’s answer
reason-kind = Kind that answers
reason-region = Same region
reason-industry = Same industry
reason-evidence = Evidence
reason-evidence-verified = verified party
reason-evidence-files = { $n ->
    [one] { $n } attachment
   *[other] { $n } attachments
}
reason-points = +{ $points }
term-by = { $term } (there: “{ $by }”)

coach-title = Writing coach
coach-intro = Scores your text on the four review criteria while you write.
coach-score = { $score } of 5

error-kept = What was kept
error-next = What you can do
error-request = Request id
error-back = Go back
error-home = Go to the front page
