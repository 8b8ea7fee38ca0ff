//! Organizations: made, edited, verified; their people.

use keqiao_app::accounts::show_invitation;
use keqiao_app::parties::{PartyInput, create_organization, update_party, view_party};
use keqiao_domain::{MembershipStatus, OrgRole};

use crate::accounts::{CODE, NAUGHTY, shown_code};
use crate::house::Site;

#[tokio::test]
async fn an_organization_is_made_from_words_and_nothing_typed_is_lost() {
    let site = Site::new().await;
    site.get("/organizations/new").await.expect(303);
    let member = site.as_("member");
    let fields = [
        ("name", NAUGHTY),
        ("uscc", "914403001922038217"),
        ("region", "亚特兰蒂斯"),
        ("industry", "集成电路制造"),
        ("website", "ftp://x"),
        ("summary", "两行\n简介"),
        ("keywords", "碳化硅、封装"),
        ("contact_phone", "0510-1"),
    ];
    let page = member.post("/organizations/new", &fields).await.expect(422);
    for text in [
        "校验位不符",
        "没有这个代码或名称（亚特兰蒂斯）",
        "网址要以",
        "value=\"914403001922038217\"",
        "value=\"亚特兰蒂斯\"",
        "value=\"集成电路制造\"",
        "两行\n简介",
        "碳化硅、封装",
        "value=\"0510-1\"",
    ] {
        assert!(page.body.contains(text), "{text}: {}", page.body);
    }
    assert!(!page.body.contains("<script>alert"));

    let good = [
        ("name", "丙方材料（示例）研究院"),
        ("uscc", CODE),
        ("region", "无锡"),
        ("industry", "集成电路制造"),
        ("aliases", "丙院\r\n丙方"),
        ("next", "/publish"),
    ];
    let answer = member.post("/organizations/new", &good).await.expect(303);
    assert_eq!(answer.location(), "/publish");
    let viewer = site.viewer("member").await;
    let (id, role) = viewer.roles[0];
    let party = view_party(&site.app, &viewer, id).await.unwrap().party;
    assert_eq!(
        (role, party.region.as_deref(), party.industry.as_deref()),
        (OrgRole::Owner, Some("320200"), Some("C3973"))
    );
    assert_eq!(party.aliases, ["丙院", "丙方"]);

    let page = site.as_("rival").post("/organizations/new", &good).await.expect(422);
    assert!(page.body.contains("已被使用"), "{}", page.body);
}

#[tokio::test]
async fn what_two_people_edit_at_once_is_shown_side_by_side() {
    let site = Site::new().await;
    let path = format!("/organizations/{}/edit", site.a.id);
    let page = site.as_("owner").get(&path).await.expect(200);
    assert!(
        page.body.contains("江苏省 · 无锡市") && page.body.contains("name=\"version\" value=\"1\""),
        "{}",
        page.body
    );
    site.as_("rival").get(&path).await.expect(403);
    site.as_("editor").get(&path).await.expect(403);
    site.get(&path).await.expect(303);

    let other = PartyInput {
        name: site.a.name.clone(),
        summary: "先存的简介".into(),
        region: "320200".into(),
        ..PartyInput::default()
    };
    update_party(&site.app, &site.viewer("owner").await, site.a.id, 1, other).await.unwrap();
    let mine = [("version", "1"), ("name", site.a.name.as_str()), ("region", "320200"), ("summary", "后写的简介")];
    let page = site.as_("owner").post(&path, &mine).await.expect(412);
    assert!(page.body.contains("先存的简介") && page.body.matches("后写的简介").count() == 2, "{}", page.body);
    assert!(page.body.contains("name=\"version\" value=\"2\""));

    let seen = [("version", "2"), ("name", site.a.name.as_str()), ("region", "320200"), ("summary", "后写的简介")];
    site.as_("owner").post(&path, &seen).await.expect(303);
    let stored = view_party(&site.app, &site.viewer("owner").await, site.a.id).await.unwrap().party;
    assert_eq!(stored.summary, "后写的简介");
}

