//! Writing XML. Writing into memory does not fail.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

/// A document on its way.
pub(super) struct Xml(Writer<Vec<u8>>);

/// A text without the characters that XML 1.0 has no place for.
fn legal(text: &str) -> String {
    let is_char = |c: char| matches!(c, '\t' | '\n' | '\r') || c >= ' ' && c != '\u{fffe}' && c != '\u{ffff}';
    text.chars().map(|c| if is_char(c) { c } else { '\u{fffd}' }).collect()
}

impl Xml {
    pub(super) fn new() -> Self {
        let mut xml = Self(Writer::new(Vec::new()));
        xml.event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)));
        xml
    }

    fn event(&mut self, event: Event<'_>) {
        self.0.write_event(event).expect("an event fits into memory");
    }

    fn start<'n>(name: &'n str, attributes: &[(&str, &str)]) -> BytesStart<'n> {
        let mut start = BytesStart::new(name);
        for (name, value) in attributes {
            start.push_attribute((*name, legal(value).as_str()));
        }
        start
    }

    /// Opens an element, writes what is in it and closes it.
    pub(super) fn element(&mut self, name: &str, attributes: &[(&str, &str)], inside: impl FnOnce(&mut Self)) {
        self.event(Event::Start(Self::start(name, attributes)));
        inside(self);
        self.event(Event::End(BytesEnd::new(name)));
    }

    /// An element with a text.
    pub(super) fn text(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.element(name, attributes, |xml| xml.event(Event::Text(BytesText::new(&legal(text)))));
    }

    /// An element with nothing in it.
    pub(super) fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.event(Event::Empty(Self::start(name, attributes)));
    }

    /// The document's bytes.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0.into_inner()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quick_xml::Reader;

    #[test]
    fn what_is_written_reads_back() {
        let awkward = "<&>\"' ]]> \u{1}\u{b}\u{fffe} 𠮷 \u{202e}";
        let mut xml = Xml::new();
        xml.element("a", &[("x", awkward)], |xml| {
            xml.text("b", &[], awkward);
            xml.empty("c", &[("y", "\u{0}")]);
        });
        let bytes = xml.into_bytes();
        let mut reader = Reader::from_reader(bytes.as_slice());
        let (mut text, mut attribute, mut buffer) = (String::new(), String::new(), Vec::new());
        loop {
            match reader.read_event_into(&mut buffer).unwrap() {
                Event::Start(e) if e.name().as_ref() == "a" => {
                    let value = e.try_get_attribute("x").unwrap().unwrap();
                    attribute = quick_xml::escape::unescape(&value.value).unwrap().into_owned();
                }
                Event::Text(t) => text.push_str(&t),
                Event::GeneralRef(r) => {
                    text.push_str(&quick_xml::escape::unescape(&format!("&{};", &*r)).unwrap());
                }
                Event::Eof => break,
                _ => {}
            }
            buffer.clear();
        }
        assert_eq!(text, legal(awkward));
        assert_eq!(attribute, legal(awkward));
    }
}
