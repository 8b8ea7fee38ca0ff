//! Need side, offer side, broker and operator play an engagement from the match to its landing; another is declined,
//! and one runs out.

use std::path::Path;
use std::time::{Duration, Instant};

use keqiao_domain::{Due, EngagementId, Timestamp};
use keqiao_store::{Store, StoreError, StoreOptions, engagements};

use crate::driver::Browser;
use crate::server::keqiao;
use crate::{be, data_of, start};

const NEED: &str = "lab@example.com";
const OFFER: &str = "chip@example.com";
const BROKER: &str = "broker@example.com";
const OPERATOR: &str = "operator@example.com";
/// The offer that answers the need.
const TITLE: &str = "40 V LDO，500 mA，Grade 0";

#[tokio::test(flavor = "multi_thread")]
async fn a_match_goes_through_every_stage_and_others_are_declined_and_run_out() {
    let (folder, server, browser) = start().await;
    let proof = folder.path().join("合同扫描件.pdf");
    std::fs::write(&proof, b"%PDF-1.7 signed by both").unwrap();
    browser.open("/?lang=zh&theme=light").await;

    let id = take_up(&browser).await;
    let (declined, silent) = (by_hand(&browser, "顺便问一下LIN收发器").await, by_hand(&browser, "高边开关样品").await);
    decline(&browser, &declined).await;
    let path = format!("/engagements/{id}");
    talk(&browser, &path).await;
    sign(&browser, &path, &proof).await;
    on_to_landing(&browser, &path, &proof).await;
    run_out(&browser, &data_of(&folder), &silent).await;
    look_back(&browser, &path).await;
    browser.close().await;
    drop(server);
    let verified = keqiao(&data_of(&folder), &["verify"]);
    let said = String::from_utf8_lossy(&verified.stdout).into_owned();
    assert!(said.contains("engagements: ") && said.contains("as they were written"), "{said}");
}

async fn take_up(browser: &Browser) -> String {
    be(browser, NEED).await;
    browser.open_until("/desk/matches", TITLE).await;
    browser.shot("desk-matches-take-up").await;
    browser.follow_in(TITLE, "/engagements/new").await;
    browser.fill("#note", "需要Grade 0的样品，先做-40℃冷启动试验。").await;
    browser.shot("engagement-open").await;
    browser.submit("main form button.main-act").await;
    browser.shot("engagement-introduced").await;
    browser.path().await.rsplit('/').next().unwrap().to_owned()
}

/// Proposes an engagement without listings.
async fn by_hand(browser: &Browser, title: &str) -> String {
    browser.open("/engagements/new").await;
    browser.choose("select[name=need_own]", 1).await;
    browser.fill("#offer_party", "锡芯微电子（示例）有限公司").await;
    browser.fill("#title", title).await;
    browser.submit("main form button.main-act").await;
    browser.wait_for(title).await;
    browser.path().await.rsplit('/').next().unwrap().to_owned()
}

async fn decline(browser: &Browser, id: &str) {
    be(browser, OFFER).await;
    browser.open("/engagements").await;
    browser.shot("engagements-waiting").await;
    browser.open(&format!("/engagements/{id}/moves/decline")).await;
    browser.click("input[name=reason][value=other]").await;
    browser.submit("main form button.warn-act").await;
    // Another reason has to be said in words, and what was chosen is still there.
    browser.wait_for("请填写此项").await;
    browser.shot("engagement-decline").await;
    browser.fill("#note", "LIN收发器下季度停产。").await;
    browser.submit("main form button.warn-act").await;
    browser.wait_for("已谢绝").await;
    browser.shot("engagement-declined").await;
}

async fn confirm(browser: &Browser, path: &str, who: &str) {
    be(browser, who).await;
    browser.open(path).await;
    browser.submit("form[action$='/confirm'] button").await;
    browser.wait_for("已确认").await;
}

/// Fills a move's form and sends it.
async fn make(browser: &Browser, path: &str, made: &str, fields: &[(&str, &str)], proof: Option<&Path>) {
    browser.open(&format!("{path}/moves/{made}")).await;
    for (field, value) in fields {
        let css = format!("[name='field.{field}']");
        if field.ends_with("-on") || field.ends_with("-since") || matches!(*field, "contract-type" | "result") {
            browser.set(&css, value).await;
        } else {
            browser.fill(&css, value).await;
        }
    }
    if let Some(proof) = proof {
        browser.attach("input[type=file]", proof).await;
    }
    browser.shot(&format!("engagement-form-{made}")).await;
    browser.submit("main form button.main-act").await;
    browser.wait_for("已写入记录").await;
}

async fn talk(browser: &Browser, path: &str) {
    browser.open("/desk/notices").await;
    browser.wait_for("等您答复").await;
    browser.shot("engagement-notices").await;
    confirm(browser, path, OFFER).await;
    browser.fill("#body", "样品周三寄出，随附AEC-Q100报告。").await;
    browser.submit("form[action$='/messages'] button").await;
    browser.wait_for("样品周三寄出").await;
    browser.click("#appointments summary").await;
    browser.fill("#appointments #title", "冷启动试验现场").await;
    browser.set("#starts", "2026-12-07T09:00").await;
    browser.set("#ends", "2026-12-07T11:30").await;
    browser.fill("#place", "宁波").await;
    browser.submit("form[action$='/appointments'] button").await;
    browser.wait_for("冷启动试验现场").await;
    let minutes = [("met-on", "2026-11-30"), ("present", "双方工程师"), ("minutes", "冷启动通过，约定首批五千只。")];
    make(browser, path, "minutes", &minutes, None).await;
}

