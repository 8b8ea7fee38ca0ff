//! Programs: rows and records, lists and counts, sheets, rankings, sessions.

use std::collections::{BTreeMap, BTreeSet};

use keqiao_domain::{
    EntryContent, EntryDeed, EntryReview, EntryStage, EntryState, Interest, Phase, Program, ProgramEntry,
    ProgramEntryId, ProgramId, ProgramMeeting, ProgramRecord, ProgramRole, ProgramSession, ProgramSessionId,
    ProgramSettings, Rank, ReviewState, SessionSort, Sheet,
};
use keqiao_store::programs::lists::{self, EntryFilter};
use keqiao_store::programs::reviews::Reviewer;
use keqiao_store::programs::{self, entries, reviews, sessions, sheets, steps};

use crate::database::{Database, conflict};
use crate::samples::{account_id, at, party_id, settle, uuid};
use crate::transact;

fn program() -> Program {
    let quotas = [("320200".to_owned(), 3)].into();
    Program {
        id: ProgramId(uuid(1)),
        ty: "fair".into(),
        settings: ProgramSettings {
            title: "科创会".into(),
            organizer: Some(party_id(1)),
            quotas,
            ..Default::default()
        },
        phase: Phase::Open,
        since: "2026-03-01".into(),
        ranked: None,
        steps: 1,
        head: "h".into(),
        created_at: at(1),
        demo: true,
    }
}

fn entry(n: u128) -> ProgramEntry {
    let content = EntryContent {
        title: format!("石英砂Ａ{n}"),
        summary: "4N8".into(),
        kind: if n.is_multiple_of(2) { "result" } else { "problem" }.into(),
        region: if n.is_multiple_of(3) { "320211" } else { "510100" }.into(),
        industry: "C3985".into(),
        ..EntryContent::default()
    };
    let mut state = EntryState::draft(at(2));
    state.stage = EntryStage::Submitted;
    ProgramEntry {
        id: ProgramEntryId(uuid(100 + n)),
        program: program().id,
        number: Some(i64::try_from(n).unwrap()),
        party: party_id(2),
        author: account_id(1),
        content,
        state,
        created_at: at(2),
        version: 1,
        demo: false,
    }
}

async fn filled(db: &Database, n: u128) -> keqiao_store::Store {
    let store = db.open().await;
    settle(&store, 3).await;
    transact!(store, conn => {
        programs::insert(conn, &program()).await?;
        for n in 1..=n {
            let entry = entry(n);
            entries::insert(conn, &entry, &program().settings.area(&entry.content.region)).await?;
        }
    })
    .unwrap();
    store
}

pub(crate) async fn a_program_and_its_entries_read_back(db: Database) {
    let store = filled(&db, 2).await;
    let conn = &mut store.reader().await.unwrap();
    assert_eq!(programs::find(conn, program().id).await.unwrap(), Some(program()));
    assert_eq!(programs::page(conn, &[Phase::Draft], None, 9).await.unwrap(), []);
    assert_eq!(programs::page(conn, &[Phase::Open], None, 9).await.unwrap(), [program()]);
    assert_eq!(entries::find(conn, entry(2).id).await.unwrap(), Some(entry(2)));
    assert_eq!(entries::next_number(conn, program().id).await.unwrap(), 3);
    // A number is given once.
    let twice = ProgramEntry { id: ProgramEntryId(uuid(9)), ..entry(1) };
    let again = transact!(store, conn => entries::insert(conn, &twice, "320200").await?);
    assert!(conflict(again).ends_with("number"));
    // A row is replaced only by who saw it last.
    let mut moved = entry(1);
    moved.state.stage = EntryStage::Checked;
    moved.state.steps = 1;
    let (old, new) = (moved.clone(), moved.clone());
    assert!(!transact!(store, conn => entries::update(conn, &old, "320200", (4, 1)).await?).unwrap());
    assert!(transact!(store, conn => entries::update(conn, &new, "320200", (0, 1)).await?).unwrap());
    assert_eq!(entries::find(conn, moved.id).await.unwrap(), Some(moved.clone()));
    assert_eq!(entries::passed_in(conn, program().id, "320200").await.unwrap(), 1);
    let record = ProgramRecord {
        of: moved.id.0,
        ordinal: 1,
        previous: String::new(),
        at: at(3),
        actor: None,
        role: ProgramRole::Organiser,
        note: "可".into(),
        what: EntryDeed::Passed,
    };
    let sealed = record.seal();
    let (hash, kept) = (sealed.hash.clone(), vec![(moved.id.0, 1, sealed)]);
    let same = kept.clone();
    transact!(store, conn => steps::append(conn, &kept).await?).unwrap();
    let chain = steps::of(conn, moved.id.0).await.unwrap();
    assert_eq!(keqiao_domain::verify_records::<EntryDeed>(moved.id.0, &chain).unwrap(), [record]);
    assert_eq!(steps::of_hash(conn, &hash).await.unwrap(), Some((moved.id.0, 1)));
    assert!(transact!(store, conn => steps::append(conn, &same).await?).is_err());
}

