//! `keqiao backup` and `keqiao restore`.
//!
//! Attachments never change once written, so the order makes the snapshot
//! consistent: attachments, then the database, then attachments that came meanwhile.

use std::collections::HashSet;
use std::fs::File;
use std::io::{BufWriter, Read, Seek, Write};
use std::path::{Path, PathBuf};

use keqiao_app::Blobs;
use keqiao_store::Load;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::CommandError;
use crate::house;
use crate::output;
use crate::settings::SettingFlags;

const FORM: &str = "keqiao-backup 1";

/// `keqiao backup`
#[derive(Debug, clap::Args)]
pub(crate) struct BackupArgs {
    /// The file to write.
    file: PathBuf,
    #[command(flatten)]
    settings: SettingFlags,
}

/// `keqiao restore`
#[derive(Debug, clap::Args)]
pub(crate) struct RestoreArgs {
    /// The backup.
    file: PathBuf,
    /// The data folder to make; it must be empty or not there.
    #[arg(long, env = "KEQIAO_DATA", default_value = "data")]
    data: PathBuf,
    /// An empty PostgreSQL database to fill instead of a SQLite file in the folder; default: the
    /// one that the backup's keqiao.toml names, if it names one.
    #[arg(long)]
    database: Option<String>,
}

pub(crate) async fn backup(args: BackupArgs) -> Result<(), CommandError> {
    let settings = house::settings(&args.settings)?;
    let store = house::store(&args.settings, &settings, Load::Bulk).await?;
    let blobs = house::blobs(&args.settings, &settings)?;
    let fault = |e: std::io::Error| CommandError::Folder { path: args.file.clone(), reason: e.to_string() };
    let part = args.file.with_extension("part");
    let mut zip = ZipWriter::new(BufWriter::new(File::create(&part).map_err(fault)?));
    let options = SimpleFileOptions::default().large_file(true);
    zip.start_file("form.txt", options)?;
    zip.write_all(FORM.as_bytes()).map_err(fault)?;
    let mut copied = HashSet::new();
    copy_blobs(&blobs, &mut zip, &mut copied).await?;
    let snapshot = args.settings.data.join("backup-snapshot.db");
    if snapshot.exists() {
        std::fs::remove_file(&snapshot).map_err(fault)?;
    }
    store.snapshot_to(&snapshot).await?;
    zip.start_file("keqiao.db", options)?;
    std::io::copy(&mut File::open(&snapshot).map_err(fault)?, &mut zip).map_err(fault)?;
    std::fs::remove_file(&snapshot).map_err(fault)?;
    copy_blobs(&blobs, &mut zip, &mut copied).await?;
    let settings_file = args.settings.data.join("keqiao.toml");
    if settings_file.exists() {
        zip.start_file("keqiao.toml", options)?;
        std::io::copy(&mut File::open(&settings_file).map_err(fault)?, &mut zip).map_err(fault)?;
    }
    copy_catalog(&args.settings.data.join("catalog"), Path::new("catalog"), &mut zip)?;
    let file = zip.finish()?.into_inner().map_err(|e| fault(e.into_error()))?;
    file.sync_all().map_err(fault)?;
    std::fs::rename(&part, &args.file).map_err(fault)?;
    output::line(format_args!("{}: database and {} files", args.file.display(), copied.len()))?;
    store.close().await;
    Ok(())
}

async fn copy_blobs(
    blobs: &Blobs,
    zip: &mut ZipWriter<impl Write + Seek>,
    copied: &mut HashSet<String>,
) -> Result<(), CommandError> {
    for (key, _) in blobs.list().await? {
        if copied.contains(&key) {
            continue;
        }
        let bytes = match blobs.read(&key).await {
            Ok(bytes) => bytes,
            // Removed since it was listed: no longer part of what is saved.
            Err(keqiao_app::BlobError::Missing) => continue,
            Err(other) => return Err(other.into()),
        };
        zip.start_file(format!("blobs/{key}"), SimpleFileOptions::default().large_file(true))?;
        zip.write_all(&bytes)?;
        copied.insert(key);
    }
    Ok(())
}

fn copy_catalog(dir: &Path, name: &Path, zip: &mut ZipWriter<impl Write + Seek>) -> Result<(), CommandError> {
    if !dir.is_dir() {
        return Ok(());
    }
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        let name = name.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_catalog(&entry.path(), &name, zip)?;
        } else {
            zip.start_file(name.to_string_lossy(), SimpleFileOptions::default())?;
            std::io::copy(&mut File::open(entry.path())?, zip)?;
        }
    }
    Ok(())
}

pub(crate) async fn restore(args: RestoreArgs) -> Result<(), CommandError> {
    let fault = |path: &Path, reason: String| CommandError::Folder { path: path.to_owned(), reason };
    let file = File::open(&args.file).map_err(|e| fault(&args.file, e.to_string()))?;
    let mut zip = ZipArchive::new(file)?;
    let mut form = String::new();
    zip.by_name("form.txt")
        .map_err(|_| fault(&args.file, "this is not a backup of keqiao".into()))?
        .take(100)
        .read_to_string(&mut form)?;
    if form != FORM {
        return Err(fault(&args.file, format!("this version does not read backups that say {form:?}")));
    }
    let occupied = std::fs::read_dir(&args.data).is_ok_and(|mut entries| entries.next().is_some());
    if occupied {
        let reason = "the folder is not empty: name another with --data, or move its content away";
        return Err(fault(&args.data, reason.into()));
    }
    // Beside the place first, so that a broken restore leaves no half folder.
    let part = args.data.with_extension("restoring");
    if part.exists() {
        std::fs::remove_dir_all(&part)?;
    }
    std::fs::create_dir_all(&part)?;
    let mut count = 0;
    for i in 0..zip.len() {
        let mut entry = zip.by_index(i)?;
        let Some(name) = entry.enclosed_name() else {
            return Err(fault(&args.file, format!("{:?} leads out of the folder", entry.name())));
        };
        if name == Path::new("form.txt") {
            continue;
        }
        let target = part.join(name);
        std::fs::create_dir_all(target.parent().unwrap_or(&part))?;
        let mut out = File::create(&target)?;
        std::io::copy(&mut entry, &mut out)?;
        out.sync_all()?;
        count += 1;
    }
    let filled = fill_database(&args, &part).await?;
    if args.data.exists() {
        std::fs::remove_dir(&args.data)?;
    }
    std::fs::rename(&part, &args.data)?;
    let and = if filled { " and the database server" } else { "" };
    output::line(format_args!("{}: {count} files{and}; the index is made at the first start", args.data.display()))?;
    Ok(())
}

/// Fills the database server that is asked for, or that the backup's settings name, and takes the
/// file away that stood for it; whether there is one.
async fn fill_database(args: &RestoreArgs, part: &Path) -> Result<bool, CommandError> {
    let flags = SettingFlags { data: part.to_owned(), database: args.database.clone(), ..SettingFlags::default() };
    let settings = house::settings(&flags)?;
    if settings.database.as_ref().is_none_or(|url| url.starts_with("sqlite:")) {
        return Ok(false);
    }
    let file = std::path::absolute(part.join("keqiao.db"))?;
    let store = house::store(&flags, &settings, Load::Bulk).await?;
    let filled = store.fill_from(&file).await;
    store.close().await;
    filled.map_err(|error| match error {
        keqiao_store::StoreError::Refused(why) => {
            CommandError::Usage(format!("{why}: name an empty one with --database, nothing was restored"))
        }
        other => other.into(),
    })?;
    std::fs::remove_file(&file)?;
    Ok(true)
}
