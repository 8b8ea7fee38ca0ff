//! Names that are written by sound: of Tibetans, Uyghurs, Kazakhs, Mongols and foreigners, with a point and without.

use crate::{persons, posts};

#[test]
fn names_with_a_point_end_where_the_sentence_goes_on() {
    assert_eq!(
        posts("新疆农业科学院副院长阿卜杜热合曼·买买提明、喀什大学教授古丽巴哈尔·托乎提出席会议。"),
        ["阿卜杜热合曼·买买提明: 新疆农业科学院/副院长", "古丽巴哈尔·托乎提: 喀什大学/教授"]
    );
    assert_eq!(
        posts("和田市委副书记帕尔哈提·艾山陪同调研。"),
        ["帕尔哈提·艾山: 和田市委/副书记"],
        "陪同 is a word of its own"
    );
    assert_eq!(posts("慕尼黑材料研究所所长约翰·史密斯介绍了情况。"), ["约翰·史密斯: 慕尼黑材料研究所/所长"]);
    assert_eq!(
        posts("拉萨市科协主席阿旺·次仁、副主席李明参加活动。"),
        ["阿旺·次仁: 拉萨市科协/主席", "李明: 拉萨市科协/副主席"]
    );
}

#[test]
fn names_without_a_point_are_read_behind_posts() {
    assert_eq!(
        posts("西藏高原生物研究所所长扎西次仁、研究员洛桑曲珍出席。"),
        ["扎西次仁: 西藏高原生物研究所/所长", "洛桑曲珍: 西藏高原生物研究所/研究员"]
    );
    assert_eq!(posts("那曲市科技局局长多吉介绍了试点情况。"), ["多吉: 那曲市科技局/局长"]);
    assert_eq!(
        posts("内蒙古草原研究院院长巴特尔、副院长乌云其木格致辞。"),
        ["巴特尔: 内蒙古草原研究院/院长", "乌云其木格: 内蒙古草原研究院/副院长"]
    );
    assert_eq!(posts("伊犁州农业局局长叶尔肯别克表示支持。"), ["叶尔肯别克: 伊犁州农业局/局长"]);
    assert_eq!(posts("慕尼黑材料研究所所长约翰史密斯介绍了情况。"), ["约翰史密斯: 慕尼黑材料研究所/所长"]);
}

#[test]
fn such_names_are_read_by_a_role_or_by_what_they_say() {
    assert_eq!(persons("养殖户阿依努尔说,今年多了两座棚。"), ["阿依努尔"]);
    assert_eq!(persons("扎西旺堆表示,希望大家再来。"), ["扎西旺堆"]);
}

#[test]
fn everyday_words_of_such_characters_are_no_names() {
    for sentence in [
        "会议由院长主持,合力推进项目。",
        "主任表示,要把西部地区的合作做实。",
        "科技局局长到宁夏、青海、西藏调研。",
        "公司总经理说,马力不足的问题已经解决。",
    ] {
        assert_eq!(persons(sentence), Vec::<String>::new(), "{sentence}");
    }
}
