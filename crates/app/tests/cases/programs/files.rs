//! Files of entries: who reads which, what stays with the record, and what is found when a byte changed.

use bytes::Bytes;
use futures::{StreamExt, stream};
use keqiao_app::App;
use keqiao_app::programs::{UploadedEntryFile, add_entry_file, read_entry_file, remove_entry_file, review_sheet};
use keqiao_domain::{AttachmentId, EntryFile};

use super::*;

async fn add(app: &App, by: &Viewer, entry: ProgramEntryId, name: &str, reveals: bool) -> Result<EntryFile, AppError> {
    let bytes = Bytes::from(format!("bytes of {name}"));
    let stream = stream::iter([Ok::<_, ()>(bytes)]);
    add_entry_file(app, by, entry, UploadedEntryFile { name: name.into(), reveals, stream }).await
}

/// The name and the bytes that somebody gets.
async fn read(app: &App, by: &Viewer, id: AttachmentId) -> Result<(String, String), AppError> {
    let (file, mut stream) = read_entry_file(app, by, id).await?;
    let mut bytes = Vec::new();
    while let Some(piece) = stream.next().await {
        bytes.extend_from_slice(&piece.unwrap());
    }
    Ok((file.name, String::from_utf8(bytes).unwrap()))
}

fn is_missing<T>(result: Result<T, AppError>) -> bool {
    matches!(result, Err(AppError::NotFound))
}

