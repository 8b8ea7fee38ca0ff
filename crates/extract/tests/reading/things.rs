//! Products, activities, meetings, attendance and seats.

use keqiao_extract::Article;

use crate::{article, names};

fn mentions(article: &Article, kind: &str) -> Vec<String> {
    let of = |m: &&keqiao_extract::Mention| serde_json::to_value(m.kind).unwrap() == kind;
    article.mentions.iter().filter(of).map(|m| m.text.clone()).collect()
}

fn argument(article: &Article, kind: &str, key: &str) -> Vec<String> {
    let fact = article.facts.iter().find(|f| f.kind == kind);
    fact.map(|f| names(article, f, key)).unwrap_or_default()
}

#[test]
fn products_are_known_by_quotation_marks_models_and_the_catalog() {
    let read = article("海棠公司发布“银杏”芯片和XJ-200型离心压缩机,新购的扫描电镜投入使用,“银杏”芯片研究院同日揭牌。");
    assert_eq!(mentions(&read, "product"), ["“银杏”芯片", "XJ-200型离心压缩机", "扫描电镜"]);
    let named = read.entities.iter().find(|e| e.name == "扫描电子显微镜").unwrap();
    assert_eq!(named.aliases, ["扫描电镜"]);
}

#[test]
fn standards_and_plain_words_are_no_products() {
    let read = article("产品通过AEC-Q100认证和GB/T 19001-2016审核,会议讨论了“双碳”目标与“十四五”规划。");
    assert_eq!(mentions(&read, "product"), [""; 0]);
}

#[test]
fn who_attends_a_meeting_attends_the_one_that_was_told_of() {
    let read = article("第三届江东陶瓷材料大会5月4日在南京召开。苏南大学校长裴若琳出席会议。");
    assert_eq!(mentions(&read, "activity"), ["第三届江东陶瓷材料大会", "会议"]);
    assert_eq!(argument(&read, "attended", "activity"), ["第三届江东陶瓷材料大会"]);
    assert_eq!(argument(&read, "attended", "attendees"), ["裴若琳"]);
    let activities = read.entities.iter().filter(|e| serde_json::to_value(e.kind).unwrap() == "activity");
    assert_eq!(activities.count(), 1);
}

#[test]
fn of_a_talk_both_sides_stand_before_the_verb() {
    let read = article("5月4日,苏南市市长裴若琳与金川集团董事长常乐怡在南京举行会谈。");
    assert_eq!(argument(&read, "met", "hosts"), ["裴若琳"]);
    assert_eq!(argument(&read, "met", "guests"), ["常乐怡"]);
    assert_eq!(argument(&read, "met", "place"), ["南京市"]);
}

#[test]
fn seats_are_regions_and_sites() {
    let seats = [
        ("海棠半导体有限公司位于南京市浦口区。", "南京市浦口区"),
        ("海棠半导体有限公司成立于2010年,总部位于南京。", "南京"),
        ("今年三月,海棠半导体有限公司落户江东科创谷。", "江东科创谷"),
        ("海棠半导体有限公司落户南京以来,产值翻了两番。", "南京市"),
    ];
    for (sentence, place) in seats {
        let read = article(sentence);
        assert_eq!(argument(&read, "located-in", "who"), ["海棠半导体有限公司"], "{sentence}");
        assert_eq!(argument(&read, "located-in", "place"), [place], "{sentence}");
    }
    assert!(argument(&article("海棠半导体有限公司计划落户江东科创谷。"), "located-in", "who").is_empty());
}

#[test]
fn where_two_work_together_is_not_on_what() {
    let read = article("5月4日,海棠半导体有限公司与苏南大学在四号楼233会议室开展战略合作。");
    assert!(read.facts.iter().all(|f| f.kind != "cooperates-on"));
    let read = article("5月4日,海棠半导体有限公司与苏南大学在固态电池领域开展战略合作。");
    assert_eq!(argument(&read, "cooperates-on", "topic"), ["固态电池"]);
}

#[test]
fn an_endless_sentence_is_kept_in_part() {
    let text = format!("{}海岳环保与江潮信托签署合同{}", "前文很长".repeat(800), "后文很长".repeat(800));
    let read = article(&text);
    let signed = read.facts.iter().find(|f| f.kind == "signed").unwrap();
    assert!(signed.sentence.chars().count() <= 800 && signed.sentence.contains("签署合同"));
}
