//! Who holds which post in what: the posts of a story with their organisations resolved.

use std::ops::Range;

use crate::lexicon::{Lexicon, List};
use crate::model::EntityKind;
use crate::passage::Passage;
use crate::people::Person;
use crate::posts::{Of, Post, is_department};
use crate::resolve::{Entities, Home};

/// One post of one person.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Holding {
    /// The place of the person in the list of persons.
    pub(crate) person: usize,
    /// The organisation, by its place among the entities.
    pub(crate) organization: Option<usize>,
    pub(crate) title: String,
    /// From the organisation or the post to the name.
    pub(crate) chars: Range<usize>,
    pub(crate) confidence: f32,
}

/// What holders of a post need to know of the article.
pub(crate) struct Context<'a, 'b> {
    pub(crate) passage: &'a Passage<'b>,
    pub(crate) home: &'a Home,
    pub(crate) lexicon: &'a Lexicon,
    /// Names of organisations in the text with their entities, in the order of the text.
    pub(crate) orgs: &'a [(Range<usize>, usize)],
}

/// The posts that head a region's government, and the level of the region.
const GOVERNMENT: [(&str, char); 8] = [
    ("省长", '省'),
    ("市长", '市'),
    ("州长", '州'),
    ("县长", '县'),
    ("区长", '区'),
    ("镇长", '镇'),
    ("乡长", '乡'),
    ("旗长", '旗'),
];
/// Ends of posts and of the organisations that have them.
const HOSTS: [(&str, &[&str]); 13] = [
    ("主任委员", &["委员会"]),
    ("所长", &["所"]),
    ("所领导", &["所"]),
    ("院长", &["院"]),
    ("院领导", &["院"]),
    ("校长", &["大学", "学院", "学校"]),
    ("校领导", &["大学", "学院", "学校"]),
    ("会长", &["会"]),
    ("理事长", &["会", "联盟", "社", "联合体", "共同体"]),
    ("董事长", &["公司", "集团"]),
    ("总经理", &["公司", "集团"]),
    ("总裁", &["公司", "集团"]),
    ("厂长", &["厂"]),
];

/// Bodies that stand before a post with one character: 校党委书记.
const SHORT_HOSTS: [(char, &[&str]); 3] = [('校', &["大学", "学院", "学校"]), ('院', &["院"]), ('所', &["所"])];

/// Resolves all posts.
pub(crate) fn holdings(context: &Context<'_, '_>, persons: &[Person], entities: &mut Entities) -> Vec<Holding> {
    let mut out: Vec<Holding> = Vec::new();
    // The organisation with which the list goes on, and the words for it in the text, per person.
    let mut carried: Vec<Option<(usize, String)>> = Vec::with_capacity(persons.len());
    for (i, person) in persons.iter().enumerate() {
        let shared = person.after.filter(|&a| persons[a].posts == person.posts && !person.posts.is_empty());
        let mut current = person.after.and_then(|a| carried[a].clone());
        if let Some(first) = shared {
            let same: Vec<Holding> = out.iter().filter(|h| h.person == first).cloned().collect();
            out.extend(same.into_iter().map(|h| Holding { person: i, chars: person.name.clone(), ..h }));
            carried.push(current);
            continue;
        }
        for (place, post) in person.posts.iter().enumerate() {
            // 主任由某学院教授成思源担任: what stands before is no part of what stands behind.
            let ordered = person.posts[..place].iter().all(|p| p.title.start < post.title.start);
            let before = current.as_ref().filter(|_| ordered);
            let title = context.passage.text(post.title.clone());
            // 原主席 is somebody who is it no more: 原 stays.
            let term = ["首任", "现任", "新任", "时任"];
            let title = term.iter().fold(title.trim(), |t, word| t.strip_prefix(word).unwrap_or(t));
            let start = match &post.of {
                Of::Named(r) | Of::Part(r) => r.start,
                _ => post.title.start,
            };
            let given = post.of == Of::None && is_given(context.passage, person, post);
            let resolved = match given.then(|| host_of_given(context, person, title, entities)).flatten() {
                Some(host) => Some(host),
                None => organization(context, &post.of, title, post.title.start, before, entities),
            };
            let title = without_host(title).to_owned();
            let confidence = person.confidence * if matches!(post.of, Of::Named(_)) { 1.0 } else { 0.85 };
            let chars = start.min(person.name.start)..person.name.end.max(post.title.end);
            let of = resolved.as_ref().map(|(e, _)| *e);
            out.push(Holding { person: i, organization: of, title, chars, confidence });
            match &post.of {
                Of::Named(range) => {
                    let whole = whole_of_department(context.passage, range, entities);
                    let name = whole.map(|w| context.passage.text(w));
                    let kind = EntityKind::Organization;
                    let whole = name.map(|n| (entities.organization(&n, kind, context.home, context.lexicon), n));
                    current = whole.or(resolved);
                }
                Of::Part(_) => {}
                Of::Before | Of::None => current = resolved.or(current),
            }
        }
        carried.push(current);
    }
    out
}

