//! The words by which requirements are told: now and then, each and every, where and by when.

/// A need tells of how things stand, not of how they shall be.
pub(crate) const NOW: &[&str] = &[
    "目前",
    "现有",
    "现状",
    "当前",
    "现在",
    "原有",
    "原设计",
    "原来",
    "原先",
    "以往",
    "已投入",
    "已达",
    "已经投入",
    "只有",
    "仅有",
    "仅为",
    "传统",
    "常规工艺",
    "常规方法",
    "以前",
    "过去",
    "currently",
];

/// What a writer tells of himself: no figure behind it is asked for, not even a limit.
pub(crate) const OF_OURS: &[&str] =
    &["营收", "营业收入", "销售额", "销售收入", "年产值", "去年", "上年", "往年", "职工", "注册资本"];

/// With a figure behind: that is all there is.
pub(crate) const ONLY: &[&str] = &["只有", "仅有", "仅为", "只能", "不足"];

/// What a need wants less of, up to the figure behind.
pub(crate) const LESSENED_TO: &[&str] = &[
    "降低到",
    "降低至",
    "降到",
    "降至",
    "减少到",
    "减少至",
    "缩短到",
    "缩短至",
    "缩短为",
    "压缩到",
    "压缩至",
    "压降到",
    "压到",
];

/// What it wants more of.
pub(crate) const RAISED_TO: &[&str] = &[
    "提高到",
    "提高至",
    "提升到",
    "提升至",
    "增加到",
    "增加至",
    "延长到",
    "延长至",
    "扩大到",
    "扩大至",
    "达到",
    "做到",
];

/// Whether a text says what a need wants it to become.
pub(crate) fn says_becomes(text: &str) -> bool {
    LESSENED_TO.iter().chain(RAISED_TO).any(|word| text.contains(word))
}

/// Behind a property's name: the figure is of something else about it.
pub(crate) const EXTENDS: &[&str] = &[
    "偏差",
    "公差",
    "均匀",
    "不均匀",
    "误差",
    "稳定性",
    "稳定度",
    "波动",
    "一致性",
    "漂移",
    "重复性",
    "纹波",
    "系数",
    "变化率",
    "变化量",
    "损失",
    "衰减",
    "梯度",
];

/// With a figure right behind: it changes by so much.
pub(crate) const CHANGES: &[&str] = &["提高", "提升", "增加", "降低", "减少", "下降", "缩短", "延长"];

/// Of these, what a need asks for and not what has befallen its writer.
pub(crate) const BETTERS: &[&str] = &["提高", "提升", "降低", "减少", "缩短", "延长"];

/// Words that hold the name of a property by chance.
pub(crate) const HOLDERS: &[&str] = &["有效率"];

/// Before a name made of the need's own words: that it is asked for.
pub(crate) const LEADS: &[&str] = &[
    "要求",
    "需要",
    "希望",
    "力争",
    "争取",
    "尽量",
    "确保",
    "保证",
    "实现",
    "支持",
    "满足",
    "具备",
    "具有",
    "提供",
    "开发",
    "研制",
    "寻求",
    "采用",
    "其中",
    "最好",
    "必须",
    "应当",
    "处理后",
    "使得",
    "将",
    "需",
    "须",
    "其",
    "可将",
    "可接受",
    "次后",
    "下",
];

/// Something is due in this clause.
pub(crate) const DUE: &[&str] = &[
    "须",
    "应",
    "需",
    "要求",
    "希望",
    "截止",
    "提交",
    "提供",
    "实施",
    "落地",
    "达产",
    "务必",
    "争取",
    "力争",
    "下线",
    "递交",
    "投运",
    "投产",
    "投入使用",
    "上线",
    "装好",
    "到位",
    "到货",
    "完工",
    "供样",
    "送样",
    "竣工",
    "做完",
    "开工",
    "取得",
    "拿到",
    "量产",
    "试产",
    "试运行",
    "交样",
    "并网",
    "进场",
    "结题",
    "装车",
    "通过",
];

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
pub(crate) const YIELDS: &str = "处产供加用消耗发均出节减";

/// The writer is meant, not the other side.
pub(crate) const OURSELVES: &[&str] = &[
    "我司",
    "我公司",
    "本公司",
    "公司现",
    "公司为",
    "公司有",
    "公司拥有",
    "公司年产",
    "企业现有",
    "企业年产",
    "我们",
    "我方",
    "咱",
    "始创于",
    "创立于",
    "当时",
    "我厂",
    "我院",
    "我社",
    "我单位",
    "本单位",
    "项目位于",
    "项目地处",
    "项目地在",
    "工厂位于",
    "成立",
];

/// Behind a figure: what is asked for holds under it, it is not asked for itself. What holds is named behind.
pub(crate) const CONDITIONS: &[&str] =
    &["条件下", "环境下", "环境中", "工况下", "状态下", "作用下", "载荷下", "温度下", "压力下"];

/// Behind 比: with these a figure is compared.
pub(crate) const OTHERS: &[&str] = &["原", "同类", "常规", "普通", "国标", "进口", "上一代"];

/// Deeds that are names: 较原方案减重20%.
pub(crate) const DEEDS: &[&str] =
    &["减重", "减薄", "降本", "降噪", "节能", "节水", "节电", "节肥", "增产", "增效", "提效", "提速", "减排", "减阻"];

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
    "面向",
    "须为",
    "应为",
    "需为",
    "最好在",
    "实施地在",
    "实施地点在",
    "交付地点在",
    "项目地点在",
    "现场在",
    "场地在",
    "基地在",
    "项目地点为",
    "落地地点在",
    "落地在",
    "希望在",
    "宜在",
    "限于",
    "located in ",
    "based in ",
];

/// In the clause of a place: those there come first.
pub(crate) const PREFERRED: &[&str] = &["优先", "仅限", "preferred"];

/// Names that begin as what leads to a name does.
pub(crate) const NO_LEADS: &[&str] =
    &["下行", "下限", "下降", "下料", "下游", "下潜", "下沉", "下压", "需水", "需氧", "其他"];

/// Names of how long something holds.
pub(crate) const TERMS: &[&str] =
    &["服务期", "质保期", "保修期", "工期", "有效期", "合作期", "周期", "寿命", "保质期", "货架期", "年限"];

/// Before what is counted: 支持128路视频接入.
pub(crate) const SUPPORTS: &[&str] = &["支持", "可支持", "配备", "配置", "可接入", "可同时接入", "同时支持"];

/// Every so often is said of a figure, it does not name it.
pub(crate) const EACH: &[&str] = &["每分钟", "每小时", "每天", "每日", "每月", "每年", "每秒"];

/// Words of hope between a name and its figure.
pub(crate) const HOPES: &[&str] = &["最好", "希望", "力争", "争取", "尽量"];

/// Dimensions of figures that tell of the writer, or of a change, as often as of what is asked for.
pub(crate) const TELLING: &[&str] = &["ratio", "count", "time", "money-cny", "area"];

/// Lone characters that end a name: 平面度.
pub(crate) const TAILS: &str = "度率值性量比系数差";
/// Lone characters that begin one: 年供货.
pub(crate) const HEADS: &str = "日月年总单";

/// Names that the ends of longer ones in the catalog are not short for: the 内阻 of a battery is no 导通内阻.
pub(crate) const WHOLE_NAMES: &[&str] = &["内阻"];
