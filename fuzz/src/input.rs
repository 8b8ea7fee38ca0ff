//! Inputs from words, earlier inputs and chance.

/// What the targets know, so that inputs get past their first characters.
const WORDS: &[&str] = &[
    "年",
    "月",
    "日",
    "号",
    "点",
    "时",
    "分",
    "秒",
    "周",
    "星期",
    "上",
    "下",
    "本",
    "这",
    "去年",
    "今年",
    "明年",
    "昨天",
    "今天",
    "明天",
    "近",
    "近日",
    "当天",
    "同月",
    "次日",
    "至",
    "到",
    "-",
    "—",
    "~",
    "从",
    "在",
    "之间",
    "第",
    "季度",
    "上半年",
    "年底",
    "初",
    "旬",
    "世纪",
    "年代",
    "“十四五”期间",
    "农历",
    "正月",
    "大年三十",
    "康熙",
    "民国",
    "公元前",
    "最后一个",
    "周末",
    "以来",
    "内",
    "前",
    "后",
    "零",
    "〇",
    "一",
    "二",
    "两",
    "三",
    "五",
    "九",
    "十",
    "百",
    "千",
    "万",
    "亿",
    "兆",
    "半",
    "几",
    "多",
    "余",
    "数",
    "廿",
    "壹",
    "佰",
    "萬",
    "點",
    "負",
    "负",
    "百分之",
    "分之",
    "又",
    "成",
    "折",
    "个百分点",
    "%",
    "‰",
    "元",
    "块",
    "角",
    "毛",
    "美元",
    "人民币",
    "港币",
    "$",
    "¥",
    "岁",
    "个月大",
    "度",
    "℃",
    "°C",
    "华氏",
    "零下",
    "吨",
    "千米",
    "km",
    "kg",
    "mΩ",
    "V",
    "±",
    "≥",
    "不低于",
    "约",
    "以上",
    "以下",
    "左右",
    "打",
    "0",
    "1",
    "12",
    "31",
    "99",
    "2023",
    "2024-02-29",
    "20240230",
    "1,234",
    "１２",
    ".",
    ",",
    "，",
    "。",
    ":",
    "/",
    "^",
    "e",
    "k",
    "M",
    "學(xué)",
    "(",
    ")",
    "（",
    "）",
    "ü",
    "ǚ",
    "乾",
    "隆",
    "沈",
    "默",
    "發",
    "髮",
    "\u{200b}",
    "\u{feff}",
    "\u{301}",
    "\n",
    "\r\n",
    " ",
    "\u{3000}",
    "AEC-Q100",
    "http://",
    "www.",
    "<meta charset=\"gbk\">",
    "<meta charset=big5>",
    "\u{20000}",
    "😀",
];

/// A seeded stream of inputs.
pub struct Inputs {
    state: u64,
    /// A few earlier inputs, to be taken up again.
    kept: Vec<Vec<u8>>,
}

impl Inputs {
    pub fn new(seed: u64) -> Self {
        Self { state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1, kept: Vec::new() }
    }

    /// A number below `n`, by xorshift.
    fn below(&mut self, n: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 16) as usize % n.max(1)
    }

    pub fn next(&mut self) -> Vec<u8> {
        let mut made = Vec::new();
        for _ in 0..1 + self.below(30) {
            self.part(&mut made);
        }
        // Now and then the same again and again: what is not linear shows itself.
        if self.below(50) == 0 && !made.is_empty() {
            let times = 1 + self.below(40_000 / made.len().min(40_000));
            made = made.repeat(times);
        }
        for _ in 0..self.below(4) {
            self.mutate(&mut made);
        }
        if self.kept.len() < 64 {
            self.kept.push(made.clone());
        } else {
            let place = self.below(64);
            self.kept[place] = made.iter().copied().take(4000).collect();
        }
        made
    }

    fn part(&mut self, made: &mut Vec<u8>) {
        match self.below(12) {
            0 => {
                let c = char::from_u32(self.below(0x11_0000) as u32).unwrap_or('一');
                made.extend(c.encode_utf8(&mut [0; 4]).bytes());
            }
            1 => {
                let c = char::from_u32((0x4e00 + self.below(0x5200)) as u32).unwrap_or('一');
                made.extend(c.encode_utf8(&mut [0; 4]).bytes());
            }
            2 => made.extend(self.below(100_000).to_string().bytes()),
            3 if !self.kept.is_empty() => {
                let place = self.below(self.kept.len());
                let (from, length) = (self.below(self.kept[place].len()), 1 + self.below(60));
                let part: Vec<u8> = self.kept[place].iter().copied().skip(from).take(length).collect();
                made.extend(part);
            }
            _ => made.extend(WORDS[self.below(WORDS.len())].bytes()),
        }
    }

    /// Changes, drops or adds a byte.
    fn mutate(&mut self, made: &mut Vec<u8>) {
        let at = self.below(made.len() + 1);
        let byte = self.below(256) as u8;
        match self.below(3) {
            0 if at < made.len() => made[at] = byte,
            1 if at < made.len() => drop(made.remove(at)),
            _ => made.insert(at, byte),
        }
    }
}
