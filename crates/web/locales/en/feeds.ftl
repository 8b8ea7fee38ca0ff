# Feeds, calendar and exports of the news.
feed-articles = Keqiao articles
feed-facts = Keqiao facts
feed-activities = Keqiao activities
feed-author = Keqiao
feed-untitled = (untitled)
feed-facts-count = { $n ->
    [one] { $n } fact
   *[other] { $n } facts
}
sheet-day = Day
sheet-fact-kind = Kind
sheet-fact = Fact
sheet-quotation = Quotation
sheet-status = Status
sheet-confidence = Confidence
sheet-article = Article
sheet-origin = Source
sheet-address = Link
sheet-cut = Only the latest 10,000 are listed; narrow the days or kinds to see the others
feed-take-along = Take along or follow:
feed-sheet = Sheet (CSV)
feed-calendar = Calendar (iCalendar)
