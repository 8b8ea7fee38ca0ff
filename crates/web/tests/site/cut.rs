//! Uploads over a connection that breaks in the middle: all of a file comes in, or nothing of it stays.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::house::Site;
use crate::news::{SIGNED, missing};
use crate::uploads::{ended, zip};

/// Long enough to be spooled in several pieces.
const LARGE: usize = 16 << 20;

/// The bytes of an upload as they go over the wire.
async fn request(site: &Site, name: &str, file: &[u8]) -> Vec<u8> {
    let (secret, token) = site.session("operator").await;
    let mut body = Vec::new();
    for (field, value) in [("csrf", token.as_str()), ("readers", "public"), ("text_readers", "member")] {
        let part = format!("--XX\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}\r\n");
        body.extend(part.bytes());
    }
    let part = format!("--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
    body.extend(part.bytes());
    body.extend_from_slice(file);
    body.extend(b"\r\n--XX--\r\n");
    let head = format!(
        "POST /articles/upload HTTP/1.1\r\nHost: localhost\r\nCookie: kq_session={secret}\r\nConnection: close\r\n\
         Content-Type: multipart/form-data; boundary=XX\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.into_bytes(), body].concat()
}

/// The names of all files below a folder.
fn files_below(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let of = |entry: std::fs::DirEntry| match entry.path() {
        path if path.is_dir() => files_below(&path),
        path => vec![path.display().to_string()],
    };
    entries.flat_map(|entry| of(entry.unwrap())).collect()
}

/// Waits until something holds.
async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    for _ in 0..400 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("in vain: {what}");
}

/// Sends the beginning of a request, waits, and breaks the connection.
async fn cut(address: SocketAddr, sent: &[u8], before_the_break: impl AsyncFnOnce()) {
    let mut wire = TcpStream::connect(address).await.unwrap();
    wire.write_all(sent).await.unwrap();
    before_the_break().await;
}

/// Sends a whole request and gives the answer.
async fn send(address: SocketAddr, sent: &[u8]) -> String {
    let mut wire = TcpStream::connect(address).await.unwrap();
    wire.write_all(sent).await.unwrap();
    let mut answer = Vec::new();
    wire.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn an_upload_that_is_cut_leaves_nothing_and_the_same_file_sent_again_comes_in_whole() {
    let site = Site::new().await;
    let (address, blobs) = (site.listen().await, site.folder().join("blobs"));
    let operator = site.as_("operator");
    let packed = zip(&[("picture.png", &vec![0xA5; LARGE]), ("signed.txt", SIGNED.as_bytes())]);
    let whole = request(&site, "news.zip", &packed).await;

    cut(address, &whole[..whole.len() / 2], async || {
        until("something is spooled", async || !files_below(&blobs).is_empty()).await;
    })
    .await;
    let upload = async || operator.get("/articles/upload").await.expect(200);
    until("the page says that it was cut", async || upload().await.body.contains("上次传「news.zip」时连接中断")).await;
    until("what was spooled is gone", async || files_below(&blobs).is_empty()).await;
    assert!(site.get("/articles").await.expect(200).body.contains("还没有报道"));

    let answer = send(address, &whole).await;
    let run = answer.lines().find_map(|line| line.strip_prefix("location: ")).unwrap_or_else(|| panic!("{answer}"));
    missing(&ended(&site, run).await, &["已完成", "<dt>新增</dt><dd>1</dd>", "signed.txt", "href=\"/articles/"]);
    let page = upload().await;
    assert!(!page.body.contains("连接中断"), "the last upload came whole");
    missing(&page, &["没有传完", "news.zip"]);
    until("the file of a run that ended is gone", async || files_below(&blobs).is_empty()).await;
}

#[tokio::test]
async fn wherever_the_connection_breaks_nothing_half_is_kept() {
    let site = Site::new().await;
    let (address, blobs) = (site.listen().await, site.folder().join("blobs"));
    let whole = request(&site, "signed.txt", SIGNED.as_bytes()).await;
    let file = whole.windows(4).rposition(|w| w == b"\r\n\r\n").unwrap() + 4;
    // In the head, in a field, before the file, after its first characters, before its last, in the boundary after it.
    for at in [40, file - 200, file, file + 7, whole.len() - 12, whole.len() - 6] {
        cut(address, &whole[..at], async || tokio::time::sleep(Duration::from_millis(60)).await).await;
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(files_below(&blobs).is_empty(), "{:?}", files_below(&blobs));
    assert!(site.get("/articles").await.expect(200).body.contains("还没有报道"));
    let answer = send(address, &whole).await;
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
}
