//! Reasons in words, Chinese and English.

use keqiao_catalog::{Catalog, MeetRule, Property};
use keqiao_domain::{ChannelValue, Reason, Strength, TermHit, Value, Verdict};

use crate::range::figure;
use crate::remedy::{Remedy, shortfall};

/// The words of one language.
struct Words {
    locale: &'static str,
    colon: &'static str,
    comma: &'static str,
    list: &'static str,
    common: &'static str,
    written: (&'static str, &'static str),
    near: &'static str,
    channels: [(&'static str, &'static str); 5],
    crowd: (&'static str, &'static str),
    busy: (&'static str, &'static str),
    wish: &'static str,
    required: &'static str,
    offered: &'static str,
    not_said: &'static str,
    meets: &'static str,
    partly: &'static str,
    unknown: &'static str,
    fails: &'static str,
    gap: (&'static str, &'static str),
    short: &'static str,
    or: &'static str,
    would: &'static str,
    from: &'static str,
    to: &'static str,
    if_said: &'static str,
    relaxed: &'static str,
    kind: &'static str,
    region: &'static str,
    industry: &'static str,
    verified: &'static str,
    file: &'static str,
    files: &'static str,
    yes: &'static str,
    no: &'static str,
}

const ZH: Words = Words {
    locale: "zh",
    colon: "：",
    comma: "，",
    list: "、",
    common: "都提到",
    written: ("（对方写作 ", "）"),
    near: "行文接近",
    channels: [
        ("words", "用词"),
        ("pairs", "字对"),
        ("characters", "用字"),
        ("meaning", "含义"),
        ("feedback", "与最相关者的含义"),
    ],
    crowd: ("排位靠后：前十名中同一方已有 ", " 条"),
    busy: ("排位靠后：已有 ", " 个请求等待这一方答复"),
    wish: "（希望）",
    required: "要求 ",
    offered: "对方 ",
    not_said: "对方未说明",
    meets: "满足",
    partly: "部分满足",
    unknown: "无法比较",
    fails: "不满足",
    gap: ("（", "）"),
    short: "相差 ",
    or: " 或 ",
    would: "，就满足",
    from: "对方从 ",
    to: " 改到 ",
    if_said: "对方写明达到 ",
    relaxed: "；或者把要求放宽到 ",
    kind: "品类对口",
    region: "同在",
    industry: "同属行业",
    verified: "机构已核验",
    file: " 份附件可查",
    files: " 份附件可查",
    yes: "是",
    no: "否",
};

const EN: Words = Words {
    locale: "en",
    colon: ": ",
    comma: ", ",
    list: ", ",
    common: "Both mention",
    written: (" (there written ", ")"),
    near: "Texts near to each other",
    channels: [
        ("words", "words"),
        ("pairs", "character pairs"),
        ("characters", "characters"),
        ("meaning", "meaning"),
        ("feedback", "meaning of the most relevant"),
    ],
    crowd: ("Stands further behind: of the same party the first ten hold ", " listings"),
    busy: ("Stands further behind: requests that wait for this party: ", ""),
    wish: " (wish)",
    required: "requires ",
    offered: "offered ",
    not_said: "the offer does not say",
    meets: "met",
    partly: "partly met",
    unknown: "cannot be compared",
    fails: "not met",
    gap: (" (", ")"),
    short: "short by ",
    or: " or ",
    would: "",
    from: "met if the offer went from ",
    to: " to ",
    if_said: "met if the offer stated ",
    relaxed: ", or if the requirement were relaxed to ",
    kind: "Kind that answers this need",
    region: "Both in",
    industry: "Same industry",
    verified: "verified organization",
    file: " file attached",
    files: " files attached",
    yes: "yes",
    no: "no",
};

/// A reason as one sentence without full stop; `locale` is `zh` or `en`.
#[must_use]
pub fn sentence(reason: &Reason, catalog: &Catalog, locale: &str) -> String {
    let words = if locale == "en" { &EN } else { &ZH };
    let named = |what: &str, name: &str| format!("{what}{}{name}", words.colon);
    match reason {
        Reason::Terms { terms, .. } => terms_sentence(terms, words),
        Reason::Text { channels, .. } => text_sentence(channels, words),
        Reason::Crowd { most, .. } => format!("{}{most}{}", words.crowd.0, words.crowd.1),
        Reason::Busy { requests, .. } => format!("{}{requests}{}", words.busy.0, words.busy.1),
        Reason::Requirement { .. } => requirement_sentence(reason, catalog, words),
        Reason::Kind { kind, .. } => {
            named(words.kind, catalog.kinds.get(kind).map_or(kind, |k| k.name.get(words.locale)))
        }
        Reason::Region { region, .. } => named(words.region, node_name(catalog, "region", region, words)),
        Reason::Industry { industry, .. } => named(words.industry, node_name(catalog, "industry", industry, words)),
        Reason::Evidence { verified, attachments, .. } => {
            let files = if *attachments == 1 { words.file } else { words.files };
            let parts = [
                verified.then(|| words.verified.to_owned()),
                (*attachments > 0).then(|| format!("{attachments}{files}")),
            ];
            parts.into_iter().flatten().collect::<Vec<_>>().join(words.comma)
        }
    }
}

