//! The files that paths on the command line name.

use std::io::Read;
use std::path::{Path, PathBuf};

use crate::output;

/// A file larger than this is not read: no page of news is.
const LARGEST: u64 = 256 << 20;

/// The files that the paths name, those of a folder in the order of their names.
pub(super) fn files_of(paths: &[PathBuf], broken: &mut usize) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for path in paths {
        if !path.is_dir() {
            out.push(path.clone());
            continue;
        }
        let mut waiting = vec![path.clone()];
        let mut found = Vec::new();
        while let Some(folder) = waiting.pop() {
            let entries = match std::fs::read_dir(&folder) {
                Ok(entries) => entries,
                Err(reason) => {
                    output::remark(format_args!("{}: {reason}", folder.display()));
                    *broken += 1;
                    continue;
                }
            };
            for entry in entries.flatten() {
                let kind = entry.file_type();
                // A link may lead back to where it stands.
                match kind {
                    Ok(kind) if kind.is_dir() => waiting.push(entry.path()),
                    Ok(kind) if kind.is_file() => found.push(entry.path()),
                    _ => {}
                }
            }
        }
        found.sort_unstable();
        out.extend(found);
    }
    out
}

/// The bytes of a file; `-` is standard input.
pub(super) fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let source: Box<dyn Read> =
        if path.as_os_str() == "-" { Box::new(std::io::stdin()) } else { Box::new(std::fs::File::open(path)?) };
    source.take(LARGEST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LARGEST {
        return Err(std::io::Error::other(format!("larger than {} MB", LARGEST >> 20)));
    }
    Ok(bytes)
}

/// The name of a file without its folders.
pub(super) fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
