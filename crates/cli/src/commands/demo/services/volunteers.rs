//! A team with branches, and actions in every state: proven, proven with hours that look wrong, reported, wanted.

use keqiao_app::AppError;
use keqiao_app::volunteers::{
    DutyInput, RequestInput, TeamInput, act_on_duty, admit, ask_for_help, dispatch, found_team, join_team,
};
use keqiao_domain::{Viewer, VolunteerId, VolunteerRequestId};

use super::People;

pub(super) async fn fill(people: &People<'_>) -> Result<(), AppError> {
    let app = people.app;
    let association = people.party("demo-org-38").await?;
    let input = TeamInput {
        name: "滨江科技志愿服务队（示例）".into(),
        party: Some(association),
        parent: None,
        region: "320200".into(),
        skills: "科普讲解、手机使用、电工、数据分析".into(),
        summary: "由工程师、教师和学生组成，为社区、学校和小微企业做科普、培训和技术诊断。".into(),
    };
    let team = found_team(app, &people.association, input).await?;
    for (name, party) in [("电子工程师分队（示例）", "demo-org-01"), ("滨江社区分队（示例）", "demo-org-38")]
    {
        let input = TeamInput {
            name: name.into(),
            party: Some(people.party(party).await?),
            parent: Some(team.id),
            ..TeamInput::default()
        };
        found_team(app, &people.association, input).await?;
    }
    let mine = join_team(app, &people.volunteer, team.id, "手机使用、科普讲解", "320200").await?;
    admit(app, &people.association, mine.id, true).await?;
    let other = join_team(app, &people.broker, team.id, "数据分析、科普讲解", "320200").await?;
    admit(app, &people.association, other.id, true).await?;
    join_team(app, &people.chip, team.id, "电工", "320200").await?;
    let (mine, other) = ((&people.volunteer, mine.id), (&people.broker, other.id));
    let phones = "教挂号、缴费和防诈骗，每人一对一。";
    let past = ask(people, "老年人手机课", phones, "手机使用", [(-10, "09:00"), (-10, "11:30")]).await?;
    serve(people, past, mine, "prove").await?;
    let network = "检查路由器和弱电箱。";
    let next = ask(people, "社区网络义诊", network, "手机使用", [(-8, "13:30"), (-8, "16:30")]).await?;
    serve(people, next, mine, "prove").await?;
    let data = "教会计用表格核对进销存，带自己的数据来。";
    let class = ask(people, "小微企业数据课", data, "数据分析", [(-6, "14:00"), (-6, "16:00")]).await?;
    serve(people, class, other, "prove").await?;
    // Two days reported as one stretch, nights included: proven by both, and it looks wrong.
    let market = "两天的科普集市，讲芯片怎样造出来。";
    let stretch = ask(people, "科普集市", market, "科普讲解", [(-20, "08:30"), (-19, "17:00")]).await?;
    serve(people, stretch, other, "prove").await?;
    let waits = ask(people, "小学芯片科普", "讲一节课，带实物。", "科普讲解", [(-3, "14:00"), (-3, "15:30")]).await?;
    serve(people, waits, mine, "").await?;
    ask(
        people,
        "工会夜校：看懂检测报告",
        "给班组长讲怎样读检测报告，两小时。",
        "数据分析、科普讲解",
        [(6, "19:00"), (6, "21:00")],
    )
    .await?;
    Ok(())
}

async fn ask(
    people: &People<'_>,
    title: &str,
    body: &str,
    skills: &str,
    [starts, ends]: [(i64, &str); 2],
) -> Result<VolunteerRequestId, AppError> {
    let moment = |(days, time): (i64, &str)| format!("{}T{time}", people.day(days));
    let input = RequestInput {
        party: Some(people.party("demo-org-08").await?),
        title: title.into(),
        body: body.into(),
        skills: skills.into(),
        region: "320200".into(),
        place: "滨江社区服务中心".into(),
        starts: moment(starts),
        ends: moment(ends),
        wanted: "2".into(),
    };
    Ok(ask_for_help(people.app, &people.lab, input).await?.id)
}

/// The volunteer goes and reports; the party confirms, if it does.
async fn serve(
    people: &People<'_>,
    request: VolunteerRequestId,
    (who, volunteer): (&Viewer, VolunteerId),
    last: &str,
) -> Result<(), AppError> {
    let app = people.app;
    let duty = dispatch(app, &people.association, request, volunteer).await?;
    let local = |at| app.settings.zone.written(at, "%Y-%m-%dT%H:%M").unwrap_or_default();
    let input = |what: &str, version| DutyInput {
        what: what.into(),
        version: Some(version),
        from: local(duty.from),
        to: local(duty.to),
        note: "按计划完成，居民反映听得懂。".into(),
    };
    act_on_duty(app, who, duty.id, input("accept", 1)).await?;
    act_on_duty(app, who, duty.id, input("report", 2)).await?;
    if !last.is_empty() {
        act_on_duty(app, &people.lab, duty.id, input(last, 3)).await?;
    }
    Ok(())
}
