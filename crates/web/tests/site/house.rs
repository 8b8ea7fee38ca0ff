//! A whole site on a temporary folder, and browsers that visit it.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex};

use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use axum::response::Response;
use http_body_util::BodyExt;
use keqiao_app::accounts::{SignUp, ensure_account, sign_in, viewer_of};
use keqiao_app::articles::ArticleReader;
use keqiao_app::listings::{ReviewInput, SaveListing, review, save_listing, submit};
use keqiao_app::parties::{PartyInput, create_organization};
use keqiao_app::{App, AppSettings, Blobs, Work};
use keqiao_catalog::Catalog;
use keqiao_domain::{
    Account, Listing, ListingContent, OrgRole, Party, PartyId, PlatformRole, RoleGrant, Side, SystemClock,
    SystemEntropy, Viewer,
};
use keqiao_followers::{GraphFollower, IndexFollower, StandingMatches, catch_up};
use keqiao_matching::Lexicon;
use keqiao_search::SearchIndex;
use keqiao_store::{Store, StoreOptions};
use keqiao_text::Text;
use keqiao_web::{WebSettings, router};
use tower::ServiceExt;

/// The reader of articles, made once for all tests.
static READER: LazyLock<Arc<ArticleReader>> = LazyLock::new(Arc::default);

/// Made once for all tests: catalog, text tools, lexicon.
static WORDS: LazyLock<(Arc<Catalog>, Arc<Text>, Arc<Lexicon>)> = LazyLock::new(|| {
    let catalog = Arc::new(keqiao_catalog::builtin().unwrap_or_else(|faults| panic!("{faults}")));
    let text = Arc::new(Text::for_catalog(&catalog));
    let lexicon = Arc::new(Lexicon::new(catalog.clone(), text.clone()));
    (catalog, text, lexicon)
});

/// The password of every account of the fixture.
pub(crate) const PASSWORD: &str = "long enough 密码";

/// The accounts of the fixture: `admin`, `operator`, `broker` have platform roles; `owner`, `editor`
/// and `viewer` act for organization A, `rival` owns organization B, `member` acts for nobody.
pub(crate) const PEOPLE: [&str; 8] = ["admin", "operator", "broker", "owner", "editor", "viewer", "rival", "member"];

/// A site with its fixture.
pub(crate) struct Site {
    pub(crate) app: Arc<App>,
    /// Organization A.
    pub(crate) a: Party,
    /// Organization B.
    pub(crate) b: Party,
    router: axum::Router,
    accounts: BTreeMap<&'static str, Account>,
    sessions: Mutex<BTreeMap<String, (String, String)>>,
    folder: tempfile::TempDir,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    /// Where it leads.
    pub(crate) fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |v| v.to_str().unwrap())
    }
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.body))
    }
    /// Panics with the body unless the status is this one.
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self
    }
}