#[tokio::test]
async fn files_of_an_entry_are_read_by_whom_they_are_for_and_stay_with_the_record() {
    let fair = begun(ProgramSettings { blind: true, per_entry: 2, quorum: 1, ..fair_settings() }).await;
    let (app, operator, party) = (&fair.house.app, &fair.operator, fair.parties[0]);
    let people = fair.house.account("entrant", None).await;
    let own = acting(&fair.house.viewer(&people).await, party);
    let input =
        |edits, submit| EntryInput {
            program: fair.id, party, content: content("高纯石英砂", "提纯"), edits, submit
        };
    let draft = save_entry(app, &own, input(None, false)).await.unwrap();
    let code = |result: Result<EntryFile, AppError>| match result {
        Err(AppError::Invalid(faults)) => faults[0].code,
        other => panic!("{other:?}"),
    };
    assert_eq!(code(add(app, &own, draft.id, "脚本.exe", false).await), "type-not-allowed");
    assert!(is_missing(add(app, &fair.reviewers[0], draft.id, "a.pdf", false).await));
    let contract = add(app, &own, draft.id, "江畔材料合同.pdf", true).await.unwrap();
    // Ids of one moment stand in any order.
    fair.house.clock.advance_seconds(1);
    let report = add(app, &own, draft.id, "江畔材料检测.pdf", false).await.unwrap();
    let slip = add(app, &own, draft.id, "传错了.pdf", false).await.unwrap();
    assert!(is_missing(read(app, operator, report.id).await), "a draft is its own people's alone");
    remove_entry_file(app, &own, slip.id).await.unwrap();
    assert!(is_missing(read(app, &own, slip.id).await));
    let entry = save_entry(app, &own, input(Some((draft.id, 1)), true)).await.unwrap();
    let names = |entry: &keqiao_domain::ProgramEntry| -> Vec<String> {
        entry.content.files.iter().map(|f| f.name.clone()).collect()
    };
    assert_eq!(names(&entry), ["江畔材料合同.pdf", "江畔材料检测.pdf"]);
    assert!(matches!(add(app, &own, draft.id, "晚了.pdf", false).await, Err(AppError::Barred(_))));
    assert!(matches!(remove_entry_file(app, &own, report.id).await, Err(AppError::Barred(_))));
    // Given back, one is replaced: what was handed in before stays with the record, and nobody reads it any more.
    take_entry_step(app, operator, entry.id, EntryDoing::Return, "请换新的检测报告", None).await.unwrap();
    remove_entry_file(app, &own, report.id).await.unwrap();
    fair.house.clock.advance_seconds(1);
    let renewed = add(app, &own, entry.id, "江畔材料检测2.pdf", false).await.unwrap();
    let again = save_entry(app, &own, input(Some((entry.id, entry.version)), true)).await.unwrap();
    assert_eq!(names(&again), ["江畔材料合同.pdf", "江畔材料检测2.pdf"]);
    assert!(is_missing(read(app, operator, report.id).await));
    take_entry_step(app, operator, entry.id, EntryDoing::Pass, "", None).await.unwrap();
    go_on(app, operator, fair.id, Phase::Review).await.unwrap();
    deal_entries(app, operator, fair.id).await.unwrap();
    // A blind reviewer gets what tells nothing of who enters, under a name that tells nothing.
    let [first, second] = [&fair.reviewers[0], &fair.reviewers[1]];
    let sheet = review_sheet(app, first, entry.id).await.unwrap();
    let number = again.number.unwrap();
    let veiled = format!("{number}-1.pdf");
    assert_eq!(sheet.files.iter().map(|f| f.name.as_str()).collect::<Vec<_>>(), [veiled.as_str()]);
    assert_eq!(read(app, first, renewed.id).await.unwrap(), (veiled, "bytes of 江畔材料检测2.pdf".to_owned()));
    assert!(is_missing(read(app, first, contract.id).await));
    take_entry_step(app, second, entry.id, EntryDoing::Recuse, "", None).await.unwrap();
    assert!(is_missing(read(app, second, renewed.id).await), "who leaves it to others reads it no more");
    assert!(is_missing(read(app, &Viewer::visitor(), renewed.id).await));
    for reader in [&own, operator] {
        assert_eq!(read(app, reader, contract.id).await.unwrap().0, "江畔材料合同.pdf");
    }
    let sheet = fair.sheet(ProgramSheet::Entries).await;
    assert!(sheet.contains("江畔材料合同.pdf；江畔材料检测2.pdf"), "{sheet}");
    // The archive brings them with every byte, those that were taken out as well.
    let archive = exported(&fair.house).await;
    let other = House::new().await;
    import_archive(&other.app, Cursor::new(&archive)).await.unwrap();
    assert!(archive == exported(&other).await);
    assert_eq!(verify_programs(&other.app, &|_| {}).await.unwrap().0, []);
    other.app.blobs.keep_bytes(&report.blob, Bytes::from_static(b"bytes of another")).await.unwrap();
    let faults = verify_programs(&other.app, &|_| {}).await.unwrap().0;
    assert_eq!(faults.len(), 1);
    assert!(faults[0].to_string().contains("江畔材料检测.pdf has other bytes"), "{}", faults[0]);
    // One that was handed in twice, with others between, is told of once.
    other.app.blobs.keep_bytes(&contract.blob, Bytes::from_static(b"bytes of another")).await.unwrap();
    assert_eq!(verify_programs(&other.app, &|_| {}).await.unwrap().0.len(), 2);
}

#[tokio::test]
async fn a_draft_that_is_thrown_away_leaves_no_bytes() {
    let fair = begun(fair_settings()).await;
    let app = &fair.house.app;
    let own = acting(&fair.operator, fair.parties[0]);
    let input = EntryInput {
        program: fair.id,
        party: fair.parties[0],
        content: content("一", "二"),
        edits: None,
        submit: false,
    };
    let draft = save_entry(app, &own, input).await.unwrap();
    let file = add(app, &own, draft.id, "a.pdf", false).await.unwrap();
    assert!(app.blobs.read(&file.blob).await.is_ok());
    keqiao_app::programs::discard_entry(app, &own, draft.id).await.unwrap();
    assert!(app.blobs.read(&file.blob).await.is_err());
    assert!(is_missing(read(app, &own, file.id).await));
}
