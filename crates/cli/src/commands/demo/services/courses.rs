//! Engagements in other stages than the signed one: landed, trading, in talks, waiting, declined, disputed, dormant.
//! Each went its course over the weeks before, so that response times and days in a stage have something to tell.

use std::sync::Arc;

use keqiao_app::engagements::{
    Doing, OpenInput, StepInput, UploadedFile, add_file, open_engagement, rest_due, take_step,
};
use keqiao_app::ranking::Ranking;
use keqiao_app::{App, AppError, Work};
use keqiao_domain::{Attributes, Engagement, FixedClock, Value, Viewer};

use super::{People, step, text};

/// A side: who acts for it, and its organization.
type Side<'a> = (&'a Viewer, &'static str);

const DAY: i64 = 86_400;

/// An engagement on its way, at its own time.
struct Course<'a> {
    app: App,
    clock: Arc<FixedClock>,
    broker: &'a Viewer,
    need: Side<'a>,
    offer: Side<'a>,
    now: Engagement,
}

/// The same installation by another clock.
fn by_clock(app: &App, clock: Arc<FixedClock>) -> App {
    App {
        store: app.store.clone(),
        index: app.index.clone(),
        catalog: app.catalog.clone(),
        text: app.text.clone(),
        lexicon: app.lexicon.clone(),
        blobs: app.blobs.clone(),
        clock,
        entropy: app.entropy.clone(),
        weights: app.weights.clone(),
        ranking: Ranking::default(),
        settings: app.settings.clone(),
        reader: app.reader.clone(),
        work: Work::default(),
    }
}

impl<'a> Course<'a> {
    /// The side with the need asked the one with the offer, so many days ago.
    async fn opened(
        people: &'a People<'a>,
        days_ago: i64,
        need: Side<'a>,
        offer: Side<'a>,
        (title, note): (&str, &str),
    ) -> Result<Self, AppError> {
        let clock = Arc::new(FixedClock::at(people.app.now().plus_days(-days_ago)));
        let app = by_clock(people.app, clock.clone());
        let input = OpenInput {
            need_party: Some(people.party(need.1).await?),
            offer_party: Some(people.party(offer.1).await?),
            title: title.into(),
            note: note.into(),
            ..OpenInput::default()
        };
        let now = open_engagement(&app, need.0, input, None).await?;
        Ok(Self { app, clock, broker: &people.broker, need, offer, now })
    }

    fn later(&self, days: i64) {
        self.clock.advance_seconds(days * DAY);
    }

    fn today(&self) -> Value {
        Value::Text(self.app.settings.zone.day(self.app.now()))
    }

    async fn does(&mut self, by: &Viewer, doing: Doing, content: &[(&str, Value)]) -> Result<(), AppError> {
        self.now = step(&self.app, by, &self.now, doing, content, Vec::new()).await?;
        Ok(())
    }

    /// A step that needs words and nothing else.
    async fn says(&mut self, by: &Viewer, doing: Doing, note: &str) -> Result<(), AppError> {
        let (expected, note) = (self.now.state.steps, note.to_owned());
        let input = StepInput { doing, role: None, expected, content: Attributes::default(), note, files: Vec::new() };
        self.now = take_step(&self.app, by, self.now.id, input).await?;
        Ok(())
    }

    /// The offer's side answered after so many days; a week later they met.
    async fn talks(&mut self, answered_after: i64, minutes: &str) -> Result<(), AppError> {
        self.later(answered_after);
        self.does(self.offer.0, Doing::Confirm, &[]).await?;
        self.does(self.broker, Doing::Assign(self.broker.account), &[]).await?;
        self.later(7);
        let content = [("met-on", self.today()), ("present", text("双方技术负责人")), ("minutes", text(minutes))];
        self.does(self.need.0, moved("minutes"), &content).await
    }

    /// A move that the offer's side proposes with a paper and the need's confirms on the next day.
    async fn agreed(&mut self, id: &str, paper: &str, content: &[(&str, Value)]) -> Result<(), AppError> {
        let (app, by) = (&self.app, self.offer.0);
        let body = bytes::Bytes::from(format!("{paper}（演示文件，不具效力。）"));
        let stream = futures::stream::iter([Ok::<_, AppError>(body)]);
        let file = UploadedFile { name: format!("{paper}.txt"), stream };
        let file = add_file(app, by, self.now.id, file).await?;
        self.now = step(app, by, &self.now, moved(id), content, vec![file.id]).await?;
        self.later(1);
        self.does(self.need.0, Doing::Confirm, &[]).await
    }

