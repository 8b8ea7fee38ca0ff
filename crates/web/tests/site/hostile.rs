//! Input nobody asked for: naughty strings in every field, forms without their token,
//! forms sent twice, lost updates, bodies too large, filters by the thousand.

use axum::body::Body;
use axum::http::{Method, Request};
use keqiao_domain::{Listing, Side};
use serde_json::{Value, json};

use crate::client::{Client, WRITE};
use crate::house::{Answer, Site, chip, encode};

/// Strings of our own, for what this site does with text.
const OURS: [&str; 16] = [
    "<script>alert('科')</script>",
    "\"><img src=x onerror=alert(1)>",
    "</textarea><b>出逃</b>",
    "</script><script>alert(1)</script>",
    "{{ 7*7 }}{% include 'x' %}${7*7}",
    "' OR '1'='1'; DROP TABLE listings;--",
    "=HYPERLINK(\"http://example.com\")",
    "\u{202e}反向\u{202c}\u{200b}零宽\u{feff}",
    "👩🏽‍🔬🧪𠮷𪚥e\u{301}",
    "a\u{0}b\u{1}c\u{7f}d\u{85}e",
    "line one\nline two\r\nline three\ttab",
    "-40~125℃ ≥99.99% AEC-Q100 Grade 1",
    "../../etc/passwd%00.txt",
    "AND OR NOT (a:b^2)~* \\ /",
    "&lt;b&gt;&amp;&#60;",
    "NaN Infinity -0 1e309 ９９９",
];

/// All strings: our own, and the collection beside the project where there is one.
fn strings() -> Vec<String> {
    let mut all: Vec<String> = OURS.iter().map(|s| (*s).to_owned()).collect();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/eval/naughty_strings/blns.json");
    match std::fs::read_to_string(path) {
        Ok(text) => all.extend(serde_json::from_str::<Vec<String>>(&text).unwrap()),
        Err(error) => println!("skipped: the collection of naughty strings ({error})"),
    }
    all
}

/// The same with the long collection four to a text, for what is asked of many forms.
fn bundles() -> Vec<String> {
    let all = strings();
    let (ours, rest) = all.split_at(OURS.len());
    ours.iter().cloned().chain(rest.chunks(4).map(|few| few.join(" "))).collect()
}

/// As a page writes it.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '<' | '>' | '&' | '"' | '\'' => out.push_str(&format!("&#{};", c as u32)),
            _ => out.push(c),
        }
    }
    out
}

/// No page holds markup that came from outside.
fn check_page(answer: &Answer, text: &str, what: &str) {
    assert!(!answer.status.is_server_error(), "{what} with {text:?}: {}", answer.body);
    let markup = text.contains('<') && text.chars().count() > 4;
    assert!(!(markup && answer.body.contains(text)), "{what} gives {text:?} unescaped");
}

/// Creates a record; fields that are refused by name are left empty and it is sent again.
/// Gives what was accepted in the end, and the record.
async fn create(program: &Client<'_>, path: &str, mut body: Value, text: &str) -> Option<(Value, Value)> {
    for _ in 0..3 {
        let answer = program.post(path, body.clone()).await;
        if answer.status == 201 {
            return Some((body, answer.json()));
        }
        assert_eq!(answer.status, 422, "{path} with {text:?}: {}", answer.body);
        let problem = answer.json();
        let faults = problem["faults"].as_array().unwrap();
        assert!(!faults.is_empty(), "{problem}");
        for fault in faults {
            let field = fault["field"].as_str().unwrap();
            if field == "title" || field == "name" {
                return None;
            }
            let (outer, inner) = field.split_once('.').map_or((field, None), |(o, i)| (o, Some(i)));
            let place = body.get_mut(outer).unwrap_or_else(|| panic!("{text:?}: refused field {field}"));
            match inner {
                Some(inner) => place.as_object_mut().unwrap().remove(inner).map(drop).unwrap_or_default(),
                None => *place = if place.is_array() { json!([]) } else { json!("") },
            }
        }
    }
    panic!("{path} refuses {text:?} for ever");
}

#[tokio::test]
async fn every_string_in_every_field_of_a_listing_comes_back_unchanged() {
    let site = Site::new().await;
    let program = Client::of(&site, "owner", WRITE).await;
    let mut kept = 0;
    for text in strings() {
        let mut body = serde_json::to_value(chip(&text, &text)).unwrap();
        for field in ["summary", "annex"] {
            body[field] = json!(text);
        }
        body["keywords"] = json!([text]);
        body["attributes"] = json!({ "qualification": text });
        (body["side"], body["party"]) = (json!("offer"), json!(site.a.id));
        let Some((sent, made)) = create(&program, "/api/v1/listings", body, &text).await else { continue };
        kept += 1;
        for field in ["title", "summary", "body", "annex", "keywords"] {
            assert_eq!(made[field], sent[field], "{field} of {text:?}");
        }
        let path = format!("/listings/{}", made["id"].as_str().unwrap());
        let page = site.as_("owner").get(&path).await.expect(200);
        check_page(&page, &text, &path);
        for line in text.lines().map(str::trim).filter(|l| !l.is_empty()) {
            assert!(page.body.contains(&escaped(line)), "{line:?} is not on its page");
        }
    }
    assert!(kept > OURS.len() / 2, "only {kept} were kept");
}

