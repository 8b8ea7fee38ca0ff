//! Programs through their use cases: exports, the archive, and the words by which the hall is searched.

mod files;

use std::io::Cursor;

use keqiao_app::AppError;
use keqiao_app::programs::{
    Cut, EntryDoing, EntryInput, HallFilter, ProgramSheet, SessionInput, add_reviewer, ask_to_meet, create_program,
    create_session, deal_entries, declare_interest, go_on, hall, keep_ranking, pass_over_rest, plan_meetings,
    program_sheet, put_into_session, save_entry, select_best, take_entry_step, take_from_session, timetable_of,
    verify_programs,
};
use keqiao_app::transfer::{export_archive, import_archive};
use keqiao_domain::{
    EntryContent, OrgRole, Party, PartyId, PartyKind, Phase, PlatformRole, ProgramEntryId, ProgramId, ProgramRefusal,
    ProgramSettings, SessionSort, Signing, SystemEntropy, Value, Viewer,
};
use keqiao_store::programs::{entries, lists, reviews, sessions};
use keqiao_store::{StoreError, parties};

use crate::house::House;

/// What is entered: title, summary, and the party by its place.
const ENTERED: [(&str, &str, usize); 4] = [
    ("高纯石英砂提纯", "把普通石英砂提纯到4N8，\n\"中试\"已完成", 0),
    ("=1+1,光纤预制棒", "面向海洋通信的低损耗光纤", 1),
    ("碳化硅衬底", "六英寸，位错密度低；100%国产_设备", 2),
    ("空调压缩机", "噪声低三分贝", 0),
];

struct Fair {
    house: House,
    operator: Viewer,
    reviewers: Vec<Viewer>,
    parties: Vec<PartyId>,
    id: ProgramId,
    entries: Vec<ProgramEntryId>,
}

/// Somebody who acts for a party.
fn acting(viewer: &Viewer, party: PartyId) -> Viewer {
    Viewer { account: viewer.account, roles: vec![(party, OrgRole::Owner)], ..Viewer::default() }
}

fn content(title: &str, summary: &str) -> EntryContent {
    let text = |text: &str| Value::Text(text.to_owned());
    let fields = [
        ("advantage", text("有检测报告，\"可核实\"")),
        ("maturity", text("pilot")),
        ("budget", Value::Number(120.5)),
        ("contact", text("-李工")),
    ];
    EntryContent {
        title: title.into(),
        summary: summary.into(),
        kind: "result".into(),
        region: "320211".into(),
        industry: "C3985".into(),
        fields: fields.map(|(id, value)| (id.to_owned(), value)).into(),
        listing: None,
        files: Vec::new(),
    }
}

/// What a fair begins with.
fn fair_settings() -> ProgramSettings {
    let catalog = keqiao_catalog::builtin().unwrap_or_else(|faults| panic!("{faults}"));
    ProgramSettings {
        title: "科创会".into(),
        call: "征集".into(),
        appeal_days: 0,
        quorum: 1,
        per_entry: 2,
        quotas: [("320200".to_owned(), 3)].into(),
        ..ProgramSettings::of_type(&catalog.programs["fair"])
    }
}

/// A fair whose call is out, with two reviewers.
async fn begun(settings: ProgramSettings) -> Fair {
    let house = House::new().await;
    let account = house.account("operator", Some(PlatformRole::Operator)).await;
    let operator = house.viewer(&account).await;
    let names = ["江畔材料（示例）有限公司", "澄光通信（示例）有限公司", "滨海半导体（示例）有限公司"];
    let named = |name: &str| {
        let id = PartyId::fresh(&*house.clock, &SystemEntropy);
        Party { name: name.into(), ..Party::blank(id, PartyKind::Organization, Default::default()) }
    };
    let all = names.map(named);
    let parties: Vec<PartyId> = all.iter().map(|p| p.id).collect();
    let write = house.app.store.write::<_, StoreError, _>(move |tx| {
        Box::pin(async move {
            for party in &all {
                parties::insert(tx, party).await?;
            }
            Ok(())
        })
    });
    write.await.unwrap();
    let app = &house.app;
    let today = app.settings.zone.day(app.now());
    let settings = ProgramSettings { opens_on: today.clone(), closes_on: today, ..settings };
    let id = create_program(app, &operator, "fair", settings, false).await.unwrap().id;
    go_on(app, &operator, id, Phase::Open).await.unwrap();
    let mut reviewers = Vec::new();
    for name in ["first", "second"] {
        let account = house.account(name, None).await;
        add_reviewer(app, &operator, id, &format!("{name}@example.com")).await.unwrap();
        reviewers.push(house.viewer(&account).await);
    }
    Fair { operator, reviewers, parties, id, entries: Vec::new(), house }
}

