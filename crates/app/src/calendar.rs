//! Calendars as files (RFC 5545).

use keqiao_domain::Timestamp;

/// Octets of a line without its end.
const OCTETS: usize = 75;

/// A moment in UTC as calendars write it.
#[must_use]
pub fn stamp(at: Timestamp) -> String {
    let moment = jiff::Timestamp::from_microsecond(at.micros()).unwrap_or_default();
    moment.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A text as the value of a property (RFC 5545 §3.3.11).
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            // A calendar holds no other control characters.
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Content lines, each folded at 75 octets and never within a character (RFC 5545 §3.1).
#[derive(Debug, Default)]
pub struct Lines(Vec<u8>);

impl Lines {
    /// The file.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// Adds a property with its value.
    pub fn line(&mut self, name: &str, value: &str) {
        let mut length = 0;
        for c in name.chars().chain([':']).chain(value.chars()) {
            if length + c.len_utf8() > OCTETS {
                self.0.extend_from_slice(b"\r\n ");
                length = 1;
            }
            length += c.len_utf8();
            self.0.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
        self.0.extend_from_slice(b"\r\n");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_folded_and_unfold_to_what_they_were() {
        for n in 60..90 {
            let value = format!("{}签约仪式，👩‍🔬;{}", "a".repeat(n), "院".repeat(80));
            let mut out = Lines(Vec::new());
            out.line("SUMMARY", &escaped(&value));
            let text = String::from_utf8(out.0).unwrap();
            assert!(text.split("\r\n").all(|l| l.len() <= OCTETS), "{text}");
            assert_eq!(text.replace("\r\n ", ""), format!("SUMMARY:{}\r\n", value.replace(';', "\\;")));
        }
    }

    #[test]
    fn a_value_holds_no_line_of_its_own() {
        assert_eq!(escaped("a\r\nEND:VEVENT, b\\c;\u{1}"), "a\\nEND:VEVENT\\, b\\\\c\\;");
    }

    #[test]
    fn a_moment_is_written_in_utc() {
        assert_eq!(stamp(Timestamp::from_micros(1_772_323_200_000_000)), "20260301T000000Z");
    }
}
