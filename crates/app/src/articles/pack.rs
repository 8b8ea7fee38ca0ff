//! What lies in a file that was handed in: itself, or the files of a zip. Nothing is unpacked onto the disk: of a path
//! only its last part is taken, as a name.

use std::io::{Cursor, Read};

use zip::result::ZipError;

use super::IncomingFile;
use crate::Fault;

/// So many files a zip may hold, and so many bytes in all once unpacked.
const FILES: usize = 20_000;
const BYTES: u64 = 512 << 20;

/// Ends of the names of files that hold no articles.
const SKIPPED: [&str; 8] = [".png", ".jpg", ".jpeg", ".gif", ".css", ".js", ".ico", ".ds_store"];

/// How a zip begins: with a file, or, of an empty one, with its end.
const ZIPS: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];
/// How packed files of other sorts begin: RAR, 7z, gzip, xz, bzip2.
const OTHER_PACKS: [&[u8]; 5] = [b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"\xfd7zXZ", b"BZh"];
/// A file that every document of an office suite holds; such a document is a zip as well.
const OFFICE: &str = "[Content_Types].xml";

/// A file of a zip that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenEntry {
    /// Its name, without folders.
    pub name: String,
    /// What is wrong, where it stands in the zip, and its whole path.
    pub fault: Fault,
}

/// A file to read, or what is wrong with it.
pub type Unpacked = Result<IncomingFile, BrokenEntry>;

/// The file itself, or the files in a zip, each at most `limit` bytes long.
///
/// # Errors
/// What is wrong with the whole: it is packed in another way, broken, empty, or holds too much.
pub fn unpack(file: IncomingFile, limit: u64) -> Result<Vec<Unpacked>, Fault> {
    let whole = |code| Fault::with("file", code, &file.name);
    let begins = |with: &[u8]| file.bytes.starts_with(with);
    if ZIPS.iter().any(|z| begins(z)) {
        return files_of_zip(&file.name, &file.bytes, limit);
    }
    if OTHER_PACKS.iter().any(|p| begins(p)) {
        return Err(whole("other-pack"));
    }
    if file.name.to_lowercase().ends_with(".zip") {
        return Err(whole("not-a-zip"));
    }
    Ok(vec![Ok(file)])
}

fn files_of_zip(zip_name: &str, bytes: &[u8], limit: u64) -> Result<Vec<Unpacked>, Fault> {
    let whole = |code, detail: String| Fault::with("file", code, format!("{zip_name}{detail}"));
    // The list of its files stands at the end of a zip, so one that was cut cannot even be opened.
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| whole("zip-cut", String::new()))?;
    if zip.len() > FILES {
        return Err(whole("zip-too-many", format!(" · {} > {FILES}", zip.len())));
    }
    if zip.index_for_name(OFFICE).is_some() {
        return Err(whole("office-file", String::new()));
    }
    let (mut out, mut left) = (Vec::new(), BYTES);
    for i in 0..zip.len() {
        let path = zip.name_for_index(i).and_then(Result::ok).map(std::borrow::Cow::into_owned).unwrap_or_default();
        let name = path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        let broken = |code| {
            let fault = Fault::with("file", code, format!("#{} · {path}", i + 1));
            Err(BrokenEntry { name: if name.is_empty() { format!("#{}", i + 1) } else { name.clone() }, fault })
        };
        let mut entry = match zip.by_index(i) {
            Ok(entry) if path.is_empty() && !entry.is_dir() => {
                out.push(broken("zip-entry-name"));
                continue;
            }
            Ok(entry) => entry,
            Err(error) => {
                out.push(broken(reason(&error)));
                continue;
            }
        };
        let lower = name.to_lowercase();
        if entry.is_dir() || name.is_empty() || SKIPPED.iter().any(|end| lower.ends_with(end)) {
            continue;
        }
        let most = limit.min(left);
        let mut bytes = Vec::new();
        // What the zip says of its sizes need not be true.
        match entry.by_ref().take(most + 1).read_to_end(&mut bytes) {
            Ok(_) if bytes.len() as u64 > left => {
                return Err(whole("zip-too-big", format!(" · {} MB", BYTES >> 20)));
            }
            Ok(_) if bytes.len() as u64 > limit => out.push(broken("file-too-large")),
            Ok(_) => {
                left -= bytes.len() as u64;
                out.push(Ok(IncomingFile { name, bytes, declared: None }));
            }
            Err(_) => out.push(broken("zip-entry-damaged")),
        }
    }
    if out.is_empty() { Err(whole("zip-empty", String::new())) } else { Ok(out) }
}

fn reason(error: &ZipError) -> &'static str {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => "zip-entry-password",
        ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => "zip-entry-method",
        _ => "zip-entry-damaged",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use zip::write::SimpleFileOptions;

    fn pack(files: &[(&str, &[u8])]) -> Vec<u8> {
        let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            zip.start_file(*name, stored).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn unpacked(name: &str, bytes: &[u8]) -> Result<Vec<Unpacked>, Fault> {
        unpack(IncomingFile { name: name.into(), bytes: bytes.to_vec(), declared: None }, 10)
    }

    fn code(name: &str, bytes: &[u8]) -> &'static str {
        unpacked(name, bytes).unwrap_err().code
    }

    #[test]
    fn a_path_out_of_the_zip_is_but_a_name() {
        let packed =
            pack(&[("../../etc/passwd", b"a"), ("/b.txt", b"b"), ("c\\..\\d.txt", b"c"), ("x/logo.PNG", b"p")]);
        let names: Vec<String> = unpacked("a.zip", &packed).unwrap().into_iter().map(|f| f.unwrap().name).collect();
        assert_eq!(names, ["passwd", "b.txt", "d.txt"]);
    }

    #[test]
    fn what_is_too_large_or_damaged_is_said_with_its_place_and_the_others_are_read() {
        let mut packed = pack(&[("large.txt", &[b'x'; 40]), ("甲/hurt.txt", b"hurt me"), ("small.txt", b"y")]);
        let at = packed.windows(7).position(|w| w == b"hurt me").unwrap();
        packed[at] = b'H';
        let files = unpacked("news.zip", &packed).unwrap();
        let broken = |i: usize| files[i].as_ref().map(|f| &f.name).unwrap_err();
        assert_eq!((broken(0).name.as_str(), broken(0).fault.code), ("large.txt", "file-too-large"));
        assert_eq!((broken(1).name.as_str(), broken(1).fault.code), ("hurt.txt", "zip-entry-damaged"));
        assert_eq!(broken(1).fault.detail, "#2 · 甲/hurt.txt");
        assert!(files[2].is_ok());
    }

    #[test]
    fn a_whole_that_cannot_be_read_is_told_apart() {
        let packed = pack(&[("small.txt", b"y")]);
        assert_eq!(code("news.zip", &packed[..packed.len() / 2]), "zip-cut");
        assert_eq!(unpacked("news.zip", &packed[..packed.len() / 2]).unwrap_err().detail, "news.zip");
        assert_eq!(code("empty.zip", &pack(&[])), "zip-empty");
        assert_eq!(code("pictures.zip", &pack(&[("a.png", b"p")])), "zip-empty");
        assert_eq!(code("report.docx", &pack(&[("[Content_Types].xml", b"<x/>"), ("a.xml", b"a")])), "office-file");
        assert_eq!(code("news.rar", b"Rar!\x1a\x07\x00"), "other-pack");
        assert_eq!(code("text.ZIP", b"no zip"), "not-a-zip");
        assert!(unpacked("text.txt", b"no zip").unwrap()[0].is_ok());
    }
}
