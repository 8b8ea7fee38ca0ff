//! The files of the tree and the packages of the workspace, each read once.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use cargo_metadata::{Metadata, MetadataCommand};

use crate::source::Source;

/// Folders that are not the project's own text: what is built, what git keeps, what a running server keeps.
const SKIPPED: [&str; 3] = ["target", "data", ".git"];

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests stand in the workspace").to_path_buf()
}

/// Every file of the tree, as paths from the root with `/` between, sorted.
pub(crate) static FILES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut files = Vec::new();
    walk(&root(), "", &mut files);
    files.sort();
    files
});

/// Every Rust file of the tree, parsed, with its test code marked.
pub(crate) static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(|| {
    let mut sources: Vec<Source> =
        FILES.iter().filter(|path| path.ends_with(".rs")).map(|path| Source::parse(path, &read(path))).collect();
    mark_test_files(&mut sources);
    sources
});

/// The packages that are built for this machine, with what they depend on.
pub(crate) static METADATA: LazyLock<Metadata> = LazyLock::new(|| {
    let version = Command::new("rustc").arg("-vV").output().expect("rustc runs");
    let version = String::from_utf8(version.stdout).expect("rustc writes UTF-8");
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc names its host");
    MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .other_options(vec!["--filter-platform".to_owned(), host.to_owned()])
        .exec()
        .expect("cargo metadata")
});

/// The text of a file; `path` counts from the root.
pub(crate) fn read(path: &str) -> String {
    let bytes = fs::read(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The ids of the built-in kinds, which are the names of their files.
pub(crate) fn kind_ids() -> Vec<String> {
    FILES
        .iter()
        .filter_map(|path| path.strip_prefix("catalog/kinds/")?.strip_suffix(".toml"))
        .map(str::to_owned)
        .collect()
}

fn walk(folder: &Path, prefix: &str, files: &mut Vec<String>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries {
        let entry = entry.expect("an entry of a folder");
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
        let kind = entry.file_type().expect("the type of an entry");
        if kind.is_dir() {
            if !(prefix.is_empty() && SKIPPED.contains(&name.as_str())) {
                walk(&entry.path(), &path, files);
            }
        } else if kind.is_file() {
            files.push(path);
        }
    }
}

/// A file that is declared with `#[cfg(test)] mod x;` is test code, and so is all below it.
fn mark_test_files(sources: &mut [Source]) {
    let roots: BTreeSet<String> = sources
        .iter()
        .flat_map(|source| source.test_modules.iter().map(|module| format!("{}/{module}", source.module_folder())))
        .collect();
    for source in sources {
        let stem = source.path.trim_end_matches(".rs");
        if roots.iter().any(|root| stem == root || stem.starts_with(&format!("{root}/"))) {
            source.become_test();
        }
    }
}

#[test]
fn the_tree_is_read() {
    assert!(FILES.iter().any(|path| path == "Cargo.toml"));
    assert!(FILES.iter().all(|path| !path.starts_with("target/")));
    assert!(SOURCES.len() > 50, "only {} Rust files", SOURCES.len());
    assert!(kind_ids().len() >= 10, "only {} kinds", kind_ids().len());
    assert!(METADATA.workspace_packages().len() >= 10);
}

#[test]
fn files_declared_for_tests_are_test_code() {
    let mut sources = vec![
        Source::parse("crates/a/src/lib.rs", "#[cfg(test)]\nmod probe;\nmod work;"),
        Source::parse("crates/a/src/probe.rs", "fn p() {}"),
        Source::parse("crates/a/src/probe/deep.rs", "fn d() {}"),
        Source::parse("crates/a/src/work.rs", "#[cfg(test)] mod tests;\nfn w() {}"),
        Source::parse("crates/a/src/work/tests.rs", "fn t() {}"),
    ];
    mark_test_files(&mut sources);
    let test: Vec<bool> = sources.iter().map(|source| source.is_test).collect();
    assert_eq!(test, [false, true, true, false, true]);
}
