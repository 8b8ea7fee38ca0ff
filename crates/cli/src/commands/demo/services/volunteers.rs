//! A team with branches, and actions in every state: proven, proven twice at once, reported, wanted.

use keqiao_app::AppError;
use keqiao_app::volunteers::{
    DutyInput, RequestInput, TeamInput, act_on_duty, admit, ask_for_help, dispatch, found_team, join_team,
};
use keqiao_domain::{VolunteerId, VolunteerRequestId};

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
    let past =
        ask(people, "老年人手机课", "教挂号、缴费和防诈骗，每人一对一。", "手机使用", (-10, "09:00", "11:30")).await?;
    serve(people, past, mine.id, "prove").await?;
    let same = ask(people, "社区网络义诊", "检查路由器和弱电箱。", "手机使用", (-10, "10:30", "12:00")).await?;
    serve(people, same, mine.id, "prove").await?;
    let waits = ask(people, "小学芯片科普", "讲一节课，带实物。", "科普讲解", (-3, "14:00", "15:30")).await?;
    serve(people, waits, mine.id, "").await?;
    ask(
        people,
        "工会夜校：看懂检测报告",
        "给班组长讲怎样读检测报告，两小时。",
        "数据分析、科普讲解",
        (6, "19:00", "21:00"),
    )
    .await?;
    Ok(())
}

async fn ask(
    people: &People<'_>,
    title: &str,
    body: &str,
    skills: &str,
    (days, from, to): (i64, &str, &str),
) -> Result<VolunteerRequestId, AppError> {
    let day = people.day(days);
    let input = RequestInput {
        party: Some(people.party("demo-org-08").await?),
        title: title.into(),
        body: body.into(),
        skills: skills.into(),
        region: "320200".into(),
        place: "滨江社区服务中心".into(),
        starts: format!("{day}T{from}"),
        ends: format!("{day}T{to}"),
        wanted: "2".into(),
    };
    Ok(ask_for_help(people.app, &people.lab, input).await?.id)
}

/// The volunteer goes and reports; the party confirms, if it does.
async fn serve(
    people: &People<'_>,
    request: VolunteerRequestId,
    volunteer: VolunteerId,
    last: &str,
) -> Result<(), AppError> {
    let app = people.app;
    let duty = dispatch(app, &people.association, request, volunteer).await?;
    let local = |at| app.settings.zone.written(at, "%Y-%m-%dT%H:%M").unwrap_or_default();
    let input = |what: &str, version| DutyInput {
        what: what.into(),
        version,
        from: local(duty.from),
        to: local(duty.to),
        note: "按计划完成，居民反映听得懂。".into(),
    };
    act_on_duty(app, &people.volunteer, duty.id, input("accept", 1)).await?;
    act_on_duty(app, &people.volunteer, duty.id, input("report", 2)).await?;
    if !last.is_empty() {
        act_on_duty(app, &people.lab, duty.id, input(last, 3)).await?;
    }
    Ok(())
}
