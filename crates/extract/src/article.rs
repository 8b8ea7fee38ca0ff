//! One story → one article: names, entities, posts, facts.

use std::collections::HashMap;
use std::ops::Range;

use keqiao_catalog::Taxonomy;

use crate::dates::{Day, Reference, dates, full_date};
use crate::facts::{Draft, View};
use crate::holdings::{Context, holdings};
use crate::home::{count, home};
use crate::lexicon::Lexicon;
use crate::model::{Article, Entity, EntityKind, Fact, Mention, MentionKind, Part, PartKind, Span};
use crate::naming::naming;
use crate::page::Page;
use crate::passage::Passage;
use crate::people::{Person, people};
use crate::resolve::Entities;
use crate::stories::{Story, Zone};

/// What the page tells about all its stories.
pub(crate) struct Setting<'a> {
    pub(crate) source: &'a str,
    pub(crate) page: &'a Page,
    pub(crate) lexicon: &'a Lexicon,
    pub(crate) regions: &'a Taxonomy,
    /// How often each region is named on the page.
    pub(crate) places: &'a HashMap<String, usize>,
    /// The year of the page, where one is inferred.
    pub(crate) year: Option<i16>,
    /// The date of publication that the page declares for all.
    pub(crate) declared: Option<&'a str>,
    /// Whose site the page is of.
    pub(crate) owner: Option<String>,
}

/// A story longer than this is read up to here; news are shorter.
const LONGEST: usize = 60_000;

/// Reads a story.
pub(crate) fn read(story: &Story, setting: &Setting<'_>) -> Article {
    let lexicon = setting.lexicon;
    let chars = &story.chars[..story.chars.len().min(LONGEST)];
    let passage = Passage::new(chars, lexicon);
    let persons = people(&passage, story);
    let mut own = HashMap::new();
    // 黎永康 is nobody of 永康.
    let names: Vec<Range<usize>> = persons.iter().map(|p| p.name.clone()).collect();
    count(&passage, lexicon, &names, &mut own);
    let home = home(&own, setting.places, setting.regions).with_seats(&passage, setting.owner.as_deref());

    let published = story.published.as_deref().and_then(full_date).or_else(|| setting.declared.and_then(full_date));
    let reference = match (published, setting.year) {
        (Some(day), _) => Reference::Published(day),
        (None, Some(year)) => Reference::Year(year),
        (None, None) => Reference::Unknown,
    };
    let dates = dates(chars, reference);
    let mut entities = Entities::default();
    let naming = naming(&passage, &persons, &dates.moments, &home, setting.owner.as_deref(), &mut entities);
    let context = Context { passage: &passage, home: &home, lexicon, orgs: &naming.orgs_at };
    let held = holdings(&context, &persons, &mut entities);
    let persons_at: Vec<usize> =
        persons.iter().map(|p| entities.exact(&passage.name(p.name.clone()), EntityKind::Person)).collect();
    let named = naming.named(&passage, &persons, &persons_at, &mut entities);
    let holdings: Vec<(usize, crate::holdings::Holding)> =
        held.into_iter().map(|h| (persons_at[h.person], h)).collect();
    let view = View::new(&passage, story, named, &dates, &naming.dealings, &holdings);
    let drafts = crate::facts::read(&view, &holdings, &naming.wholes(&passage, &entities), &mut entities);

    let mut article = Article {
        source: setting.source.to_owned(),
        title: title(story),
        published: published.map(|d| d.to_string()),
        year: reference.year(),
        year_inferred: matches!(reference, Reference::Year(_)),
        place: home.city.clone().or_else(|| home.province.clone()),
        origin: story.zone(Zone::Source).next().map(|r| story.text(r).trim().to_owned()),
        authors: Vec::new(),
        text: story.zone(Zone::Body).map(|r| story.text(r)).collect(),
        captions: story.zone(Zone::Caption).map(|r| story.text(r)).collect(),
        parts: parts(story, setting.page),
        entities: Vec::new(),
        mentions: mentions(&view, &persons, &dates.days, &drafts, story, setting.page),
        facts: drafts.iter().filter_map(|d| d.finish(&view, story, setting.page)).collect::<Vec<Fact>>(),
    };
    article.authors = authors(story, &persons, &passage);
    article.entities = entities.list.iter().enumerate().map(|(i, known)| entity(i, known)).collect();
    article
}

