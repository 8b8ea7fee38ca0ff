//! A real browser walks the whole path, as people do: sign up → organization →
//! publish a need → an operator reviews → the match is seen → a colleague is invited.
//! Screenshots lie in `target/tmp/browser` afterwards.

#![allow(clippy::unwrap_used)]

#[path = "../server.rs"]
mod server;

mod driver;
mod engagement;
mod fair;
mod volunteers;

use std::path::PathBuf;

use driver::Browser;
use server::{Server, keqiao};
use tempfile::TempDir;

const NEED: &str = "需要车规级碳化硅MOSFET，耐压1200V，导通电阻不大于40mΩ，工作温度-40℃~150℃，通过AEC-Q101，\
    用于车载充电机，可提高效率并替代进口器件，希望先提供样品，年用量5万只。";

#[tokio::test(flavor = "multi_thread")]
async fn a_need_goes_from_the_box_of_the_front_page_to_a_match_on_the_desk() {
    let (_folder, _server, browser) = start().await;

    paste_without_an_account(&browser).await;
    sign_up_and_found_an_organization(&browser).await;
    let listing = publish(&browser).await;
    browser.click("header form button").await;
    review(&browser, &listing).await;
    browser.click("header form button").await;
    see_the_match_and_invite(&browser, &listing).await;
    browser.close().await;
}

/// Without an account: what was read stands there, and the offers with their reasons.
async fn paste_without_an_account(browser: &Browser) {
    browser.open("/").await;
    browser.shot("home").await;
    browser.fill("#text", NEED).await;
    browser.submit(".bigbox button.main-act").await;
    browser.wait_for("碳化硅").await;
    let page = browser.text().await;
    assert!(page.contains("1200"), "{page}");
    browser.shot("match").await;
    browser.narrow().await;
    browser.shot("match-phone").await;
    browser.wide().await;
    browser.open("/hall?q=SiC").await;
    browser.wait_for("碳化硅").await;
    browser.shot("hall").await;
    browser.open("/hall?q=SiC&theme=dark&lang=en").await;
    browser.shot("hall-dark-en").await;
    browser.open("/?theme=light&lang=zh").await;
}

async fn sign_up_and_found_an_organization(browser: &Browser) {
    browser.open("/sign-up").await;
    browser.fill("#name", "周工").await;
    browser.fill("#email", "zhou@example.com").await;
    browser.fill("#password", "a long password").await;
    browser.submit("main form button.main-act").await;
    browser.open("/organizations/new").await;
    browser.fill("#name", "车载电源（示例）有限公司").await;
    browser.submit("main form button.main-act").await;
    browser.wait_for("车载电源（示例）有限公司").await;
    browser.shot("organization").await;
}

/// Through the wizard; gives the listing's id.
async fn publish(browser: &Browser) -> String {
    browser.open("/publish").await;
    browser.fill("#text", NEED).await;
    browser.shot("publish-kind").await;
    browser.submit("button[name=choice][value='need/chip']").await;
    browser.fill("#title", "寻求车规级1200V碳化硅MOSFET").await;
    browser.fill("#summary", "车载充电机用，先送样，年用量5万只。").await;
    browser.shot("publish-form").await;
    browser.submit("button[name=act][value=check]").await;
    browser.shot("publish-check").await;
    let path = browser.path().await;
    let listing = path.rsplit('/').next().unwrap().split(['?', '#']).next().unwrap().to_owned();
    browser.submit(&format!("form[action='/publish/{listing}'] button.main-act")).await;
    browser.open("/desk").await;
    browser.wait_for("寻求车规级1200V碳化硅MOSFET").await;
    browser.shot("desk").await;
    listing
}

/// Where the demo's data lies in the folder of a test.
fn data_of(folder: &TempDir) -> PathBuf {
    folder.path().join("data")
}