#[tokio::test]
async fn owners_manage_colleagues_and_the_last_owner_stays() {
    let site = Site::new().await;
    let people = format!("/organizations/{}/people", site.a.id);
    let owner = site.as_("owner");
    let page = owner.get(&people).await.expect(200);
    assert!(page.body.contains("editor@example.com") && page.body.contains("name=\"email\""), "{}", page.body);
    let seen = site.as_("viewer").get(&people).await.expect(200);
    assert!(seen.body.contains("editor@example.com") && !seen.body.contains("/invitations"), "{}", seen.body);
    site.as_("rival").get(&people).await.expect(403);
    site.get(&people).await.expect(303);

    let own = site.account("owner").id;
    let page = owner.post(&format!("{people}/{own}/role"), &[("role", "viewer")]).await.expect(422);
    assert!(page.body.contains("至少要有一位负责人"), "{}", page.body);
    let editor = site.account("editor").id;
    site.as_("editor").post(&format!("{people}/{own}/remove"), &[]).await.expect(403);
    owner.post(&format!("{people}/{editor}/role"), &[("role", "king")]).await.expect(422);
    owner.post(&format!("{people}/{editor}/role"), &[("role", "owner")]).await.expect(303);
    assert_eq!(site.viewer("editor").await.role_in(site.a.id), Some(OrgRole::Owner));
    let left = site.as_("editor").post(&format!("{people}/{editor}/remove"), &[]).await.expect(303);
    assert_eq!(left.location(), "/account");
    assert_eq!(site.viewer("editor").await.role_in(site.a.id), None);
}

#[tokio::test]
async fn an_invitation_is_given_out_once_and_withdrawn_by_its_own_side_alone() {
    let site = Site::new().await;
    let people = format!("/organizations/{}/people", site.a.id);
    let invitations = format!("/organizations/{}/invitations", site.a.id);
    let owner = site.as_("owner");
    let page = owner.post(&invitations, &[("email", "no address"), ("role", "viewer")]).await.expect(422);
    assert!(page.body.contains("不是有效的邮箱地址") && page.body.contains("value=\"no address\""), "{}", page.body);
    let page = owner.post(&invitations, &[("email", "Editor@example.com"), ("role", "viewer")]).await.expect(422);
    assert!(page.body.contains("此人已经在机构中"));
    site.as_("editor").post(&invitations, &[("email", "a@example.com"), ("role", "viewer")]).await.expect(403);

    let page = owner.post(&invitations, &[("email", "a@example.com"), ("role", "viewer")]).await.expect(200);
    let link = shown_code(&page.body);
    let secret = link.rsplit('/').next().unwrap();
    let invitation = show_invitation(&site.app, secret).await.unwrap().invitation.id;
    let page = owner.get(&people).await.expect(200);
    assert!(page.body.contains("a@example.com") && !page.body.contains(secret));

    let foreign = format!("/organizations/{}/invitations/{invitation}/withdraw", site.b.id);
    site.as_("rival").post(&foreign, &[]).await.expect(404);
    site.get(&format!("/invitation/{secret}")).await.expect(200);
    owner.post(&format!("{invitations}/{invitation}/withdraw"), &[]).await.expect(303);
    site.get(&format!("/invitation/{secret}")).await.expect(410);
}

#[tokio::test]
async fn a_membership_is_declared_by_one_side_and_confirmed_by_the_other() {
    let site = Site::new().await;
    let path = format!("/organizations/{}/memberships", site.b.id);
    let rival = site.as_("rival");
    let page =
        rival.post(&path, &[("party", "没有这个机构"), ("title", "理事"), ("direction", "outward")]).await.expect(422);
    assert!(page.body.contains("找不到这个主体") && page.body.contains("value=\"理事\""), "{}", page.body);
    let late =
        [("party", site.a.name.as_str()), ("from", "2026-02-01"), ("to", "2026-01-01"), ("direction", "outward")];
    assert!(rival.post(&path, &late).await.expect(422).body.contains("结束日期早于开始日期"));
    let itself = [("party", site.b.name.as_str()), ("direction", "outward")];
    assert!(rival.post(&path, &itself).await.expect(422).body.contains("不能加入自己"));

    let address = format!("https://example.com/parties/{}", site.a.id);
    rival.post(&path, &[("party", &address), ("title", "理事"), ("direction", "outward")]).await.expect(303);
    let owner = site.viewer("owner").await;
    let row = view_party(&site.app, &owner, site.a.id).await.unwrap().members[0].membership.clone();
    assert_eq!((row.member, row.status), (site.b.id, MembershipStatus::Declared));

    let page = site.as_("owner").get(&format!("/organizations/{}/people", site.a.id)).await.expect(200);
    let confirm = format!("/organizations/{}/memberships/{}/confirm", site.a.id, row.id);
    assert!(page.body.contains(&confirm), "{}", page.body);
    rival.post(&confirm, &[]).await.expect(403);
    site.as_("owner").post(&confirm, &[]).await.expect(303);
    let view = view_party(&site.app, &owner, site.a.id).await.unwrap();
    assert_eq!(view.members[0].membership.status, MembershipStatus::Confirmed);
    rival.post(&format!("{path}/{}/remove", row.id), &[]).await.expect(303);
    assert!(view_party(&site.app, &owner, site.a.id).await.unwrap().members.is_empty());
}