/// The id of the entity at a place of the list.
pub(crate) fn id(entity: usize) -> String {
    format!("e{}", entity + 1)
}

fn entity(i: usize, known: &crate::resolve::Known) -> Entity {
    let name = known.names.iter().max_by_key(|n| n.chars().count()).cloned().unwrap_or_default();
    let aliases = known.names.iter().filter(|n| **n != name).cloned().collect();
    Entity { id: id(i), kind: known.kind, name, aliases }
}

fn title(story: &Story) -> String {
    let mut title = String::new();
    for range in story.zone(Zone::Title) {
        if !title.is_empty() {
            title.push(' ');
        }
        title.push_str(story.text(range).trim());
    }
    title
}

fn authors(story: &Story, persons: &[Person], passage: &Passage<'_>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for zone in story.zone(Zone::Byline) {
        let names = persons.iter().filter(|p| zone.contains(&p.name.start)).map(|p| passage.name(p.name.clone()));
        let mut named = names.peekable();
        if named.peek().is_none() {
            let plain = story.text(zone.clone());
            out.push(plain.trim_matches(['(', ')', ' ']).to_owned());
        }
        out.extend(named);
    }
    let mut seen = std::collections::HashSet::new();
    out.retain(|a| !a.is_empty() && seen.insert(a.clone()));
    out
}

pub(crate) fn parts(story: &Story, page: &Page) -> Vec<Part> {
    let mut out = Vec::new();
    for (zone, range) in &story.zones {
        let kind = match zone {
            Zone::Title => PartKind::Title,
            Zone::Body => PartKind::Body,
            Zone::Caption => PartKind::Caption,
            Zone::Byline => PartKind::Byline,
            Zone::Source => PartKind::Source,
        };
        let mut start = range.start;
        for i in range.clone() {
            let last = i + 1 == range.end;
            if last || story.places[i + 1] > story.places[i] + 2 || story.places[i + 1] < story.places[i] {
                let source_span = page.original(story.places[start]..story.places[i] + 1).into();
                out.push(Part { kind, source_span });
                start = i + 1;
            }
        }
    }
    out
}

/// Where a range of the story stands in the original; `None` where it does not stand in one piece.
pub(crate) fn source_span(range: &Range<usize>, story: &Story, page: &Page) -> Option<Span> {
    let within = story.page_range(range);
    let whole = within.start < within.end && within.end - within.start <= range.len() + 8;
    whole.then(|| page.original(within).into())
}

fn mentions(
    view: &View<'_, '_>,
    persons: &[Person],
    days: &[Day],
    drafts: &[Draft],
    story: &Story,
    page: &Page,
) -> Vec<Mention> {
    let passage = view.passage;
    let mut out: Vec<Mention> = Vec::new();
    let mut push = |kind, chars: &Range<usize>, entity: Option<usize>, value: Option<String>| {
        if let Some(source_span) = source_span(chars, story, page) {
            let text = passage.text(chars.clone());
            out.push(Mention { kind, text, source_span, entity: entity.map(id), value });
        }
    };
    for named in &view.named {
        let kind = match named.kind {
            EntityKind::Person => MentionKind::Person,
            EntityKind::Place => MentionKind::Place,
            EntityKind::Platform => MentionKind::Platform,
            EntityKind::Standard => MentionKind::Standard,
            EntityKind::Document | EntityKind::Agreement => MentionKind::Document,
            EntityKind::Product => MentionKind::Product,
            _ => MentionKind::Organization,
        };
        push(kind, &named.chars, Some(named.entity), None);
    }
    for post in persons.iter().flat_map(|p| &p.posts) {
        push(MentionKind::Post, &post.title, None, None);
    }
    for draft in drafts {
        draft.named("activity").for_each(|(entity, chars)| push(MentionKind::Activity, chars, Some(entity), None));
    }
    for day in days {
        push(MentionKind::Date, &day.chars, None, day.iso.clone());
    }
    for amount in &view.amounts {
        push(amount.kind, &amount.chars, None, Some(amount.value.clone()));
    }
    out.sort_by_key(|m| (m.source_span.start, m.source_span.end));
    out.dedup();
    out
}
