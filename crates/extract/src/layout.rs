//! What a line of a page is known by: the words of `lexicon/page.toml`.

use serde::Deserialize;

/// What a piece of a page that belongs to no text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Apart {
    /// Menus and other links of the site.
    Menu,
    /// Headlines of other stories.
    Related,
    /// Share buttons and QR codes.
    Share,
    /// Telephone numbers and addresses of the publisher.
    Contact,
    /// Copyright notices.
    Copyright,
    /// Injected advertising.
    Spam,
    /// Headings of columns and remarks of the layout.
    Note,
    /// Labels and values that stand by the text: dates, counts, the words of the labels.
    Field,
}

/// What a label before a colon announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Label {
    Published,
    Author,
    Source,
    Count,
    Lead,
    Ignored,
}

#[derive(Deserialize)]
struct File {
    labels: Labels,
    apart: ApartWords,
    notice: Words,
    lead: Words,
    caption: Caption,
}

#[derive(Deserialize)]
struct Labels {
    published: Vec<String>,
    author: Vec<String>,
    source: Vec<String>,
    count: Vec<String>,
    lead: Vec<String>,
    ignored: Vec<String>,
}

#[derive(Deserialize)]
struct ApartWords {
    share: Vec<String>,
    contact: Vec<String>,
    copyright: Vec<String>,
    menu: Vec<String>,
    spam: Vec<String>,
    note: Vec<String>,
}

#[derive(Deserialize)]
struct Words {
    words: Vec<String>,
}

#[derive(Deserialize)]
struct Caption {
    begins: Vec<String>,
    ends: Vec<String>,
}

/// The layout words, read once.
pub(crate) struct Layout {
    labels: Vec<(Vec<char>, Label)>,
    apart: Vec<(String, Apart)>,
    notice: Vec<String>,
    lead: Vec<String>,
    caption: Caption,
}

/// The longest line that one word makes a piece of the site's furniture.
const SHORT: usize = 45;
/// How far into a line the words stand that begin a report.
const LEAD_WITHIN: usize = 30;

impl Layout {
    pub(crate) fn builtin() -> Self {
        let file: File = toml::from_str(include_str!("../lexicon/page.toml")).expect("the file is built in");
        let l = file.labels;
        let lists = [
            (l.published, Label::Published),
            (l.author, Label::Author),
            (l.source, Label::Source),
            (l.count, Label::Count),
            (l.lead, Label::Lead),
            (l.ignored, Label::Ignored),
        ];
        let mut labels: Vec<(Vec<char>, Label)> = lists
            .into_iter()
            .flat_map(|(words, label)| words.into_iter().map(move |w| (w.chars().collect(), label)))
            .collect();
        labels.sort_by_key(|(word, _)| std::cmp::Reverse(word.len()));
        let a = file.apart;
        let apart = [
            (a.spam, Apart::Spam),
            (a.copyright, Apart::Copyright),
            (a.share, Apart::Share),
            (a.contact, Apart::Contact),
            (a.menu, Apart::Menu),
            (a.note, Apart::Note),
        ];
        let apart = apart.into_iter().flat_map(|(words, kind)| words.into_iter().map(move |w| (w, kind))).collect();
        Self { labels, apart, notice: file.notice.words, lead: file.lead.words, caption: file.caption }
    }

    /// The label that stands at the beginning of `chars`, and the length of it with its colon.
    pub(crate) fn label(&self, chars: &[char]) -> Option<(Label, usize)> {
        let (word, label) = self.labels.iter().find(|(word, _)| chars.starts_with(word))?;
        let spaces = chars[word.len()..].iter().take_while(|c| **c == ' ').count();
        let colon = word.len() + spaces;
        matches!(chars.get(colon), Some(':' | '|')).then_some((*label, colon + 1))
    }

