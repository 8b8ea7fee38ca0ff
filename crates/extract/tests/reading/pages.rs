//! Whole pages: stories, what stands apart, and that nothing is lost.

use keqiao_extract::{Apart, PartKind, Reading};

use crate::{READER, article};

fn read(text: &str) -> Reading {
    READER.read("page", text.as_bytes(), None)
}

#[test]
fn a_newspaper_page_is_parted_and_its_columns_are_joined() {
    let reading = read(
        "\n江东大会召开\n\n本报讯 5月4日,第三届江东陶瓷材料大会在南京召开,来自全国各地的专家围绕陶瓷材料的\n\n产业化展开讨论。(裴若琳)\n\n\
         苏南检测中心启用\n\n\n\n工作人员在新实验室里调试设备。\n\n本报讯 5月5日,苏南检测中心在苏州启用。\n\n(本报记者 常乐怡)\n\n\
         新闻热线:025-00000000\n广告热线:00000000\n",
    );
    let titles: Vec<&str> = reading.articles.iter().map(|a| a.title.as_str()).collect();
    assert_eq!(titles, ["江东大会召开", "苏南检测中心启用"]);
    assert!(reading.articles[0].text.contains("陶瓷材料的产业化"));
    assert_eq!(reading.articles[0].authors, ["裴若琳"]);
    assert_eq!(reading.articles[1].captions, ["工作人员在新实验室里调试设备。"]);
    assert_eq!(reading.articles[1].authors, ["常乐怡"]);
    assert_eq!(reading.apart.iter().filter(|a| a.kind == Apart::Contact).count(), 2);
}

#[test]
fn labels_menus_and_links_stand_apart() {
    let article = article(
        "首页 > 新闻\n苏南大学举行开学典礼\n发布时间:2024-09-01 来源:党委宣传部 作者:裴若琳 浏览次数:12\n\
         9月1日,苏南大学在体育馆举行开学典礼。校长常乐怡致辞。\n扫描二维码关注\n我校获批三个项目\n我校召开工作会议\n",
    );
    assert_eq!(article.title, "苏南大学举行开学典礼");
    assert_eq!(article.published.as_deref(), Some("2024-09-01"));
    assert_eq!(article.origin.as_deref(), Some("党委宣传部"));
    assert_eq!(article.authors, ["裴若琳"]);
    assert!(article.text.ends_with("校长常乐怡致辞。"));
}

#[test]
fn an_empty_page_has_no_article() {
    for text in ["", "\n\n", "首页\n新闻\n", "<html><body><nav><a>首页</a></nav></body></html>"] {
        assert_eq!(read(text).articles.len(), 0, "{text}");
    }
}

#[test]
fn every_character_of_the_demo_articles_belongs_to_something() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo/articles");
    let mut files = 0;
    for entry in std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()) {
        if entry.extension().is_none_or(|e| e != "txt") {
            continue;
        }
        files += 1;
        let reading = READER.read("file", &std::fs::read(&entry).unwrap(), None);
        let mut taken = vec![false; reading.original.chars().count()];
        let spans = reading.apart.iter().map(|a| a.span);
        let parts = reading.articles.iter().flat_map(|a| &a.parts);
        assert!(reading.articles.iter().all(|a| a.parts.iter().any(|p| p.kind == PartKind::Body)));
        for span in spans.chain(parts.map(|p| p.source_span)) {
            taken[span.start..span.end].fill(true);
        }
        let lost: String =
            reading.original.chars().zip(&taken).filter(|(c, t)| !**t && !c.is_whitespace()).map(|(c, _)| c).collect();
        assert_eq!(lost, "", "{}", entry.display());
    }
    assert!(files >= 9);
}

#[test]
fn a_small_text_with_doubled_blank_lines_is_an_article() {
    let lines = ["星河材料研究院签约", "2024-03-05 10:00 来源:澄江日报", "3月4日,星河材料研究院成立。"];
    for text in [lines.join("\n\n\n\n"), format!("{}\n{}\n\n\n\n{}", lines[0], lines[1], lines[2])] {
        let read = crate::article(&text);
        assert_eq!(read.title, "星河材料研究院签约", "{text}");
        assert!(read.text.contains("3月4日"), "{text}: {}", read.text);
    }
}

#[test]
fn a_line_that_ends_in_a_moment_tells_the_day_and_one_page_has_one() {
    let stamped = article(
        "某项技术打通全流程\n原创 海西盐湖 2024-07-19 18:42 青海\n\n7月18日,某项技术在格尔木打通全流程。\n文字丨裴若琳\n",
    );
    assert_eq!((stamped.title.as_str(), stamped.published.as_deref()), ("某项技术打通全流程", Some("2024-07-19")));
    let page = read(
        "2022年3月16日 星期三 第03版:综合\n\n种业中心理事会换届\n\n本报讯 3月14日,种业中心理事会在三亚换届。\n\n(裴若琳)\n\n\n\n\
         培训基地落户洋浦\n\n本报讯 3月15日,培训基地落户洋浦。\n",
    );
    let days: Vec<_> = page.articles.iter().map(|a| a.published.as_deref()).collect();
    assert_eq!(days, [Some("2022-03-16"); 2], "{page:?}");
}
