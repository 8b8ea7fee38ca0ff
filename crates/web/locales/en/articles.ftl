# News: articles, facts, agreements.
nav-news = News
news-articles = Articles
news-timeline = Timeline
news-entities = Entities
news-agreements = Agreements
news-facts = Facts
articles-description = News of work in science and technology: who visited, who signed, who holds which post, which platform opened, each fact with its source.
articles-words = Words of the headline
articles-from = From
articles-to = To
articles-upload = Read articles in
articles-none-found = No article is like this
articles-none-found-next = Try another word, or a longer period.
articles-all = All articles
articles-empty = There are no articles yet
articles-empty-next = Once operators read news in, it is listed here by day, with the people, organizations and facts found in it.
articles-no-day = Day not known
articles-follow = Follow the articles:
articles-upload-lede = A file may hold several articles: they are told apart, and people, organizations and facts are read from them. The same file is read once only.
articles-upload-cut = Cut short
articles-upload-was-cut = The connection broke while “{ $file }” was being sent. The file is incomplete and nothing of it was kept. Please send it again.
articles-readers = Who may see articles and facts
articles-readers-hint = Headline, source, facts and short quotations.
articles-text-readers = Who may read the text
articles-text-readers-hint = Those who may not see the article cannot read its text either.
articles-file-hint = Plain text, HTML or Markdown, or a ZIP of such files; at most { $limit }.
articles-read-in = Upload and read
articles-runs = Earlier runs
articles-files = Files
articles-files-total = { $n ->
    [one] { $n } file
   *[other] { $n } files
}
article-untitled = (no headline)
article-withdrawn = Withdrawn
article-withdrawn-note = This article is withdrawn: staff alone can see it, and its facts no longer count.
article-origin = Source:
article-authors = By:
article-file = File:
article-readers = Seen by { $who }
article-text-readers = Text for { $who }
article-withdraw = Withdraw
article-withdraw-sure = Withdraw this article? Its facts are hidden with it; it can be restored later.
article-restore = Restore
article-panes = Text and facts
article-text = Original text
article-portion = This is a long article, shown in portions: number { $n } of { $of }, with the facts and names of this portion.
article-text-hint = Shaded: the words a fact stands on. Dotted: people, organizations, days.
article-facts-withdrawn = The facts are hidden along with the withdrawn article.
article-no-facts = No facts were read from this article.
article-text-closed = Here are the facts and short quotations only; the text is not open to you.
article-named = Named here
fact-in-text = In the text
fact-open = Details
fact-args = Who and what
fact-day = Day
fact-title = { $kind } · { $title }
fact-place = From character { $place } of the source
fact-to-agreement = See the agreement
fact-open-agreement = Open as an agreement
fact-open-agreement-hint = Its promises and due dates can then be kept, and later articles are linked by themselves.
fact-draft-for = On behalf of
fact-draft = Draft an offer from it
fact-draft-need = Draft a need
fact-draft-hint = Only the people of that party see the draft; it is public after they submit it and it is reviewed.
fact-draft-unclaimed = Nobody is confirmed to be whoever offers or needs it. Claim it on its page; once the staff confirm, it can be drafted.
fact-to-draft = See the draft of { $name }
fact-judge = Check
fact-judge-lede = What is said here stays, also when a newer version reads the article again.
fact-confirm = It is right
fact-reject = The article says no such thing
fact-reject-sure = Remove this fact?
fact-amend-title = Correct it
fact-amend-hint = One person, organization or thing a line; a name that the article has too leads to the same entity. An emptied line is removed.
fact-amend = Save the correction
fact-role-n = Role in line { $n }
fact-words-n = Words in line { $n }
mention-date = Day
mention-quantity = Quantity
flash-article-withdrawn = The article is withdrawn; its facts are hidden in a moment.
flash-article-restored = The article is restored; its facts count again in a moment.
flash-fact-confirmed = Confirmed; it shows in a moment.
flash-fact-amended = The correction is saved; it shows in a moment.
flash-fact-rejected = The fact is removed; it is gone in a moment.
flash-fact-drafted = A draft was made; please check and complete it.
flash-fact-drafted-before = There was a draft of these words already; no other was made.
entity-review = Entities
entity-in-articles = { $n ->
    [one] in { $n } article
   *[other] in { $n } articles
}
entity-without-facts = No facts are known of it.
claims-title = Claims that wait
claims-lede = The owner of a party says that it is an entity of the articles. Is it the same?
claims-is = claims to be
claim-confirm = Confirm
claim-refuse = Refuse
joins-title = Are they the same?
joins-lede = Names that are alike where the program is in doubt. Your answers stay and hold whenever articles are read again.
joins-empty = No entities wait for an answer
joins-empty-next = When new articles are read, doubtful ones are put here.
join-same-name = Same name
join-alias = Same other name
join-short-name = Similar short name
join-likely = { $percent }% likely
join-same = They are one
join-keep = The same, keep “{ $name }”
join-different = Different
flash-entities-joined = They are one now; it shows in a moment.
flash-entities-parted = Noted: they are different.
answers-title = Answers given
answers-lede = Each can be taken back. The articles are then resolved as if nobody had been asked, and what is in doubt is asked again.
answers-see = See the answers given, or take one back
answers-to-waiting = Entities that wait for an answer
answers-empty = No answers were given yet
answers-empty-next = Say under “Entities” whether two names are the same; the answers are listed here and can be taken back.
answers-same = The same
answers-takes-in = takes in
answers-and = and
answers-take-back = Take back
flash-answer-taken-back = The answer is taken back; the entities are resolved anew in a moment.
flash-claim-agreed = The claim is confirmed.
flash-claim-refused = The claim is refused.
agreements-empty = There are no agreements yet
agreements-empty-next = Open the fact of a signing and make it an agreement to follow what was promised.
agreements-to-signed = See signings
agreement-signed = Signed on
agreement-no-parties = Not told by the article
agreement-party-page = Party's page
agreement-from = Rests on
agreement-fact = the fact in the article
agreement-note = Note
agreement-articles = Articles that speak of it
agreement-no-articles = None that you may see.
commitments-title = Commitments
commitments-none = No commitments are written down yet.
commitments-none-short = no commitments
commitments-open = { $n ->
    [one] { $n } open
   *[other] { $n } open
}
commitments-kept = { $n ->
    [one] { $n } kept
   *[other] { $n } kept
}
commitments-overdue = { $n ->
    [one] { $n } overdue
   *[other] { $n } overdue
}
commitments-next = next due { $day }
commitment-new = Write down a commitment
commitment-who = Who
commitment-what = What
commitment-due = Due
commitment-no-due = no due date
commitment-overdue = overdue
commitment-note = How it was kept, or why it is dropped
commitment-keep = Kept
commitment-drop = Drop
commitment-reopen = Open again
commitment-add = Write down
flash-commitment-added = The commitment is written down.
flash-commitment-kept = Noted as kept.
flash-commitment-dropped = Noted as dropped.
flash-commitment-reopened = Open again.
article-rejected = Rejected facts
article-rejected-hint = The staff found that the article says no such thing. Taken back, the fact is listed again as it was read.
article-rejected-by = Rejected by { $name }
article-reject-undo = Take back
article-file-came = Read in:
article-file-encoding = Encoding:
article-file-stories = Articles in it
article-file-no-story = This file holds no article
article-file-no-story-next = What it holds is kept and listed below. If there should be one, see whether the file is whole, and upload it again.
article-file-nothing-apart = All of its text belongs to an article.
article-file-replaced = { $n ->
    [one] { $n } character could not be decoded
   *[other] { $n } characters could not be decoded
}
article-apart = Text that belongs to no article
article-apart-hint = Menus, links, contacts and the like of the same file, as they stand there.
article-apart-more = { $n ->
    [one] { $n } more piece is not shown.
   *[other] { $n } more pieces are not shown.
}
apart-menu = Menu
apart-related = Other headlines
apart-share = Share
apart-contact = Contact
apart-copyright = Copyright
apart-spam = Spam
apart-note = Layout
apart-field = Label or value
flash-fact-rejection-undone = Taken back. The fact will be listed again shortly.
agreement-amend = Edit title and note
agreement-title = Title
agreement-save = Save
flash-agreement-amended = The agreement was saved.
questions-waiting = { $n ->
    [one] { $n } question waits
   *[other] { $n } questions wait
}