#[tokio::test]
async fn every_string_in_every_field_of_a_party_comes_back_unchanged() {
    let site = Site::new().await;
    let program = Client::of(&site, "member", WRITE).await;
    for text in strings() {
        let body = json!({
            "name": text, "aliases": [text], "summary": text, "website": text, "keywords": [text],
            "uscc": text, "orcid": text, "region": text, "industry": text,
            "contact": {"name": text, "phone": text, "email": text, "address": text},
        });
        let Some((sent, made)) = create(&program, "/api/v1/parties", body, &text).await else { continue };
        assert_eq!(made["name"], text.trim());
        for field in ["aliases", "keywords", "contact"] {
            assert_eq!(made[field], sent[field], "{field} of {text:?}");
        }
        let path = format!("/parties/{}", made["id"].as_str().unwrap());
        let page = site.as_("member").get(&path).await.expect(200);
        check_page(&page, &text, &path);
        for line in text.trim().lines().map(str::trim).filter(|l| !l.is_empty()) {
            assert!(page.body.contains(&escaped(line)), "{line:?} is not on its page");
        }
    }
}

/// A form that takes texts: who sends it, where, the fields for texts, and fixed ones.
type Form<'a> = (&'static str, String, Vec<&'static str>, Vec<(&'static str, &'a str)>);

fn forms<'a>(party: &'a str, draft: &str) -> Vec<Form<'a>> {
    vec![
        ("visitor", "/match".into(), vec!["text"], vec![]),
        ("visitor", "/sign-in".into(), vec!["email", "password", "next"], vec![]),
        ("visitor", "/sign-up".into(), vec!["email", "name", "password", "next"], vec![]),
        ("visitor", "/forgot".into(), vec!["email"], vec![]),
        ("owner", "/coach".into(), vec!["title", "summary", "body", "kind"], vec![("side", "offer")]),
        ("owner", "/publish".into(), vec!["text"], vec![("side", "offer"), ("kind", "chip")]),
        (
            "owner",
            "/publish/draft".into(),
            vec!["title", "summary", "body", "annex", "keywords", "region", "attributes.qualification", "once"],
            vec![("side", "offer"), ("kind", "chip"), ("party", party)],
        ),
        ("member", "/account".into(), vec!["name", "locale"], vec![]),
        ("member", "/account/tokens".into(), vec!["token_name"], vec![("scopes", "read")]),
        (
            "member",
            "/organizations/new".into(),
            vec!["name", "aliases", "uscc", "region", "industry", "summary", "website", "keywords", "phone"],
            vec![],
        ),
        ("owner", format!("/organizations/{party}/invitations"), vec!["email"], vec![("role", "viewer")]),
        ("owner", format!("/organizations/{party}/memberships"), vec!["party", "title", "from", "to"], vec![]),
        ("operator", format!("/review/{draft}"), vec!["comment", "version"], vec![]),
        ("operator", format!("/admin/organizations/{party}/refuse"), vec!["comment"], vec![]),
    ]
}

/// Forms and addresses that take a text.
#[tokio::test]
async fn every_string_in_every_form_is_kept_or_refused_and_never_markup() {
    let site = Site::new().await;
    let draft = site.draft(site.a.id, Side::Offer, chip("一份草稿", "")).await;
    let party = site.a.id.to_string();
    let forms = forms(&party, &draft.id.to_string());
    for text in bundles() {
        for (role, path, names, fixed) in &forms {
            let browser = if *role == "visitor" { site.visitor() } else { site.as_(role) };
            let mut fields: Vec<(&str, &str)> = fixed.clone();
            fields.extend(names.iter().map(|name| (*name, text.as_str())));
            let answer = browser.post(path, &fields).await;
            check_page(&answer, &text, path);
        }
        for path in ["/hall?q=", "/parties?q=", "/match?text=", "/hall?region=", "/sign-in?next=", "/api/v1/search?q="]
        {
            let path = format!("{path}{}", encode(&text));
            let answer = site.get(&path).await;
            if answer.headers.get("content-type").is_some_and(|t| t.as_bytes().starts_with(b"text/html")) {
                check_page(&answer, &text, &path);
            }
            assert!(!answer.status.is_server_error(), "{path}");
        }
    }
    for path in ["/", "/hall", "/parties", "/desk", "/account", "/review", "/admin/organizations"] {
        site.settle().await;
        site.as_("admin").get(path).await.expect(200);
    }
}