    /// Whether the line belongs to no story, and to what it belongs.
    pub(crate) fn apart(&self, line: &str, chars: usize) -> Option<Apart> {
        if chars <= SHORT && !line.contains('。') {
            let found = self.apart.iter().find(|(word, _)| line.contains(word.as_str())).map(|(_, kind)| *kind);
            if found.is_some() {
                return found;
            }
            let digits = line.chars().filter(char::is_ascii_digit).count();
            let day = line.starts_with("19") || line.starts_with("20");
            if digits >= 7
                && !(day && digits <= 8)
                && digits * 2 > chars
                && line.chars().all(|c| c.is_ascii_digit() || "-()+、 转".contains(c))
            {
                return Some(Apart::Contact);
            }
        }
        if self.apart.iter().any(|(word, kind)| *kind == Apart::Spam && line.contains(word.as_str()))
            && chars < 4 * SHORT
        {
            return Some(Apart::Spam);
        }
        if is_menu(line) {
            return Some(Apart::Menu);
        }
        let owned = self.apart.iter().filter(|(word, kind)| *kind == Apart::Copyright && line.contains(word.as_str()));
        if owned.count() >= 2 && chars < 4 * SHORT && !line.contains('。') {
            return Some(Apart::Copyright);
        }
        let noticed = self.notice.iter().filter(|word| line.contains(word.as_str())).count();
        (noticed >= 3 && chars <= 9 * SHORT || noticed >= 2 && chars <= 2 * SHORT).then_some(Apart::Copyright)
    }

    /// Whether a report begins with this line.
    pub(crate) fn is_lead(&self, line: &str) -> bool {
        let head: String = line.chars().take(LEAD_WITHIN).collect();
        self.lead.iter().any(|word| head.contains(word.as_str()))
    }

    /// Whether the line says of itself that it is the words below a picture.
    pub(crate) fn is_caption(&self, line: &str) -> bool {
        let end = line.trim_end_matches([')', '。', ' ']);
        self.caption.begins.iter().any(|w| line.starts_with(w.as_str()))
            || self.caption.ends.iter().any(|w| end.ends_with(w.as_str()))
    }
}

/// Whether a line is a bar of links: four short words or more, parted by bars, or five by spaces, most of them longer than
/// names of persons.
fn is_menu(line: &str) -> bool {
    const LONGEST: usize = 8;
    if line.contains(['。', ',', ':']) {
        return false;
    }
    let parted = |items: Vec<&str>, least: usize| {
        let words: Vec<usize> = items.iter().map(|i| i.trim().chars().count()).filter(|n| *n > 0).collect();
        let plain = |i: &&str| i.trim().chars().all(|c| c.is_alphanumeric());
        let short = items.iter().all(plain) && words.iter().all(|n| *n <= LONGEST);
        words.len() >= least && short && words.iter().filter(|n| **n >= 4).count() * 2 > words.len()
    };
    parted(line.split(['|', '丨']).collect(), 4) || parted(line.split_whitespace().collect(), 5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_known_by_their_words() {
        let layout = Layout::builtin();
        let apart = |line: &str| layout.apart(line, line.chars().count());
        assert_eq!(apart("扫描二维码关注"), Some(Apart::Share));
        assert_eq!(apart("0571-88990011"), Some(Apart::Contact));
        assert_eq!(apart("未经本报授权和许可,任何单位和个人不得转载、摘编。"), Some(Apart::Copyright));
        assert_eq!(apart("会上,李主任介绍了热线开通以来的情况,并对下一步的服务工作作了安排部署。"), None);
        assert_eq!(apart("5月9日,代表团到访。"), None);
        let label = |line: &str| layout.label(&line.chars().collect::<Vec<_>>());
        assert_eq!(label("发布时间:2023"), Some((Label::Published, 5)));
        assert_eq!(label("来源 :某报"), Some((Label::Source, 4)));
        assert_eq!(label("时间紧"), None);
        assert!(layout.is_lead("本报讯 8月8日,") && !layout.is_lead("8月8日,大会召开"));
        assert!(layout.is_caption("图为会场。") && layout.is_caption("活动现场。(张三摄)"));
    }
}
