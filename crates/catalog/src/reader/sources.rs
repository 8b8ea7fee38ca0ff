//! The files of the catalog: those compiled in, and the overlay's.

use std::borrow::Cow;
use std::fs;
use std::path::Path;

use crate::fault::CatalogFault;

#[derive(rust_embed::RustEmbed)]
#[folder = "../../catalog"]
struct BuiltIn;

/// One file of the catalog.
#[derive(Debug)]
pub(crate) struct Source {
    /// The file as the operator finds it.
    pub(crate) name: String,
    /// Its path within the catalog, with `/`.
    pub(crate) path: String,
    /// Its text.
    pub(crate) text: String,
    /// Whether it comes from the overlay.
    pub(crate) overlay: bool,
}

/// The files compiled in, by path.
pub(crate) fn built_in() -> Result<Vec<Source>, Vec<CatalogFault>> {
    let mut sources = Vec::new();
    let mut faults = Vec::new();
    let mut paths: Vec<Cow<'static, str>> = BuiltIn::iter().filter(|path| path.ends_with(".toml")).collect();
    paths.sort();
    for path in paths {
        let name = format!("catalog/{path}");
        let bytes = BuiltIn::get(&path).map(|file| file.data.into_owned()).unwrap_or_default();
        match String::from_utf8(bytes) {
            Ok(text) => {
                sources.push(Source { name, path: path.into_owned(), text, overlay: false });
            }
            Err(error) => faults.push(unreadable(name, &error.to_string())),
        }
    }
    if faults.is_empty() { Ok(sources) } else { Err(faults) }
}

/// Lays the overlay's files over the built-in ones: a file of the same path
/// replaces, any other adds; a thesaurus always adds.
pub(crate) fn lay_over(sources: &mut Vec<Source>, overlay: Vec<Source>) {
    sources.retain(|s| s.path.starts_with("thesaurus/") || overlay.iter().all(|o| o.path != s.path));
    sources.extend(overlay);
}

/// The TOML files of a folder, by path. A folder that is not there has none.
pub(crate) fn read_folder(root: &Path) -> Result<Vec<Source>, Vec<CatalogFault>> {
    let mut sources = Vec::new();
    let mut faults = Vec::new();
    if root.exists() {
        walk(root, root, &mut sources, &mut faults);
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    if faults.is_empty() { Ok(sources) } else { Err(faults) }
}

fn walk(root: &Path, folder: &Path, sources: &mut Vec<Source>, faults: &mut Vec<CatalogFault>) {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            faults.push(unreadable(folder.display().to_string(), &error.to_string()));
            return;
        }
    };
    for entry in entries {
        let path = match entry {
            Ok(entry) => entry.path(),
            Err(error) => {
                faults.push(unreadable(folder.display().to_string(), &error.to_string()));
                continue;
            }
        };
        if path.is_dir() {
            walk(root, &path, sources, faults);
        } else if path.extension().is_some_and(|e| e == "toml") {
            let within = path.strip_prefix(root).unwrap_or(&path);
            let parts: Vec<_> = within.iter().map(|part| part.to_string_lossy()).collect();
            let name = path.display().to_string();
            match fs::read_to_string(&path) {
                Ok(text) => {
                    sources.push(Source { name, path: parts.join("/"), text, overlay: true });
                }
                Err(error) => faults.push(unreadable(name, &error.to_string())),
            }
        }
    }
}

fn unreadable(file: String, why: &str) -> CatalogFault {
    CatalogFault {
        file,
        line: 1,
        column: 1,
        reason: format!("cannot be read: {why}"),
        mend: "make it a readable file in UTF-8".to_owned(),
    }
}
