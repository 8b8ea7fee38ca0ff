//! One index in the place of another.

use std::io;
use std::path::{Path, PathBuf};

/// Where the index before stands while the new one takes its place.
fn set_aside(current: &Path) -> PathBuf {
    let mut name = current.file_name().unwrap_or_default().to_owned();
    name.push(".old");
    current.with_file_name(name)
}

/// Ends a swap that was cut off: with no index in place, the one set aside
/// comes back; with one in place, what was set aside is dropped.
pub(crate) fn recover(current: &Path) -> io::Result<()> {
    let aside = set_aside(current);
    match (current.exists(), aside.exists()) {
        (_, false) => Ok(()),
        (false, true) => std::fs::rename(&aside, current),
        (true, true) => std::fs::remove_dir_all(&aside),
    }
}

/// Puts a freshly built index in the place of the current one. No
/// [`SearchIndex`](crate::SearchIndex) may be open on either. Cut off at any point, the next
/// [`SearchIndex::open`](crate::SearchIndex::open) finds the former or the fresh index, whole.
///
/// # Errors
/// When the disk refuses.
pub fn swap(current: &Path, fresh: &Path) -> io::Result<()> {
    recover(current)?;
    let aside = set_aside(current);
    if current.exists() {
        std::fs::rename(current, &aside)?;
    }
    std::fs::rename(fresh, current)?;
    if aside.exists() {
        std::fs::remove_dir_all(&aside)?;
    }
    Ok(())
}
