//! Files of articles that are uploaded: what becomes of each, and what of it belongs to no story.

use crate::house::{Answer, Site};
use crate::news::{OFFERED, SIGNED, missing};

pub(crate) fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// The page of a run once it has ended.
pub(crate) async fn ended(site: &Site, run: &str) -> Answer {
    for _ in 0..200 {
        let page = site.as_("operator").get(run).await.expect(200);
        if !page.body.contains("<progress max") {
            return page;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("{run} does not end");
}

#[tokio::test]
async fn a_zip_of_articles_is_read_and_a_broken_file_does_not_stop_the_others() {
    let site = Site::new().await;
    let operator = site.as_("operator");
    missing(&operator.get("/articles/upload").await.expect(200), &["谁能阅读全文", "multipart/form-data"]);
    let packed =
        zip(&[("甲/signed.txt", SIGNED.as_bytes()), ("empty.txt", b" \n"), ("offered.txt", OFFERED.as_bytes())]);
    let readers = [("readers", "member"), ("text_readers", "operator")];
    let run =
        operator.upload("/articles/upload", &readers, "news.zip", &packed).await.expect(303).location().to_owned();
    let page = ended(&site, &run).await;
    missing(&page, &["已完成", "empty.txt", "文件是空的", "signed.txt", "共 3 个文件", "href=\"/articles\""]);
    let report = operator.get(&format!("{run}/report.csv")).await.expect(200);
    missing(&report, &["empty.txt", "文件是空的"]);
    assert!(site.get("/articles").await.body.contains("还没有报道"));
    missing(&site.as_("member").get("/articles").await.expect(200), &["签约", "开放实验室"]);
    // The same again brings nothing new.
    let again =
        operator.upload("/articles/upload", &readers, "news.zip", &packed).await.expect(303).location().to_owned();
    let page = ended(&site, &again).await;
    missing(&page, &["<dt>新增</dt><dd>0</dd>", "<dt>无变化</dt><dd>2</dd>", "signed.txt</a>", "offered.txt</a>"]);
    assert_eq!(page.body.matches("<div><a href=\"/articles/").count(), 2, "it leads to both articles: {}", page.body);
    let one = operator.upload("/articles/upload", &readers, "one.txt", "孤篇\n".as_bytes()).await.expect(303);
    missing(&ended(&site, one.location()).await, &["共 1 个文件"]);
    let broken =
        operator.upload("/articles/upload", &readers, "broken.zip", b"PK\x03\x04 and no more").await.expect(422);
    missing(
        &broken,
        &["压缩包不完整或已损坏", "请重新压缩或重新下载后再传（broken.zip）", "value=\"operator\" checked"],
    );
    let mut hurt = zip(&[("甲/hurt.txt", SIGNED.as_bytes()), ("offered.txt", OFFERED.as_bytes())]);
    let packed_text = hurt.iter().position(|b| *b == 0xE7).unwrap() + 60;
    hurt[packed_text] ^= 0xFF;
    let run = operator.upload("/articles/upload", &readers, "hurt.zip", &hurt).await.expect(303);
    missing(&ended(&site, run.location()).await, &["压缩包里的这个文件已损坏", "#1 · 甲/hurt.txt", "offered.txt</a>"]);
    site.as_("member").upload("/articles/upload", &readers, "a.txt", b"x").await.expect(403);
}

#[tokio::test]
async fn a_file_without_a_story_is_kept_and_shown_and_what_is_no_text_is_refused() {
    let site = Site::new().await;
    let operator = site.as_("operator");
    let menu = "首页 新闻中心 关于我们 联系我们\n版权所有 © 星河网 蜀ICP备12345678号\n";
    let noise: Vec<u8> = b"MZ\0\xff\x01\0\0".repeat(100);
    let packed = zip(&[("menu.txt", menu.as_bytes()), ("noise.txt", &noise), ("signed.txt", SIGNED.as_bytes())]);
    let readers = [("readers", "public"), ("text_readers", "member")];
    let run = operator.upload("/articles/upload", &readers, "news.zip", &packed).await.expect(303);
    let page = ended(&site, run.location()).await;
    missing(&page, &["menu.txt</a>", "signed.txt</a>", "noise.txt", "这个文件不是文本"]);
    let files: Vec<&str> =
        page.body.split("href=\"/articles/files/").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(files.len(), 2);
    let file = format!("/articles/files/{}", files[0]);
    missing(
        &operator.get(&file).await.expect(200),
        &["这个文件里没有报道", "is-menu\">首页 新闻中心", "is-copyright\">版权所有"],
    );
    let whole = operator.get(&format!("/articles/files/{}", files[1])).await.expect(200);
    missing(&whole, &["<h1>signed.txt</h1>", "星河材料研究院与澄江电子有限公司签约"]);
    assert!(!whole.body.contains("这个文件里没有报道"));
    site.as_("member").get(&file).await.expect(403);
}
