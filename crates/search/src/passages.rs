//! What anybody may read of each listing, folded, in one file: what a re-ranking reads of hundreds of candidates.
//!
//! A record is a title, keywords and a text; where it stands is a fast field of its document, so that the file goes
//! with the commit. It only grows: what a listing said before stays in it until the index is made anew.

use std::fs::File;
use std::io::{self, Write as _};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Name of the file.
const FILE: &str = "keqiao-passages.bin";
/// Between the parts of a passage; no folded text has it.
const PART_END: char = '\u{1e}';
/// Bytes that wait to be written.
const WAITING: usize = 1 << 20;
/// Bits of a place that hold a length; the rest hold where it begins.
const LENGTH_BITS: u32 = 24;

/// Where a passage stands in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place(pub(crate) u64);

impl Place {
    /// Of what has no passage.
    pub(crate) const NONE: Self = Self(u64::MAX);

    pub(crate) fn length(self) -> u64 {
        if self == Self::NONE { 0 } else { self.0 & ((1 << LENGTH_BITS) - 1) }
    }
    fn start(self) -> u64 {
        self.0 >> LENGTH_BITS
    }
    /// The byte after its last.
    pub(crate) fn end(self) -> u64 {
        if self == Self::NONE { 0 } else { self.start() + self.length() }
    }
}

/// The parts as one text.
pub(crate) fn joined(parts: &[String; 3]) -> String {
    let most = (1 << LENGTH_BITS) - 1;
    let mut text = parts.join(&PART_END.to_string());
    while text.len() > most {
        text.pop();
    }
    text
}

/// The parts of a passage.
pub(crate) fn parts(passage: &str) -> Vec<&str> {
    passage.splitn(3, PART_END).collect()
}

/// A number for a text by which it is known, evenly spread (FNV-1a, mixed).
pub(crate) fn digest(text: &str) -> u64 {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let hash = (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    hash ^ (hash >> 29)
}

/// The file.
#[derive(Debug)]
pub(crate) struct Passages {
    file: File,
    end: Mutex<End>,
}

#[derive(Debug)]
struct End {
    written: u64,
    waiting: Vec<u8>,
}

impl Passages {
    pub(crate) fn open(dir: &Path) -> io::Result<Self> {
        let file = File::options().read(true).append(true).create(true).open(dir.join(FILE))?;
        let written = file.metadata()?.len();
        Ok(Self { file, end: Mutex::new(End { written, waiting: Vec::new() }) })
    }

    /// The name of the file.
    pub(crate) fn file_name(&self) -> PathBuf {
        FILE.into()
    }

    /// Bytes that the file has.
    pub(crate) fn length(&self) -> u64 {
        self.end.lock().unwrap_or_else(PoisonError::into_inner).written
    }

    /// Adds a passage; it can be read after [`Self::flush`].
    pub(crate) fn add(&self, passage: &str) -> io::Result<Place> {
        let mut end = self.end.lock().unwrap_or_else(PoisonError::into_inner);
        let start = end.written + end.waiting.len() as u64;
        end.waiting.extend(passage.as_bytes());
        if end.waiting.len() > WAITING {
            self.write(&mut end)?;
        }
        Ok(Place(start << LENGTH_BITS | passage.len() as u64))
    }

    fn write(&self, end: &mut End) -> io::Result<()> {
        // What a failed write left stays where it is, unread: the next one begins after it.
        let done = (&self.file).write_all(&end.waiting);
        end.written = self.file.metadata()?.len();
        end.waiting.clear();
        done
    }

    /// Puts all that waits on the disk; before the commit that names it.
    pub(crate) fn flush(&self) -> io::Result<()> {
        let mut end = self.end.lock().unwrap_or_else(PoisonError::into_inner);
        if !end.waiting.is_empty() {
            self.write(&mut end)?;
        }
        self.file.sync_data()
    }

    /// Reads a passage into a buffer.
    pub(crate) fn read<'a>(&self, place: Place, buffer: &'a mut Vec<u8>) -> io::Result<&'a str> {
        buffer.resize(place.length() as usize, 0);
        if place != Place::NONE {
            self.file.read_exact_at(buffer, place.start())?;
        }
        simdutf8::basic::from_utf8(buffer).map_err(|e| io::Error::new(io::ErrorKind::InvalidData, e))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passages_read_back_and_a_file_goes_on_where_it_ended() {
        let dir = tempfile::tempdir().unwrap();
        let all = ["标题\u{1e}词\u{1e}正文", "", "b"];
        let mut places = Vec::new();
        for text in all {
            let passages = Passages::open(dir.path()).unwrap();
            places.push(passages.add(text).unwrap());
            passages.flush().unwrap();
        }
        let passages = Passages::open(dir.path()).unwrap();
        let mut buffer = Vec::new();
        for (text, place) in all.iter().zip(&places) {
            assert_eq!(passages.read(*place, &mut buffer).unwrap(), *text);
        }
        assert_eq!(parts(all[0]), ["标题", "词", "正文"]);
        assert_eq!(passages.length(), places[2].end());
        assert_eq!(passages.read(Place::NONE, &mut buffer).unwrap(), "");
    }
}
