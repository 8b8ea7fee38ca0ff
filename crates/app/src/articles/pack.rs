//! The files of a zip. Nothing is unpacked onto the disk: of a path only its last part is taken, as a name.

use std::io::{Cursor, Read};

use super::IncomingFile;

/// So many files a zip may hold, and so many bytes in all once unpacked.
const FILES: usize = 20_000;
const BYTES: u64 = 512 << 20;

/// Ends of the names of files that hold no articles.
const SKIPPED: [&str; 8] = [".png", ".jpg", ".jpeg", ".gif", ".css", ".js", ".ico", ".ds_store"];

/// A file of a zip, or its name and why it cannot be read.
pub type Unpacked = Result<IncomingFile, (String, String)>;

/// The files in a zip, each at most `limit` bytes long; what cannot be read stands as its name and the reason.
///
/// # Errors
/// A reason, when the whole cannot be read as a zip or holds too much.
pub fn files_of_zip(bytes: &[u8], limit: u64) -> Result<Vec<Unpacked>, String> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| e.to_string())?;
    if zip.len() > FILES {
        return Err(format!("{} files in one zip, {FILES} at most", zip.len()));
    }
    let (mut out, mut left) = (Vec::new(), BYTES);
    for i in 0..zip.len() {
        let mut entry = match zip.by_index(i) {
            Ok(entry) => entry,
            Err(e) => {
                out.push(Err((format!("#{}", i + 1), e.to_string())));
                continue;
            }
        };
        let path = match entry.name() {
            Ok(path) => path.into_owned(),
            Err(e) => {
                out.push(Err((format!("#{}", i + 1), e.to_string())));
                continue;
            }
        };
        let name = path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        let lower = name.to_lowercase();
        if entry.is_dir() || name.is_empty() || SKIPPED.iter().any(|end| lower.ends_with(end)) {
            continue;
        }
        let most = limit.min(left);
        let mut bytes = Vec::new();
        // What the zip says of its sizes need not be true.
        match entry.by_ref().take(most + 1).read_to_end(&mut bytes) {
            Ok(_) if bytes.len() as u64 > left => return Err(format!("more than {} MB unpacked", BYTES >> 20)),
            Ok(_) if bytes.len() as u64 > limit => out.push(Err((name, format!("larger than {} MB", limit >> 20)))),
            Ok(_) => {
                left -= bytes.len() as u64;
                out.push(Ok(IncomingFile { name, bytes, declared: None }));
            }
            Err(e) => out.push(Err((name, e.to_string()))),
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use zip::write::SimpleFileOptions;

    fn pack(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn a_path_out_of_the_zip_is_but_a_name() {
        let packed =
            pack(&[("../../etc/passwd", b"a"), ("/b.txt", b"b"), ("c\\..\\d.txt", b"c"), ("x/logo.PNG", b"p")]);
        let files = files_of_zip(&packed, 10).unwrap();
        let names: Vec<String> = files.into_iter().map(|f| f.unwrap().name).collect();
        assert_eq!(names, ["passwd", "b.txt", "d.txt"]);
    }

    #[test]
    fn what_is_too_large_or_broken_is_said() {
        let packed = pack(&[("large.txt", &[b'x'; 40]), ("small.txt", b"y")]);
        let files = files_of_zip(&packed, 10).unwrap();
        assert!(matches!(&files[0], Err((name, why)) if name == "large.txt" && why.contains("larger")));
        assert!(files[1].is_ok());
        assert!(files_of_zip(&packed[..packed.len() / 2], 10).is_err());
        assert!(files_of_zip(b"no zip", 10).is_err());
    }
}
