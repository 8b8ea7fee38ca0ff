//! Records of organization A in every state, with words by which a leak is seen.

use std::collections::BTreeMap;

use axum::http::Method;
use keqiao_app::accounts::{create_api_token, invite_colleague};
use keqiao_app::listings::{AttachmentFile, accept_annex, add_attachment, close, submit};
use keqiao_app::parties::{MembershipInput, PartyInput, declare_membership, update_party};
use keqiao_domain::{AttachmentId, Contact, Interval, Listing, ListingContent, ListingId, OrgRole, Scope, Side, Tier};
use serde_json::{Value, json};

use super::engaged::Engaged;
use super::entered::Entered;
use super::entry::{Entry, On};
use super::news::{News, query};
use super::services::Services;
use crate::client::Client;
use crate::house::{Answer, Site, chip};

/// The price of every listing here, which members alone read.
pub(super) const PRICE: &str = "77.7731";

const SEES_DRAFTS: &[&str] = &["viewer", "editor", "owner", "broker", "operator", "admin"];
const SIDE: &[&str] = &["viewer", "editor", "owner"];
const SIDE_AND_ACCEPTED: &[&str] = &["viewer", "editor", "owner", "rival"];
pub(super) const EVERYONE: &[&str] = &super::ROLES;
pub(super) const MEMBERS: &[&str] = &["member", "rival", "viewer", "editor", "owner", "broker", "operator", "admin"];

/// A word that stands in one place of one record.
pub(super) struct Word {
    pub(super) text: String,
    /// Who may read it.
    pub(super) readers: &'static [&'static str],
    /// The record's id, which no search may give to others by this word.
    pub(super) record: String,
    /// The record's title.
    pub(super) title: String,
    /// Whether a search finds the record by it.
    pub(super) indexed: bool,
}

/// The records and the words in them.
pub(super) struct Records {
    listings: BTreeMap<&'static str, ListingId>,
    files: BTreeMap<&'static str, AttachmentId>,
    pub(super) words: Vec<Word>,
    party: String,
    account: String,
    membership: String,
    import: String,
    token: String,
    invitation: String,
    invitation_id: String,
    reset: String,
    tokens: BTreeMap<&'static str, String>,
    news: News,
    engaged: Engaged,
    services: Services,
    entered: Entered,
}

/// Each part of a listing with a word of its own.
fn content(state: &str) -> ListingContent {
    let mut content = chip(
        &format!("车规级线性稳压器 zqtitle{state}"),
        &format!("工作温度宽，已经量产供货，可提供样品与报告。zqbody{state}"),
    );
    content.summary = format!("低静态电流。zqsummary{state}");
    content.details_tier = Tier::Member;
    content.annex = format!("良率与客户名单。zqannex{state}");
    let price = Interval { min: Some(77.7731), max: Some(77.7731), unit: "元".into() };
    content.attributes.insert("unit-price".into(), keqiao_domain::Value::Interval(price));
    content
}

async fn file(site: &Site, listing: ListingId, tier: Tier, name: &str) -> AttachmentId {
    let bytes = bytes::Bytes::from(format!("bytes of {name}"));
    let stream = futures::stream::iter([Ok::<_, std::io::Error>(bytes)]);
    let file = AttachmentFile { name: format!("{name}.txt"), tier, stream };
    add_attachment(&site.app, &site.viewer("owner").await, listing, file).await.unwrap().id
}

/// Sets a published listing's time back, so that it has run out.
async fn expire(site: &Site, listing: &Listing) {
    let mut old = listing.clone();
    old.version += 1;
    old.expires_at = Some(site.app.now().plus_days(-1));
    let expected = listing.version;
    site.app
        .store
        .write::<_, keqiao_app::AppError, _>(move |tx| {
            Box::pin(async move { Ok(keqiao_store::listings::update(tx, &old, expected).await?) })
        })
        .await
        .unwrap();
    assert_eq!(keqiao_app::jobs::expire_due(&site.app).await.unwrap(), 1);
}

