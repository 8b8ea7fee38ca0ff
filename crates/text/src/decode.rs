//! Bytes of unknown encoding → text.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};

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

/// Decodes bytes: by byte order mark, as UTF-8 where they are valid UTF-8, in the
/// `declared` encoding (an HTTP or HTML label) where that reads without a fault, and
/// by guess otherwise.
#[must_use]
pub fn decode(bytes: &[u8], declared: Option<&str>) -> Decoded {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return read(encoding, &bytes[mark..]);
    }
    let declared = declared.and_then(|l| Encoding::for_label(l.as_bytes())).map(widest);
    if let Some(wide) = declared.filter(|e| *e == UTF_16LE || *e == UTF_16BE).or_else(|| utf16_by_zeros(bytes)) {
        let decoded = read(wide, bytes);
        if decoded.replaced == 0 {
            return decoded;
        }
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Decoded { text: text.to_owned(), encoding: UTF_8.name(), replaced: 0 };
    }
    if let Some(encoding) = declared {
        let decoded = read(encoding, bytes);
        if decoded.replaced == 0 {
            return decoded;
        }
    }
    let as_utf8 = read(UTF_8, bytes);
    if mostly_read(&as_utf8) {
        return as_utf8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = read(widest(detector.guess(Some(b"cn"), Utf8Detection::Deny)), bytes);
    // Big5 reads as GB18030 without a fault, but then falls on characters nobody assigned.
    let candidates = if guess.encoding == GB18030.name() || guess.replaced > 0 {
        vec![guess, read(GB18030, bytes), read(BIG5, bytes)]
    } else {
        vec![guess]
    };
    candidates.into_iter().min_by_key(strangeness).unwrap_or(as_utf8)
}

/// How many characters of a decoded text were lost or belong to nobody.
fn strangeness(decoded: &Decoded) -> usize {
    decoded.text.chars().filter(|c| matches!(c, '\u{fffd}' | '\u{e000}'..='\u{f8ff}')).count()
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
