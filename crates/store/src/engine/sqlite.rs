//! SQLite: one file, one writer at a time.

use std::path::{Path, PathBuf};

use super::{Dialect, Engine, Place};
use crate::error::StoreError;

pub(super) static ENGINE: Engine = Engine {
    types: [
        ("$TEXT", "TEXT"),
        ("$INT", "INTEGER"),
        ("$FLOAT", "REAL"),
        ("$BYTES", "BLOB"),
        // Without AUTOINCREMENT, pruning would give numbers below the cursors again.
        ("$SEQ", "INTEGER PRIMARY KEY AUTOINCREMENT"),
        ("$STATE_REACHED", "json_extract(state, '$.reached')"),
        ("$STRICT", "STRICT"),
    ],
    // The log is put back into the file after 32 MB, not 4: whoever writes then waits for it.
    writer_setup: "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; \
        PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 8000",
    reader_setup: "PRAGMA busy_timeout = 10000; PRAGMA query_only = ON",
    cache: Some("PRAGMA cache_size = -"),
    // A deferred transaction that starts to write fails at once when another writes.
    begin: "BEGIN IMMEDIATE",
    begin_snapshot: "BEGIN DEFERRED",
    given_numbers: "",
    go_on_after: None,
    json_arrays: ["json_group_array", "json_array"],
    live_columns: "SELECT m.name AS tab, c.name AS col \
        FROM sqlite_master m, pragma_table_info(m.name) c \
        WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'",
    classify,
    unique_key,
};

/// By primary result code (<https://sqlite.org/rescode.html>), the low byte of the extended one.
fn classify(code: &str, message: &str) -> StoreError {
    match code.parse::<i64>().map(|c| c & 0xff) {
        Ok(5 | 6) => StoreError::Unavailable("another process holds the file locked".to_owned()),
        Ok(8) => StoreError::Unavailable("the file may only be read".to_owned()),
        Ok(13) => StoreError::Unavailable(
            "the disk is full; nothing of this was kept, free some space and try again".to_owned(),
        ),
        Ok(7 | 9 | 10 | 14) => StoreError::Unavailable(message.to_owned()),
        Ok(11) => StoreError::Corrupt(message.to_owned()),
        Ok(26) => StoreError::Corrupt("the file is not a SQLite database".to_owned()),
        _ => StoreError::Internal(message.to_owned()),
    }
}

/// The message is `UNIQUE constraint failed: listings.party_id, listings.external_id`.
fn unique_key(_: Option<&str>, message: &str) -> String {
    let list = message.rsplit(": ").next().unwrap_or(message);
    let mut key = String::new();
    for column in list.split(", ") {
        match column.split_once('.') {
            Some((_, name)) if !key.is_empty() => {
                key.push('+');
                key.push_str(name);
            }
            _ => key.push_str(column),
        }
    }
    key
}

/// The path stands in the address as it is; what an address would read as its own is encoded.
pub(super) fn place(url: &str) -> Option<Place> {
    let path = url.strip_prefix("sqlite://")?.split('?').next()?;
    if !path.starts_with('/') {
        return None;
    }
    Some(Place {
        dialect: Dialect::Sqlite,
        url: format!("sqlite://{}?mode=rwc", path.replace('%', "%25").replace('#', "%23")),
        shown: path.to_owned(),
        folder: Path::new(path).parent().map(PathBuf::from),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_said_to_be_one() {
        assert!(matches!(classify("13", "database or disk is full"),
            StoreError::Unavailable(m) if m.contains("disk is full") && m.contains("nothing")));
        assert!(matches!(classify("778", "disk I/O error"), StoreError::Unavailable(_)));
        assert!(matches!(classify("1", "syntax"), StoreError::Internal(_)));
    }

    #[test]
    fn a_path_stands_in_the_address_as_it_is() {
        let place = place("sqlite:///数据 100%/a#b.db?mode=ro").unwrap();
        assert_eq!(place.shown, "/数据 100%/a#b.db");
        assert_eq!(place.folder, Some(PathBuf::from("/数据 100%")));
        assert_eq!(place.url, "sqlite:///数据 100%25/a%23b.db?mode=rwc");
        assert!(super::place("sqlite://data/keqiao.db").is_none());
    }

    #[test]
    fn the_key_of_several_columns_names_the_table_once() {
        let key = |m| unique_key(None, m);
        assert_eq!(key("UNIQUE constraint failed: parties.uscc"), "parties.uscc");
        assert_eq!(key("UNIQUE constraint failed: a.b, a.c"), "a.b+c");
    }
}
