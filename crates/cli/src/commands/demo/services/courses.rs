//! Engagements in other stages than the signed one: landed, trading, in talks, waiting, declined, disputed.

use keqiao_app::AppError;
use keqiao_app::engagements::{Doing, OpenInput, StepInput, UploadedFile, add_file, open_engagement, take_step};
use keqiao_domain::{Attributes, Engagement, Value, Viewer};

use super::{People, step, text};

/// A side: who acts for it, and its organization.
type Side<'a> = (&'a Viewer, &'static str);

/// An engagement on its way.
struct Course<'a> {
    people: &'a People<'a>,
    need: Side<'a>,
    offer: Side<'a>,
    now: Engagement,
}

impl<'a> Course<'a> {
    /// The side with the need asks the one with the offer.
    async fn opened(
        people: &'a People<'a>,
        need: Side<'a>,
        offer: Side<'a>,
        (title, note): (&str, &str),
    ) -> Result<Self, AppError> {
        let input = OpenInput {
            need_party: Some(people.party(need.1).await?),
            offer_party: Some(people.party(offer.1).await?),
            title: title.into(),
            note: note.into(),
            ..OpenInput::default()
        };
        let now = open_engagement(people.app, need.0, input, None).await?;
        Ok(Self { people, need, offer, now })
    }

    async fn does(&mut self, by: &Viewer, doing: Doing, content: &[(&str, Value)]) -> Result<(), AppError> {
        self.now = step(self.people.app, by, &self.now, doing, content, Vec::new()).await?;
        Ok(())
    }

    /// A step that needs words and nothing else.
    async fn says(&mut self, by: &Viewer, doing: Doing, note: &str) -> Result<(), AppError> {
        let (expected, note) = (self.now.state.steps, note.to_owned());
        let input = StepInput { doing, role: None, expected, content: Attributes::default(), note, files: Vec::new() };
        self.now = take_step(self.people.app, by, self.now.id, input).await?;
        Ok(())
    }

    async fn talks(&mut self, minutes: &str) -> Result<(), AppError> {
        self.does(self.offer.0, Doing::Confirm, &[]).await?;
        let broker = &self.people.broker;
        self.does(broker, Doing::Assign(broker.account), &[]).await?;
        let content =
            [("met-on", text(&self.people.day(-9))), ("present", text("双方技术负责人")), ("minutes", text(minutes))];
        self.does(self.need.0, moved("minutes"), &content).await
    }

    /// A move that the offer's side proposes with a paper and the need's confirms.
    async fn agreed(&mut self, id: &str, paper: &str, content: &[(&str, Value)]) -> Result<(), AppError> {
        let (app, by) = (self.people.app, self.offer.0);
        let body = bytes::Bytes::from(format!("{paper}（演示文件，不具效力。）"));
        let stream = futures::stream::iter([Ok::<_, AppError>(body)]);
        let file = UploadedFile { name: format!("{paper}.txt"), stream };
        let file = add_file(app, by, self.now.id, file).await?;
        self.now = step(app, by, &self.now, moved(id), content, vec![file.id]).await?;
        self.does(self.need.0, Doing::Confirm, &[]).await
    }

    async fn signed(&mut self, sort: &str, number: &str, (all, technology): (f64, f64)) -> Result<(), AppError> {
        let content = [
            ("contract-type", text(sort)),
            ("signed-on", text(&self.people.day(-8))),
            ("contract-number", text(number)),
            ("contract-amount", Value::Number(all)),
            ("technology-amount", Value::Number(technology)),
        ];
        self.agreed("sign", "合同", &content).await
    }

    async fn paid(&mut self, amount: f64) -> Result<(), AppError> {
        let content = [("paid-on", text(&self.people.day(-6))), ("paid-amount", Value::Number(amount))];
        self.agreed("pay", "付款回单", &content).await
    }
}

fn moved(id: &str) -> Doing {
    Doing::Move { id: id.to_owned(), reason: None }
}

pub(super) async fn fill(people: &People<'_>) -> Result<(), AppError> {
    let chip: Side<'_> = (&people.chip, "demo-org-01");
    let lab: Side<'_> = (&people.lab, "demo-org-08");
    let association: Side<'_> = (&people.association, "demo-org-38");

    let asked = ("耐久台架电源板国产化替换", "原板停产，要脚位一致，六周内供首批。");
    let mut landed = Course::opened(people, lab, chip, asked).await?;
    landed.talks("确认脚位、纹波和供货节奏，先换两个台架。").await?;
    landed.signed("service", "DEMO-2026-009", (38.0, 21.0)).await?;
    landed.paid(38.0).await?;
    let accepted = [("accepted-on", text(&people.day(-4))), ("result", text("passed"))];
    landed.agreed("accept-work", "验收单", &accepted).await?;
    let used = [("used-since", text(&people.day(-3))), ("use", text("四个台架换装，连续运行无停机，纹波低于原板。"))];
    landed.does(lab.0, moved("use-report"), &used).await?;
    let brought = [
        ("benefit", text("台架停机从每月两次降到零，备件由进口改为国内供应。")),
        ("yearly-benefit", Value::Number(46.0)),
    ];
    landed.agreed("land", "落地证明", &brought).await?;
    landed.says(lab.0, Doing::Rate(5), "按期供货，两次到现场调试。").await?;
    landed.says(chip.0, Doing::Rate(4), "验收及时，指标中途改过一次。").await?;

    let asked = ("水泵控制器电磁兼容整改", "辐射发射超标4 dB，年底前要过。");
    let mut trading = Course::opened(people, lab, chip, asked).await?;
    trading.talks("先在暗室定位，再改地线和滤波，分两轮。").await?;
    trading.signed("service", "DEMO-2026-014", (24.0, 24.0)).await?;
    trading.paid(12.0).await?;

    let asked = ("芯片失效案例进社区科普课", "想把三个真实案例改成居民听得懂的课。");
    let mut talks = Course::opened(people, association, chip, asked).await?;
    talks.talks("先写一课试讲，图片由芯片企业提供，隐去客户名称。").await?;

    let asked = ("检测数据读图培训", "给班组长办一期读图培训，两天，二十人。");
    Course::opened(people, association, lab, asked).await?;

    let asked = ("电机霍尔传感器定制", "想把灵敏度提高一倍，年用量五千只。");
    let mut declined = Course::opened(people, lab, chip, asked).await?;
    let decline = Doing::Move { id: "decline".into(), reason: Some("capacity".into()) };
    declined.says(chip.0, decline, "今年的流片排期已满，明年二季度后可再谈。").await?;

    let asked = ("老化房节能改造设计", "夜间负荷低时想降一半电费。");
    let mut disputed = Course::opened(people, chip, lab, asked).await?;
    disputed.talks("分两期，一期先做热回收。").await?;
    disputed.signed("consulting", "DEMO-2026-011", (15.0, 15.0)).await?;
    let claim = [("claim", text("一期方案比约定晚交三周，要求顺延付款。"))];
    disputed.does(chip.0, moved("dispute"), &claim).await
}
