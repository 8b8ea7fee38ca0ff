# Feeds, calendar and exports of the news.
feed-articles = 科桥报道
feed-facts = 科桥事实
feed-activities = 科桥活动
feed-author = 科桥
feed-untitled = （无标题）
feed-facts-count = { $n } 条事实
sheet-day = 日期
sheet-fact-kind = 类型
sheet-fact = 事实
sheet-quotation = 原文
sheet-status = 状态
sheet-confidence = 置信度
sheet-article = 报道
sheet-origin = 来源
sheet-address = 链接
sheet-cut = 只列出最近的 10,000 条，其余已省略；请用日期或类型缩小范围