async fn listings(site: &Site) -> BTreeMap<&'static str, ListingId> {
    let (a, owner) = (site.a.id, site.viewer("owner").await);
    let offer = Side::Offer;
    let draft = site.draft(a, offer, content("draft")).await;
    let in_review = site.draft(a, offer, content("inreview")).await;
    submit(&site.app, &owner, in_review.id).await.unwrap();
    let published = site.published(a, offer, content("published")).await;
    let expired = site.published(a, offer, content("expired")).await;
    expire(site, &expired).await;
    let closed = site.published(a, offer, content("closed")).await;
    close(&site.app, &owner, closed.id).await.unwrap();
    [("draft", draft), ("inreview", in_review), ("published", published), ("expired", expired), ("closed", closed)]
        .map(|(state, listing)| (state, listing.id))
        .into()
}

fn words_of(state: &str, id: ListingId) -> Vec<Word> {
    let public = state == "published";
    let word = |part: &str, readers: &'static [&'static str], indexed| Word {
        text: format!("zq{part}{state}"),
        readers,
        record: id.to_string(),
        title: format!("zqtitle{state}"),
        indexed,
    };
    let seen = if public { EVERYONE } else { SEES_DRAFTS };
    let members = if public { MEMBERS } else { SEES_DRAFTS };
    let annex = if public { SIDE_AND_ACCEPTED } else { SIDE };
    let mut title = word("title", seen, true);
    // The word is the title itself, so a search page says it back; the id alone tells a find.
    title.title = id.to_string();
    vec![title, word("summary", seen, true), word("body", members, true), word("annex", annex, false)]
}

async fn contact(site: &Site) {
    let input = PartyInput {
        name: site.a.name.clone(),
        region: "320200".into(),
        contact: Contact { phone: "zqcontactphone".into(), ..Contact::default() },
        ..PartyInput::default()
    };
    update_party(&site.app, &site.viewer("owner").await, site.a.id, 1, input).await.unwrap();
}

/// The last secret of a link to `place` in the mails that wait.
async fn link(site: &Site, place: &str) -> String {
    let now = site.app.now();
    let rows = site
        .app
        .store
        .write::<_, keqiao_app::AppError, _>(move |tx| {
            Box::pin(async move { Ok(keqiao_store::deliveries::claim(tx, "test", now, now, 50).await?) })
        })
        .await
        .unwrap();
    let texts: Vec<String> = rows.iter().map(|r| r.payload["text"].as_str().unwrap().to_owned()).collect();
    let text = texts.iter().find(|t| t.contains(place)).unwrap_or_else(|| panic!("no mail with {place}: {texts:?}"));
    let rest = text.split(place).nth(1).unwrap();
    rest.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect()
}