/// The demo, served, and a browser before it; all end with what is given.
async fn start() -> (TempDir, Server, Browser) {
    let folder = tempfile::tempdir().unwrap();
    let filled = keqiao(&data_of(&folder), &["demo", "--fill-only"]);
    assert!(filled.status.success(), "{}", String::from_utf8_lossy(&filled.stderr));
    let server = Server::start(&data_of(&folder));
    let browser = Browser::start(server.base()).await;
    (folder, server, browser)
}

/// Signs in as somebody of the demo, whoever was signed in before.
async fn be(browser: &Browser, who: &str) {
    browser.open("/sign-in").await;
    if browser.has("header form button").await {
        browser.submit("header form button").await;
    }
    sign_in(browser, who, "keqiao-demo").await;
}

/// A page in light, dark and on a phone.
async fn shots(browser: &Browser, path: &str, name: &str) {
    browser.open(path).await;
    browser.shot(name).await;
    let more = if path.contains('?') { '&' } else { '?' };
    browser.open(&format!("{path}{more}theme=dark")).await;
    browser.shot(&format!("{name}-dark")).await;
    browser.open(&format!("{path}{more}theme=light")).await;
    browser.narrow().await;
    browser.shot(&format!("{name}-phone")).await;
    browser.wide().await;
}

pub(crate) async fn sign_in(browser: &Browser, email: &str, password: &str) {
    browser.open("/sign-in").await;
    browser.fill("#email", email).await;
    browser.fill("#password", password).await;
    browser.submit("main form button.main-act").await;
}

async fn review(browser: &Browser, listing: &str) {
    sign_in(browser, "operator@example.com", "keqiao-demo").await;
    browser.open("/review").await;
    browser.wait_for("寻求车规级1200V碳化硅MOSFET").await;
    browser.shot("review-queue").await;
    browser.open(&format!("/review/{listing}")).await;
    for criterion in 1..=4 {
        browser.click(&format!("form fieldset:nth-of-type({criterion}) input[value='4']")).await;
    }
    browser.shot("review").await;
    browser.submit("form[data-guard] button.main-act").await;
    read_an_article(browser).await;
}

/// A fact and the words it stands on light up together, whichever the pointer is over.
async fn read_an_article(browser: &Browser) {
    browser.open("/articles").await;
    browser.click(".heads a").await;
    browser.wait_for("不属于任何报道的文字").await;
    browser.hover("[data-fact='1']").await;
    let lit = browser.attributes(".says.lit", "data-facts").await;
    assert!(!lit.is_empty() && lit.iter().all(|numbers| numbers.split(' ').any(|n| n == "1")), "{lit:?}");
    browser.shot("article").await;
    browser.hover("h1").await;
    assert_eq!(browser.attributes(".lit", "class").await, [""; 0]);
    browser.hover(".says").await;
    let said = browser.attributes(".says", "data-facts").await;
    assert_eq!(browser.attributes("li.lit", "data-fact").await.join(" "), said[0]);
    browser.narrow().await;
    browser.shot("article-phone").await;
    browser.wide().await;
    browser.open("/timeline").await;
    browser.shot("timeline").await;
}

async fn see_the_match_and_invite(browser: &Browser, listing: &str) {
    sign_in(browser, "zhou@example.com", "a long password").await;
    browser.open_until("/desk/matches", "碳化硅").await;
    browser.shot("desk-matches").await;
    browser.open("/desk/notices").await;
    browser.shot("desk-notices").await;
    browser.open(&format!("/listings/{listing}")).await;
    browser.wait_for("寻求车规级1200V碳化硅MOSFET").await;
    browser.shot("listing").await;
    browser.open("/account").await;
    browser.shot("account").await;
    browser.click("a[href$='/people']").await;
    browser.fill("#email", "colleague@example.com").await;
    browser.submit("form[action$='/invitations'] button.main-act").await;
    browser.wait_for("/invitation/").await;
    browser.shot("people").await;
}
