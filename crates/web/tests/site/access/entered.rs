//! Two programs with an entry of organization A each: one waits for its check, one is on show.

use keqiao_app::programs::{
    EntryDoing, EntryInput, SessionInput, UploadedEntryFile, add_entry_file, create_program, create_session, go_on,
    save_entry, take_entry_step,
};
use keqiao_domain::{EntryContent, Phase, Program, ProgramEntry, ProgramSettings, SessionSort, Value};

use super::entry::{On, SIDE_OPERATORS};
use super::records::Word;
use crate::house::Site;

pub(super) struct Entered {
    open: String,
    entry: String,
    file: String,
    session: String,
    shown: String,
    shown_entry: String,
    pub(super) words: Vec<Word>,
}

async fn call(site: &Site, ty: &str) -> Program {
    let today = site.app.settings.zone.day(site.app.now());
    let settings = ProgramSettings {
        title: "专项".into(),
        call: "征集".into(),
        opens_on: today.clone(),
        closes_on: today,
        appeal_days: 0,
        ..ProgramSettings::of_type(&site.app.catalog.programs[ty])
    };
    let operator = site.viewer("operator").await;
    let made = create_program(&site.app, &operator, ty, settings, false).await.unwrap();
    go_on(&site.app, &operator, made.id, Phase::Open).await.unwrap()
}

async fn enter(site: &Site, program: &Program, kind: &str, title: &str, fields: &[(&str, &str)]) -> ProgramEntry {
    let text = |(id, text): &(&str, &str)| ((*id).to_owned(), Value::Text((*text).to_owned()));
    let content = EntryContent {
        title: title.into(),
        summary: "一句话".into(),
        kind: kind.into(),
        region: "320200".into(),
        fields: fields.iter().map(text).collect(),
        ..EntryContent::default()
    };
    let owner = site.viewer("owner").await;
    let input = EntryInput { program: program.id, party: site.a.id, content, edits: None, submit: false };
    let draft = save_entry(&site.app, &owner, input.clone()).await.unwrap();
    let stream = futures::stream::iter([Ok::<_, ()>(bytes::Bytes::from_static(b"zqentryfilebytes"))]);
    let file = UploadedEntryFile { name: "zqentryfile.pdf".into(), reveals: true, stream };
    add_entry_file(&site.app, &owner, draft.id, file).await.unwrap();
    let handed_in = EntryInput { edits: Some((draft.id, draft.version)), submit: true, ..input };
    save_entry(&site.app, &owner, handed_in).await.unwrap()
}

impl Entered {
    pub(super) async fn make(site: &Site) -> Self {
        let operator = site.viewer("operator").await;
        let open = call(site, "fair").await;
        let fields = [("advantage", "zqentryadvantage"), ("maturity", "pilot"), ("contact", "zqentrycontact")];
        let entry = enter(site, &open, "result", "zqentrytitle", &fields).await;
        let input = SessionInput {
            sort: Some(SessionSort::Pitch),
            title: "路演".into(),
            starts: "2026-03-09T09:00".into(),
            ends: "2026-03-09T10:00".into(),
            minutes: 15,
            tables: 1,
            ..SessionInput::default()
        };
        let session = create_session(&site.app, &operator, open.id, &input).await.unwrap();
        let shown = call(site, "volunteer-action").await;
        let fields = [("whom", "社区"), ("contact", "zqshowncontact")];
        let on_show = enter(site, &shown, "volunteer-service", "助老上网", &fields).await;
        let step = async |doing| take_entry_step(&site.app, &operator, on_show.id, doing, "", None).await.unwrap();
        step(EntryDoing::Pass).await;
        go_on(&site.app, &operator, shown.id, Phase::Review).await.unwrap();
        step(EntryDoing::Select).await;
        go_on(&site.app, &operator, shown.id, Phase::Announced).await.unwrap();
        go_on(&site.app, &operator, shown.id, Phase::Published).await.unwrap();
        let word = |text: &str, record: String| Word {
            text: text.into(),
            readers: SIDE_OPERATORS,
            title: record.clone(),
            record,
            indexed: false,
        };
        let words = ["zqentrytitle", "zqentryadvantage", "zqentrycontact"];
        let mut words: Vec<Word> = words.iter().map(|w| word(w, entry.id.to_string())).collect();
        words.push(word("zqshowncontact", on_show.id.to_string()));
        words.push(word("zqentryfilebytes", entry.id.to_string()));
        Self {
            open: open.id.to_string(),
            entry: entry.id.to_string(),
            file: entry.content.files[0].id.to_string(),
            session: session.id.to_string(),
            shown: shown.id.to_string(),
            shown_entry: on_show.id.to_string(),
            words,
        }
    }

    pub(super) fn id(&self, on: On) -> Option<String> {
        let id = match on {
            On::Program => &self.open,
            On::ProgramEntry => &self.entry,
            On::EntryFile => &self.file,
            On::ProgramSession => &self.session,
            On::ShownProgram => &self.shown,
            On::ShownEntry => &self.shown_entry,
            _ => return None,
        };
        Some(id.clone())
    }
}
