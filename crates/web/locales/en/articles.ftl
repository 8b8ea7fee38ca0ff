# News: articles, facts, agreements.
nav-news = News
news-articles = Articles
news-timeline = Timeline
news-entities = Entities
news-agreements = Agreements
