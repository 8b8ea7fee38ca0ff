//! Draws the layout and every shared block from samples, in both languages, into
//! `target/tmp/gallery-*.html`: a check that templates and assets hold together,
//! and the place to look at the styles.

#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::sync::Arc;

use askama::Template;
use keqiao_catalog::{Catalog, Kind, LocalName, MeetRule, Node, Property, PropertyType, Taxonomy};
use keqiao_domain::{
    CRITERIA, Criterion, Interval, ListingState, Reason, Side, Strength, TermHit, Timestamp, Value, Verdict, Viewer,
};
use keqiao_web::assets;
use keqiao_web::locale::{Locale, Preferences, Theme};
use keqiao_web::page::{Card, ErrorPage, Flash, FormToken, Frame, Input, Marked, ReasonRow, Tone, tally};

/// One facet: its name and values, each with a count and whether it is chosen.
type Facet = (String, Vec<(String, u64, bool)>);

#[derive(Template)]
#[template(path = "gallery.html")]
struct Gallery {
    f: Frame,
    trail: Vec<(String, String)>,
    query: String,
    facets: Vec<Facet>,
    side: Side,
    cards: Vec<Card>,
    counts: Vec<(Verdict, usize)>,
    reasons: Vec<ReasonRow>,
    score: f64,
    meters: Vec<(Criterion, u8, String)>,
    specs: Vec<(String, String)>,
    steps: [String; 3],
    inputs: Vec<Input>,
    must: Strength,
    wish: Strength,
    waiting: ListingState,
    at: Timestamp,
}

fn name(zh: &str, en: &str) -> LocalName {
    LocalName { zh: zh.into(), en: en.into() }
}

fn property(id: &str, zh: &str, en: &str, meet: MeetRule) -> (String, Property) {
    let property = Property {
        id: id.into(),
        name: name(zh, en),
        synonyms: Vec::new(),
        ty: PropertyType::Quantity,
        unit: None,
        meet,
        soft: false,
        choices: Vec::new(),
    };
    (id.into(), property)
}

fn catalog() -> Catalog {
    let kind = |id: &str, zh: &str, en: &str| {
        let kind = Kind {
            id: id.into(),
            name: name(zh, en),
            hint: LocalName::default(),
            sides: vec![Side::Need, Side::Offer],
            answered_by: Vec::new(),
            fields: Vec::new(),
            samples: Vec::new(),
            order: 0,
        };
        (id.to_owned(), kind)
    };
    let node = |code: &str, zh: &str, en: &str, parent: Option<&str>, depth| Node {
        code: code.into(),
        name: name(zh, en),
        parent: parent.map(str::to_owned),
        depth,
    };
    let nodes = vec![node("320000", "江苏", "Jiangsu", None, 0), node("320200", "无锡", "Wuxi", Some("320000"), 1)];
    let by_code = nodes.iter().enumerate().map(|(i, n)| (n.code.clone(), i)).collect();
    let region = Taxonomy { id: "region".into(), name: LocalName::default(), nodes, by_code };
    Catalog {
        kinds: [kind("chip", "芯片", "Chip"), kind("test-service", "检测服务", "Test service")].into(),
        properties: [
            property("operating-temperature", "工作温度", "Operating temperature", MeetRule::Covers),
            property("on-resistance", "导通电阻", "On-resistance", MeetRule::AtMost),
            property("annual-capacity", "年产能", "Capacity a year", MeetRule::AtLeast),
            property("qualification", "车规标准", "Automotive standard", MeetRule::MeetsStandard),
        ]
        .into(),
        taxonomies: [("region".to_owned(), region)].into(),
        ..Catalog::default()
    }
}

fn interval(min: Option<f64>, max: Option<f64>, unit: &str) -> Value {
    Value::Interval(Interval { min, max, unit: unit.into() })
}

