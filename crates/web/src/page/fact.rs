//! A fact as a sentence: the one place that puts its arguments into words.
//!
//! Each kind has a message `line-…` in both languages. It names the roles in their order; what stands in square
//! brackets is left out where one of its roles has no value.

use std::fmt::{self, Write};

use askama::filters::HtmlSafe;
use keqiao_domain::{Argument, EntityId, Fact, FactKind};

use super::{Frame, Marked};
use crate::locale::{ARGUMENT_ROLES as ROLES, Locale};

/// Where the first role stands in a message while it is taken apart: characters that no message holds.
const FIRST_PLACE: u32 = 0xE000;
/// Values of one role that are named; of more the number is told.
const NAMED: usize = 12;

/// A fact as a sentence, its entities linked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactLine {
    html: String,
    text: String,
}

impl FactLine {
    /// The sentence in the reader's language.
    #[must_use]
    pub fn new(f: &Frame, fact: &Fact) -> Self {
        Self::made(f.locale, fact, None)
    }

    /// The same on the page of an entity, which it does not link to itself.
    #[must_use]
    pub fn about(f: &Frame, fact: &Fact, own: EntityId) -> Self {
        Self::made(f.locale, fact, Some(own))
    }

    /// The sentence without links: for titles, feeds and exports.
    #[must_use]
    pub fn plain(locale: Locale, fact: &Fact) -> String {
        Self::made(locale, fact, None).text
    }

    /// The sentence without links.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    fn made(locale: Locale, fact: &Fact, own: Option<EntityId>) -> Self {
        let pattern = pattern_of(locale, fact.kind);
        let mut line = Self { html: String::new(), text: String::new() };
        let mut told = Vec::new();
        for piece in pieces(&pattern) {
            let values = |place: &char| role_at(*place).map(|role| (role, of_role(fact, role)));
            let absent = piece.chars().any(|c| values(&c).is_some_and(|(_, list)| list.is_empty()));
            if absent {
                continue;
            }
            for c in piece.chars() {
                match values(&c) {
                    Some((role, list)) => {
                        told.push(role);
                        line.list(locale, &list, own, NAMED);
                    }
                    None => line.word(&c.to_string()),
                }
            }
        }
        // What a person wrote under a role that the message does not name is not lost.
        let others: Vec<&Argument> = fact.args.iter().filter(|a| !told.contains(&a.role.as_str())).collect();
        if !others.is_empty() {
            line.word(if locale == Locale::Zh { "（" } else { " (" });
            line.list(locale, &others, own, usize::MAX);
            line.word(if locale == Locale::Zh { "）" } else { ")" });
        }
        line
    }

    fn word(&mut self, text: &str) {
        self.text.push_str(text);
        // Writing into a String cannot fail.
        let _ = write!(self.html, "{}", Marked::from(text));
    }

    fn list(&mut self, locale: Locale, list: &[&Argument], own: Option<EntityId>, most: usize) {
        for (place, argument) in list.iter().take(most).enumerate() {
            if place > 0 {
                self.word(locale.t("list-comma"));
            }
            match argument.entity {
                Some(id) if Some(id) == own => {
                    let _ = write!(self.html, "<b>{}</b>", Marked::from(argument.text.as_str()));
                    self.text.push_str(&argument.text);
                }
                Some(id) => {
                    let _ = write!(self.html, "<a href=\"/entities/{id}\">{}</a>", Marked::from(&*argument.text));
                    self.text.push_str(&argument.text);
                }
                None => self.word(&argument.text),
            }
        }
        if list.len() > most {
            self.word(&locale.tn("line-and-more", list.len()));
        }
    }
}

impl fmt::Display for FactLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.html)
    }
}

/// Every text was escaped where it was added.
impl HtmlSafe for FactLine {}

fn of_role<'a>(fact: &'a Fact, role: &str) -> Vec<&'a Argument> {
    // Who is told as the other side is not told among all sides as well.
    let told_apart =
        |a: &Argument| role == "parties" && fact.args.iter().any(|b| b.role == "counterparties" && b.text == a.text);
    fact.args.iter().filter(|a| a.role == role && !a.text.is_empty() && !told_apart(a)).collect()
}

fn role_at(place: char) -> Option<&'static str> {
    let index = (place as u32).checked_sub(FIRST_PLACE)? as usize;
    ROLES.get(index).copied()
}

