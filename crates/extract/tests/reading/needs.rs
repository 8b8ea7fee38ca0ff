//! What bodies need, as articles say it.

use crate::{article, names};

/// Who seeks what, of the first such fact.
fn sought(sentence: &str) -> Option<(Vec<String>, Vec<String>)> {
    let read = article(&format!("企业走访见闻\n\n{sentence}"));
    let fact = read.facts.iter().find(|f| f.kind == "seeks")?;
    Some((names(&read, fact, "who"), names(&read, fact, "needs")))
}

#[test]
fn verbs_of_needing_name_who_and_what() {
    let told = [
        (
            "澄江电子有限公司急需解决轴承剥落预警、盐雾腐蚀防护等技术难题。",
            "澄江电子有限公司",
            vec!["轴承剥落预警", "盐雾腐蚀防护"],
        ),
        (
            "望海新能源有限公司面向社会公开征集兆瓦级钒电池热管理技术。",
            "望海新能源有限公司",
            vec!["兆瓦级钒电池热管理技术"],
        ),
        ("北川汽车零部件有限公司求购一台场发射扫描电镜设备。", "北川汽车零部件有限公司", vec!["场发射扫描电镜设备"]),
        (
            "会上,澄江电子有限公司提出了低温密封、氢阀寿命试验等5项技术需求。",
            "澄江电子有限公司",
            vec!["低温密封", "氢阀寿命试验"],
        ),
        (
            "座谈中,望海新能源有限公司负责人表示,公司需要耐高温涂层材料、在线检测设备和失效分析服务等技术。",
            "望海新能源有限公司",
            vec!["耐高温涂层材料", "在线检测设备", "失效分析服务"],
        ),
        ("澄江电子有限公司急需可靠性验证、失效分析等技术。", "澄江电子有限公司", vec!["可靠性验证", "失效分析"]),
        ("望海新能源有限公司寻求能源管理解决方案。", "望海新能源有限公司", vec!["能源管理解决方案"]),
        ("澄江电子有限公司寻求曝气鼓风机早期预警解决方案。", "澄江电子有限公司", vec!["曝气鼓风机早期预警解决方案"]),
    ];
    for (sentence, who, needs) in told {
        let found = sought(sentence);
        let want = (vec![who.to_owned()], needs.into_iter().map(str::to_owned).collect());
        assert_eq!(found, Some(want), "{sentence}");
    }
}

#[test]
fn what_has_to_be_done_and_who_collects_needs_is_no_need() {
    for sentence in [
        "澄江电子有限公司需要进一步加强技术服务。",
        "澄江电子有限公司不需要进口检测设备。",
        "仁寿县科协召开科创项目征集推进会,参会企业介绍了技术。",
        "澄江市科协面向企业征集技术需求。",
        "望海新能源有限公司根据需要采购设备。",
        "澄江电子有限公司将以市场需要为导向,研发新技术。",
        "澄江电子有限公司提出更高需求。",
    ] {
        assert_eq!(sought(sentence), None, "{sentence}");
    }
}