fn node_name<'a>(catalog: &'a Catalog, taxonomy: &str, code: &'a str, words: &Words) -> &'a str {
    let node = catalog.taxonomy(taxonomy).and_then(|t| t.get(code));
    node.map_or(code, |n| n.name.get(words.locale))
}

fn terms_sentence(terms: &[TermHit], words: &Words) -> String {
    let named: Vec<String> = terms
        .iter()
        .map(|t| match &t.by {
            Some(by) => format!("{}{}{by}{}", t.term, words.written.0, words.written.1),
            None => t.term.clone(),
        })
        .collect();
    format!("{}{}{}", words.common, words.colon, named.join(words.list))
}

fn text_sentence(channels: &[ChannelValue], words: &Words) -> String {
    let name = |id: &str| words.channels.iter().find(|(known, _)| *known == id).map_or("", |(_, name)| name);
    let said = channels.iter().filter(|c| c.value >= 0.005);
    let said: Vec<String> = said.map(|c| format!("{} {:.0}%", name(&c.channel), c.value * 100.0)).collect();
    format!("{}{}{}", words.near, words.colon, said.join(words.list))
}

fn requirement_sentence(reason: &Reason, catalog: &Catalog, words: &Words) -> String {
    let Reason::Requirement { property: id, required, offered, strength, verdict, gap, .. } = reason else {
        return String::new();
    };
    let property = catalog.properties.get(id);
    let name = property.map_or(id.as_str(), |p| p.name.get(words.locale));
    let wish = if *strength == Strength::Wish { words.wish } else { "" };
    let required = value_words(required, property, words);
    let Some(offered) = offered else {
        return format!("{name}{wish}{}{}{required}{}{}", words.colon, words.required, words.comma, words.not_said);
    };
    let offered = value_words(offered, property, words);
    let verdict = match verdict {
        Verdict::Meets => words.meets,
        Verdict::Partly => words.partly,
        Verdict::Unknown => words.unknown,
        Verdict::Fails => words.fails,
    };
    let short = shortfall(reason, catalog)
        .map(|s| format!("{}{}{} {}", words.comma, words.short, figure(s.by), s.unit).trim_end().to_owned());
    let short = short.unwrap_or_default();
    let gap = gap.as_ref().map(|g| format!("{}{g}{short}{}", words.gap.0, words.gap.1)).unwrap_or_default();
    format!(
        "{name}{wish}{}{}{required}{comma}{}{offered}{comma}{verdict}{gap}",
        words.colon,
        words.required,
        words.offered,
        comma = words.comma,
    )
}

/// A remedy as one sentence without full stop; `locale` is `zh` or `en`.
#[must_use]
pub fn remedy_sentence(remedy: &Remedy, catalog: &Catalog, locale: &str) -> String {
    let words = if locale == "en" { &EN } else { &ZH };
    let property = catalog.properties.get(&remedy.property);
    let name = property.map_or(remedy.property.as_str(), |p| p.name.get(words.locale));
    // One of the choices is enough, unless all are asked for.
    let one_of = property.is_some_and(|p| p.meet == MeetRule::AnyOf);
    let value = |v: &Value| match v {
        Value::List(all) if one_of => {
            let each = all.iter().map(|one| value_words(&Value::Text(one.clone()), property, words));
            each.collect::<Vec<_>>().join(words.or)
        }
        v => value_words(v, property, words),
    };
    let step = match &remedy.from {
        Some(from) if *from != remedy.to => format!("{}{}{}{}", words.from, value(from), words.to, value(&remedy.to)),
        _ => format!("{}{}", words.if_said, value(&remedy.to)),
    };
    let relaxed = remedy.relaxed.as_ref().map(|r| format!("{}{}", words.relaxed, value(r))).unwrap_or_default();
    format!("{name}{}{step}{}{relaxed}", words.colon, words.would)
}

/// A value with its unit, choices by their names.
fn value_words(value: &Value, property: Option<&Property>, words: &Words) -> String {
    let unit = property.and_then(|p| p.unit.as_deref()).unwrap_or_default();
    let choice = |text: &str| {
        let choices = property.map_or(&[][..], |p| p.choices.as_slice());
        choices.iter().find(|c| c.id == text).map_or(text, |c| c.name.get(words.locale)).to_owned()
    };
    match value {
        Value::Bool(true) => words.yes.to_owned(),
        Value::Bool(false) => words.no.to_owned(),
        Value::Number(n) => format!("{n} {unit}").trim_end().to_owned(),
        Value::Interval(i) if i.unit.is_empty() => format!("{i} {unit}").trim_end().to_owned(),
        Value::Interval(i) => i.to_string(),
        Value::Text(_) | Value::List(_) => value.texts().into_iter().map(choice).collect::<Vec<_>>().join(words.list),
    }
}

#[cfg(test)]
mod tests;
