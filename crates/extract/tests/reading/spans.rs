//! The characters of the original behind every mention and fact.

use keqiao_extract::Reading;
use keqiao_text::{clean, fold_char, simplify};
use proptest::prelude::*;

use crate::READER;

/// What a piece of the original says, in one spelling and without white space.
fn said(text: &str) -> String {
    let mut out = String::new();
    for c in simplify(&clean(text).text).text.chars().filter(|c| !c.is_whitespace()) {
        fold_char(c, |f| out.push(f));
    }
    out
}

fn check(reading: &Reading) -> Result<usize, TestCaseError> {
    let chars: Vec<char> = reading.original.chars().collect();
    let mut seen = 0;
    for article in &reading.articles {
        for mention in &article.mentions {
            let span = mention.source_span;
            prop_assert!(span.start < span.end && span.end <= chars.len());
            let source: String = chars[span.start..span.end].iter().collect();
            prop_assert_eq!(said(&source), said(&mention.text));
            seen += 1;
        }
        for fact in &article.facts {
            prop_assert!(fact.source_span.start < fact.source_span.end && fact.source_span.end <= chars.len());
        }
    }
    Ok(seen)
}

const SENTENCES: [&str; 6] = [
    "5月4日,苏南大学校长裴若琳一行到海棠半导体有限公司调研。",
    "江東智能裝備聯盟秘書長常樂怡、副秘書長魯一鳴參加活動。",
    "第三屆江東陶瓷材料大會在南京召開,苏南检测中心主任米小川作报告。",
    "雙方簽署《聯合培養協議》,投資3.5亿元建設新廠。",
    "無錫市科協主席閔佳穎介紹,平台可提供盐雾试验、高低温循环等服務。",
    "會後,專家組參觀了黑龍江北辰減速機有限公司,通过AEC-Q100认证。",
];

/// A reading in brackets behind some characters, as dirty pages have it.
fn with_readings(text: &str) -> String {
    let readings =
        [('東', "dōng"), ('聯', "lián"), ('書', "shū"), ('長', "zhǎng"), ('參', "cān"), ('會', "huì"), ('學', "xué")];
    let reading = |c: char| readings.iter().find(|(k, _)| *k == c).map_or(String::new(), |(_, r)| format!("({r})"));
    text.chars().map(|c| format!("{c}{}", reading(c))).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_span_reads_as_the_mention(
        order in proptest::collection::vec(0..SENTENCES.len(), 1..6),
        cuts in proptest::collection::vec(any::<prop::sample::Index>(), 0..3),
        pinyin: bool,
        html: bool,
    ) {
        let mut text: String = order.iter().map(|i| SENTENCES[*i]).collect();
        if pinyin {
            text = with_readings(&text);
        }
        let chars: Vec<char> = text.chars().collect();
        let mut places: Vec<usize> = cuts.iter().map(|c| c.index(chars.len())).collect();
        places.sort_unstable();
        let mut page = String::from("某报消息\n\n本报讯 ");
        for (i, c) in chars.iter().enumerate() {
            // A column end; a page of HTML has none.
            if !html && !pinyin && i > 0 && places.contains(&i) {
                page.push_str("\n\n");
            }
            page.push(*c);
        }
        if html {
            page = format!("<html><body><h1>某报消息</h1><p>{}</p></body></html>", page.trim_start_matches("某报消息\n\n"));
        }
        let reading = READER.read("page", page.as_bytes(), None);
        prop_assert!(check(&reading)? > 0);
    }

    #[test]
    fn any_text_is_read(text in "[市委书记李明王大学与和、,。《》“”()一二3所在\n签署到调研 a<>&;]{0,120}") {
        check(&READER.read("page", text.as_bytes(), None))?;
    }

    #[test]
    fn any_bytes_are_read(bytes: Vec<u8>) {
        let reading = READER.read("page", &bytes, None);
        prop_assert!(reading.articles.len() <= bytes.len());
    }
}

/// Reads the texts of a folder; gives how many mentions were held against their source.
fn check_folder(folder: &std::path::Path) -> Option<usize> {
    let texts = std::fs::read_dir(folder).ok()?.map(|e| e.unwrap().path());
    let texts = texts.filter(|path| path.extension().is_some_and(|e| e == "txt"));
    let check = |path| check(&READER.read("file", &std::fs::read(path).unwrap(), None)).unwrap();
    Some(texts.map(check).sum())
}

#[test]
fn mentions_of_whole_files_are_read_where_they_stand() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let demo = check_folder(&root.join("../../demo/articles")).unwrap();
    let samples = check_folder(&root.join("../../../shared/seeds"));
    println!("mentions held against their source: {demo} of the demo, {samples:?} of the samples");
    assert!(demo > 250 && samples.is_none_or(|n| n > 250), "{demo}, {samples:?}");
}