/// A fair in its review: four entries are checked and dealt, one more is only begun.
async fn in_review() -> Fair {
    let mut fair = begun(fair_settings()).await;
    let Fair { house, operator, parties, id, .. } = &fair;
    let (app, id) = (&house.app, *id);
    let mut entered = Vec::new();
    for (title, summary, party) in ENTERED {
        let party = parties[party];
        let input = EntryInput { program: id, party, content: content(title, summary), edits: None, submit: true };
        let entry = save_entry(app, &acting(operator, party), input).await.unwrap().id;
        take_entry_step(app, operator, entry, EntryDoing::Pass, "", None).await.unwrap();
        entered.push(entry);
    }
    let begun = EntryContent { title: "还没写完".into(), ..EntryContent::default() };
    let input = EntryInput { program: id, party: parties[0], content: begun, edits: None, submit: false };
    save_entry(app, &acting(operator, parties[0]), input).await.unwrap();
    go_on(app, operator, id, Phase::Review).await.unwrap();
    deal_entries(app, operator, id).await.unwrap();
    fair.entries = entered;
    fair
}

impl Fair {
    async fn score(&self, reviewer: usize, entry: usize, points: i64) {
        let points = ["novelty", "maturity", "use", "landing"].map(|c| (c.to_owned(), points)).into();
        let (app, by) = (&self.house.app, &self.reviewers[reviewer]);
        take_entry_step(app, by, self.entries[entry], EntryDoing::Score(points), "数据可信", None).await.unwrap();
    }

    async fn sheet(&self, sheet: ProgramSheet) -> String {
        let say = |key: &str| key.to_owned();
        let made = program_sheet(&self.house.app, &self.operator, self.id, sheet, "zh", &say).await;
        String::from_utf8(made.unwrap()).unwrap()
    }

    /// Scored and ranked; three selected; a late sheet, ranked anew; the rest passed over, an appeal, published.
    async fn publish(&self) {
        let (app, operator) = (&self.house.app, &self.operator);
        for (entry, points) in [(0, 9), (1, 7), (2, 8), (3, 3)] {
            self.score(0, entry, points).await;
        }
        declare_interest(app, &self.reviewers[1], self.id, self.parties[1]).await.unwrap();
        for (entry, points) in [(0, 8), (2, 6)] {
            self.score(1, entry, points).await;
        }
        keep_ranking(app, operator, self.id).await.unwrap();
        select_best(app, operator, self.id, Cut::Best(3)).await.unwrap();
        self.score(1, 3, 2).await;
        let late = pass_over_rest(app, operator, self.id).await;
        assert!(matches!(late, Err(AppError::Barred(ProgramRefusal::StaleRanking))), "a sheet came after the ranking");
        keep_ranking(app, operator, self.id).await.unwrap();
        pass_over_rest(app, operator, self.id).await.unwrap();
        go_on(app, operator, self.id, Phase::Announced).await.unwrap();
        let (lost, owner) = (self.entries[3], acting(operator, self.parties[0]));
        take_entry_step(app, &owner, lost, EntryDoing::Appeal, "补充了报告", None).await.unwrap();
        let operator = &Viewer { roles: Vec::new(), ..operator.clone() };
        take_entry_step(app, operator, lost, EntryDoing::Answer { upheld: false }, "没有新证据", None).await.unwrap();
        go_on(app, operator, self.id, Phase::Published).await.unwrap();
    }