/// A row of a spreadsheet says what the list and the entry say.
pub(crate) async fn rows_of_spreadsheets_are_those_of_lists(db: Database) {
    let store = filled(&db, 12).await;
    let conn = &mut store.reader().await.unwrap();
    let id = program().id;
    let rank = |n: u128, place: i64| Rank { entry: entry(n).id, place, score: 71_000 - place, raw: 70_000, reviews: 0 };
    let ranks = [rank(5, 1), rank(2, 2), rank(9, 2)];
    transact!(store, conn => entries::set_ranks(conn, id, &ranks).await?).unwrap();
    assert_eq!(entries::ranks(conn, id).await.unwrap(), ranks);
    let as_row = |l: &lists::EntryLine| sheets::SheetLine {
        number: l.number.unwrap(),
        title: l.title.clone(),
        party: l.party,
        kind: l.kind.clone(),
        region: l.region.clone(),
        area: l.area.clone(),
        industry: l.industry.clone(),
        stage: l.stage,
    };
    let all = lists::by_number(conn, id, &EntryFilter::default(), 0, 99).await.unwrap();
    let rows: Vec<_> = all.iter().map(as_row).collect();
    let names = sheets::names(conn, id).await.unwrap();
    assert!(all.iter().all(|l| names[&l.party] == l.party_name));
    assert_eq!(sheets::in_stages(conn, id, &[EntryStage::Submitted], 99).await.unwrap(), rows);
    assert_eq!(sheets::in_stages(conn, id, &[EntryStage::Shown], 99).await.unwrap(), []);
    assert_eq!(sheets::in_stages(conn, id, &[EntryStage::Submitted], 3).await.unwrap(), rows[..3]);
    for (row, (line, content)) in rows.iter().zip(sheets::filled_in(conn, id, 99).await.unwrap()) {
        let whole = entry(u128::try_from(row.number).unwrap()).content;
        assert_eq!((row, &whole.summary, &whole.fields), (&line, &content.summary, &content.fields));
    }
    let placed = lists::by_place(conn, id, &EntryFilter::default(), (0, 0), 99).await.unwrap();
    let expected: Vec<_> = placed.iter().map(|l| (as_row(l), (l.place, l.score, l.raw, l.scored))).collect();
    let found = sheets::ranked(conn, id, 99).await.unwrap();
    let found: Vec<_> = found.into_iter().map(|(l, r)| (l, (Some(r.place), r.score, r.raw, r.scored))).collect();
    assert_eq!((found.len(), found), (3, expected));
}

pub(crate) async fn lists_of_entries_page_without_loss(db: Database) {
    let store = filled(&db, 25).await;
    let conn = &mut store.reader().await.unwrap();
    let id = program().id;
    let some = |text: &str| Some(text.to_owned());
    let filters = [
        (EntryFilter::default(), 25),
        (EntryFilter { area: some("320200"), ..EntryFilter::default() }, 8),
        (EntryFilter { kind: some("result"), ..EntryFilter::default() }, 12),
        (EntryFilter { industry: some("C39"), words: some("砂a2"), ..EntryFilter::default() }, 7),
        (EntryFilter { industry: some("C40"), ..EntryFilter::default() }, 0),
        (EntryFilter { stages: vec![EntryStage::Checked], ..EntryFilter::default() }, 0),
        (EntryFilter { words: some("100%"), ..EntryFilter::default() }, 0),
        (EntryFilter { words: some("4n8 机构2 砂a2"), ..EntryFilter::default() }, 7),
        (EntryFilter { words: some("4n8 机构3"), ..EntryFilter::default() }, 0),
    ];
    for (filter, expected) in filters {
        let (mut seen, mut after) = (Vec::new(), 0);
        loop {
            let page = lists::by_number(conn, id, &filter, after, 4).await.unwrap();
            let Some(last) = page.last() else { break };
            after = last.number.unwrap();
            seen.extend(page.into_iter().map(|l| l.number.unwrap()));
        }
        assert_eq!(seen.len(), expected, "{filter:?}");
        assert!(seen.is_sorted() && seen.iter().collect::<BTreeSet<_>>().len() == expected);
    }
    let counts: BTreeMap<_, _> =
        lists::counts(conn, id).await.unwrap().into_iter().map(|(area, stage, n)| ((area, stage), n)).collect();
    let submitted = EntryStage::Submitted;
    assert_eq!(counts, [(("320200".into(), submitted), 8), (("510000".into(), submitted), 17)].into());
    assert_eq!(lists::standing(conn, id).await.unwrap().unchecked, 25);
    let own = lists::of_parties(conn, &[party_id(2)], None, 10).await.unwrap();
    let more = lists::of_parties(conn, &[party_id(2)], own.last().map(|l| l.id), 99).await.unwrap();
    assert_eq!((own.len(), more.len()), (10, 15));
    assert_eq!(lists::of_parties(conn, &[], None, 9).await.unwrap(), []);
}