    async fn signed(&mut self, sort: &str, number: &str, (all, technology): (f64, f64)) -> Result<(), AppError> {
        self.later(12);
        let content = [
            ("contract-type", text(sort)),
            ("signed-on", self.today()),
            ("contract-number", text(number)),
            ("contract-amount", Value::Number(all)),
            ("technology-amount", Value::Number(technology)),
        ];
        self.agreed("sign", "合同", &content).await
    }

    async fn paid(&mut self, amount: f64) -> Result<(), AppError> {
        self.later(18);
        let content = [("paid-on", self.today()), ("paid-amount", Value::Number(amount))];
        self.agreed("pay", "付款回单", &content).await
    }

    /// It was used, and brought something.
    async fn landed(&mut self, used: &str, benefit: &str, yearly: f64) -> Result<(), AppError> {
        self.later(25);
        let accepted = [("accepted-on", self.today()), ("result", text("passed"))];
        self.agreed("accept-work", "验收单", &accepted).await?;
        self.later(20);
        let used = [("used-since", self.today()), ("use", text(used))];
        self.does(self.need.0, moved("use-report"), &used).await?;
        self.later(15);
        let brought = [("benefit", text(benefit)), ("yearly-benefit", Value::Number(yearly))];
        self.agreed("land", "落地证明", &brought).await
    }
}

pub(super) fn moved(id: &str) -> Doing {
    Doing::Move { id: id.to_owned(), reason: None }
}

pub(super) async fn fill(people: &People<'_>) -> Result<(), AppError> {
    let chip: Side<'_> = (&people.chip, "demo-org-01");
    let lab: Side<'_> = (&people.lab, "demo-org-08");
    let association: Side<'_> = (&people.association, "demo-org-38");
    // Before the others: what time brings comes to all that stand then.
    dormant(people, lab, association).await?;

    let asked = ("耐久台架电源板国产化替换", "原板停产，要脚位一致，六周内供首批。");
    let mut landed = Course::opened(people, 128, lab, chip, asked).await?;
    landed.talks(1, "确认脚位、纹波和供货节奏，先换两个台架。").await?;
    landed.signed("service", "DEMO-2026-009", (38.0, 21.0)).await?;
    landed.paid(38.0).await?;
    let used = "四个台架换装，连续运行无停机，纹波低于原板。";
    landed.landed(used, "台架停机从每月两次降到零，备件由进口改为国内供应。", 46.0).await?;
    landed.later(2);
    landed.says(lab.0, Doing::Rate(5), "按期供货，两次到现场调试。").await?;
    landed.says(chip.0, Doing::Rate(4), "验收及时，指标中途改过一次。").await?;

    let asked = ("水泵控制器电磁兼容整改", "辐射发射超标4 dB，年底前要过。");
    let mut trading = Course::opened(people, 66, lab, chip, asked).await?;
    trading.talks(2, "先在暗室定位，再改地线和滤波，分两轮。").await?;
    trading.signed("service", "DEMO-2026-014", (24.0, 24.0)).await?;
    trading.paid(12.0).await?;

    let asked = ("芯片失效案例进社区科普课", "想把三个真实案例改成居民听得懂的课。");
    let mut talks = Course::opened(people, 17, association, chip, asked).await?;
    talks.talks(1, "先写一课试讲，图片由芯片企业提供，隐去客户名称。").await?;

    let asked = ("检测数据读图培训", "给班组长办一期读图培训，两天，二十人。");
    Course::opened(people, 2, association, lab, asked).await?;

    let asked = ("电机霍尔传感器定制", "想把灵敏度提高一倍，年用量五千只。");
    let mut declined = Course::opened(people, 34, lab, chip, asked).await?;
    declined.later(3);
    let decline = Doing::Move { id: "decline".into(), reason: Some("capacity".into()) };
    declined.says(chip.0, decline, "今年的流片排期已满，明年二季度后可再谈。").await?;

    let asked = ("老化房节能改造设计", "夜间负荷低时想降一半电费。");
    let mut disputed = Course::opened(people, 48, chip, lab, asked).await?;
    disputed.talks(3, "分两期，一期先做热回收。").await?;
    disputed.signed("consulting", "DEMO-2026-011", (15.0, 15.0)).await?;
    disputed.later(20);
    let claim = [("claim", text("一期方案比约定晚交三周，要求顺延付款。"))];
    disputed.does(chip.0, moved("dispute"), &claim).await
}

/// Asked, reminded, brought to the brokers, and never answered.
async fn dormant(people: &People<'_>, need: Side<'_>, offer: Side<'_>) -> Result<(), AppError> {
    let asked = ("热管理示教台进科普基地", "台架已做好，想放在基地供参观，需要场地和讲解。");
    let course = Course::opened(people, 45, need, offer, asked).await?;
    for days in [4, 5, 8] {
        course.later(days);
        rest_due(&course.app).await?;
    }
    Ok(())
}