/// 校党委书记 of a university is its 党委书记.
fn without_host(title: &str) -> &str {
    let rest = title.strip_prefix(['校', '院', '所']);
    rest.filter(|r| ["党", "纪委", "团委", "工会"].iter().any(|body| r.starts_with(body))).unwrap_or(title)
}

/// `航天二院二十三所` in `航天二院二十三所发展计划处`: with the whole a list of departments goes on.
fn whole_of_department(passage: &Passage<'_>, range: &Range<usize>, entities: &Entities) -> Option<Range<usize>> {
    // 岳麓轨道人力资源部: or a short name that the text gave.
    let named = |k: usize| entities.get(&passage.text(range.start..k)).is_some();
    let ends =
        |k: usize| passage.marks.ends(List::OrgEnd, k) > 0 || passage.marks.ends(List::OrgKnown, k) > 0 || named(k);
    let cut = (range.start + 2..range.end - 1).rev().find(|&k| ends(k) && passage.tokens.begins(k))?;
    is_department(passage, cut..range.end).then_some(range.start..cut)
}

fn organization(
    context: &Context<'_, '_>,
    of: &Of,
    title: &str,
    at: usize,
    current: Option<&(usize, String)>,
    entities: &mut Entities,
) -> Option<(usize, String)> {
    let passage = context.passage;
    let named = |name: String, entities: &mut Entities| {
        let entity = entities.organization(&name, EntityKind::Organization, context.home, context.lexicon);
        Some((entity, name))
    };
    match of {
        Of::Named(range) => {
            let name = passage.text(range.clone());
            let region = context.lexicon.region(&name);
            if let Some(region) = region.filter(|_| GOVERNMENT.iter().any(|(post, _)| title.ends_with(post))) {
                return named(format!("{}人民政府", region.name), entities);
            }
            let meant = anaphor(context, &name, range.start, entities);
            // 总工程师兼研究院院长: of the organisation of the post before.
            let also = passage.before(range.start) == '兼' && range.len() <= 4;
            let whole = current.filter(|_| also || context.lexicon.anaphors.contains(name.as_str()));
            meant
                .or_else(|| part_of_anaphor(context, &name, range.start, entities))
                .or_else(|| whole.map(|(_, whole)| join(whole, &name, entities)))
                .or_else(|| named(name, entities))
        }
        Of::Part(range) => {
            let part = passage.text(range.clone());
            if let Some(meant) = anaphor(context, &part, range.start, entities) {
                return Some(meant);
            }
            let Some((_, whole)) = current.cloned().or_else(|| host(context, title, range.start, entities)) else {
                return named(part, entities);
            };
            Some(join(&whole, &part, entities))
        }
        Of::Before | Of::None => {
            let governs = GOVERNMENT.iter().find(|(post, _)| title.ends_with(post));
            if let Some((_, level)) = governs
                && !current.is_some_and(|(_, name)| name.contains("政府"))
            {
                return government(context, *level, current, entities);
            }
            if *of == Of::Before && current.is_some() {
                return current.cloned();
            }
            if context.lexicon.academic.contains(title) {
                return None;
            }
            host(context, title, at, entities)
        }
    }
}

/// A part of an organisation, with the words for it.
fn join(whole: &str, part: &str, entities: &mut Entities) -> (usize, String) {
    let surface = format!("{whole}{part}");
    let known = entities.get(whole).map(|e| &entities.list[e].names);
    let fullest = known.and_then(|names| names.iter().max_by_key(|n| n.chars().count()).cloned());
    let entity = entities.exact(&format!("{}{part}", fullest.as_deref().unwrap_or(whole)), EntityKind::Organization);
    entities.alias(entity, &surface);
    entities.alias(entity, part);
    (entity, surface)
}

/// The government that a mayor without a place governs: that of the committee named before, or of the article's home.
fn government(
    context: &Context<'_, '_>,
    level: char,
    current: Option<&(usize, String)>,
    entities: &mut Entities,
) -> Option<(usize, String)> {
    let from_list = current.and_then(|(entity, _)| {
        entities.list[*entity]
            .names
            .iter()
            .find_map(|n| n.split_once(&format!("{level}委")).map(|(r, _)| format!("{r}{level}")))
    });
    let region = from_list
        .filter(|r| r.chars().count() > 1)
        .or_else(|| context.home.widen(&format!("{level}长")).map(|w| w.replace('长', "")))?;
    let name = format!("{region}人民政府");
    let entity = entities.organization(&name, EntityKind::Organization, context.home, context.lexicon);
    Some((entity, name))
}

