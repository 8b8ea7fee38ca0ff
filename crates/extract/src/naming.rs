//! The names of a story and what they name.

use std::collections::HashSet;
use std::ops::Range;

use crate::anaphors::anaphors;
use crate::brands::brands;
use crate::deals::{Dealings, Known, dealings};
use crate::facts::Named;
use crate::lexicon::{Lexicon, List};
use crate::model::EntityKind;
use crate::orgs::{Org, is_platform, orgs};
use crate::passage::Passage;
use crate::people::Person;
use crate::posts::Of;
use crate::products::products;
use crate::resolve::{Entities, Home};
use crate::shortened::{shortened, without_brackets};
use crate::site::ours;
use crate::titles::titled;

/// The organisations of a story.
pub(crate) struct Naming {
    found: Vec<Org>,
    /// Their places in the order of the text, with the entity of each.
    pub(crate) orgs_at: Vec<(Range<usize>, usize)>,
    /// Where a word stands for an organisation named before.
    stands_in: HashSet<usize>,
    pub(crate) dealings: Dealings,
}

/// Finds the organisations and enters them.
pub(crate) fn naming(
    passage: &Passage<'_>,
    persons: &[Person],
    moments: &[Range<usize>],
    home: &Home,
    owner: Option<&str>,
    entities: &mut Entities,
) -> Naming {
    let lexicon = passage.lexicon;
    let mut blocked = vec![false; passage.chars.len() + 1];
    for person in persons {
        blocked[person.name.clone()].fill(true);
        person.posts.iter().for_each(|p| blocked[p.title.clone()].fill(true));
    }
    let mut found = orgs(passage, &blocked);
    add_post_orgs(persons, &mut found);
    let known = Known { organizations: &outer(&found), persons: &persons_of(persons), moments };
    let dealings = dealings(passage, &known);
    add_dealers(passage, &dealings, persons, &mut found);
    let all: Vec<Range<usize>> = found.iter().map(|o| o.name.clone()).collect();
    let short = shortened(passage, &all);
    let mut orgs_at = enter_orgs(passage, &found, &short, home, lexicon, entities);
    note_short_names(passage, &short, &mut orgs_at, entities);
    note_companies(passage, &dealings, &orgs_at, entities);
    orgs_at.extend(brands(passage, &orgs_at, &blocked, entities));
    let ours = owner.map(|owner| (ours(passage, owner), owner)).filter(|(places, _)| !places.is_empty());
    let ours = ours.map(|(places, owner)| {
        let entity = entities.organization(owner, EntityKind::Organization, home, lexicon);
        places.into_iter().map(move |place| (place, entity)).collect::<Vec<_>>()
    });
    orgs_at.extend(ours.iter().flatten().cloned());
    orgs_at.sort_by_key(|(r, _)| (r.start, r.end));
    let stand_ins = anaphors(passage, &orgs_at, &blocked, &dealings.tellers, entities);
    let stands_in = stand_ins.iter().chain(ours.iter().flatten()).map(|(r, _)| r.start).collect();
    orgs_at.extend(stand_ins);
    orgs_at.sort_by_key(|(r, _)| (r.start, r.end));
    Naming { found, orgs_at, stands_in, dealings }
}

/// The longest of the names that stand in one another, in the order of the text.
fn outer(found: &[Org]) -> Vec<Range<usize>> {
    let mut all: Vec<Range<usize>> = found.iter().map(|o| o.name.clone()).collect();
    all.sort_by_key(|r| (r.start, std::cmp::Reverse(r.end)));
    let mut out: Vec<Range<usize>> = Vec::with_capacity(all.len());
    for range in all {
        if out.last().is_none_or(|l| l.end <= range.start) {
            out.push(range);
        }
    }
    out
}

fn persons_of(persons: &[Person]) -> Vec<Range<usize>> {
    let mut out: Vec<Range<usize>> = persons.iter().map(|p| p.name.clone()).collect();
    out.sort_by_key(|r| r.start);
    out
}