    /// Two ask to meet, a timetable is made, one is signed in a session from which another was taken.
    async fn meet_and_sign(&self) {
        let (app, operator) = (&self.house.app, &self.operator);
        for (entry, guest) in [(0, 1), (1, 2)] {
            let guest = self.parties[guest];
            let asks = acting(operator, guest);
            assert!(ask_to_meet(app, &asks, self.entries[entry], guest, "想看样品").await.unwrap());
        }
        let day = app.settings.zone.day(app.now().plus_days(3));
        let session = |sort, title: &str| SessionInput {
            sort: Some(sort),
            title: title.into(),
            place: "一号厅".into(),
            starts: format!("{day}T09:00"),
            ends: format!("{day}T11:00"),
            minutes: 20,
            tables: 2,
        };
        let meetings = create_session(app, operator, self.id, &session(SessionSort::Meetings, "洽谈")).await.unwrap();
        assert_eq!(plan_meetings(app, operator, meetings.id).await.unwrap().0, 2);
        let signing = create_session(app, operator, self.id, &session(SessionSort::Signing, "签约")).await.unwrap();
        put_into_session(app, operator, signing.id, "1").await.unwrap();
        put_into_session(app, operator, signing.id, "3,2").await.unwrap();
        take_from_session(app, operator, signing.id, self.entries[0]).await.unwrap();
        let signed = Signing { with: "买方".into(), on: day, amount_yuan: Some(2_350_000) };
        take_entry_step(app, operator, self.entries[2], EntryDoing::Sign(signed), "", None).await.unwrap();
    }
}

async fn exported(house: &House) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    export_archive(&house.app, &mut file, &|_| ()).await.unwrap();
    file.into_inner()
}

/// What spreadsheets and scripts read of a program must not change by the way.
#[tokio::test]
async fn the_sheets_of_a_program_are_these_bytes() {
    let fair = in_review().await;
    let head = "program-sheet-number,program-sheet-title,program-sheet-party,program-sheet-kind,\
        program-sheet-region,program-sheet-area,program-sheet-industry,program-sheet-stage";
    let [first, second, third] = ["江畔材料", "澄光通信", "滨海半导体"].map(|n| format!("{n}（示例）有限公司"));
    let place = "科技成果,江苏省无锡市滨湖区,江苏省无锡市,制造业计算机、通信和其他电子设备制造业电子元件及电子专用材料制造电子专用材料制造";
    let filled = "\"有检测报告，\"\"可核实\"\"\",pilot,,120.5,,'-李工,";
    let expected = format!(
        "\u{feff}{head},program-sheet-summary,先进性与依据,成熟程度,希望的合作方式,预计投入或报价,团队与承担单位,联系人与电话,program-sheet-files\n\
         1,高纯石英砂提纯,{first},{place},entry-stage-checked,\"把普通石英砂提纯到4N8，\n\"\"中试\"\"已完成\",{filled}\n\
         2,\"'=1+1,光纤预制棒\",{second},{place},entry-stage-checked,面向海洋通信的低损耗光纤,{filled}\n\
         3,碳化硅衬底,{third},{place},entry-stage-checked,六英寸，位错密度低；100%国产_设备,{filled}\n\
         4,空调压缩机,{first},{place},entry-stage-checked,噪声低三分贝,{filled}\n"
    );
    assert_eq!(fair.sheet(ProgramSheet::Entries).await, expected);
    fair.publish().await;
    let expected = format!(
        "\u{feff}{head},program-sheet-place,program-sheet-score,program-sheet-raw,program-sheet-scored\n\
         1,高纯石英砂提纯,{first},{place},entry-stage-shown,1,86.88,85.00,2\n\
         3,碳化硅衬底,{third},{place},entry-stage-shown,2,71.53,70.00,2\n\
         2,\"'=1+1,光纤预制棒\",{second},{place},entry-stage-shown,3,64.14,70.00,1\n\
         4,空调压缩机,{first},{place},entry-stage-passed-over,4,24.53,25.00,2\n"
    );
    assert_eq!(fair.sheet(ProgramSheet::Ranking).await, expected);
    let expected = format!(
        "\u{feff}{head}\n\
         1,高纯石英砂提纯,{first},{place},entry-stage-shown\n\
         2,\"'=1+1,光纤预制棒\",{second},{place},entry-stage-shown\n\
         3,碳化硅衬底,{third},{place},entry-stage-shown\n"
    );
    assert_eq!(fair.sheet(ProgramSheet::Results).await, expected);
}