/// What 研究院, 学会, 该中心 stand for: the last organisation named before whose name ends so.
fn anaphor(context: &Context<'_, '_>, name: &str, at: usize, entities: &Entities) -> Option<(usize, String)> {
    if !context.lexicon.anaphors.contains(name) {
        return None;
    }
    let here = at..at + name.chars().count();
    // On a company's own site, 公司 was found to be that company.
    let own = context.orgs.iter().find(|(r, _)| *r == here).map(|(_, entity)| *entity);
    if let Some(entity) = own {
        let fullest = entities.list[entity].names.iter().max_by_key(|n| n.chars().count());
        return Some((entity, fullest.cloned().unwrap_or_else(|| name.to_owned())));
    }
    let (range, entity) = crate::anaphors::meant(name, at, context.orgs, entities)?;
    Some((entity, context.passage.text(range)))
}

/// 公司技术中心, 学会国际合作部: a part of what the first word stands for.
fn part_of_anaphor(
    context: &Context<'_, '_>,
    name: &str,
    at: usize,
    entities: &mut Entities,
) -> Option<(usize, String)> {
    let chars: Vec<char> = name.chars().collect();
    let cut = (2..chars.len().saturating_sub(1))
        .rev()
        .find(|&k| context.lexicon.anaphors.contains(chars[..k].iter().collect::<String>().as_str()))?;
    let word: String = chars[..cut].iter().collect();
    let rest: String = chars[cut..].iter().collect();
    let (_, whole) = crate::anaphors::meant(&word, at, context.orgs, entities)?;
    let fullest = entities.list[whole].names.iter().max_by_key(|n| n.chars().count())?.clone();
    let entity = entities.exact(&format!("{fullest}{rest}"), EntityKind::Organization);
    entities.alias(entity, name);
    Some((entity, name.to_owned()))
}

/// Whether a verb gives the post to the person: 李明当选理事长, 选举王方等5人为副会长.
fn is_given(passage: &Passage<'_>, person: &Person, post: &Post) -> bool {
    post.title.start > person.name.end && !matches!(passage.at(person.name.end), ',' | '(' | ' ')
}

/// In what a post is given: in the body of the headline, where it fits; else in the one named before all that is told
/// of the person. What he is already is no sign of it: 某学会理事长李明当选联合体主席.
fn host_of_given(
    context: &Context<'_, '_>,
    person: &Person,
    title: &str,
    entities: &Entities,
) -> Option<(usize, String)> {
    let ends = HOSTS.iter().find(|(post, _)| title.ends_with(post)).map(|(_, ends)| *ends);
    let fits = |entity: usize| {
        ends.is_some_and(|ends| entities.list[entity].names.iter().any(|n| ends.iter().any(|e| n.ends_with(e))))
    };
    let headline = context.passage.chars.iter().position(|c| *c == '\n').unwrap_or(0);
    let titled = context.orgs.iter().take_while(|(r, _)| r.end <= headline).find(|(_, e)| fits(*e));
    if let Some((range, entity)) = titled {
        return Some((*entity, context.passage.text(range.clone())));
    }
    let begins = person.posts.iter().map(|p| match &p.of {
        Of::Named(r) | Of::Part(r) => r.start,
        Of::Before | Of::None => p.title.start,
    });
    let at = begins.min().unwrap_or(person.name.start).min(person.name.start);
    host(context, title, at, entities)
}

/// The organisation whose head is spoken of without its name: the last one named whose end fits, else the last one.
fn host(context: &Context<'_, '_>, title: &str, at: usize, entities: &Entities) -> Option<(usize, String)> {
    // 校党委书记: the first character says of what.
    let own = SHORT_HOSTS.iter().find(|(first, _)| title.starts_with(*first)).map(|(_, ends)| *ends);
    let ends = HOSTS.iter().find(|(post, _)| title.ends_with(post)).map(|(_, ends)| *ends).or(own);
    let fits = |entity: usize| {
        ends.is_none_or(|ends| entities.list[entity].names.iter().any(|n| ends.iter().any(|e| n.ends_with(e))))
    };
    let before = context.orgs.iter().rev().filter(|(r, _)| r.end <= at);
    let (range, entity) = before.into_iter().find(|(_, e)| fits(*e))?;
    Some((*entity, context.passage.text(range.clone())))
}
