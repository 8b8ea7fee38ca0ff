//! A confidential annex that is a file.

use bytes::Bytes;
use futures::{StreamExt, stream};
use keqiao_app::AppError;
use keqiao_app::engagements::{
    AnnexInput, AnnexReading, UploadedFile, accept_annex_terms, keep_annex_file, read_annex, read_annex_file,
    share_annex, verify_engagements, view_annexes,
};

use super::cast;

#[tokio::test]
async fn the_file_of_an_annex_is_taken_away_only_by_who_accepted_and_each_time_is_logged() {
    let cast = cast().await;
    let app = &cast.house.app;
    let talks = cast.talks().await;
    let upload = |name: &str, bytes: &'static [u8]| UploadedFile {
        name: name.to_owned(),
        stream: stream::iter([Ok::<_, ()>(Bytes::from_static(bytes))]),
    };
    let broker = &cast.brokers[0].1;
    assert!(matches!(keep_annex_file(app, broker, talks.id, upload("a.pdf", b"x")).await, Err(AppError::NotAllowed)));
    // Without a title nothing is shared, and no bytes stay behind.
    let lost = keep_annex_file(app, &cast.offer.1, talks.id, upload("a.pdf", b"x")).await.unwrap();
    let nameless = AnnexInput { terms: "不得转发".into(), file: Some(lost.clone()), ..AnnexInput::default() };
    assert!(matches!(share_annex(app, &cast.offer.1, talks.id, nameless).await, Err(AppError::Invalid(_))));
    assert!(app.blobs.read(&lost.blob).await.is_err());
    let kept = keep_annex_file(app, &cast.offer.1, talks.id, upload("图纸.pdf", b"%PDF drawing")).await.unwrap();
    let input =
        AnnexInput {
            title: "图纸".into(), terms: "不得转发".into(), body: String::new(), file: Some(kept.clone())
        };
    let annex = share_annex(app, &cast.offer.1, talks.id, input).await.unwrap();
    let need = &cast.need.1;
    assert!(matches!(read_annex_file(app, need, talks.id, annex).await, Err(AppError::NotAllowed)));
    assert_eq!(view_annexes(app, need, talks.id).await.unwrap().list[0].annex.file, None);
    accept_annex_terms(app, need, talks.id, annex).await.unwrap();
    let (page, file, mut stream) = read_annex_file(app, need, talks.id, annex).await.unwrap();
    assert_eq!((page.reader.as_str(), file.name.as_str()), ("need", "图纸.pdf"));
    assert_eq!(stream.next().await.unwrap().unwrap(), Bytes::from_static(b"%PDF drawing"));
    let own = read_annex(app, &cast.offer.1, talks.id, annex, AnnexReading::Page).await.unwrap();
    let mut looks: Vec<(&str, bool)> = own.looks.iter().map(|(l, who)| (who.as_str(), l.file)).collect();
    looks.sort_unstable();
    assert_eq!(looks, [("need", true), ("offer", false)]);
    // The record has the hash, and not the name.
    let (faults, _) = verify_engagements(app, &|_| ()).await.unwrap();
    assert_eq!(faults, []);
    app.blobs.keep_bytes(&kept.blob, Bytes::from_static(b"%PDF another")).await.unwrap();
    let (faults, _) = verify_engagements(app, &|_| ()).await.unwrap();
    let found: Vec<_> = faults.iter().map(|f| (f.step, f.file.as_deref())).collect();
    assert_eq!(found, [(Some(own.annex.step), Some("图纸.pdf"))]);
}