fn requirement(property: &str, required: Value, offered: Option<Value>, v: Verdict) -> Reason {
    let strength = if v == Verdict::Unknown { Strength::Wish } else { Strength::Must };
    let gap = (v == Verdict::Fails).then(|| "1.2 > 0.8 mΩ".to_owned());
    let points = if v == Verdict::Meets { 12.5 } else { 0.0 };
    let property = property.to_owned();
    Reason::Requirement { property, required, offered, strength, verdict: v, gap, points }
}

fn reasons() -> Vec<Reason> {
    let hit = |term: &str, by: Option<&str>, weight| TermHit { term: term.into(), by: by.map(str::to_owned), weight };
    vec![
        requirement(
            "operating-temperature",
            interval(Some(-40.0), Some(125.0), "℃"),
            Some(interval(Some(-55.0), Some(150.0), "℃")),
            Verdict::Meets,
        ),
        requirement(
            "operating-temperature",
            interval(Some(-40.0), Some(125.0), "℃"),
            Some(interval(Some(-40.0), Some(85.0), "℃")),
            Verdict::Partly,
        ),
        requirement(
            "on-resistance",
            interval(None, Some(0.8), "mΩ"),
            Some(interval(Some(1.2), Some(1.2), "mΩ")),
            Verdict::Fails,
        ),
        requirement("annual-capacity", interval(Some(50_000.0), None, "只"), None, Verdict::Unknown),
        requirement(
            "qualification",
            Value::Text("AEC-Q100 Grade 1".into()),
            Some(Value::List(vec!["AEC-Q100 Grade 0".into(), "AQG 324".into()])),
            Verdict::Meets,
        ),
        Reason::Terms {
            terms: vec![hit("碳化硅", Some("SiC"), 0.42), hit("功率模块", None, 0.31)],
            share: 0.73,
            points: 28.4,
        },
        Reason::Region { region: "320200".into(), points: 3.0 },
        Reason::Evidence { verified: true, attachments: 2, points: 4.0 },
    ]
}

fn cards(at: Timestamp) -> Vec<Card> {
    let title = "车规级碳化硅功率模块：1200 V / 600 A，双面散热封装";
    let snippet = "采用银烧结与铜夹互连，结温 175 ℃；随货提供 AQG 324 可靠性试验报告，可按客户冷却板定制针翅。\
                   样品 4 周，批量 12 周。";
    let full = Card {
        title: Marked::new(title, &[3..6, 6..10]),
        snippet: Marked::new(snippet, &[2..5, 19..21]),
        party: "示例·梁溪功率半导体有限公司".into(),
        verified: true,
        region: Some("320200".into()),
        date: Some(at),
        price: Some("480～650 元/只".into()),
        demo: true,
        score: Some(86.6),
        ..Card::new("/listings/1", Side::Offer, "chip", title)
    };
    let blocked = Card { score: Some(41.2), blocked: true, ..full.clone() };
    let waiting = Card {
        state: Some(ListingState::InReview),
        date: Some(at),
        ..Card::new("/listings/2", Side::Need, "test-service", "<b>求</b>：芯片高低温循环试验，1000 次")
    };
    vec![full, blocked, waiting]
}

fn frame(locale: Locale, theme: Option<Theme>) -> Frame {
    let preferences = Preferences { locale, theme };
    Frame {
        viewer: Viewer { platform: Some(keqiao_domain::PlatformRole::Admin), ..Viewer::visitor() },
        name: Some("陈示例".into()),
        csrf: FormToken::new("token".to_owned()),
        unread: 3,
        flash: Some(Flash { tone: Tone::Done, text: "草稿已保存。Draft saved.".into() }),
        ..Frame::new(preferences, "/hall", "样张 Gallery", Arc::new(catalog()))
    }
}

fn inputs() -> Vec<Input> {
    let mut title = Input::new("title", "text", "标题 Title", "车规级碳化硅功率模块");
    title.hint = "一句话说清要什么、用在哪里。One line: what, and for what use.".into();
    let mut email = Input::new("email", "email", "邮箱 E-mail", "name@");
    email.error = "缺少域名，例如 name@example.com。The part after @ is missing.".into();
    let mut body = Input::new("body", "", "正文 Text", "");
    (body.rows, body.required) = (6, false);
    vec![title, email, body]
}