/// Short names that are known by their place beside a verb of dealing; regions stay places.
fn add_dealers(passage: &Passage<'_>, dealings: &Dealings, persons: &[Person], found: &mut Vec<Org>) {
    let persons: HashSet<String> = persons.iter().map(|p| passage.text(p.name.clone())).collect();
    let mut taken = vec![false; passage.chars.len() + 1];
    found.iter().for_each(|o| taken[o.name.clone()].fill(true));
    for name in dealings.names() {
        let text = passage.text(name.clone());
        let other = passage.lexicon.regions.contains_key(&text) || persons.contains(&text);
        if !other && !taken[name.clone()].contains(&true) {
            taken[name.clone()].fill(true);
            found.push(Org { name, whole: None });
        }
    }
    found.sort_by_key(|o| (o.name.start, o.name.end));
}

/// The short names that the text gives itself, wherever they stand by themselves.
fn note_short_names(
    passage: &Passage<'_>,
    short: &[(Range<usize>, Range<usize>)],
    orgs_at: &mut Vec<(Range<usize>, usize)>,
    entities: &mut Entities,
) {
    let mut taken = vec![false; passage.chars.len() + 1];
    orgs_at.iter().for_each(|(r, _)| taken[r.clone()].fill(true));
    for (name, alias) in short {
        let Some((_, entity)) = orgs_at.iter().find(|(r, _)| r == name).cloned() else { continue };
        let text = passage.text(alias.clone());
        if entities.get(&text).is_some_and(|e| e != entity) {
            continue;
        }
        entities.alias(entity, &text);
        for start in (0..passage.chars.len()).filter(|&i| passage.starts(i, &text)) {
            let place = start..start + alias.len();
            if !taken[place.clone()].contains(&true) {
                taken[place.clone()].fill(true);
                orgs_at.push((place, entity));
            }
        }
    }
    orgs_at.sort_by_key(|(r, _)| (r.start, r.end));
}

/// A dealer whose name has no end of an organisation is a company.
fn note_companies(
    passage: &Passage<'_>,
    dealings: &Dealings,
    orgs_at: &[(Range<usize>, usize)],
    entities: &mut Entities,
) {
    for name in dealings.names() {
        let at = orgs_at.partition_point(|(r, _)| (r.start, r.end) < (name.start, name.end));
        if let Some((_, entity)) = orgs_at.get(at).filter(|(r, _)| *r == name)
            && passage.marks.ends(List::OrgEnd, name.end) == 0
        {
            entities.companies.insert(*entity);
        }
    }
}

/// Organisations that stand before posts and have no end of their own.
fn add_post_orgs(persons: &[Person], found: &mut Vec<Org>) {
    for post in persons.iter().flat_map(|p| &p.posts) {
        if let Of::Named(range) = &post.of
            && !found.iter().any(|o| o.name == *range)
        {
            found.push(Org { name: range.clone(), whole: None });
        }
    }
    found.sort_by_key(|o| (o.name.start, o.name.end));
}

/// Enters the names, the longest first, so that short names find their long ones.
fn enter_orgs(
    passage: &Passage<'_>,
    found: &[Org],
    short: &[(Range<usize>, Range<usize>)],
    home: &Home,
    lexicon: &Lexicon,
    entities: &mut Entities,
) -> Vec<(Range<usize>, usize)> {
    let mut order: Vec<&Org> = found.iter().collect();
    order.sort_by_key(|o| (std::cmp::Reverse(o.name.len()), o.name.start));
    let mut out = Vec::with_capacity(order.len());
    let mut parts = Vec::new();
    for org in order {
        let name = without_brackets(passage.text(org.name.clone()));
        let first = passage.marks.begins(List::Anaphor, org.name.start);
        let stands_for = lexicon.anaphors.contains(name.as_str())
            || (first > 1
                && first < org.name.len()
                && lexicon.anaphors.contains(passage.text(org.name.start..org.name.start + first).as_str()));
        if stands_for {
            parts.push((org.name.clone(), org.name.start + first));
            continue;
        }
        let kind = if is_platform(&name) { EntityKind::Platform } else { EntityKind::Organization };
        let entity = entities.organization(&name, kind, home, lexicon);
        // 太行光电材料研究所(以下简称“太行所”): 太行所 would be a name of its own.
        for (_, alias) in short.iter().filter(|(long, _)| *long == org.name) {
            entities.alias(entity, &passage.text(alias.clone()));
        }
        out.push((org.name.clone(), entity));
    }
    out.sort_by_key(|(r, _)| (r.start, r.end));
    // 研究所光学薄膜实验室: of the body that the first word stands for.
    parts.retain(|(name, rest)| rest + 2 < name.end);
    let whole = |(name, rest): &(Range<usize>, usize), entities: &Entities| {
        let (_, whole) = crate::anaphors::meant(&passage.text(name.start..*rest), name.start, &out, entities)?;
        entities.list[whole].names.iter().max_by_key(|n| n.chars().count()).cloned()
    };
    let mut found = Vec::new();
    for part in parts {
        let Some(whole) = whole(&part, entities) else { continue };
        let (name, rest) = part;
        let own = passage.text(rest..name.end);
        let entity = entities.exact(&format!("{whole}{own}"), EntityKind::Organization);
        entities.alias(entity, &passage.text(name.clone()));
        entities.alias(entity, &own);
        found.push((name, entity));
    }
    out.extend(found);
    out.sort_by_key(|(r, _)| (r.start, r.end));
    out
}

