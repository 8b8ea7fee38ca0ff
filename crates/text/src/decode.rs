//! Bytes of unknown encoding → text.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};

use crate::simplify::simplify_char;

/// A decoded text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text, without byte order mark.
    pub text: String,
    /// The encoding it was read in, by its WHATWG name (`UTF-8`, `gb18030`, `Big5`).
    pub encoding: &'static str,
    /// How many replacement characters stand for bytes that could not be read.
    pub replaced: usize,
}

/// How much of the bytes is looked at for a declaration, and for a guess.
const HEAD: usize = 2048;
const SAMPLE: usize = 1 << 17;

/// The most frequent characters of Chinese texts: a text read in the wrong encoding has few of them.
const FREQUENT: &str = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而\
    方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还\
    因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意\
    建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知";

/// Decodes bytes: by byte order mark, as UTF-8 where they are valid UTF-8, in the
/// `declared` encoding (an HTTP label) or the one the head of the page names where that
/// reads without a fault, and by guess otherwise.
#[must_use]
pub fn decode(bytes: &[u8], declared: Option<&str>) -> Decoded {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return read(encoding, &bytes[mark..]);
    }
    let in_head = named_in_head(bytes);
    let labels = [declared.map(str::as_bytes), in_head.as_deref()];
    let named: Vec<_> = labels.into_iter().flatten().filter_map(Encoding::for_label).map(widest).collect();
    let wide = named.iter().copied().find(|e| *e == UTF_16LE || *e == UTF_16BE);
    if let Some(wide) = wide.or_else(|| utf16_by_zeros(bytes)) {
        let decoded = read(wide, bytes);
        if decoded.replaced == 0 {
            return decoded;
        }
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Decoded { text: text.to_owned(), encoding: UTF_8.name(), replaced: 0 };
    }
    for encoding in named {
        let decoded = read(encoding, bytes);
        if decoded.replaced == 0 {
            return decoded;
        }
    }
    let as_utf8 = read(UTF_8, bytes);
    if mostly_read(&as_utf8) {
        return as_utf8;
    }
    read(guess(&bytes[..bytes.len().min(SAMPLE)]), bytes)
}

/// The encoding that reads a sample best.
fn guess(sample: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let guessed = widest(detector.guess(Some(b"cn"), Utf8Detection::Deny));
    // Big5 reads as GB18030 without a fault, but then falls on rare characters.
    let mut best = guessed;
    let mut most = plausibility(guessed, sample);
    for encoding in [GB18030, BIG5] {
        let this = plausibility(encoding, sample);
        if this > most {
            (best, most) = (encoding, this);
        }
    }
    best
}

/// How much a sample read in an encoding looks like Chinese: its share of frequent characters,
/// less what was lost or belongs to nobody.
fn plausibility(encoding: &'static Encoding, sample: &[u8]) -> f64 {
    let text = read(encoding, sample).text;
    let (mut all, mut frequent, mut strange) = (0.0, 0.0, 0.0);
    for c in text.chars().filter(|c| !c.is_ascii()) {
        all += 1.0;
        match c {
            '\u{fffd}' | '\u{e000}'..='\u{f8ff}' => strange += 1.0,
            _ if FREQUENT.contains(simplify_char(c)) => frequent += 1.0,
            _ => {}
        }
    }
    if all == 0.0 { 0.0 } else { (frequent - 3.0 * strange) / all }
}

/// The label in the head of a page: `<meta charset="gbk">`, `content="text/html; charset=big5"`,
/// `<?xml encoding="gb2312"?>`.
fn named_in_head(bytes: &[u8]) -> Option<Vec<u8>> {
    let head = bytes[..bytes.len().min(HEAD)].to_ascii_lowercase();
    let tag = |c: &[u8]| head.windows(c.len()).any(|w| w == c);
    if !tag(b"<meta") && !head.starts_with(b"<?xml") {
        return None;
    }
    [&b"charset"[..], b"encoding"].iter().find_map(|key| {
        let at = head.windows(key.len()).position(|w| w == *key)? + key.len();
        let blank = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'"' | b'\'');
        let rest = &head[at..];
        let rest = &rest[rest.iter().position(|b| !blank(b))?..];
        let rest = rest.strip_prefix(b"=")?;
        let rest = &rest[rest.iter().position(|b| !blank(b))?..];
        let end =
            rest.iter().position(|b| !(b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))).unwrap_or(rest.len());
        (end > 0).then(|| rest[..end].to_vec())
    })
}

