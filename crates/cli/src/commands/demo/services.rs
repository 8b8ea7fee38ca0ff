//! Demo data of the services around matches: engagements, visits, feedback, volunteers, a workstation and an
//! alliance. Days are counted from the day on which it is filled.

mod boards;
mod courses;
mod volunteers;

use keqiao_app::accounts::{DemoAccount, create_demo_account, viewer_of};
use keqiao_app::engagements::{
    AnnexInput, Doing, OpenInput, StepInput, UploadedFile, add_file, open_engagement, say_of_item, share_annex,
    take_step,
};
use keqiao_app::feedback::{FeedbackInput, act_on_feedback, raise_feedback};
use keqiao_app::visits::{VisitInput, draft_need, save_visit};
use keqiao_app::{App, AppError};
use keqiao_domain::{
    AccountId, AttachmentId, Attributes, Engagement, MinedNeed, OrgRole, PartyId, PlatformRole, Value, Viewer, Visit,
};
use keqiao_store::{accounts, kept, parties};

use courses::moved;

/// Accounts besides those that the rest of the demo data needs.
pub(super) const ACCOUNTS: [DemoAccount<'static>; 3] = [
    DemoAccount {
        email: "association@example.com",
        name: "秦望舒（演示）",
        platform: None,
        organization: Some(("demo-org-38", OrgRole::Owner)),
    },
    DemoAccount { email: "volunteer@example.com", name: "陆小满（演示）", platform: None, organization: None },
    DemoAccount {
        email: "broker2@example.com",
        name: "科服专员二（演示）",
        platform: Some(PlatformRole::Broker),
        organization: None,
    },
];

/// Who acts in it.
struct People<'a> {
    app: &'a App,
    chip: Viewer,
    lab: Viewer,
    broker: Viewer,
    operator: Viewer,
    association: Viewer,
    volunteer: Viewer,
}

impl People<'_> {
    /// A day so many days from today.
    fn day(&self, days: i64) -> String {
        let zone = &self.app.settings.zone;
        zone.day(zone.days_after(self.app.now(), days))
    }

    async fn party(&self, external: &str) -> Result<PartyId, AppError> {
        let mut db = self.app.store.reader().await?;
        Ok(parties::find_by_external_id(&mut db, external).await?.ok_or(AppError::NotFound)?.id)
    }
}

async fn viewer(app: &App, email: &str) -> Result<Viewer, AppError> {
    let mut db = app.store.reader().await?;
    let account = accounts::find_by_email_key(&mut db, email).await?.ok_or(AppError::NotFound)?;
    viewer_of(&mut db, &account).await
}