impl Site {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (catalog, text, lexicon) = WORDS.clone();
        let url = format!("sqlite://{}", folder.path().join("keqiao.db").display());
        let store = Store::open(&StoreOptions { url, read_connections: 2 }).await.unwrap();
        let index = SearchIndex::open(&folder.path().join("index"), catalog.clone(), text.clone()).unwrap();
        let app = Arc::new(App {
            store,
            index: Arc::new(index),
            catalog,
            text,
            lexicon,
            blobs: Blobs::folder(&folder.path().join("blobs")).unwrap(),
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
            settings: AppSettings { password_memory_kib: 64, ..AppSettings::default() },
            reader: READER.clone(),
            work: Work::default(),
            weights: keqiao_matching::CurrentWeights::default(),
            ranking: keqiao_app::ranking::Ranking::default(),
        });
        let mut accounts = BTreeMap::new();
        for name in PEOPLE {
            let role = match name {
                "admin" => Some(PlatformRole::Admin),
                "operator" => Some(PlatformRole::Operator),
                "broker" => Some(PlatformRole::Broker),
                _ => None,
            };
            let input = SignUp {
                email: format!("{name}@example.com"),
                name: format!("人员-{name}"),
                password: PASSWORD.into(),
                locale: "zh".into(),
            };
            accounts.insert(name, ensure_account(&app, input, role).await.unwrap());
        }
        let organization = async |owner: &str, name: &str| {
            let viewer = viewer(&app, &accounts[owner]).await;
            let input = PartyInput { name: name.into(), region: "320200".into(), ..PartyInput::default() };
            create_organization(&app, &viewer, input).await.unwrap()
        };
        let a = organization("owner", "甲方芯片（示例）有限公司").await;
        let b = organization("rival", "乙方检测（示例）有限公司").await;
        for (name, role) in [("editor", OrgRole::Editor), ("viewer", OrgRole::Viewer)] {
            let grant = RoleGrant { account: accounts[name].id, organization: a.id, role, at: app.now() };
            app.store
                .write::<_, keqiao_app::AppError, _>(move |tx| {
                    Box::pin(async move { Ok(keqiao_store::accounts::grant_role(tx, &grant).await?) })
                })
                .await
                .unwrap();
        }
        let router = router(app.clone(), &WebSettings::default());
        Self { app, a, b, router, accounts, sessions: Mutex::default(), folder }
    }

    /// The viewer that an account of the fixture is.
    pub(crate) async fn viewer(&self, name: &str) -> Viewer {
        viewer(&self.app, &self.accounts[name]).await
    }

    pub(crate) fn account(&self, name: &str) -> &Account {
        &self.accounts[name]
    }

    /// The follower that keeps graph and timeline.
    pub(crate) fn graph(&self) -> GraphFollower {
        let app = &self.app;
        GraphFollower::new(app.store.clone(), &app.catalog, app.clock.clone(), "test".into())
    }

    /// Lets index, standing matches and graph read all changes.
    pub(crate) async fn settle(&self) {
        let app = &self.app;
        catch_up(&app.store, &self.graph()).await.unwrap();
        catch_up(&app.store, &IndexFollower::new(app.store.clone(), app.index.clone(), "test".into())).await.unwrap();
        let standing = StandingMatches {
            store: app.store.clone(),
            index: app.index.clone(),
            lexicon: app.lexicon.clone(),
            weights: app.weights.clone(),
            clock: app.clock.clone(),
            entropy: app.entropy.clone(),
            node: "test".into(),
        };
        catch_up(&app.store, &standing).await.unwrap();
    }

    /// A draft of an organization, written by its owner.
    pub(crate) async fn draft(&self, party: PartyId, side: Side, content: ListingContent) -> Listing {
        let owner = if party == self.b.id { "rival" } else { "owner" };
        let input = SaveListing { edits: None, side, party, content };
        save_listing(&self.app, &self.viewer(owner).await, input).await.unwrap()
    }

    /// A draft taken through review.
    pub(crate) async fn published(&self, party: PartyId, side: Side, content: ListingContent) -> Listing {
        let owner = if party == self.b.id { "rival" } else { "owner" };
        let draft = self.draft(party, side, content).await;
        let handed_in = submit(&self.app, &self.viewer(owner).await, draft.id).await.unwrap();
        let input = ReviewInput { version: handed_in.version, scores: [4; 4], comment: String::new() };
        review(&self.app, &self.viewer("operator").await, draft.id, input).await.unwrap().0
    }

    /// A visitor's browser.
    pub(crate) fn visitor(&self) -> Browser<'_> {
        Browser { site: self, who: None }
    }

    /// The browser of somebody of the fixture, signed in at the first request.
    pub(crate) fn as_(&self, who: &'static str) -> Browser<'_> {
        Browser { site: self, who: Some(who) }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.visitor().get(path).await
    }

    /// Serves the site on a port of its own, for what needs a real connection.
    pub(crate) async fn listen(&self) -> std::net::SocketAddr {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(keqiao_web::serve(listener, self.router.clone(), Box::pin(std::future::pending())));
        address
    }

    /// Where the site keeps its data.
    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Sends a request as it is.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response: Response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&bytes).into_owned() }
    }

    /// Makes somebody of the fixture sign in again: the session was ended.
    pub(crate) fn forget_session(&self, who: &str) {
        self.sessions.lock().unwrap().remove(who);
    }

    /// The session's secret and form token of somebody of the fixture.
    pub(crate) async fn session(&self, who: &str) -> (String, String) {
        if let Some(known) = self.sessions.lock().unwrap().get(who) {
            return known.clone();
        }
        let (secret, session) = sign_in(&self.app, &format!("{who}@example.com"), PASSWORD.into()).await.unwrap();
        let pair = (secret, session.csrf);
        self.sessions.lock().unwrap().insert(who.to_owned(), pair.clone());
        pair
    }
}