impl Records {
    pub(super) async fn make(site: &Site) -> Self {
        contact(site).await;
        let listings = listings(site).await;
        let (published, draft) = (listings["published"], listings["draft"]);
        let mut files = BTreeMap::new();
        for (name, listing, tier) in [
            ("public", published, Tier::Public),
            ("member", published, Tier::Member),
            ("confidential", published, Tier::Confidential),
            ("draft", draft, Tier::Public),
        ] {
            files.insert(name, file(site, listing, tier, &format!("zqfile{name}")).await);
        }
        accept_annex(&site.app, &site.viewer("rival").await, published).await.unwrap();
        let owner = site.viewer("owner").await;
        let invited = invite_colleague(&site.app, &owner, site.a.id, "new@example.com", OrgRole::Viewer).await.unwrap();
        let invitation = link(site, "/invitation/").await;
        keqiao_app::accounts::request_reset(&site.app, "viewer@example.com").await.unwrap();
        let reset = link(site, "/reset/").await;
        let membership = declare_membership(
            &site.app,
            &site.viewer("rival").await,
            MembershipInput {
                member: site.b.id,
                organization: site.a.id,
                title: "会员单位".into(),
                from: String::new(),
                to: String::new(),
            },
        )
        .await
        .unwrap();
        let csv = "编号,标题\nx-1,一行\n".as_bytes();
        let uploaded = site.as_("owner").upload("/import", &[("what", "listings")], "a.csv", csv).await;
        let import = uploaded.location().rsplit('/').next().unwrap_or_default().to_owned();
        assert!(!import.is_empty(), "{}", uploaded.body);
        // A dry run, so that there is a report.
        let fields = [("party", site.a.id.to_string())];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        site.as_("owner").post(&format!("/import/{import}"), &fields).await.expect(303);
        let mut tokens = BTreeMap::new();
        for role in &super::ROLES[1..] {
            let viewer = site.viewer(role).await;
            let scopes = vec![Scope::Read, Scope::Write];
            tokens.insert(*role, create_api_token(&site.app, &viewer, "test", scopes).await.unwrap().0);
        }
        let own = keqiao_app::accounts::api_tokens(&site.app, &owner).await.unwrap();
        site.settle().await;
        let mut news = News::make(site).await;
        let mut words = Self::words(site, &listings);
        words.append(&mut news.words);
        let mut engaged = Engaged::make(site).await;
        words.append(&mut engaged.words);
        let mut services = Services::make(site, &engaged).await;
        words.append(&mut services.words);
        let mut entered = Entered::make(site).await;
        words.append(&mut entered.words);
        Self {
            words,
            news,
            engaged,
            services,
            entered,
            membership: membership.id.to_string(),
            token: own[0].id.to_string(),
            party: site.a.id.to_string(),
            account: site.account("viewer").id.to_string(),
            listings,
            files,
            import,
            invitation,
            invitation_id: invited.1.id.to_string(),
            reset,
            tokens,
        }
    }

    fn words(site: &Site, listings: &BTreeMap<&'static str, ListingId>) -> Vec<Word> {
        let mut words: Vec<Word> = listings.iter().flat_map(|(state, id)| words_of(state, *id)).collect();
        let more = |text: &str, readers, record: String| Word {
            title: record.clone(),
            text: text.into(),
            readers,
            record,
            indexed: false,
        };
        let published = listings["published"].to_string();
        words.push(more("zqfilemember", MEMBERS, published.clone()));
        words.push(more("zqfileconfidential", SIDE_AND_ACCEPTED, published.clone()));
        words.push(more("zqfiledraft", SEES_DRAFTS, listings["draft"].to_string()));
        words.push(more("zqcontactphone", MEMBERS, "no search finds a phone".into()));
        words.push(more(PRICE, MEMBERS, published));
        for (state, id) in listings.iter().filter(|(state, _)| **state != "published") {
            words.push(more(&id.to_string(), SEES_DRAFTS, format!("zqtitle{state}")));
        }
        words.push(more(&site.account("owner").email, &["owner", "admin", "editor", "viewer"], "no search".into()));
        words
    }

    pub(super) fn published(&self) -> ListingId {
        self.listings["published"]
    }

    /// No answer holds a word that its reader must not read; an address that was asked may come back.
    pub(super) fn check_words(&self, role: &str, path: &str, answer: &Answer) -> Result<(), String> {
        let asked = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
        for word in self.words.iter().filter(|w| !w.readers.contains(&role) && !asked.contains(&w.text)) {
            if let Some(at) = answer.body.find(&word.text) {
                let before: String = answer.body[..at].chars().rev().take(100).collect();
                let before: String = before.chars().rev().collect();
                return Err(format!("gives {} to read, after {before:?}", word.text));
            }
        }
        Ok(())
    }

    fn listing(&self, on: On) -> Option<ListingId> {
        let state = match on {
            On::Draft => "draft",
            On::InReview => "inreview",
            On::Published => "published",
            On::Expired => "expired",
            On::Closed => "closed",
            _ => return None,
        };
        Some(self.listings[state])
    }

    fn id(&self, on: On) -> String {
        let file = |name: &str| self.files[name].to_string();
        match on {
            On::PublicFile => file("public"),
            On::MemberFile => file("member"),
            On::ConfidentialFile => file("confidential"),
            On::DraftFile => file("draft"),
            On::Import => self.import.clone(),
            On::Token => self.token.clone(),
            On::Party => self.party.clone(),
            _ => match self.listing(on) {
                Some(id) => id.to_string(),
                None => {
                    let service = || self.services.id(on);
                    let entered = || self.entered.id(on);
                    let found = self.engaged.id(on).or_else(service).or_else(entered).or_else(|| self.news.id(on));
                    found.unwrap_or_else(|| self.account.clone())
                }
            },
        }
    }

