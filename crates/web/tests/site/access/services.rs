//! What brokers, volunteers, workstations and alliances do: a record of each, of organization A.

use keqiao_app::alliances::{AllianceInput, ThingInput, bring_in, save_alliance, view_alliance};
use keqiao_app::engagements::{AnnexInput, UploadedFile, keep_annex_file, share_annex};
use keqiao_app::feedback::{FeedbackInput, act_on_feedback, keep_proof, raise_feedback};
use keqiao_app::parties::{PartyInput, create_own_person};
use keqiao_app::visits::{VisitInput, save_visit};
use keqiao_app::volunteers::{RequestInput, TeamInput, admit, ask_for_help, dispatch, found_team, join_team};
use keqiao_app::workstations::{StationInput, apply_for_station};
use keqiao_domain::{FeedbackItem, MinedNeed, ThingSort};

use super::engaged::Engaged;
use super::entry::{On, SEES_ENGAGEMENT, STAFF};
use super::records::Word;
use crate::house::Site;

pub(super) struct Services {
    visit: String,
    feedback: String,
    team: String,
    pub(super) volunteer: String,
    request: String,
    duty: String,
    station: String,
    thing: String,
    pub(super) annex: String,
    pub(super) words: Vec<Word>,
}

async fn feedback(site: &Site) -> FeedbackItem {
    let owner = site.viewer("owner").await;
    let raised = raise_feedback(&site.app, &owner, "zqfeedback 排期", "zqfeedbackbody", None).await.unwrap();
    let operator = site.viewer("operator").await;
    let input = |version, what: &str, due: &str| FeedbackInput {
        version,
        what: what.into(),
        owner: operator.account,
        due: due.into(),
        note: "已上网".into(),
    };
    let given = act_on_feedback(&site.app, &operator, raised.id, input(1, "assign", "2026-03-02"), None).await.unwrap();
    let stream = futures::stream::iter([Ok::<_, ()>(bytes::Bytes::from_static(b"zqfeedbackbytes"))]);
    let proof = keep_proof(&site.app, "zqfeedbackproof.txt", stream).await.unwrap();
    act_on_feedback(&site.app, &operator, given.id, input(2, "settle", ""), Some(proof)).await.unwrap()
}

async fn station(site: &Site) -> String {
    let rival = site.viewer("rival").await;
    let person = PartyInput { name: "专家甲".into(), ..PartyInput::default() };
    let expert = create_own_person(&site.app, &rival, person).await.unwrap();
    let input = StationInput {
        name: "zqstation 工作站".into(),
        party: Some(site.a.id),
        topic: "zqstationtopic".into(),
        from: "2026-01-01".into(),
        to: "2028-12-31".into(),
        experts: vec![(expert.id, "academician".into(), 3)],
    };
    apply_for_station(&site.app, &site.viewer("owner").await, input).await.unwrap().id.to_string()
}

impl Services {
    pub(super) async fn make(site: &Site, engaged: &Engaged) -> Self {
        let (app, owner, member) = (&site.app, site.viewer("owner").await, site.viewer("member").await);
        let engagement = engaged.engagement.parse().unwrap();
        let stream = futures::stream::iter([Ok::<_, ()>(bytes::Bytes::from_static(b"zqannexbody"))]);
        let file = UploadedFile { name: "annex.txt".into(), stream };
        let file = keep_annex_file(app, &owner, engagement, file).await.unwrap();
        let annex = AnnexInput {
            title: "zqannextitle".into(),
            terms: "zqannexterms".into(),
            body: "zqannexbody".into(),
            file: Some(file),
        };
        let annex = share_annex(app, &owner, engagement, annex).await.unwrap();
        let need = MinedNeed {
            title: "zqvisitneed".into(),
            problem: "良率低".into(),
            kind: "problem".into(),
            ..MinedNeed::default()
        };
        let input = VisitInput {
            company: "未入驻的厂".into(),
            day: "2026-03-02".into(),
            notes: "zqvisitnotes".into(),
            needs: vec![need],
            ..VisitInput::default()
        };
        let visit = save_visit(app, &site.viewer("broker").await, None, input).await.unwrap();
        let input = TeamInput { name: "科普队".into(), party: Some(site.a.id), ..TeamInput::default() };
        let team = found_team(app, &owner, input).await.unwrap();
        let volunteer = join_team(app, &member, team.id, "讲解", "").await.unwrap();
        admit(app, &owner, volunteer.id, true).await.unwrap();
        let input = RequestInput {
            party: Some(site.a.id),
            title: "社区科普".into(),
            body: "讲芯片".into(),
            place: "社区中心".into(),
            starts: "2026-03-09T09:00".into(),
            ends: "2026-03-09T11:00".into(),
            wanted: "1".into(),
            ..RequestInput::default()
        };
        let request = ask_for_help(app, &owner, input).await.unwrap();
        let duty = dispatch(app, &owner, request.id, volunteer.id).await.unwrap();
        let input = AllianceInput { party: Some(site.a.id), field: "车规芯片".into(), ..AllianceInput::default() };
        save_alliance(app, &owner, input).await.unwrap();
        let thing = ThingInput {
            party: Some(site.a.id),
            sort: ThingSort::Base,
            name: "实践基地".into(),
            place: String::new(),
            terms: "学生实习".into(),
        };
        bring_in(app, &owner, site.a.id, thing).await.unwrap();
        let thing = view_alliance(app, &owner, site.a.id).await.unwrap().things[0].0.id;
        let feedback = feedback(site).await.id;
        let station = station(site).await;
        let raised: &[&str] = &["owner", "broker", "operator", "admin"];
        let applied: &[&str] = &["viewer", "editor", "owner", "broker", "operator", "admin"];
        let words = [
            ("zqannextitle", SEES_ENGAGEMENT),
            ("zqannexterms", SEES_ENGAGEMENT),
            ("zqannexbody", &["viewer", "editor", "owner"]),
            ("zqvisitneed", STAFF),
            ("zqvisitnotes", STAFF),
            ("zqfeedback", raised),
            ("zqstation", applied),
        ];
        let word = |(text, readers): (&str, &'static [&'static str])| Word {
            text: text.into(),
            readers,
            record: "no search finds it".into(),
            title: "no search finds it".into(),
            indexed: false,
        };
        Self {
            words: words.into_iter().map(word).collect(),
            visit: visit.id.to_string(),
            feedback: feedback.to_string(),
            team: team.id.to_string(),
            volunteer: volunteer.id.to_string(),
            request: request.id.to_string(),
            duty: duty.id.to_string(),
            thing: thing.to_string(),
            annex: annex.to_string(),
            station,
        }
    }

    pub(super) fn id(&self, on: On) -> Option<String> {
        let id = match on {
            On::Visit => &self.visit,
            On::Feedback => &self.feedback,
            On::Team => &self.team,
            On::Volunteer => &self.volunteer,
            On::Request => &self.request,
            On::Duty => &self.duty,
            On::Station => &self.station,
            On::Thing => &self.thing,
            _ => return None,
        };
        Some(id.clone())
    }
}