async fn viewer(app: &App, account: &Account) -> Viewer {
    let mut db = app.store.reader().await.unwrap();
    viewer_of(&mut db, account).await.unwrap()
}

/// Somebody's browser: it has the session's cookie and fills the token into forms.
#[derive(Clone, Copy)]
pub(crate) struct Browser<'a> {
    site: &'a Site,
    who: Option<&'static str>,
}

/// A visitor's form token; any of the right length that cookie and form share.
const TOKEN: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

impl Browser<'_> {
    async fn cookie_and_token(&self) -> (String, String) {
        match self.who {
            None => (format!("kq_token={TOKEN}"), TOKEN.to_owned()),
            Some(who) => {
                let (secret, csrf) = self.site.session(who).await;
                (format!("kq_session={secret}"), csrf)
            }
        }
    }

    pub(crate) async fn request(&self, method: Method, path: &str, kind: &str, body: Vec<u8>) -> Answer {
        let (cookie, _) = self.cookie_and_token().await;
        let mut request = Request::builder().method(method).uri(path).header(header::COOKIE, cookie);
        if !kind.is_empty() {
            request = request.header(header::CONTENT_TYPE, kind);
        }
        self.site.send(request.body(Body::from(body)).unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.request(Method::GET, path, "", Vec::new()).await
    }

    /// Sends a form with its token.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let (_, token) = self.cookie_and_token().await;
        let mut body = format!("csrf={}", encode(&token));
        for (name, value) in fields {
            body.push_str(&format!("&{}={}", encode(name), encode(value)));
        }
        self.request(Method::POST, path, "application/x-www-form-urlencoded", body.into_bytes()).await
    }

    /// Uploads a file in a form with its token; the fields stand before the file.
    pub(crate) async fn upload(&self, path: &str, fields: &[(&str, &str)], file_name: &str, bytes: &[u8]) -> Answer {
        let (_, token) = self.cookie_and_token().await;
        let mut body = Vec::new();
        for (name, value) in [("csrf", token.as_str())].iter().chain(fields) {
            body.extend(format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
        }
        body.extend(
            format!("--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\nContent-Type: application/octet-stream\r\n\r\n").bytes(),
        );
        body.extend_from_slice(bytes);
        body.extend(b"\r\n--XX--\r\n");
        self.request(Method::POST, path, "multipart/form-data; boundary=XX", body).await
    }
}

/// A text as it stands in a form's body.
pub(crate) fn encode(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// A content that passes into review: a chip, with every required field.
pub(crate) fn chip(title: &str, body: &str) -> ListingContent {
    let (catalog, ..) = &*WORDS;
    let sample = catalog.kinds["chip"].samples.iter().find(|s| s.side == Side::Offer).unwrap();
    ListingContent {
        kind: "chip".into(),
        title: title.into(),
        summary: "一句话说明这款器件的用处。".into(),
        body: body.into(),
        attributes: sample.attributes.clone(),
        keywords: vec!["车规".into()],
        region: Some("320200".into()),
        ..ListingContent::default()
    }
}