    /// A text with the names in braces filled in.
    pub(super) fn fill(&self, text: &str, on: On) -> String {
        self.news
            .fill(text, on)
            .replace("{id}", &self.id(on))
            .replace("{account}", &self.account)
            .replace("{membership}", &self.membership)
            .replace("{file}", &self.files["draft"].to_string())
            .replace("{invitation}", &self.invitation_id)
            .replace("{party}", &self.party)
            .replace("{chain}", "chain-ic")
            .replace("{move}", "minutes")
            .replace("{step}", "3")
            .replace("{hash}", &self.engaged.head)
            .replace("{annex}", &self.services.annex)
            .replace("{volunteer}", &self.services.volunteer)
            .replace("{item}", "subject")
            .replace("{act}", "close")
            .replace("{what}", "settle")
            .replace("{event}", "1")
            .replace("{n}", "0")
            .replace("{deed}", "accept")
            .replace("{decision}", "admit")
    }

    pub(super) fn path(&self, entry: &Entry, on: On) -> String {
        let secret = if entry.path.starts_with("/reset") { &self.reset } else { &self.invitation };
        let path = self.fill(entry.path, on).replace("{secret}", secret);
        match entry.path {
            "/match" if entry.method == "GET" => format!("{path}?text=LDO"),
            "/listings/{id}/versions/compare" => format!("{path}?old=1&new=1"),
            "/listings/{id}/why" => format!("{path}?other=LDO"),
            _ => path + &query(entry.path, &self.id(on)),
        }
    }

    /// The same route on an id that is nobody's.
    pub(super) fn path_to_nothing(&self, path: &str) -> String {
        let nobody = "01890000-0000-7000-8000-000000000000";
        let filled = ["{id}", "{file}", "{commitment}", "{fact}", "{annex}"]
            .iter()
            .fold(path.to_owned(), |p, name| p.replace(name, nobody));
        if path.ends_with("/compare") { format!("{filled}?old=1&new=1") } else { filled + &query(path, nobody) }
    }

    async fn send(&self, site: &Site, role: &str, method: Method, path: &str, body: Option<Value>) -> Answer {
        let client = Client { site, token: self.tokens.get(role).cloned() };
        client.call(method, path, &[("if-match", "\"v1\"")], body).await
    }

    /// An API route as a program calls it.
    pub(super) async fn call(&self, site: &Site, role: &str, entry: &Entry, path: &str) -> Answer {
        let body = match (entry.method, entry.path) {
            ("GET", _) => None,
            (_, "/api/v1/match") => Some(json!({"text": "求购车规级线性稳压器，单价 80 元以内"})),
            (_, "/api/v1/match/why") => {
                Some(json!({"text": "求购车规级线性稳压器，单价 80 元以内", "other": self.id(On::Published)}))
            }
            (_, "/api/v1/listings") => Some(json!({"side": "offer", "party": self.party})),
            (_, "/api/v1/volunteer-requests/{id}/duties") => Some(json!({"volunteer": self.id(On::Volunteer)})),
            (_, "/api/v1/volunteer-duties/{id}/steps") => Some(json!({"do": "accept"})),
            (_, "/api/v1/volunteers/{id}/decision") => Some(json!({"admitted": true})),
            (_, step) if step.ends_with("/submit") || step.ends_with("/renew") || step.ends_with("/close") => None,
            _ => Some(json!({})),
        };
        self.send(site, role, Method::from_bytes(entry.method.as_bytes()).unwrap(), path, body).await
    }

    pub(super) async fn call_match(&self, site: &Site, role: &str, text: &str) -> Answer {
        self.send(site, role, Method::POST, "/api/v1/match", Some(json!({ "text": text }))).await
    }
}
