//! The words by which requirements are told: now and then, each and every, where and by when.

/// A need tells of how things stand, not of how they shall be.
pub(crate) const NOW: &[&str] = &[
    "目前",
    "现有",
    "现状",
    "当前",
    "现在",
    "原有",
    "原来",
    "原先",
    "以往",
    "已投入",
    "已达",
    "已经投入",
    "只有",
    "仅有",
    "仅为",
    "currently",
];

/// With a figure behind: that is all there is.
pub(crate) const ONLY: &[&str] = &["只有", "仅有", "仅为", "只能", "不足"];

/// What a need wants it to become.
pub(crate) const BECOMES: &[&str] = &[
    "提高到",
    "提高至",
    "提升到",
    "提升至",
    "增加到",
    "增加至",
    "降低到",
    "降低至",
    "降到",
    "降至",
    "减少到",
    "减少至",
    "缩短到",
    "缩短至",
    "压缩到",
    "压缩至",
    "压到",
    "达到",
    "做到",
];

/// Something is due in this clause.
pub(crate) const DUE: &[&str] = &["须", "应", "需", "要求", "希望", "截止", "提交", "实施", "落地", "达产"];

/// Every so often: words before a quantity, and how units write it behind a stroke.
pub(crate) const EVERY: &[(&str, &[&str])] = &[
    ("每天", &["天", "d", "日"]),
    ("每日", &["天", "d", "日"]),
    ("每小时", &["小时", "h", "时"]),
    ("每月", &["月"]),
    ("每年", &["年", "a"]),
    ("每秒", &["秒", "s"]),
    ("每分钟", &["分钟", "min", "分"]),
    ("日", &["天", "d", "日"]),
    ("月", &["月"]),
    ("年", &["年", "a"]),
];

/// What follows 日, 月 or 年 where it means each of them: 日处理, 年产能.
pub(crate) const YIELDS: &str = "处产供加用消耗发均出";

/// The writer is meant, not the other side.
pub(crate) const OURSELVES: &[&str] =
    &["我司", "我公司", "本公司", "我们", "我厂", "我院", "我单位", "本单位", "项目位于", "项目地", "工厂位于", "成立"];

/// Before a place: the other side is to be there.
pub(crate) const PLACED: &[&str] = &[
    "位于",
    "地处",
    "坐落于",
    "须在",
    "应在",
    "需在",
    "限在",
    "限",
    "所在地为",
    "注册地为",
    "注册地在",
    "来自",
    "located in ",
    "based in ",
];

/// In the clause of a place: those there come first.
pub(crate) const PREFERRED: &[&str] = &["优先", "仅限", "preferred"];
