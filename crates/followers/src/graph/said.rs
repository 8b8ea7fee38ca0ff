//! The facts of an article as they were read, and as persons have them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use keqiao_domain::{
    Argument, Article, Correction, EntityId, Fact, FactId, FactKind, FactStatus, Judgement, ReadArgument, ReadFact,
    Span, fold_key,
};

use super::resolve::made_of;

/// The id of a fact, made of where it stands; the n-th of its kind there.
fn fact_id(article: &Article, kind: FactKind, span: Span, nth: usize) -> FactId {
    let place = format!("{}-{}-{nth}", span.start, span.end);
    FactId(made_of(&["fact", &article.id.to_string(), kind.as_str(), &place]))
}

/// The ids of what was read, in its order.
fn ids_of(article: &Article) -> Vec<FactId> {
    let mut nth: HashMap<(FactKind, Span), usize> = HashMap::new();
    let id = |read: &ReadFact| {
        let n = nth.entry((read.kind, read.span)).or_default();
        *n += 1;
        fact_id(article, read.kind, read.span, *n - 1)
    };
    article.reading.facts.iter().map(id).collect()
}

/// What an article says: as it was read, but where a person said otherwise.
pub(crate) fn facts_of(
    article: &Article,
    corrections: &[Correction],
    entity: &dyn Fn(&str) -> Option<EntityId>,
    by_name: &HashMap<String, EntityId>,
) -> Vec<Fact> {
    let ids = ids_of(article);
    let said = spoken_of(&article.reading.facts, &ids, corrections);
    let mut facts: Vec<Fact> = Vec::new();
    for ((place, read), id) in article.reading.facts.iter().enumerate().zip(ids) {
        if let Some(correction) = said.get(&place) {
            facts.extend(corrected(article, correction, by_name));
            continue;
        }
        let argument = |a: &ReadArgument| Argument {
            role: a.role.clone(),
            entity: a.entity.as_deref().and_then(entity).or_else(|| by_name.get(&fold_key(&a.text)).copied()),
            text: a.text.clone(),
        };
        facts.push(Fact {
            id,
            article: article.id,
            kind: read.kind,
            args: read.args.iter().map(argument).collect(),
            day: read.day.clone(),
            confidence: read.confidence,
            span: read.span,
            sentence: read.sentence.clone(),
            status: FactStatus::Read,
            audience: article.audience(),
        });
    }
    // What a person said stands, also where this version of the reader finds nothing.
    let used: BTreeSet<_> = said.values().map(|c| c.id).collect();
    for correction in corrections.iter().filter(|c| !used.contains(&c.id)) {
        facts.extend(corrected(article, correction, by_name));
    }
    facts
}

/// The ids of the facts that an article says, with what persons said of them.
pub(crate) fn fact_ids(article: &Article, corrections: &[Correction]) -> BTreeSet<FactId> {
    facts_of(article, corrections, &|_| None, &HashMap::new()).into_iter().map(|f| f.id).collect()
}

/// Which correction speaks of which fact, by the fact's place: the one that was made of it, or else the one that was
/// made of what it is now read a little otherwise than.
fn spoken_of<'c>(facts: &[ReadFact], ids: &[FactId], corrections: &'c [Correction]) -> BTreeMap<usize, &'c Correction> {
    let mut found: BTreeMap<usize, &Correction> = BTreeMap::new();
    let mut others: Vec<&Correction> = Vec::new();
    for correction in corrections {
        match ids.iter().position(|id| *id == correction.fact) {
            Some(place) => {
                found.insert(place, correction);
            }
            None => others.push(correction),
        }
    }
    let mut likely: Vec<(usize, u32, usize, &Correction)> = Vec::new();
    for correction in others {
        for (place, fact) in facts.iter().enumerate().filter(|(place, _)| !found.contains_key(place)) {
            if let Some((told, common)) = likeness(correction, fact) {
                likely.push((told, common, place, correction));
            }
        }
    }
    likely.sort_by(|a, b| (b.0, b.1).cmp(&(a.0, a.1)).then((a.2, a.3.id).cmp(&(b.2, b.3.id))));
    let mut used = BTreeSet::new();
    for (_, _, place, correction) in likely {
        if !found.contains_key(&place) && used.insert(correction.id) {
            found.insert(place, correction);
        }
    }
    found
}

/// How many of the arguments and characters a fact has in common with what a correction was made of; `None`: it is
/// another.
fn likeness(correction: &Correction, read: &ReadFact) -> Option<(usize, u32)> {
    let common = correction.span.overlap(read.span);
    if correction.kind != read.kind || common * 2 <= correction.span.len().min(read.span.len()) {
        return None;
    }
    let was = &correction.content.was;
    let is_told = |(role, text): &(String, String)| {
        let same = |a: &ReadArgument| a.role == *role && (a.text.contains(text.as_str()) || text.contains(&a.text));
        read.args.iter().any(same)
    };
    // Of another person it is another fact, however much else is the same.
    let of_person = was.iter().filter(|(role, _)| role == "person").all(is_told);
    let told = was.iter().filter(|arg| is_told(arg)).count();
    (of_person && told * 2 >= was.len()).then_some((told, common))
}

/// The fact as a person has it; `None` where the article says no such thing.
fn corrected(article: &Article, c: &Correction, by_name: &HashMap<String, EntityId>) -> Option<Fact> {
    let status = match c.judgement {
        Judgement::Rejected => return None,
        Judgement::Confirmed => FactStatus::Confirmed,
        Judgement::Amended => FactStatus::Corrected,
    };
    let argument = |(role, text): &(String, String)| Argument {
        role: role.clone(),
        entity: by_name.get(&fold_key(text)).copied(),
        text: text.clone(),
    };
    Some(Fact {
        id: c.fact,
        article: article.id,
        kind: c.kind,
        args: c.content.args.iter().map(argument).collect(),
        day: c.content.day.clone(),
        confidence: 1.0,
        span: c.span,
        sentence: c.content.sentence.clone(),
        status,
        audience: article.audience(),
    })
}