fn gallery(locale: Locale, theme: Option<Theme>) -> Gallery {
    let at: Timestamp = "2026-11-20T06:05:00Z".parse().unwrap();
    let f = frame(locale, theme);
    let reasons = reasons();
    let meter = |(criterion, score)| (criterion, score, "写出数值、条件与标准。".to_owned());
    Gallery {
        trail: vec![("/".into(), f.t("site-name").into()), (String::new(), f.title.clone())],
        query: "碳化硅 \"模块\"".into(),
        facets: vec![("品类 Kind".into(), vec![("芯片".into(), 1204, true), ("检测服务".into(), 86, false)])],
        side: Side::Need,
        cards: cards(at),
        counts: tally(&reasons),
        reasons: reasons.iter().map(|reason| ReasonRow::new(&f, reason)).collect(),
        score: 86.6,
        meters: CRITERIA.into_iter().zip([4, 2, 0, 5]).map(meter).collect(),
        specs: vec![("工作温度".into(), "−40 ~ 125 ℃".into()), ("年产能".into(), "50,000 只".into())],
        steps: ["选择品类".into(), "填写指标".into(), "提交审核".into()],
        inputs: inputs(),
        must: Strength::Must,
        wish: Strength::Wish,
        waiting: ListingState::InReview,
        at,
        f,
    }
}

/// Writes a page so that it can be opened from the disk, its assets beside it.
fn write(name: &str, html: &str) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    std::fs::create_dir_all(folder.join("assets")).unwrap();
    for url in assets::urls() {
        std::fs::write(folder.join(&url[1..]), assets::bytes(url).unwrap()).unwrap();
    }
    std::fs::write(folder.join(name), html.replace("\"/assets/", "\"assets/")).unwrap();
}

/// What every page has to keep: one main heading at least, escaped text, no
/// inline style or script, labels for fields, all assets known.
fn check(html: &str) {
    assert!(!html.contains(" style=") && !html.contains("<style") && !html.contains("onclick"));
    assert!(html.contains("<main") && html.contains("<h1"));
    assert!(!html.contains("<b>求"), "a title is escaped");
    for script in html.split("<script").skip(1) {
        assert!(script.starts_with(" type=\"module\" src=\"/assets/"), "no inline script");
    }
    for (_, rest) in html.match_indices("href=\"/assets/").map(|(at, _)| html.split_at(at + 6)) {
        let url = rest.split('"').next().unwrap();
        assert!(assets::bytes(url).is_some(), "{url}");
    }
}

#[test]
fn every_block_is_drawn_in_both_languages() {
    for locale in Locale::ALL {
        for theme in [None, Some(Theme::Dark)] {
            let html = gallery(locale, theme).render().unwrap();
            check(&html);
            for part in [locale.t("coach-title"), "verdict fails", "<mark>碳化硅", "class=\"miss\""] {
                assert!(html.contains(part), "{part}");
            }
            let theme = theme.map_or("", |t| t.as_str());
            write(&format!("gallery-{}{theme}.html", locale.as_str()), &html);
        }
    }
}

#[test]
fn an_error_page_says_what_happened_what_was_kept_and_what_to_do() {
    let page = ErrorPage {
        f: Frame { name: None, unread: 0, flash: None, ..frame(Locale::Zh, None) },
        status: 409,
        what: "您打开之后，这条供需信息已被同事改过（第 4 版）。".into(),
        kept: "您写的内容仍在下面的表单里，没有丢失。".into(),
        next: "对照两个版本，选择要保留的一处。".into(),
        back: "/desk".into(),
        request_id: "01JD2M".into(),
    };
    let html = page.render().unwrap();
    check(&html);
    for part in [&page.what, &page.kept, &page.next, &page.request_id] {
        assert!(html.contains(part.as_str()));
    }
    write("gallery-error.html", &html);
}
