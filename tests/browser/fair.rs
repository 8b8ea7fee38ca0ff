//! A fair from its call to the signing: organiser, entrant, reviewer and a guest, with pictures in light, dark and on a
//! phone.

use crate::driver::Browser;
use crate::server::keqiao;
use crate::{be, data_of, shots, start};

const OPERATOR: &str = "operator@example.com";
const ENTRANT: &str = "chip@example.com";
const GUEST: &str = "lab@example.com";
const REVIEWER: &str = "broker@example.com";
const TITLE: &str = "车规级低噪声基准源";

#[tokio::test(flavor = "multi_thread")]
async fn a_fair_goes_from_its_call_to_the_signing() {
    let (folder, server, browser) = start().await;
    browser.open("/?lang=zh&theme=light").await;
    look_at_the_demo(&browser).await;
    let program = call(&browser).await;
    let entry = enter(&browser, &program).await;
    check_and_review(&browser, &program, &entry).await;
    decide(&browser, &program, &entry).await;
    meet(&browser, &program, &entry).await;
    sign(&browser, &program, &entry).await;
    browser.close().await;
    drop(server);
    let verified = keqiao(&data_of(&folder), &["verify"]);
    let said = String::from_utf8_lossy(&verified.stdout).into_owned();
    assert!(said.contains("programs: ") && said.contains("records, as they were written"), "{said}");
}

/// The demo fair's pages are not empty.
async fn look_at_the_demo(browser: &Browser) {
    browser.open("/programs").await;
    browser.shot("programs").await;
    browser.follow_in("第二届科创会", "/programs/").await;
    browser.wait_for("云展厅").await;
    let program = browser.path().await;
    shots(browser, &program, "program-published").await;
    shots(browser, &format!("{program}/hall"), "program-hall").await;
    browser.open(&format!("{program}/hall?area=510000&lang=en")).await;
    browser.shot("program-hall-en").await;
    browser.open(&format!("{program}/results?lang=zh")).await;
    browser.shot("program-results").await;
    shots(browser, &format!("{program}/sessions"), "program-sessions").await;
    browser.click(".cards h3 a").await;
    browser.wait_for("一号厅").await;
    browser.shot("program-session-pitch").await;
    be(browser, OPERATOR).await;
    shots(browser, &format!("{program}/work"), "program-work").await;
    shots(browser, &format!("{program}/work/entries"), "program-entries").await;
    shots(browser, &format!("{program}/ranking"), "program-ranking").await;
    shots(browser, &format!("{program}/reviewers"), "program-reviewers").await;
    shots(browser, &format!("{program}/follow-up"), "program-follow-up").await;
}

/// The operator writes the call and publishes it; gives the program's path.
async fn call(browser: &Browser) -> String {
    browser.open("/programs/new?ty=fair").await;
    browser.shot("program-settings").await;
    browser.fill("#title", "车规芯片专场").await;
    browser.fill("#call", "征集车规级芯片的技术、成果与难题。").await;
    browser.set("#opens_on", "2026-01-01").await;
    browser.set("#closes_on", "2099-12-31").await;
    browser.fill("#quotas", "江苏省无锡市 5\n月球 3").await;
    browser.set("#per_entry", "1").await;
    browser.set("#quorum", "1").await;
    browser.set("#appeal_days", "0").await;
    browser.submit("main form button.main-act").await;
    // A place that there is not is named, and what was typed is there.
    browser.wait_for("没有这个代码或名称").await;
    browser.shot("program-settings-faults").await;
    browser.fill("#quotas", "江苏省无锡市 5").await;
    browser.submit("main form button.main-act").await;
    browser.wait_for("专项已建立").await;
    let work = browser.path().await;
    browser.submit("form[action$='/phase'] button").await;
    browser.wait_for("专项已进入下一阶段").await;
    work.trim_end_matches("/work").to_owned()
}

async fn enter(browser: &Browser, program: &str) -> String {
    be(browser, ENTRANT).await;
    shots(browser, program, "program-open").await;
    browser.open(&format!("{program}/enter")).await;
    browser.fill("#title", TITLE).await;
    browser.submit("button[name=act][value=keep]").await;
    browser.wait_for("草稿已保存").await;
    browser.shot("entry-draft").await;
    let entry = browser.path().await;
    browser.open(&format!("{entry}/edit")).await;
    browser.click("input[name=kind][value=technology]").await;
    browser.fill("#summary", "零温漂基准源，噪声低，已完成车规认证。").await;
    browser.fill("#region", "江苏省无锡市").await;
    browser.fill("[name='field.advantage']", "温漂小于2ppm，附第三方报告。").await;
    browser.set("[name='field.maturity']", "production").await;
    shots_of_form(browser).await;
    browser.fill("[name='field.contact']", "钱工 0510-00000001").await;
    browser.submit("button[name=act][value=submit]").await;
    browser.wait_for("已提交").await;
    browser.shot("entry-submitted").await;
    entry
}

