//! A volunteer action in a browser: a firm asks, the team sends somebody, who reports hours, and the firm confirms them.

use crate::driver::Browser;
use crate::{be, shots, start};

const FIRM: &str = "lab@example.com";
const TEAM: &str = "association@example.com";
const VOLUNTEER: &str = "volunteer@example.com";
const OPERATOR: &str = "operator@example.com";

#[tokio::test(flavor = "multi_thread")]
async fn a_volunteer_action_goes_from_a_request_to_hours_that_two_parties_proved() {
    let (_folder, _server, browser) = start().await;
    browser.open("/?lang=zh&theme=light").await;

    let request = ask(&browser).await;
    send(&browser, &request).await;
    serve(&browser, &request).await;
    confirm(&browser, &request).await;
    report(&browser).await;
    look_around(&browser).await;
    browser.close().await;
}

/// Asks for help that was given yesterday, so that its hours can be reported.
async fn ask(browser: &Browser) -> String {
    be(browser, FIRM).await;
    browser.open("/volunteers/requests/new").await;
    browser.fill("#title", "车间用电安全检查").await;
    browser.fill("#body", "检查配电箱和接地，给出整改清单。").await;
    browser.fill("#skills", "手机使用").await;
    browser.set("#starts", "2026-03-02T09:00").await;
    browser.set("#ends", "2026-03-02T08:00").await;
    browser.fill("#place", "一号车间").await;
    browser.submit("main form button.main-act").await;
    // The end lies before the beginning; everything typed is still there.
    browser.wait_for("结束时间要晚于开始时间").await;
    browser.shot("volunteer-request-faults").await;
    browser.set("#ends", "2026-03-02T11:00").await;
    browser.submit("main form button.main-act").await;
    browser.wait_for("需求已提出").await;
    browser.path().await
}

async fn send(browser: &Browser, request: &str) {
    be(browser, TEAM).await;
    browser.open(request).await;
    browser.wait_for("可派人员").await;
    browser.shot("volunteer-candidates").await;
    browser.submit("form[action$='/dispatch'] button").await;
    browser.wait_for("已派单").await;
}

async fn serve(browser: &Browser, request: &str) {
    be(browser, VOLUNTEER).await;
    browser.open("/desk/notices").await;
    browser.wait_for("请您参加一次志愿服务").await;
    browser.open(request).await;
    browser.submit("form[action$='/accept'] button").await;
    browser.fill("textarea[name=note]", "查了六只配电箱，两处接地松动。").await;
    browser.shot("volunteer-report-hours").await;
    browser.submit("form[action$='/report'] button").await;
    browser.wait_for("时长待确认").await;
    // The volunteer has no way to confirm.
    assert!(!browser.has("form[action$='/prove']").await);
}

async fn confirm(browser: &Browser, request: &str) {
    be(browser, OPERATOR).await;
    browser.open(request).await;
    // Nor has the back office.
    assert!(!browser.has("form[action$='/prove']").await && !browser.has("form[action$='/report']").await);
    be(browser, FIRM).await;
    browser.open(request).await;
    browser.wait_for("确认 2.0 小时").await;
    browser.shot("volunteer-confirm").await;
    browser.submit("form[action$='/prove'] button").await;
    browser.wait_for("时长已确认").await;
    shots(browser, request, "volunteer-request").await;
}

async fn report(browser: &Browser) {
    be(browser, TEAM).await;
    browser.open("/volunteers/report?from=2026-03-01&to=2026-03-31").await;
    browser.wait_for("2.0").await;
    shots(browser, "/volunteers/report", "volunteer-report").await;
    be(browser, VOLUNTEER).await;
    shots(browser, "/volunteers/mine", "volunteer-mine").await;
}

/// The other pages of the services, as demo data fill them.
async fn look_around(browser: &Browser) {
    browser.open("/sign-in").await;
    be(browser, TEAM).await;
    shots(browser, "/volunteers", "volunteers").await;
    browser.open("/volunteers").await;
    let team = browser.attributes("main .cols section:last-child h3 a", "href").await.remove(0);
    shots(browser, &team, "volunteer-team").await;
    shots(browser, "/volunteers/teams/new", "volunteer-team-new").await;
    be(browser, "broker@example.com").await;
    shots(browser, "/services", "services").await;
    shots(browser, "/visits", "visits").await;
    browser.open("/visits").await;
    let visit = browser.attributes("main .cards h3 a", "href").await.pop().unwrap();
    shots(browser, &visit, "visit").await;
    shots(browser, "/visits/new", "visit-new").await;
    shots(browser, "/handover", "handover").await;
    shots(browser, "/feedback", "feedback").await;
    browser.open("/feedback?which=overdue").await;
    let item = browser.attributes("main table a", "href").await.remove(0);
    shots(browser, &item, "feedback-item").await;
    browser.open("/engagements?whose=looked-after").await;
    browser.follow_in("车载水泵驱动芯片联合开发", "/engagements/").await;
    let engagement = browser.path().await;
    shots(browser, &format!("{engagement}/contract"), "contract").await;
    be(browser, FIRM).await;
    shots(browser, &format!("{engagement}/annexes"), "annexes").await;
    browser.open(&format!("{engagement}/annexes")).await;
    browser.submit("form[action$='/accept'] button").await;
    browser.wait_for("堵转判据").await;
    let annex = browser.path().await;
    be(browser, "chip@example.com").await;
    shots(browser, &annex, "annex").await;
    be(browser, OPERATOR).await;
    shots(browser, "/workstations", "workstations").await;
    browser.open("/workstations?which=applied").await;
    let station = browser.attributes("main .cards h3 a", "href").await.remove(0);
    shots(browser, &station, "workstation-applied").await;
    browser.wait_for("超出同时在站的限额").await;
    shots(browser, "/alliances", "alliances").await;
    browser.open("/alliances").await;
    let alliance = browser.attributes("main .cards h3 a", "href").await.remove(0);
    shots(browser, &alliance, "alliance").await;
}
