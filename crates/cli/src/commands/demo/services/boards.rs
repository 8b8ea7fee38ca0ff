//! Workstations of which one ends soon and one would be one too many; an alliance with a promise that is late.

use keqiao_app::AppError;
use keqiao_app::agreements::{CommitmentInput, NewAgreement, add_commitment, draw_up_agreement};
use keqiao_app::alliances::{AllianceInput, ThingInput, bring_in, save_alliance};
use keqiao_app::parties::{MembershipInput, declare_membership};
use keqiao_app::workstations::{Ruling, StationInput, add_result, apply_for_station, rule_on_station};
use keqiao_domain::{ThingSort, Viewer};

use super::People;

pub(super) async fn stations(people: &People<'_>) -> Result<(), AppError> {
    let app = people.app;
    let (chip, lab) = (people.party("demo-org-01").await?, people.party("demo-org-08").await?);
    let (feng, lu) = (people.party("demo-person-08").await?, people.party("demo-person-09").await?);
    let station = |name: &str, party, topic: &str, (from, to): (i64, i64), sort: &str, person| StationInput {
        name: name.into(),
        party: Some(party),
        topic: topic.into(),
        from: people.day(from),
        to: people.day(to),
        experts: vec![(person, sort.into(), 3)],
    };
    let first = station(
        "车规模拟芯片院士工作站（示例）",
        chip,
        "电源与驱动芯片的可靠性设计。",
        (-1_070, 25),
        "academician",
        feng,
    );
    let second =
        station("热管理材料院士工作站（示例）", lab, "水泵轻量化材料与密封。", (-20, 1_075), "academician", feng);
    let third = station("电机驱动专家工作站（示例）", lab, "无刷电机低噪声驱动。", (-200, 1_200), "expert", lu);
    let first = apply_for_station(app, &people.chip, first).await?;
    apply_for_station(app, &people.lab, second).await?;
    let third = apply_for_station(app, &people.lab, third).await?;
    for id in [first.id, third.id] {
        rule_on_station(app, &people.operator, id, Ruling::Grant, (1, "材料齐备，同意设站。")).await?;
    }
    let results = ["合作申请发明专利三件。", "高温栅偏试验失效率由千分之四降到千分之一。"];
    for (version, (days, text)) in (2..).zip([-400, -90].into_iter().zip(results)) {
        add_result(app, &people.chip, first.id, version, (&people.day(days), text)).await?;
    }
    Ok(())
}

pub(super) async fn alliance(people: &People<'_>) -> Result<(), AppError> {
    let app = people.app;
    let alliance = people.party("demo-org-43").await?;
    let input = AllianceInput {
        party: Some(alliance),
        field: "车规芯片的设计、封测、检测与应用".into(),
        founded_on: people.day(-420),
        declared: "13".into(),
        version: 0,
    };
    save_alliance(app, &people.operator, input).await?;
    let member = async |by: &Viewer, external: &str, title: &str| {
        let input = MembershipInput {
            member: people.party(external).await?,
            organization: alliance,
            title: title.into(),
            from: people.day(-400),
            to: String::new(),
        };
        declare_membership(app, by, input).await
    };
    for (external, title) in
        [("demo-org-01", "理事长单位"), ("demo-org-06", "副理事长单位"), ("demo-org-09", "成员单位")]
    {
        member(&people.operator, external, title).await?;
    }
    member(&people.lab, "demo-org-08", "成员单位").await?;
    let things = [
        (ThingSort::Base, "车规芯片实训基地（示例）", "无锡市示例路8号", "每年接收学生实习60人，由设计总监带教。"),
        (ThingSort::Resource, "高加速应力试验箱两台（示例）", "失效分析小室", "成员单位按成本价使用，提前一周预约。"),
    ];
    for (sort, name, place, terms) in things {
        let thing = ThingInput {
            party: Some(people.party("demo-org-01").await?),
            sort,
            name: name.into(),
            place: place.into(),
            terms: terms.into(),
        };
        bring_in(app, &people.chip, alliance, thing).await?;
    }
    let paper = NewAgreement {
        title: "共建车规芯片联合验证中心协议（示例）".into(),
        signed_on: people.day(-200),
        others: "锡芯微电子（示例）有限公司\n太湖封装测试（示例）有限公司\n长三角元器件检测中心（示例）".into(),
        note: String::new(),
    };
    let agreement = draw_up_agreement(app, &people.operator, alliance, paper).await?;
    let promises = [
        ("太湖封装测试（示例）有限公司", "开放一条封装中试线，每季度十批", 5),
        ("长三角元器件检测中心（示例）", "公布可靠性试验排期", -15),
        ("锡芯微电子（示例）有限公司", "提供两款芯片作验证样品", 90),
    ];
    for (who, what, days) in promises {
        let promise = CommitmentInput { who: who.into(), what: what.into(), due: people.day(days) };
        add_commitment(app, &people.operator, agreement.id, promise).await?;
    }
    Ok(())
}