#[tokio::test]
async fn an_archive_brings_programs_back_with_every_record() {
    let fair = in_review().await;
    fair.publish().await;
    fair.meet_and_sign().await;
    let first = exported(&fair.house).await;
    let other = House::new().await;
    import_archive(&other.app, Cursor::new(&first)).await.unwrap();
    assert!(first == exported(&other).await, "an archive of what came in is the archive that was brought in");
    let (faults, read) = verify_programs(&other.app, &|_| {}).await.unwrap();
    assert!(faults.is_empty() && read > 30, "{faults:?}");
    // What is derived is there as well: lists, counts, desks, the ranking.
    let dbs = [&fair.house, &other].map(|house| house.app.store.clone());
    let mut told = Vec::new();
    for store in dbs {
        let db = &mut store.reader().await.unwrap();
        let all = lists::by_place(db, fair.id, &lists::EntryFilter::default(), (0, 0), 99).await.unwrap();
        let counts = lists::counts(db, fair.id).await.unwrap();
        let standing = lists::standing(db, fair.id).await.unwrap();
        let work = reviews::progress(db, fair.id).await.unwrap();
        let entry = entries::find(db, fair.entries[1]).await.unwrap();
        let held = sessions::of_program(db, fair.id).await.unwrap();
        let placed = lists::of_session(db, held[1].id).await.unwrap();
        told.push(format!("{all:?}{counts:?}{standing:?}{work:?}{entry:?}{held:?}{placed:?}"));
    }
    assert_eq!(told[0], told[1]);
    let held = sessions::of_program(&mut other.app.store.reader().await.unwrap(), fair.id).await.unwrap();
    let meetings = held.iter().find(|s| s.sort == SessionSort::Meetings).unwrap();
    assert_eq!(timetable_of(&other.app, &fair.operator, meetings.id).await.unwrap().1.len(), 2);
}

/// A sheet that came after the ranking leaves it as it was, in the archive as well.
#[tokio::test]
async fn an_archive_keeps_the_ranking_that_was_made() {
    let fair = in_review().await;
    for (entry, points) in [(0, 9), (1, 7), (2, 8)] {
        fair.score(0, entry, points).await;
    }
    keep_ranking(&fair.house.app, &fair.operator, fair.id).await.unwrap();
    fair.score(1, 0, 2).await;
    let other = House::new().await;
    let first = exported(&fair.house).await;
    import_archive(&other.app, Cursor::new(&first)).await.unwrap();
    assert!(first == exported(&other).await);
    let ranks = entries::ranks(&mut other.app.store.reader().await.unwrap(), fair.id).await.unwrap();
    let kept: Vec<_> = ranks.iter().map(|r| (r.entry, r.place, r.raw)).collect();
    let [a, b, c] = [0, 2, 1].map(|n| fair.entries[n]);
    assert_eq!(kept, [(a, 1, 90_000), (b, 2, 80_000), (c, 3, 70_000)]);
}

#[tokio::test]
async fn an_archive_with_an_altered_record_of_an_entry_is_refused() {
    let fair = in_review().await;
    let bytes = exported(&fair.house).await;
    let mut old = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut new = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for n in 0..old.len() {
        let mut file = old.by_index(n).unwrap();
        let (name, mut text) = (file.name().unwrap().into_owned(), Vec::new());
        std::io::Read::read_to_end(&mut file, &mut text).unwrap();
        if name == "program-records.jsonl" {
            text = String::from_utf8(text).unwrap().replacen("4N8", "4N9", 1).into_bytes();
        }
        new.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut new, &text).unwrap();
    }
    let other = House::new().await;
    let refused = import_archive(&other.app, new.finish().unwrap()).await.unwrap_err().to_string();
    assert!(refused.contains(&fair.entries[0].to_string()), "{refused}");
    assert_eq!(parties::count(&mut other.app.store.reader().await.unwrap()).await.unwrap(), 0);
}

#[tokio::test]
async fn the_hall_is_searched_by_title_summary_and_organization() {
    let fair = in_review().await;
    fair.publish().await;
    let found = async |words: &str| {
        let filter = HallFilter { words: Some(words.to_owned()), ..HallFilter::default() };
        let hall = hall(&fair.house.app, &Viewer::default(), fair.id, &filter, 0).await.unwrap();
        hall.lines.iter().filter_map(|l| l.number).collect::<Vec<_>>()
    };
    assert_eq!(found("石英").await, [1], "a title");
    assert_eq!(found("海洋").await, [2], "a summary");
    assert_eq!(found("４n8").await, [1], "a summary, folded");
    assert_eq!(found("滨海半导体").await, [3], "an organization");
    assert_eq!(found("碳化硅 位错　滨海").await, [3], "each word wherever it stands");
    assert_eq!(found("碳化硅 海洋").await, [0_i64; 0], "all of the words");
    assert_eq!(found("100%国产_").await, [3], "signs are signs");
    assert_eq!(found("%").await, [3]);
    assert_eq!(found("噪声").await, [0_i64; 0], "what was not selected is not there");
}