#[tokio::test]
async fn thousands_of_filters_get_a_clear_refusal() {
    let site = Site::new().await;
    for (start, one) in [("/hall?", "kind=c&"), ("/api/v1/listings?", "kind=c&"), ("/parties?", "x=1&")] {
        // As many as an address can hold; longer ones the server itself refuses.
        let path = format!("{start}{}", one.repeat(60_000 / one.len()));
        let answer = site.get(&path).await;
        assert!(answer.status.is_client_error(), "{start} {}", answer.status);
    }
}

#[tokio::test]
async fn a_form_without_its_token_changes_nothing() {
    let site = Site::new().await;
    let (session, token) = site.session("owner").await;
    let forms: Vec<&str> = keqiao_web::route_list()
        .into_iter()
        .filter(|r| r.method == "POST" && !r.path.starts_with("/api/"))
        .map(|r| r.path)
        // These change nothing, and a front page kept by a cache must still be able to ask.
        .filter(|path| !matches!(*path, "/match" | "/match/why" | "/coach" | "/publish"))
        .collect();
    assert!(forms.len() > 20);
    let nobody = "01890000-0000-7000-8000-000000000000";
    for path in forms {
        let filled: Vec<&str> = path.split('/').map(|part| if part.starts_with('{') { nobody } else { part }).collect();
        let (filled, before) = (filled.join("/"), site.app.store.latest_seq());
        let wrong: String = token.chars().rev().collect();
        for body in [String::new(), "csrf=".into(), format!("csrf={}", encode(&wrong)), "csrf=a&csrf=b".into()] {
            let request = Request::builder()
                .method(Method::POST)
                .uri(&filled)
                .header("cookie", format!("kq_session={session}"))
                .header("content-type", "application/x-www-form-urlencoded");
            let answer = site.send(request.body(Body::from(body.clone())).unwrap()).await;
            // A form for files wants another type, and is refused before its token is looked for.
            let takes_files = answer.status == 415 || answer.status == 400;
            assert!(answer.status == 403 || takes_files, "{path} with {body:?}: {}", answer.status);
        }
        assert_eq!(site.app.store.latest_seq(), before, "{path} wrote without a token");
    }
    for (path, field) in [("/import", "what"), ("/publish/01890000-0000-7000-8000-000000000000/files", "tier")] {
        let mut body = String::new();
        for name in ["csrf", field] {
            body += &format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\nwrong\r\n");
        }
        body += "--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n1\r\n--XX--\r\n";
        let browser = site.as_("owner");
        let answer = browser.request(Method::POST, path, "multipart/form-data; boundary=XX", body.into()).await;
        assert_eq!(answer.status, 403, "{path}: {}", answer.body);
    }
}

fn draft_fields<'a>(party: &'a str, title: &'a str, once: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("side", "offer"),
        ("kind", "chip"),
        ("party", party),
        ("title", title),
        ("body", "工作温度宽，已量产供货，可提供样品。"),
        ("once", once),
    ]
}

#[tokio::test]
async fn a_form_sent_twice_makes_one_listing() {
    let site = Site::new().await;
    let party = site.a.id.to_string();
    let owner = site.as_("owner");
    let fields = draft_fields(&party, "只想发布一次", "once-1");
    let answers = futures::future::join_all((0..4).map(|_| owner.post("/publish/draft", &fields))).await;
    let places: std::collections::BTreeSet<String> =
        answers.into_iter().map(|a| a.expect(303).location().to_owned()).collect();
    assert_eq!(places.len(), 1, "{places:?}");
    site.settle().await;
    let program = Client::of(&site, "owner", WRITE).await;
    let drafts = program.get("/api/v1/listings?state=draft").await;
    assert_eq!(drafts.json()["total"], 1);
}

#[tokio::test]
async fn of_two_people_who_save_one_listing_the_second_sees_both_versions() {
    let site = Site::new().await;
    let draft: Listing = site.draft(site.a.id, Side::Offer, chip("开始时的标题", "工作温度宽，已量产供货。")).await;
    let (party, id) = (site.a.id.to_string(), draft.id.to_string());
    let save = async |who: &'static str, title: &str| {
        let mut fields = draft_fields(&party, title, "");
        fields.extend([("listing", id.as_str()), ("version", "1")]);
        site.as_(who).post("/publish/draft", &fields).await
    };
    save("owner", "负责人改的标题").await.expect(303);
    let second = save("editor", "编辑<改>的标题").await.expect(412);
    for title in ["负责人改的标题", "编辑&#60;改&#62;的标题"] {
        assert!(second.body.contains(title), "{title} is not shown: {}", second.body);
    }
    let program = Client::of(&site, "owner", WRITE).await;
    let now = program.get(&format!("/api/v1/listings/{id}")).await.json();
    assert_eq!((now["title"].as_str(), now["version"].as_i64()), (Some("负责人改的标题"), Some(2)));
}

