# News: articles, facts, agreements.
nav-news = 动态
news-articles = 报道
news-timeline = 时间线
news-entities = 实体
news-agreements = 协议