/// Fills it, after parties and the other accounts.
pub(super) async fn fill(app: &App, password: &str) -> Result<(), AppError> {
    for account in &ACCOUNTS {
        create_demo_account(app, account, password).await?;
    }
    let people = People {
        app,
        chip: viewer(app, "chip@example.com").await?,
        lab: viewer(app, "lab@example.com").await?,
        broker: viewer(app, "broker@example.com").await?,
        operator: viewer(app, "operator@example.com").await?,
        association: viewer(app, "association@example.com").await?,
        volunteer: viewer(app, "volunteer@example.com").await?,
    };
    contract(&people).await?;
    courses::fill(&people).await?;
    visits(&people).await?;
    feedback(&people).await?;
    volunteers::fill(&people).await?;
    boards::stations(&people).await?;
    boards::alliance(&people).await
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

async fn step(
    app: &App,
    by: &Viewer,
    before: &Engagement,
    doing: Doing,
    content: &[(&str, Value)],
    files: Vec<AttachmentId>,
) -> Result<Engagement, AppError> {
    let content: Attributes = content.iter().map(|(field, value)| ((*field).to_owned(), value.clone())).collect();
    let (role, note) = (None, String::new());
    let input = StepInput { doing, role, expected: before.state.steps, content, note, files };
    take_step(app, by, before.id, input).await
}

/// An engagement whose contract is signed, with a checklist that is half filled in and an annex.
async fn contract(people: &People<'_>) -> Result<(), AppError> {
    let app = people.app;
    let input = OpenInput {
        need_party: Some(people.party("demo-org-08").await?),
        offer_party: Some(people.party("demo-org-01").await?),
        title: "车载水泵驱动芯片联合开发".into(),
        note: "希望把驱动与诊断合到一颗芯片里。".into(),
        ..OpenInput::default()
    };
    let opened = open_engagement(app, &people.lab, input, None).await?;
    let talks = step(app, &people.chip, &opened, Doing::Confirm, &[], Vec::new()).await?;
    let looked = step(app, &people.broker, &talks, Doing::Assign(people.broker.account), &[], Vec::new()).await?;
    let minutes = [
        ("met-on", text(&people.day(-3))),
        ("present", text("双方技术负责人、科服专员")),
        ("minutes", text("确定指标和分工，首样四个月，双方共有新形成的专利。")),
    ];
    let talked = step(app, &people.broker, &looked, moved("minutes"), &minutes, Vec::new()).await?;
    let stream =
        futures::stream::iter([Ok::<_, AppError>(bytes::Bytes::from_static("演示合同文本，不具效力。".as_bytes()))]);
    let file = add_file(app, &people.chip, opened.id, UploadedFile { name: "联合开发合同.txt".into(), stream }).await?;
    let terms = [
        ("contract-type", text("joint-development")),
        ("signed-on", text(&people.day(-1))),
        ("contract-number", text("DEMO-2026-017")),
        ("contract-amount", Value::Number(186.0)),
        ("technology-amount", Value::Number(152.0)),
    ];
    let proposed = step(app, &people.chip, &talked, moved("sign"), &terms, vec![file.id]).await?;
    let signed = step(app, &people.lab, &proposed, Doing::Confirm, &[], Vec::new()).await?;
    for (item, clause) in [
        ("subject", "第一条：芯片功能、诊断项目和工作温度"),
        ("schedule", "第三条：四个月出首样，十个月定型，无锡、宁波两地"),
        ("payment", "第五条：签约付四成，首样付三成，定型付三成"),
    ] {
        say_of_item(app, &people.chip, signed.id, item, clause).await?;
    }
    let annex = AnnexInput {
        title: "诊断阈值表（演示）".into(),
        terms: "仅用于本次联合开发，不得转发；项目结束后停止使用。".into(),
        body: "堵转判据：相电流连续 80 ms 高于 14 A。\n干转判据：转速高于 5,200 r/min 且相电流低于 1.1 A。\n\
            过温降额：结温 150 ℃ 起每升高 1 ℃ 降额 2%。\n（演示内容，不是真实数据。）"
            .into(),
        file: None,
    };
    share_annex(app, &people.chip, signed.id, annex).await?;
    Ok(())
}

async fn visits(people: &People<'_>) -> Result<(), AppError> {
    let app = people.app;
    let need = |title: &str, problem: &str, today: &str, wanted: &str, terms: &str| MinedNeed {
        title: title.into(),
        problem: problem.into(),
        today: today.into(),
        wanted: wanted.into(),
        terms: terms.into(),
        kind: "problem".into(),
        listing: None,
    };
    let input = VisitInput {
        party: Some(people.party("demo-org-08").await?),
        company: "甬江热管理系统（示例）有限公司".into(),
        day: people.day(-12),
        present: "总工、生产部长、质量部长".into(),
        notes: "看了水泵装配线和耐久台架。产线节拍 38 秒，漏检主要在密封面。".into(),
        needs: vec![
            need(
                "水泵密封面微划痕在线检测",
                "密封面划痕靠人眼抽检，每月退货约30台。",
                "试过线阵相机，油膜反光造成误报。",
                "可检出0.05 mm划痕，误报率不高于2%，节拍不超过6秒。",
                "两条线，明年二季度前，预算80万元以内。",
            ),
            need(
                "耐久台架能量回馈",
                "20个台架的电全部变成热，夏天车间要加空调。",
                "没有做过。",
                "回馈效率不低于85%，谐波符合GB/T 14549。",
                "先改两个台架试用。",
            ),
        ],
        follow_up: people.day(-2),
    };
    let visit = save_visit(app, &people.broker, None, input).await?;
    mark_as_demo(app, visit.clone()).await?;
    draft_need(app, &people.broker, visit.id, 2, 0).await?;
    let input = VisitInput {
        company: "湖滨精密压铸厂（未入驻，示例）".into(),
        day: people.day(-4),
        present: "厂长".into(),
        notes: "想先了解政策，暂无明确需求。约下月带检测机构再来。".into(),
        follow_up: people.day(20),
        ..VisitInput::default()
    };
    let visit = save_visit(app, &people.broker, None, input).await?;
    mark_as_demo(app, visit).await
}

/// What nobody but the demo marks.
async fn mark_as_demo(app: &App, visit: Visit) -> Result<(), AppError> {
    let (read_at, marked) = (visit.version, Visit { demo: true, version: visit.version + 1, ..visit });
    app.store
        .write::<_, AppError, _>(move |tx| {
            Box::pin(async move { Ok(kept::update(tx, &marked, read_at).await.map(drop)?) })
        })
        .await
}

async fn feedback(people: &People<'_>) -> Result<(), AppError> {
    let app = people.app;
    let given = |version, what: &str, owner: Option<AccountId>, due: String, note: &str| FeedbackInput {
        version,
        what: what.into(),
        owner,
        due,
        note: note.into(),
    };
    let chip = Some(people.party("demo-org-01").await?);
    let lab = Some(people.party("demo-org-08").await?);
    let raise = async |by: &Viewer, title: &str, body: &str, party| {
        let mut item = raise_feedback(app, by, title, body, party).await?;
        item.demo = true;
        let kept = item.clone();
        app.store
            .write::<_, AppError, _>(move |tx| Box::pin(async move { Ok(kept::update(tx, &kept, 1).await.map(drop)?) }))
            .await?;
        Ok::<_, AppError>(item.id)
    };
    let late = raise(&people.chip, "可靠性检测排期看不到", "各实验室的空档只能打电话问，希望按周公布。", chip).await?;
    let assign = given(1, "assign", people.broker.account, people.day(-5), "请与检测中心联系");
    act_on_feedback(app, &people.operator, late, assign, None).await?;
    let done = raise(&people.lab, "对接会请提前发参会名单", "名单提前三天给，便于准备问题。", lab).await?;
    let assign = given(1, "assign", people.broker.account, people.day(10), "");
    act_on_feedback(app, &people.operator, done, assign, None).await?;
    let settle = given(2, "settle", None, String::new(), "从本月起，名单随邀请函一并发出。");
    act_on_feedback(app, &people.broker, done, settle, None).await?;
    raise(&people.association, "志愿者保险由谁购买", "外出服务的保险目前由志愿者自己买，希望统一购买。", None).await?;
    Ok(())
}