async fn sign(browser: &Browser, path: &str, proof: &Path) {
    let amounts = [
        ("contract-type", "purchase"),
        ("signed-on", "2026-11-30"),
        ("contract-amount", "86.5"),
        ("technology-amount", "90"),
    ];
    // More for technology than in all is refused; everything typed, and the file, is kept.
    browser.open(&format!("{path}/moves/sign")).await;
    for (field, value) in amounts {
        let css = format!("[name='field.{field}']");
        if field.ends_with("amount") { browser.fill(&css, value).await } else { browser.set(&css, value).await }
    }
    browser.attach("input[type=file]", proof).await;
    browser.submit("main form button.main-act").await;
    browser.wait_for("不能大于").await;
    browser.shot("engagement-form-faults").await;
    browser.fill("[name='field.technology-amount']", "12").await;
    browser.submit("main form button.main-act").await;
    browser.wait_for("已写入记录").await;
    be(browser, BROKER).await;
    browser.open("/engagements?whose=brokerless").await;
    browser.wait_for("发动机舱").await;
    browser.shot("engagements-brokerless").await;
    browser.open(path).await;
    browser.click("main aside details summary").await;
    browser.submit("form[action$='/broker'] button").await;
    browser.wait_for("已指派").await;
    be(browser, NEED).await;
    browser.open(path).await;
    browser.shot("engagement-to-confirm").await;
    browser.narrow().await;
    browser.shot("engagement-to-confirm-phone").await;
    browser.wide().await;
    confirm(browser, path, NEED).await;
}

async fn on_to_landing(browser: &Browser, path: &str, proof: &Path) {
    be(browser, BROKER).await;
    let payment = [("paid-on", "2026-11-30"), ("paid-amount", "43")];
    make(browser, path, "pay", &payment, Some(proof)).await;
    confirm(browser, path, NEED).await;
    confirm(browser, path, OFFER).await;
    be(browser, NEED).await;
    make(browser, path, "accept-work", &[("accepted-on", "2026-11-30"), ("result", "passed")], Some(proof)).await;
    confirm(browser, path, OFFER).await;
    be(browser, NEED).await;
    let used = [("used-since", "2026-11-30"), ("use", "装车三百台，无一失效。")];
    make(browser, path, "use-report", &used, None).await;
    let landed = [("benefit", "替代进口，单台省七元。"), ("yearly-benefit", "210")];
    make(browser, path, "land", &landed, Some(proof)).await;
    confirm(browser, path, OFFER).await;
    for (who, note) in [(OFFER, "验收及时，按约付款。"), (NEED, "交付准时，问题当天答复。")] {
        be(browser, who).await;
        browser.open(path).await;
        browser.click("input[name=score][value='5']").await;
        browser.fill("#rate-note", note).await;
        browser.submit("form[action$='/rate'] button").await;
        browser.wait_for("已评价").await;
    }
}

/// Nobody answers: the clock lets it rest. Its hour is brought on in the database.
async fn run_out(browser: &Browser, data: &Path, id: &str) {
    let url = format!("sqlite://{}", data.join("keqiao.db").display());
    let store = Store::open(&StoreOptions { url, read_connections: 1 }).await.unwrap();
    let engagement: EngagementId = id.parse().unwrap();
    let due = Some((Due::Rest, Timestamp::from_micros(0)));
    let set = store
        .write::<_, StoreError, _>(move |tx| Box::pin(async move { engagements::set_due(tx, engagement, due).await }));
    set.await.unwrap();
    store.close().await;
    let begun = Instant::now();
    loop {
        browser.open(&format!("/engagements/{id}")).await;
        if browser.text().await.contains("转入休眠\n") || browser.text().await.contains("恢复对接") {
            break;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "it does not run out: {}", browser.text().await);
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    browser.shot("engagement-dormant").await;
}

async fn look_back(browser: &Browser, path: &str) {
    browser.open(path).await;
    browser.shot("engagement-landed").await;
    browser.open(&format!("{path}?theme=dark&lang=en")).await;
    browser.shot("engagement-landed-dark-en").await;
    browser.narrow().await;
    browser.shot("engagement-landed-phone").await;
    browser.wide().await;
    browser.open("/?theme=light&lang=zh").await;
    browser.open(&format!("{path}/certificate")).await;
    browser.shot("engagement-certificate").await;
    browser.open(path).await;
    browser.submit("a[href^='/verify/']").await;
    browser.wait_for("记录完整").await;
    browser.shot("engagement-verified").await;
    be(browser, OPERATOR).await;
    browser.open("/dashboard").await;
    browser.wait_for("从推介到落地").await;
    browser.shot("dashboard").await;
    browser.narrow().await;
    browser.shot("dashboard-phone").await;
    browser.wide().await;
    browser.open("/dashboard?theme=dark&lang=en").await;
    browser.shot("dashboard-dark-en").await;
    browser.open("/engagements?theme=light&lang=zh").await;
    browser.shot("engagements-board").await;
    browser.narrow().await;
    browser.shot("engagements-board-phone").await;
    browser.wide().await;
    browser.open("/dashboard/list?reason=other").await;
    browser.wait_for("顺便问一下").await;
}
