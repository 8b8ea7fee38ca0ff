//! An engagement of organization A with the rival, with an appointment and a file.

use keqiao_app::engagements::{
    AppointmentInput, Doing, OpenInput, StepInput, UploadedFile, add_file, make_appointment, open_engagement,
    post_message, take_step,
};
use keqiao_domain::{Attributes, Engagement, Value};

use super::entry::{On, SEES_ENGAGEMENT};
use super::records::Word;
use crate::house::Site;

pub(super) struct Engaged {
    pub(super) engagement: String,
    appointment: String,
    file: String,
    pub(super) head: String,
    pub(super) words: Vec<Word>,
}

async fn step(site: &Site, who: &str, before: &Engagement, doing: Doing, content: Attributes) -> Engagement {
    let (role, note, files) = (None, String::new(), Vec::new());
    let input = StepInput { doing, role, expected: before.state.steps, content, note, files };
    take_step(&site.app, &site.viewer(who).await, before.id, input).await.unwrap()
}

impl Engaged {
    pub(super) async fn make(site: &Site) -> Self {
        let input = OpenInput {
            need_party: Some(site.b.id),
            offer_party: Some(site.a.id),
            title: "试用稳压器 zqengaged".into(),
            note: "zqengagednote".into(),
            ..OpenInput::default()
        };
        let owner = site.viewer("owner").await;
        let opened = open_engagement(&site.app, &owner, input, None).await.unwrap();
        let talks = step(site, "rival", &opened, Doing::Confirm, Attributes::new()).await;
        let text = |text: &str| Value::Text(text.into());
        let minutes = [("met-on", "2026-03-02"), ("present", "双方工程师"), ("minutes", "zqengagedminutes")];
        let minutes = minutes.map(|(field, value)| (field.to_owned(), text(value))).into();
        let doing = Doing::Move { id: "minutes".into(), reason: None };
        let talks = step(site, "owner", &talks, doing, minutes).await;
        let stream = futures::stream::iter([Ok::<_, ()>(bytes::Bytes::from_static(b"zqengagedbytes"))]);
        let file = UploadedFile { name: "zqengagedfile.txt".into(), stream };
        let file = add_file(&site.app, &owner, talks.id, file).await.unwrap();
        post_message(&site.app, &owner, talks.id, "zqengagedmessage").await.unwrap();
        let meeting = AppointmentInput {
            title: "zqengagedmeeting".into(),
            starts: "2026-03-09T09:00".into(),
            ends: "2026-03-09T10:00".into(),
            ..AppointmentInput::default()
        };
        let appointment = make_appointment(&site.app, &owner, talks.id, meeting).await.unwrap();
        let parts = ["", "note", "minutes", "file", "bytes", "message", "meeting"];
        let word = |part: &str| Word {
            text: format!("zqengaged{part}"),
            readers: SEES_ENGAGEMENT,
            record: talks.id.to_string(),
            title: talks.id.to_string(),
            indexed: false,
        };
        Self {
            words: parts.iter().map(|part| word(part)).collect(),
            engagement: talks.id.to_string(),
            appointment: appointment.id.to_string(),
            file: file.id.to_string(),
            head: talks.state.head,
        }
    }

    pub(super) fn id(&self, on: On) -> Option<String> {
        match on {
            On::Engagement => Some(self.engagement.clone()),
            On::Appointment => Some(self.appointment.clone()),
            On::EngagementFile => Some(self.file.clone()),
            _ => None,
        }
    }
}