pub(crate) async fn rankings_sheets_and_sessions_are_kept(db: Database) {
    let store = filled(&db, 3).await;
    let id = program().id;
    let reviewer = Reviewer { program: id, account: account_id(1), declared: [party_id(3)].into() };
    let mut reviewed = entry(1);
    let (points, comment) = (BTreeMap::from([("novelty".to_owned(), 7)]), String::new());
    let scored = EntryReview { state: ReviewState::Scored { points, total: 70_000, comment }, at: at(5) };
    reviewed.state.reviews.insert(account_id(1), scored);
    let mut waiting = entry(2);
    waiting.state.reviews.insert(account_id(1), EntryReview { state: ReviewState::Assigned, at: at(5) });
    let session = ProgramSession {
        id: ProgramSessionId(uuid(50)),
        program: id,
        sort: SessionSort::Meetings,
        title: "洽谈".into(),
        place: String::new(),
        starts_at: at(10),
        ends_at: at(10).plus_seconds(3_600),
        minutes: 20,
        tables: 2,
    };
    let meeting = ProgramMeeting { session: session.id, slot: 0, table: 1, entry: entry(1).id, party: party_id(3) };
    let wish = Interest {
        entry: entry(1).id,
        party: party_id(3),
        account: account_id(1),
        program: id,
        note: "样品".into(),
        at: at(6),
    };
    let (kept, wished) = (session.clone(), wish.clone());
    let one = reviewer.clone();
    transact!(store, conn => {
        reviews::keep_reviewer(conn, &one, at(4)).await?;
        reviews::keep(conn, &[&reviewed, &waiting]).await?;
        let rank = |n: u128, place| Rank { entry: entry(n).id, place, score: 1, raw: 2, reviews: 1 };
        entries::set_ranks(conn, id, &[rank(1, 2), rank(2, 1), rank(3, 2)]).await?;
        sessions::insert(conn, &kept).await?;
        sessions::add_entries(conn, kept.id, &[entry(2).id, entry(1).id]).await?;
        sessions::add_entries(conn, kept.id, &[entry(1).id, entry(3).id]).await?;
        assert!(sessions::ask(conn, &wished).await? && !sessions::ask(conn, &wished).await?);
        sessions::replace_meetings(conn, kept.id, &[meeting]).await?;
        sessions::replace_meetings(conn, kept.id, &[meeting]).await?;
    })
    .unwrap();
    let conn = &mut store.reader().await.unwrap();
    assert_eq!(reviews::reviewer(conn, id, account_id(1)).await.unwrap(), Some(reviewer));
    let sheet = Sheet { reviewer: account_id(1), entry: entry(1).id, total: 70_000 };
    assert_eq!(reviews::sheets(conn, id).await.unwrap(), [sheet]);
    let desk = lists::of_reviewer(conn, account_id(1), id, "assigned", 0, 9).await.unwrap();
    assert_eq!(desk.iter().map(|l| l.id).collect::<Vec<_>>(), [entry(2).id]);
    let first = lists::by_place(conn, id, &EntryFilter::default(), (0, 0), 2).await.unwrap();
    let rest = lists::by_place(conn, id, &EntryFilter::default(), (2, 1), 2).await.unwrap();
    let numbers = |lines: &[lists::EntryLine]| lines.iter().filter_map(|l| l.number).collect::<Vec<_>>();
    assert_eq!((numbers(&first), numbers(&rest)), (vec![2, 1], vec![3]));
    let put = lists::of_session(conn, session.id).await.unwrap();
    assert_eq!(numbers(&put), [2, 1, 3]);
    assert_eq!(sessions::of_program(conn, id).await.unwrap(), [session]);
    assert_eq!(sessions::interests(conn, id, 9).await.unwrap(), [wish]);
    assert_eq!(sessions::meetings(conn, meeting.session).await.unwrap(), [meeting]);
}