/// The message of a kind, a character of its own in the place of each role.
fn pattern_of(locale: Locale, kind: FactKind) -> String {
    let places: Vec<char> = (FIRST_PLACE..).map_while(char::from_u32).take(ROLES.len()).collect();
    let values: Vec<(&'static str, &dyn fmt::Display)> =
        ROLES.iter().zip(&places).map(|(role, place)| (*role, place as &dyn fmt::Display)).collect();
    locale.format(key_of(kind), &values)
}

/// The parts of a message: those in brackets stand or fall together, the others stand.
fn pieces(pattern: &str) -> impl Iterator<Item = &str> {
    pattern.split(['[', ']']).filter(|piece| !piece.is_empty())
}

const fn key_of(kind: FactKind) -> &'static str {
    match kind {
        FactKind::HoldsPosition => "line-holds-position",
        FactKind::PartOf => "line-part-of",
        FactKind::Visited => "line-visited",
        FactKind::Met => "line-met",
        FactKind::Signed => "line-signed",
        FactKind::Founded => "line-founded",
        FactKind::Launched => "line-launched",
        FactKind::Issued => "line-issued",
        FactKind::Joined => "line-joined",
        FactKind::Held => "line-held",
        FactKind::Attended => "line-attended",
        FactKind::CooperatesOn => "line-cooperates-on",
        FactKind::Offers => "line-offers",
        FactKind::Seeks => "line-seeks",
        FactKind::LocatedIn => "line-located-in",
        FactKind::Invests => "line-invests",
        FactKind::Transferred => "line-transferred",
    }
}

#[cfg(test)]
mod tests {
    use keqiao_domain::{Audience, FactStatus, Span};

    use super::*;

    fn fact(kind: FactKind, args: &[(&str, &str)]) -> Fact {
        let id = |n: usize| format!("019a2f60-0000-7000-8000-{n:012}").parse().unwrap();
        let argument = |(n, (role, text)): (usize, &(&str, &str))| Argument {
            role: (*role).into(),
            entity: (*role != "title" && !role.starts_with("declared")).then(|| id(n)),
            text: (*text).into(),
        };
        Fact {
            id: "019a2f60-0000-7000-8000-000000000001".parse().unwrap(),
            article: "019a2f60-0000-7000-8000-000000000002".parse().unwrap(),
            kind,
            args: args.iter().enumerate().map(argument).collect(),
            day: None,
            confidence: 1.0,
            span: Span { start: 0, end: 1 },
            sentence: String::new(),
            status: FactStatus::Read,
            audience: Audience::Public,
        }
    }

    fn both(kind: FactKind, args: &[(&str, &str)]) -> (String, String) {
        let fact = fact(kind, args);
        (FactLine::plain(Locale::Zh, &fact), FactLine::plain(Locale::En, &fact))
    }

    #[test]
    fn each_role_has_its_place_in_both_languages() {
        let post = [("organization", "星河研究院"), ("person", "陆远舟"), ("title", "院长")];
        let (zh, en) = both(FactKind::HoldsPosition, &post);
        assert_eq!((zh.as_str(), en.as_str()), ("陆远舟任星河研究院院长", "陆远舟 is 院长 at 星河研究院"));
        let signed = [("agreement", "合作协议"), ("parties", "甲"), ("parties", "乙"), ("place", "无锡")];
        let (zh, en) = both(FactKind::Signed, &signed);
        assert_eq!((zh.as_str(), en.as_str()), ("甲、乙在无锡签署合作协议", "甲, 乙 signed 合作协议 in 无锡"));
        let sides = [("parties", "甲"), ("parties", "乙"), ("counterparties", "乙"), ("agreement", "合同")];
        assert_eq!(both(FactKind::Signed, &sides).0, "甲与乙签署合同");
        let (zh, _) =
            both(FactKind::Joined, &[("declared_members", "13"), ("members", "甲"), ("organization", "联盟")]);
        assert_eq!(zh, "甲（称共 13 家）加入联盟");
    }

    #[test]
    fn every_kind_says_all_its_arguments_and_leaves_no_bracket() {
        for &kind in FactKind::ALL {
            let args: Vec<(&str, &str)> = ROLES.iter().map(|role| (*role, *role)).collect();
            for line in [both(kind, &args), both(kind, &args[..1])].into_iter().flat_map(|(zh, en)| [zh, en]) {
                assert!(!line.contains(['[', ']']) && !line.chars().any(|c| role_at(c).is_some()), "{line}");
            }
            let line = both(kind, &args).0;
            assert!(ROLES.iter().all(|role| line.contains(role)), "{kind:?}: {line}");
        }
    }

    #[test]
    fn names_are_escaped_and_linked_and_many_are_counted() {
        let many = vec![("parties", "<甲>"); 20];
        let fact = fact(FactKind::Signed, &many);
        let line = FactLine::made(Locale::Zh, &fact, fact.args[0].entity);
        let html = line.to_string();
        assert!(html.starts_with("<b>&#60;甲&#62;</b>、<a href=\"/entities/"), "{html}");
        assert_eq!(html.matches("<a ").count(), NAMED - 1);
        assert!(line.text().contains("等 20"), "{}", line.text());
    }
}
