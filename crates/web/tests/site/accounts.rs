//! Accounts and their administration.

use keqiao_app::accounts::{invite_colleague, session_viewer, token_viewer};
use keqiao_domain::OrgRole;

use crate::house::{PASSWORD, PEOPLE, Site};

pub(crate) const CODE: &str = "914403001922038216";
pub(crate) const NAUGHTY: &str = "</textarea><script>alert('x')</script>\"> & é̂ 𠮷";

/// What a response put into the session's cookie.
fn session_cookie(answer: &crate::house::Answer) -> Option<String> {
    let cookies = answer.headers.get_all("set-cookie");
    let mut found = cookies.iter().filter_map(|c| c.to_str().ok()?.strip_prefix("kq_session=").map(str::to_owned));
    found.next_back().map(|c| c.split(';').next().unwrap().to_owned())
}

/// The secret at the end of a link that a page shows in a `<code>`.
pub(crate) fn shown_code(body: &str) -> String {
    body.split("<code>").nth(1).unwrap().split("</code>").next().unwrap().to_owned()
}

#[tokio::test]
async fn who_signs_in_is_known_and_goes_on_to_where_they_were() {
    let site = Site::new().await;
    let visitor = site.visitor();
    let page = visitor.get("/sign-in?next=%2Fhall%3Fside%3Dneed").await.expect(200);
    assert!(page.body.contains("name=\"next\" value=\"/hall?side=need\""), "{}", page.body);
    let fields = [("email", " Owner@Example.com "), ("password", PASSWORD), ("next", "/hall?side=need")];
    let answer = visitor.post("/sign-in", &fields).await.expect(303);
    assert_eq!(answer.location(), "/hall?side=need");
    let secret = session_cookie(&answer).unwrap();
    let signed_in = session_viewer(&site.app, &secret).await.unwrap().unwrap();
    assert_eq!(signed_in.account.email, "owner@example.com");
}

#[tokio::test]
async fn a_sign_in_leads_to_no_other_site() {
    let site = Site::new().await;
    for next in ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"] {
        let fields = [("email", "owner@example.com"), ("password", PASSWORD), ("next", next)];
        let answer = site.visitor().post("/sign-in", &fields).await.expect(303);
        assert_eq!(answer.location(), "/desk", "{next}");
    }
}

#[tokio::test]
async fn a_wrong_password_keeps_the_address_and_opens_nothing() {
    let site = Site::new().await;
    for email in ["owner@example.com", "nobody@example.com"] {
        let answer = site.visitor().post("/sign-in", &[("email", email), ("password", "wrong")]).await.expect(401);
        assert!(answer.body.contains(&format!("value=\"{email}\"")) && answer.body.contains("邮箱或密码不对"));
        assert_eq!(session_cookie(&answer), None);
        assert!(!answer.body.contains("value=\"wrong\""));
    }
}

