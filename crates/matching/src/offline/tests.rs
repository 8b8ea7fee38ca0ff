use super::*;
use crate::fixture::LEXICON;

const OFFERS: &str = r#"
{"id":"a","side":"offer","kind":"芯片","title":"碳化硅MOSFET","body":"工作温度-40~175℃","party":{"name":"示例半导体"},"region":"江苏无锡","attributes":{"on-resistance":4.5,"package":"TO-247、QFN","qualification":"AEC-Q101"}}
{"id":"b","title":"碳化硅二极管","body":"可定制","keywords":"SiC, 二极管"}
{"id":"c","title":"碳化硅MOSFET","attributes":{"on-resistance":{"min":8,"max":8,"unit":"mΩ"},"unheard-of":[1,2],"nothing":null}}
{"id":"n","side":"need","title":"求购碳化硅MOSFET"}
{"id":7,"title":"水稻育种"}
"#;

fn corpus(lines: &str) -> (Corpus, Vec<LineError>) {
    Corpus::read(lines.as_bytes(), &LEXICON)
}

fn ranked(corpus: &Corpus, need: &str, top: usize) -> Vec<RankedMatch> {
    corpus.rank(&read_need(need, &LEXICON), top, &LEXICON, &Weights::default())
}

#[test]
fn a_need_finds_its_offers_in_order() {
    let (corpus, errors) = corpus(OFFERS);
    assert_eq!((corpus.len(), errors), (4, vec![]));
    let matches = ranked(&corpus, "需要SiC MOSFET，导通电阻小于5mΩ，QFN封装", 10);
    let ids: Vec<_> = matches.iter().map(|m| (m.rank, m.id.as_str(), m.blocked)).collect();
    assert_eq!(ids, [(1, "a", false), (2, "b", false), (3, "c", true)]);
    assert_eq!(matches[0].party, "示例半导体");
    assert_eq!(ranked(&corpus, "需要SiC MOSFET，导通电阻小于5mΩ，QFN封装", 1).len(), 1);
    assert!(ranked(&corpus, "完全无关的烹饪", 10).is_empty());
    assert!(ranked(&corpus, "。。。", 10).is_empty());
}

#[test]
fn a_need_may_be_a_line_of_json() {
    let (corpus, _) = corpus(OFFERS);
    let need = r#"{"id":"q","side":"need","title":"碳化硅MOSFET","attributes":{"on-resistance":"小于5mΩ"}}"#;
    let matches = ranked(&corpus, need, 10);
    assert_eq!((matches[0].id.as_str(), matches[1].id.as_str()), ("a", "b"));
    assert!(matches[2].blocked);
}

#[test]
fn faulty_lines_are_reported_and_the_others_taken() {
    let lines = [
        &b"\xef\xbb\xbf{\"id\":\"a\",\"title\":\"x\"}\n"[..],
        b"{\"id\":\"a\",\"title\":\"again\"}\n",
        b"{\"title\":\"no id\"}\n",
        b"{\"id\":\"b\"}\n",
        b"[1]\n",
        b"{\"id\":\n",
        b"\xff\xfe\n",
        b"{\"id\":\"c\",\"title\":\"y\",\"side\":\"both\"}\n",
        b"{\"id\":\"d\",\"title\":\"y\",\"attributes\":3}\n",
        b"\n",
        b"{\"id\":\"e\",\"title\":\"last\"}",
    ];
    let (corpus, errors) = Corpus::read(&lines.concat()[..], &LEXICON);
    assert_eq!(corpus.ids, ["a", "e"]);
    let lines: Vec<usize> = errors.iter().map(|e| e.line).collect();
    assert_eq!(lines, [2, 3, 4, 5, 6, 7, 8, 9]);
    assert_eq!(errors[0].to_string(), "line 2: id \"a\" is already that of line 1");
    assert_eq!(errors[6].reason, "\"side\" is \"both\"; it must be \"need\" or \"offer\"");
}

#[test]
fn a_large_corpus_is_retrieved_by_words_and_bigrams() {
    let mut lines: String = (0..1000)
        .map(|i| format!("{{\"id\":\"x{i:04}\",\"title\":\"水稻育种{i}\",\"body\":\"田间试验服务\"}}\n"))
        .collect();
    lines.push_str("{\"id\":\"hit\",\"title\":\"碳化硅基片\"}\n");
    let (corpus, _) = corpus(&lines);
    let matches = ranked(&corpus, "碳化硅衬底", 10);
    assert_eq!(matches.iter().map(|m| m.id.as_str()).collect::<Vec<_>>(), ["hit"]);
    // Equal offers stand in the order of their ids.
    let rice = ranked(&corpus, "水稻育种田间试验", 3);
    assert_eq!(rice.iter().map(|m| m.id.as_str()).collect::<Vec<_>>(), ["x0000", "x0001", "x0002"]);
}

#[test]
fn the_answer_is_printed_in_the_documented_form() {
    let (corpus, _) = corpus(OFFERS);
    let need = read_need("碳化硅MOSFET，导通电阻小于5mΩ", &LEXICON);
    let matches = corpus.rank(&need, 1, &LEXICON, &Weights::default());
    let json = serde_json::to_value(Answer::new(&need, matches, &LEXICON)).unwrap();
    let requirement = &json["need"]["requirements"][0];
    assert_eq!(requirement["property"], "on-resistance");
    assert_eq!(requirement["strength"], "must");
    assert_eq!(requirement["unit"], "mΩ");
    assert_eq!(requirement["required"]["max"], 5.0);
    let m = &json["matches"][0];
    assert_eq!((m["rank"].as_i64(), m["id"].as_str(), m["party"].as_str()), (Some(1), Some("a"), Some("示例半导体")));
    let types: Vec<_> = m["reasons"].as_array().unwrap().iter().map(|r| r["type"].as_str().unwrap()).collect();
    assert_eq!(types[..2], ["terms", "requirement"]);
    assert_eq!(m["reasons"][1]["verdict"], "meets");
    assert_eq!(m["reasons"][1]["offered"], 4.5);
}