#[tokio::test]
async fn operators_verify_an_organization_or_say_what_to_check() {
    let site = Site::new().await;
    let operator = site.as_("operator");
    let empty = operator.get("/admin/organizations").await.expect(200);
    assert!(empty.body.contains("没有待核验的机构"), "{}", empty.body);
    let viewer = site.viewer("member").await;
    let input = PartyInput { name: NAUGHTY.into(), uscc: CODE.into(), ..PartyInput::default() };
    let party = create_organization(&site.app, &viewer, input).await.unwrap();

    let page = operator.get("/admin/organizations").await.expect(200);
    assert!(
        page.body.contains(CODE) && page.body.contains("市场监管") && page.body.contains("广东省 · 深圳市"),
        "{}",
        page.body
    );
    assert!(!page.body.contains("<script>alert"));
    let (verify, refuse) =
        (format!("/admin/organizations/{}/verify", party.id), format!("/admin/organizations/{}/refuse", party.id));
    site.as_("member").post(&verify, &[]).await.expect(403);
    operator.post(&refuse, &[("comment", " ")]).await.expect(422);
    operator.post(&verify, &[]).await.expect(303);
    let stored = async || view_party(&site.app, &viewer, party.id).await.unwrap().party;
    assert!(stored().await.verified_at.is_some());

    operator.post(&refuse, &[("comment", "名称与执照不符")]).await.expect(303);
    let party = stored().await;
    assert_eq!((party.verified_at, party.uscc), (None, None));
    operator.post(&verify, &[]).await.expect(422);
}

#[tokio::test]
async fn organizations_that_wait_come_in_pages() {
    let site = Site::new().await;
    let rows: Vec<String> = (0..60).map(|n| format!("o{n},待核验{n}号（示例）,{}", credit_code(n))).collect();
    let csv = format!("external_id,name,uscc\n{}\n", rows.join("\n"));
    let table = keqiao_app::transfer::read_table("p.csv", csv.as_bytes()).unwrap();
    let what = keqiao_app::transfer::What::Parties;
    let mapping = keqiao_app::transfer::guess_mapping(what, &site.app.catalog, &table.columns);
    let (viewer, options) = (keqiao_domain::Viewer::console(), keqiao_app::transfer::ImportOptions::default());
    let report =
        keqiao_app::transfer::import_table(&site.app, &viewer, what, &table, &mapping, &options, &|_, _| ()).await;
    assert_eq!(report.unwrap().created, 60);
    let account = site.viewer("owner").await.account.unwrap();
    let mut db = site.app.store.reader().await.unwrap();
    let parties = keqiao_store::parties::page_after(&mut db, None, 1_000).await.unwrap();
    drop(db);
    site.app
        .store
        .write::<_, keqiao_store::StoreError, _>(move |tx| {
            Box::pin(async move {
                for party in parties.iter().filter(|p| p.name.starts_with("待核验")) {
                    let role = keqiao_domain::OrgRole::Owner;
                    let at = party.created_at;
                    let grant = keqiao_domain::RoleGrant { account, organization: party.id, role, at };
                    keqiao_store::accounts::grant_role(tx, &grant).await?;
                }
                Ok(())
            })
        })
        .await
        .unwrap();
    let operator = site.as_("operator");
    let first = operator.get("/admin/organizations").await.expect(200).body;
    let next = first.split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let second = operator.get(&next).await.expect(200).body;
    for n in 0..60 {
        let name = format!("待核验{n}号（示例）");
        let seen = [&first, &second].iter().filter(|page| page.contains(&name)).count();
        assert_eq!(seen, 1, "{name}");
    }
    assert!(second.contains("第一页") && !second.contains("rel=\"next\""));
}

/// A credit code with its check characters, of a made-up organization.
fn credit_code(n: usize) -> String {
    const SIGNS: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let body = format!("91350100MA{n:06}0");
    let value = |c: u8| SIGNS.iter().position(|s| *s == c).unwrap();
    let sum: usize =
        body.bytes().enumerate().map(|(i, c)| value(c) * 3_usize.pow(u32::try_from(i).unwrap()) % 31).sum();
    format!("{body}{}", char::from(SIGNS[(31 - sum % 31) % 31]))
}
