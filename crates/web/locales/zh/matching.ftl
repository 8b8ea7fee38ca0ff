# 读到的指标
chip-strength = { $name }：要求程度
chip-out = 不要求
chip-misread = 看不懂这个写法，仍按“{ $was }”对接
chip-more = 另有 { $n } 项指标按读到的计
chip-go = 按修改后的指标对接
doubt-contradiction = { $name }前后矛盾（{ $values }），只按前一个对接。
doubt-unknown-unit = { $name }的单位“{ $unit }”不在单位表里，只按原文保留，不能换算比较。

# 为什么没有
why-title = 为什么没有它？
why-ask = 为什么没有……？
why-ask-offer = 写下某条所能的标题、编号或网址，告诉您它差在哪里。
why-ask-need = 写下某条所需的标题、编号或网址，告诉您它差在哪里。
why-go = 问一问
why-shown = 它在匹配之中，排第 { $place } 位。
why-own = 双方是同一主体，不与自己对接。
why-other-matter = 需求里的关键词在它那里几乎一个也没有，所以没有当作匹配。
why-blocked = 有必须满足的指标它不满足，排在所有满足的之后，没有进入前列。
why-behind = 它得 { $score } 分，列出的最后一条有 { $last } 分，排在它前面的更对口。
why-farther = 用词与需求相距较远，检索时没有进入候选；下面是逐项对照的结果。
why-changes = 怎样变动就能满足
why-blocks = 不变则不合
why-reasons = 逐项对照
why-nobody-title = 没有找到这条供需信息
why-nobody-text = 请核对标题、编号或网址；没有发布的、您看不到的，这里不会出现。
why-others = 也许您指的是

# 联合满足
together-title = 合起来可以满足
together-lede = 没有一家能满足全部必须的指标；下面这些组合家数最少，合起来可以满足。几项指标须由同一件产品同时达到的，不适用。
together-within = 指标太多，未能逐一比较所有组合：家数和分差合计不超过最优的 { $n } 倍。
together-partners = { $n } 家联合
together-must = 必须的指标
together-other = 由他方满足
together-missing = 目前没有一家写明满足：{ $musts }

# 产业链
chains-title = 产业链图谱
chains-lede = 每条产业链各环节上的所需与所能，以及有需求而没有供给的环节。
chains-empty-title = 还没有产业链
chains-empty-text = 运营方在目录的 taxonomies 里加入以 chain- 开头的分类，这里就会出现。
chain-whole = 所需 { $needs } 条，所能 { $offers } 条
chain-gap = 补链
chain-gaps = { $n } 个环节有所需而没有所能，需要补链：{ $links }
chain-no-gaps = 凡有所需的环节，都有所能。
chain-how = 轴左为所需，轴右为所能；有所需而没有所能的环节标为“补链”。
chain-table = 以表格显示
chain-link = 环节
chain-regions = 分地区
chain-empty-title = 这条链上还没有供需信息
chain-empty-text = 发布所需或所能时勾选它所在的环节，这里就会出现。
sheet-stage = 阶段
sheet-link = 环节
sheet-needs = 所需
sheet-offers = 所能
sheet-gap = 补链