impl Naming {
    /// Part and whole, by their entities, with the characters of the part.
    pub(crate) fn wholes(&self, passage: &Passage<'_>, entities: &Entities) -> Vec<(usize, usize, Range<usize>)> {
        let mut out: Vec<(usize, usize, Range<usize>)> = Vec::new();
        for org in &self.found {
            let Some(whole) = &org.whole else { continue };
            let part = entities.get(&without_brackets(passage.text(org.name.clone())));
            let whole = entities.get(&without_brackets(passage.text(whole.clone())));
            if let (Some(part), Some(whole)) = (part, whole)
                && part != whole
                && !out.iter().any(|(p, w, _)| *p == part && *w == whole)
            {
                out.push((part, whole, org.name.clone()));
            }
        }
        out
    }

    /// All names in the order of the text; of two that overlap the longer one.
    pub(crate) fn named(
        &self,
        passage: &Passage<'_>,
        persons: &[Person],
        persons_at: &[usize],
        entities: &mut Entities,
    ) -> Vec<Named> {
        let mut of_post = vec![false; passage.chars.len() + 1];
        for post in persons.iter().flat_map(|p| &p.posts) {
            if let Of::Named(r) | Of::Part(r) = &post.of {
                of_post[r.clone()].fill(true);
            }
        }
        let mut all: Vec<Named> = Vec::new();
        for (person, &entity) in persons.iter().zip(persons_at) {
            all.push(Named {
                chars: person.name.clone(),
                entity,
                kind: EntityKind::Person,
                of_post: false,
                proper: true,
            });
        }
        for (range, entity) in &self.orgs_at {
            let kind = entities.list[*entity].kind;
            all.push(Named {
                chars: range.clone(),
                entity: *entity,
                kind,
                of_post: of_post[range.start],
                proper: !self.stands_in.contains(&range.start),
            });
        }
        for title in &titled(passage) {
            let entity = entities.exact(&title.name, title.kind);
            let kind = entities.list[entity].kind;
            all.push(Named { chars: title.chars.clone(), entity, kind, of_post: false, proper: true });
        }
        let mut taken = vec![false; passage.chars.len() + 1];
        all.iter().for_each(|n| taken[n.chars.clone()].fill(true));
        for product in products(passage, &taken) {
            let entity = entities.exact(&product.name, EntityKind::Product);
            let (chars, kind) = (product.chars, entities.list[entity].kind);
            entities.alias(entity, passage.text(chars.clone()).as_str());
            all.push(Named { chars, entity, kind, of_post: false, proper: true });
        }
        all.iter().for_each(|n| taken[n.chars.clone()].fill(true));
        for place in crate::places::places(passage).into_iter().filter(|p| !taken[p.chars.clone()].contains(&true)) {
            let entity = entities.exact(&place.name, EntityKind::Place);
            let kind = EntityKind::Place;
            let surface = passage.text(place.chars.clone());
            entities.alias(entity, &surface);
            all.push(Named { chars: place.chars, entity, kind, of_post: false, proper: true });
        }
        all.sort_by_key(|n| (n.chars.start, std::cmp::Reverse(n.chars.end)));
        let mut out: Vec<Named> = Vec::with_capacity(all.len());
        for named in all {
            if out.last().is_none_or(|l| l.chars.end <= named.chars.start) {
                out.push(named);
            }
        }
        out
    }
}