async fn shots_of_form(browser: &Browser) {
    browser.shot("entry-form").await;
    browser.narrow().await;
    browser.shot("entry-form-phone").await;
    browser.wide().await;
}

async fn check_and_review(browser: &Browser, program: &str, entry: &str) {
    be(browser, OPERATOR).await;
    browser.open(&format!("{program}/work/entries?stage=submitted")).await;
    browser.wait_for(TITLE).await;
    browser.open(entry).await;
    browser.shot("entry-to-check").await;
    browser.submit("form:has(input[value=pass]) button").await;
    browser.wait_for("形式审查通过").await;
    browser.open(&format!("{program}/work")).await;
    browser.submit("form[action$='/phase'] button").await;
    browser.open(&format!("{program}/reviewers")).await;
    browser.fill("#email", REVIEWER).await;
    browser.submit("form:has(#email) button").await;
    browser.wait_for("专家已添加").await;
    browser.submit("form:has(input[value=deal]) button").await;
    browser.wait_for("已分配").await;
    be(browser, REVIEWER).await;
    browser.open("/reviewing").await;
    browser.shot("reviewing").await;
    browser.open(&program.replace("/programs/", "/reviewing/")).await;
    browser.wait_for(TITLE).await;
    browser.shot("reviewing-program").await;
    let sheet = format!("{entry}/review");
    browser.open(&sheet).await;
    let page = browser.text().await;
    assert!(!page.contains("锡芯微电子") && !page.contains("钱工") && !page.contains("无锡"), "{page}");
    shots(browser, &sheet, "review-sheet").await;
    for (criterion, points) in [("novelty", "9"), ("maturity", "8"), ("use", "9"), ("landing", "7")] {
        browser.fill(&format!("#points-{criterion}"), points).await;
    }
    browser.fill("#note", "数据可信。").await;
    browser.submit("form[action$='/review'] button.main-act").await;
    browser.wait_for("评分已保存").await;
}

async fn decide(browser: &Browser, program: &str, entry: &str) {
    be(browser, OPERATOR).await;
    browser.open(&format!("{program}/ranking")).await;
    browser.submit("form:has(input[value=rank]) button").await;
    browser.wait_for("排名已生成").await;
    browser.fill("#count", "1").await;
    browser.shot("program-ranking-to-decide").await;
    browser.submit("form:has(#count) button.main-act").await;
    browser.wait_for("已批量入选").await;
    browser.open(entry).await;
    browser.shot("entry-for-organiser").await;
    for _ in 0..2 {
        browser.open(&format!("{program}/work")).await;
        browser.submit("form[action$='/phase'] button").await;
        browser.wait_for("专项已进入下一阶段").await;
    }
    be(browser, ENTRANT).await;
    browser.open("/desk/notices").await;
    browser.wait_for("您的项目已在云展厅展出").await;
    browser.shot("program-notices").await;
    browser.open("/entries").await;
    browser.shot("entries-mine").await;
}

async fn meet(browser: &Browser, program: &str, entry: &str) {
    be(browser, GUEST).await;
    browser.open(&format!("{program}/hall")).await;
    browser.wait_for(TITLE).await;
    shots(browser, entry, "entry-shown").await;
    browser.fill("#note", "想评估样品。").await;
    browser.submit("form[action$='/interest'] button").await;
    browser.wait_for("已告知项目方").await;
    be(browser, OPERATOR).await;
    browser.open(&format!("{program}/sessions")).await;
    browser.click("input[name=sort][value=meetings]").await;
    browser.fill("#title", "芯片洽谈专场").await;
    browser.set("#starts", "2026-12-20T09:00").await;
    browser.set("#ends", "2026-12-20T11:00").await;
    browser.fill("#place", "三号厅").await;
    browser.submit("form[action$='/sessions'] button.main-act").await;
    browser.wait_for("场次已建立").await;
    browser.submit("form:has(input[value=plan]) button").await;
    browser.wait_for("时间表已生成").await;
    browser.wait_for(TITLE).await;
    browser.shot("program-timetable").await;
}

async fn sign(browser: &Browser, program: &str, entry: &str) {
    browser.open(entry).await;
    browser.fill("#with", "甬江热管理系统（示例）有限公司").await;
    browser.set("#on", "2026-12-20").await;
    browser.fill("#amount", "86.5").await;
    browser.shot("entry-to-sign").await;
    browser.submit("form:has(#with) button").await;
    browser.wait_for("已写入记录").await;
    shots(browser, entry, "entry-signed").await;
    shots(browser, &format!("{entry}/certificate"), "entry-certificate").await;
    browser.click(".proof a").await;
    browser.wait_for("记录完整").await;
    browser.open(&format!("{program}/follow-up")).await;
    browser.wait_for("已签约").await;
}