#[tokio::test]
async fn what_is_too_large_or_of_a_wrong_type_is_refused() {
    let site = Site::new().await;
    let form = "application/x-www-form-urlencoded";
    let large = vec![b'a'; (2 << 20) + 10];
    for path in ["/match", "/sign-in", "/publish/draft", "/coach"] {
        let answer = site.as_("owner").request(Method::POST, path, form, large.clone()).await;
        assert_eq!(answer.status, 413, "{path}");
        for kind in ["", "text/plain", "application/json", "multipart/form-data"] {
            let answer = site.as_("owner").request(Method::POST, path, kind, b"x=1".to_vec()).await;
            assert!(matches!(answer.status.as_u16(), 400 | 403 | 415), "{path} {kind:?}: {}", answer.status);
        }
        let many = "a=1&".repeat(10_000);
        let answer = site.as_("owner").request(Method::POST, path, form, many.into()).await;
        assert!(answer.status.is_client_error(), "{path}: {}", answer.status);
    }
    let before = site.app.store.latest_seq();
    let large = vec![b'a'; (64 << 20) + 10];
    let answer = site.as_("owner").upload("/import", &[("what", "listings")], "a.csv", &large).await;
    assert_eq!(answer.status, 413, "{}", answer.body);
    assert_eq!(site.app.store.latest_seq(), before);
}

#[tokio::test]
async fn other_methods_and_tricks_with_the_path_are_answered_calmly() {
    let site = Site::new().await;
    let head = site.visitor().request(Method::HEAD, "/", "", Vec::new()).await.expect(200);
    assert!(head.body.is_empty());
    for path in ["/", "/hall", "/api/v1/listings", "/listings/x/submit"] {
        for method in ["OPTIONS", "TRACE", "PATCH", "DELETE", "PROPFIND"] {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let answer = site.visitor().request(method.clone(), path, "", Vec::new()).await;
            assert_eq!(answer.status, 405, "{method} {path}");
        }
    }
    for path in [
        "/listings/%00",
        "/listings/..%2f..%2fetc%2fpasswd",
        "/listings/../../etc/passwd",
        "/assets/..%2fapp.css",
        "/assets/%2e%2e/%2e%2e/Cargo.toml",
        "/attachments/%ff%fe",
        "/parties/01890000-0000-7000-8000-00000000000g",
        "/api/v1/listings/%00",
        "/%F0%9F%92%A9",
        "//hall",
        "/hall/",
        "/invitation/..%2f",
    ] {
        let answer = site.get(path).await;
        let told = matches!(answer.status.as_u16(), 400 | 404 | 410);
        assert!(told, "{path}: {}", answer.status);
    }
    let elsewhere = ["//example.com", "https://example.com", "/\\example.com", "javascript:alert(1)", "/%0d%0aX: y"];
    for next in elsewhere {
        let fields = [("email", "member@example.com"), ("password", crate::house::PASSWORD), ("next", next)];
        let answer = site.visitor().post("/sign-in", &fields).await;
        let place = answer.location();
        let local = place.starts_with('/') && !place.starts_with("//") && !place.starts_with("/\\");
        assert!(local, "{next} leads to {place:?} ({})", answer.status);
    }
}

/// An address of ten thousand filters is refused, and the page that says so repeats none of them.
#[tokio::test]
async fn ten_thousand_filters_are_refused_with_a_short_page() {
    let site = Site::new().await;
    for pair in ["x&", "a=1&", "kind=chip&", "kind=a%22%3E&", "x=%E4%B8%AD&"] {
        for path in ["/hall", "/parties", "/"] {
            // An address may have 64 KiB.
            for count in [1_000, usize::min(10_000, 65_000 / pair.len())] {
                let page = site.get(&format!("{path}?{}", pair.repeat(count))).await;
                assert!(page.body.len() < 40_000, "{path} {pair} {count}: {} {}", page.status, page.body.len());
                let many = count > 2_000 && path != "/";
                assert!(!many || page.status == 422, "{path} {pair} {count}: {}", page.status);
            }
        }
    }
    let page = site.get("/hall?region=nowhere&lang=zh").await.expect(422).body;
    assert!(page.contains("地区") && page.contains("没有这个代码或名称") && !page.contains("region:"), "{page}");
    let page = site.get("/hall?price_max=x&lang=zh").await.expect(422).body;
    assert!(!page.contains("price_max"), "{page}");
}