#[tokio::test]
async fn signing_up_says_everything_that_is_wrong_and_keeps_what_was_typed() {
    let site = Site::new().await;
    let fields = [("email", "no address"), ("name", ""), ("password", "short")];
    let page = site.visitor().post("/sign-up", &fields).await.expect(422);
    for text in ["不是有效的邮箱地址", "请填写此项", "少于最低字数", "value=\"no address\""] {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
    let taken = [("email", "OWNER@example.com"), ("name", NAUGHTY), ("password", PASSWORD)];
    let page = site.visitor().post("/sign-up", &taken).await.expect(422);
    assert!(page.body.contains("已被使用") && !page.body.contains("<script>alert"), "{}", page.body);

    let good = [("email", "new@example.com"), ("name", "新人"), ("password", PASSWORD)];
    let answer = site.visitor().post("/sign-up", &good).await.expect(303);
    let secret = session_cookie(&answer).unwrap();
    let signed_in = session_viewer(&site.app, &secret).await.unwrap().unwrap();
    assert_eq!((signed_in.account.name.as_str(), signed_in.account.platform_role), ("新人", None));
}

#[tokio::test]
async fn a_form_without_its_token_is_refused() {
    let site = Site::new().await;
    let body = format!("email=owner@example.com&password={}&csrf=x", crate::house::encode(PASSWORD));
    let kind = "application/x-www-form-urlencoded";
    let answer = site.visitor().request("POST".parse().unwrap(), "/sign-in", kind, body.into_bytes()).await;
    assert_eq!(session_cookie(&answer.expect(403)), None);
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let site = Site::new().await;
    let (secret, _) = site.session("owner").await;
    let answer = site.as_("owner").post("/sign-out", &[]).await.expect(303);
    assert_eq!(session_cookie(&answer).as_deref(), Some(""));
    assert!(session_viewer(&site.app, &secret).await.unwrap().is_none());
}

#[tokio::test]
async fn a_reset_is_promised_alike_for_all_addresses_and_a_dead_link_is_told() {
    let site = Site::new().await;
    for email in ["owner@example.com", "nobody@example.com"] {
        let answer = site.visitor().post("/forgot", &[("email", email)]).await.expect(303);
        assert_eq!(answer.location(), "/sign-in");
    }
    site.visitor().get("/reset/x").await.expect(200);
    let short = site.visitor().post("/reset/x", &[("password", "short")]).await.expect(422);
    assert!(short.body.contains("少于最低字数"));
    let dead = site.visitor().post("/reset/x", &[("password", PASSWORD)]).await.expect(410);
    assert!(dead.body.contains("链接已失效"));
}

#[tokio::test]
async fn an_invitation_is_kept_through_signing_up_and_taken_up() {
    let site = Site::new().await;
    let owner = site.viewer("owner").await;
    let (link, _) = invite_colleague(&site.app, &owner, site.a.id, "new@example.com", OrgRole::Editor).await.unwrap();
    let path = format!("/invitation/{}", link.rsplit('/').next().unwrap());

    let page = site.get(&path).await.expect(200);
    let next = crate::house::encode(&path);
    assert!(page.body.contains(&site.a.name) && page.body.contains("编辑者"), "{}", page.body);
    assert!(page.body.contains(&format!("/sign-up?next={next}")), "{}", page.body);

    let fields = [("email", "new@example.com"), ("name", "新人"), ("password", PASSWORD), ("next", path.as_str())];
    let answer = site.visitor().post("/sign-up", &fields).await.expect(303);
    assert_eq!(answer.location(), path);

    site.visitor().post(&path, &[]).await.expect(303);
    let answer = site.as_("member").post(&path, &[]).await.expect(303);
    assert_eq!(answer.location(), format!("/parties/{}", site.a.id));
    assert_eq!(site.viewer("member").await.role_in(site.a.id), Some(OrgRole::Editor));
    site.get(&path).await.expect(410);
}

#[tokio::test]
async fn settings_and_password_are_changed_on_the_own_page() {
    let site = Site::new().await;
    let member = site.as_("member");
    site.get("/account").await.expect(303);
    let page = member.get("/account").await.expect(200);
    assert!(page.body.contains("您还没有可以代表的主体"), "{}", page.body);

    let answer = member.post("/account", &[("name", NAUGHTY), ("locale", "en"), ("daily_mail", "1")]).await.expect(303);
    assert_eq!(answer.location(), "/account?lang=en");
    let page = member.get("/account?lang=en").await.expect(200);
    assert!(page.body.contains("Settings") && !page.body.contains("<script>alert"));
    member.post("/account", &[("name", " ")]).await.expect(422);

    let wrong = [("old_password", "not mine"), ("password", "another long one")];
    let page = member.post("/account/password", &wrong).await.expect(422);
    assert!(page.body.contains("当前密码不对"), "{}", page.body);
    let right = [("old_password", PASSWORD), ("password", "another long one")];
    let answer = member.post("/account/password", &right).await.expect(303);
    let secret = session_cookie(&answer).unwrap();
    assert!(session_viewer(&site.app, &secret).await.unwrap().is_some(), "this browser stays signed in");
    let (old, _) = site.session("member").await;
    assert!(session_viewer(&site.app, &old).await.unwrap().is_none(), "all others do not");
}

#[tokio::test]
async fn a_token_is_shown_once_and_revoked() {
    let site = Site::new().await;
    let owner = site.as_("owner");
    let page = owner.post("/account/tokens", &[("token_name", "")]).await.expect(422);
    assert!(page.body.contains("token_name-error"), "{}", page.body);
    let page = owner.post("/account/tokens", &[("token_name", "夜间同步")]).await.expect(422);
    assert!(page.body.contains("scopes-error") && page.body.contains("value=\"夜间同步\""), "{}", page.body);

    let page = owner.post("/account/tokens", &[("token_name", "夜间同步"), ("scopes", "read")]).await.expect(200);
    assert_eq!(page.headers["cache-control"], "no-store");
    let secret = shown_code(&page.body);
    let again = owner.get("/account").await.expect(200);
    assert!(again.body.contains("夜间同步") && !again.body.contains(&secret));

    let revoke = again.body.split("action=\"/account/tokens/").nth(1).unwrap().split('"').next().unwrap();
    let path = format!("/account/tokens/{revoke}");
    site.as_("rival").post(&path, &[]).await.expect(404);
    assert!(token_viewer(&site.app, &secret).await.unwrap().is_some());
    owner.post(&path, &[]).await.expect(303);
    assert!(token_viewer(&site.app, &secret).await.unwrap().is_none());
}

#[tokio::test]
async fn an_account_makes_its_own_person_once() {
    let site = Site::new().await;
    let member = site.as_("member");
    let page = member.get("/account/person").await.expect(200);
    assert!(page.body.contains("人员-member"));
    let page = member.post("/account/person", &[("name", "林工"), ("orcid", "0000-0002-1825-0098")]).await.expect(422);
    assert!(page.body.contains("校验位不符") && page.body.contains("value=\"林工\""));
    member.post("/account/person", &[("name", "林工"), ("orcid", "0000-0002-1825-0097")]).await.expect(303);
    let edit = member.get("/account/person").await.expect(303).location().to_owned();
    let page = member.get(&edit).await.expect(200);
    assert!(page.body.contains("value=\"林工\"") && page.body.contains("0000-0002-1825-0097"), "{}", page.body);
    site.as_("rival").get(&edit).await.expect(403);
    let again = member.post("/account/person", &[("name", "又一个")]).await.expect(422);
    assert!(again.body.contains("您已经有个人主页"), "{}", again.body);
}

#[tokio::test]
async fn admins_alone_manage_accounts() {
    let site = Site::new().await;
    for who in ["operator", "broker", "owner", "member"] {
        site.as_(who).get("/admin/accounts").await.expect(403);
    }
    site.get("/admin/accounts").await.expect(303);
    let admin = site.as_("admin");
    let page = admin.get("/admin/accounts").await.expect(200);
    assert!(page.body.contains("rival@example.com") && page.body.contains("您自己"), "{}", page.body);
    admin.get("/admin/accounts?after=x").await.expect(422);
    // Of ids made within one millisecond chance has the last word.
    let last = PEOPLE.map(|who| site.account(who).id).into_iter().max().unwrap();
    let rest = admin.get(&format!("/admin/accounts?after={last}")).await.expect(200);
    assert!(!rest.body.contains("rival@example.com"));

    let (own, rival) = (site.account("admin").id, site.account("rival").id);
    admin.post(&format!("/admin/accounts/{own}/role"), &[("role", "")]).await.expect(403);
    site.as_("operator").post(&format!("/admin/accounts/{rival}/role"), &[("role", "admin")]).await.expect(403);
    admin.post(&format!("/admin/accounts/{rival}/role"), &[("role", "emperor")]).await.expect(422);
    admin.post(&format!("/admin/accounts/{rival}/role"), &[("role", "operator")]).await.expect(303);
    site.as_("rival").get("/admin/organizations").await.expect(200);
    admin.post(&format!("/admin/accounts/{rival}/disabled"), &[("disabled", "1")]).await.expect(303);
    site.as_("rival").get("/admin/organizations").await.expect(303);
    let fields = [("email", "rival@example.com"), ("password", PASSWORD)];
    let page = site.visitor().post("/sign-in", &fields).await.expect(403);
    assert!(page.body.contains("这个账号已被停用"));
    admin.post(&format!("/admin/accounts/{rival}/disabled"), &[]).await.expect(303);
    site.visitor().post("/sign-in", &fields).await.expect(303);
}

#[tokio::test]
async fn an_admin_finds_an_account_by_address_or_name() {
    let site = Site::new().await;
    let admin = site.as_("admin");
    let all = admin.get("/admin/accounts").await.expect(200).body;
    assert!(all.contains("rival@") && all.contains("editor@"), "{all}");
    let found = admin.get("/admin/accounts?q=RIVAL%40").await.expect(200).body;
    assert!(found.contains("rival@") && !found.contains("editor@"), "{found}");
    assert!(found.contains("name=\"q\" value=\"RIVAL@\""), "{found}");
    let none = admin.get("/admin/accounts?q=%25").await.expect(200).body;
    assert!(none.contains("没有这样的账号"), "{none}");
    admin.get("/admin/accounts?after=x").await.expect(422);
}