/// The superset where an encoding has one: pages labelled GB2312 hold GB18030.
fn widest(encoding: &'static Encoding) -> &'static Encoding {
    if encoding == GBK { GB18030 } else { encoding }
}

fn read(encoding: &'static Encoding, bytes: &[u8]) -> Decoded {
    let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
    let replaced = if had_errors { text.chars().filter(|&c| c == '\u{fffd}').count() } else { 0 };
    Decoded { text: text.into_owned(), encoding: encoding.name(), replaced }
}

/// Whether a text is UTF-8 with a few broken bytes (cut in the middle of a
/// character) and not another encoding.
fn mostly_read(decoded: &Decoded) -> bool {
    let read = decoded.text.chars().filter(|c| !c.is_ascii() && *c != '\u{fffd}').count();
    read >= decoded.replaced * 10
}

/// UTF-16 without a mark: every other byte of Latin text is zero, which no
/// other text has.
fn utf16_by_zeros(bytes: &[u8]) -> Option<&'static Encoding> {
    let pairs = bytes.len() / 2;
    if pairs < 4 || !bytes.len().is_multiple_of(2) {
        return None;
    }
    let zeros = |at: usize| bytes.iter().skip(at).step_by(2).filter(|&&b| b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    if even == 0 && odd * 10 >= pairs {
        Some(UTF_16LE)
    } else if odd == 0 && even * 10 >= pairs {
        Some(UTF_16BE)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SHORT: &str = "无锡碳化硅";
    const LONG: &str = "本公司需要一款車規級碳化矽功率器件，工作溫度範圍為攝氏零下四十度至一百二十五度。";

    #[test]
    fn common_encodings_are_found() {
        let (gb, _, _) = GB18030.encode(SHORT);
        assert_eq!(decode(&gb, None), Decoded { text: SHORT.into(), encoding: "gb18030", replaced: 0 });
        assert_eq!(decode(&gb, Some("gb2312")).text, SHORT);
        let (big5, _, _) = BIG5.encode(LONG);
        assert_eq!(decode(&big5, None), Decoded { text: LONG.into(), encoding: "Big5", replaced: 0 });
        assert_eq!(decode(&big5, Some("big5")).text, LONG);
        assert_eq!(decode(b"\xef\xbb\xbfabc", None).text, "abc");
    }

    #[test]
    fn a_page_names_its_encoding() {
        for (label, encoding) in [("gb2312", GB18030), ("big5", BIG5), ("gb18030", GB18030)] {
            for head in [
                format!("<html><META http-equiv=Content-Type content=\"text/html; charset={label}\">"),
                format!("<meta charset='{label}'>"),
                format!("<?xml version=\"1.0\" encoding=\"{label}\"?>"),
            ] {
                // Too short to guess.
                let page = format!("{head}矽谷");
                let (bytes, _, _) = encoding.encode(&page);
                let decoded = decode(&bytes, None);
                assert_eq!((decoded.text.as_str(), decoded.encoding), (page.as_str(), encoding.name()));
            }
        }
        assert_eq!(named_in_head("charset=big5 无锡".as_bytes()), None);
    }

    #[test]
    fn a_wrong_name_gives_way_to_what_reads() {
        let (big5, _, _) = BIG5.encode(LONG);
        let page = [&b"<meta charset=\"utf-8\">"[..], &big5].concat();
        assert!(decode(&page, None).text.ends_with(LONG));
        assert!(decode(&page, Some("utf-8")).text.ends_with(LONG));
    }

    #[test]
    fn short_texts_in_both_scripts_are_told_apart() {
        for text in ["新聞：學會與市政府簽署合作協議。", "我們的產品通過了檢測。", "本校與公司共建實驗室"]
        {
            let (big5, _, _) = BIG5.encode(text);
            assert_eq!(decode(&big5, None).text, text);
        }
        for text in [
            "新闻：学会与市政府签署合作协议。",
            "我们的产品通过了检测。",
            "本校与公司共建实验室",
            "聯合實驗室在江陰揭牌",
        ] {
            let (gb, _, _) = GB18030.encode(text);
            assert_eq!(decode(&gb, None).text, text);
        }
    }

    #[test]
    fn utf16_is_found_with_and_without_its_mark() {
        let text = "型号 ABC, 10 pcs";
        let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(decode(&le, None), Decoded { text: text.into(), encoding: "UTF-16LE", replaced: 0 });
        assert_eq!(decode(&be, None).text, text);
        let marked = [&b"\xff\xfe"[..], &le].concat();
        assert_eq!(decode(&marked, None).text, text);
    }

    #[test]
    fn a_wrong_label_and_a_cut_end_do_no_harm() {
        assert_eq!(decode(SHORT.as_bytes(), Some("gbk")).text, SHORT);
        let cut = &LONG.as_bytes()[..LONG.len() - 1];
        let decoded = decode(cut, None);
        assert_eq!((decoded.encoding, decoded.replaced), ("UTF-8", 1));
        assert!(decoded.text.starts_with("本公司"));
    }

    proptest! {
        #[test]
        fn any_bytes_decode(bytes: Vec<u8>, label in "[a-z0-9-]{0,8}") {
            let _ = decode(&bytes, Some(&label));
        }

        #[test]
        fn valid_utf8_is_kept(text in "[^\0\u{feff}]*", gb: bool) {
            prop_assert_eq!(decode(text.as_bytes(), gb.then_some("gb18030")).text, text);
        }
    }
}
