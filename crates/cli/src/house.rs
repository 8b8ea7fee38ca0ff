//! Putting the house together: catalog, text, store, index, app.

use std::fs::File;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use keqiao_app::{App, AppSettings, Blobs, EmbeddingSettings, Endpoint, Mailer, MailerSettings, Work};
use keqiao_catalog::Catalog;
use keqiao_domain::{SystemClock, SystemEntropy};
use keqiao_matching::Lexicon;
use keqiao_search::{Embeddings, SearchError, SearchIndex};
use keqiao_store::{Load, Store, StoreOptions};
use keqiao_text::Text;

use crate::commands::CommandError;
use crate::settings::{SettingFlags, Settings};

/// The house with its foundations.
pub(crate) struct House {
    pub(crate) app: Arc<App>,
    pub(crate) settings: Settings,
    /// Held while the house stands: one process writes a data folder's index.
    _lock: File,
}

/// The catalog with the data folder's overlay.
pub(crate) fn catalog(data: Option<&Path>) -> Result<Arc<Catalog>, CommandError> {
    let overlay = data.map(|d| d.join("catalog")).filter(|d| d.is_dir());
    let catalog =
        keqiao_catalog::load(overlay.as_deref()).map_err(|faults| CommandError::Catalog(faults.to_string()))?;
    Ok(Arc::new(catalog))
}

/// Catalog, text tools and lexicon.
pub(crate) type Words = (Arc<Catalog>, Arc<Text>, Arc<Lexicon>);

/// The words a house works with; the slow part of a start.
pub(crate) fn words(data: Option<&Path>) -> Result<Words, CommandError> {
    let catalog = catalog(data)?;
    let text = Arc::new(Text::for_catalog(&catalog));
    let lexicon = Arc::new(Lexicon::new(catalog.clone(), text.clone()));
    Ok((catalog, text, lexicon))
}

/// Where the index of a data folder lies.
pub(crate) fn index_dir(data: &Path) -> PathBuf {
    data.join("index")
}

/// The settings, every fault at once.
pub(crate) fn settings(flags: &SettingFlags) -> Result<Settings, CommandError> {
    Settings::read(flags).map_err(|faults| {
        CommandError::Settings(faults.into_iter().map(|f| format!("{}: {}", f.place, f.reason)).collect())
    })
}

/// The store of a data folder.
pub(crate) async fn store(flags: &SettingFlags, settings: &Settings, load: Load) -> Result<Store, CommandError> {
    std::fs::create_dir_all(&flags.data)
        .map_err(|e| CommandError::Folder { path: flags.data.clone(), reason: e.to_string() })?;
    let folder = std::fs::canonicalize(&flags.data)
        .map_err(|e| CommandError::Folder { path: flags.data.clone(), reason: e.to_string() })?;
    let url = settings.database.clone().unwrap_or_else(|| format!("sqlite://{}", folder.join("keqiao.db").display()));
    let options = StoreOptions { url, read_connections: settings.read_connections };
    Ok(Store::open_for(&options, load).await?)
}

/// Takes the data folder for this process.
pub(crate) fn lock(data: &Path) -> Result<File, CommandError> {
    let path = data.join("keqiao.lock");
    let fault = |e: &dyn std::fmt::Display| CommandError::Folder { path: path.clone(), reason: e.to_string() };
    let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(|e| fault(&e))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(std::fs::TryLockError::WouldBlock) => Err(CommandError::InUse(data.to_owned())),
        Err(std::fs::TryLockError::Error(e)) => Err(fault(&e)),
    }
}

/// Opens an index; one that is damaged or of an older form is built anew from the store.
pub(crate) async fn open_index(
    store: &Store,
    data: &Path,
    settings: &Settings,
    catalog: &Arc<Catalog>,
    text: &Arc<Text>,
) -> Result<SearchIndex, CommandError> {
    let (dir, embeddings) = (index_dir(data), embeddings(data, settings)?);
    match SearchIndex::open_with(&dir, catalog.clone(), text.clone(), embeddings.clone()) {
        Ok(index) if index.cursor() <= store.latest_seq() => Ok(index),
        Err(SearchError::NeedsRebuild(_)) | Ok(_) => {
            tracing::info!("the search index is built anew");
            keqiao_followers::rebuild_index(store, &dir, catalog, text, &|_| ()).await?;
            Ok(SearchIndex::open_with(&dir, catalog.clone(), text.clone(), embeddings)?)
        }
        Err(other) => Err(other.into()),
    }
}

/// The vectors of an endpoint, where one is set; they lie beside the index, so that they outlive it.
fn embeddings(data: &Path, settings: &Settings) -> Result<Option<Arc<Embeddings>>, CommandError> {
    let Some(url) = &settings.embedding_url else { return Ok(None) };
    let (url, model, key) = (url.clone(), settings.embedding_model.clone(), settings.embedding_key.clone());
    let endpoint = Endpoint::new(EmbeddingSettings { url, model, key }, Arc::new(SystemClock))
        .map_err(|fault| CommandError::Settings(vec![fault]))?;
    let path = data.join("embeddings.bin");
    let opened = Embeddings::open(&path, Box::new(endpoint));
    let embeddings = opened.map_err(|e| CommandError::Folder { path, reason: e.to_string() })?;
    Ok(Some(Arc::new(embeddings)))
}

/// Opens a data folder for a command.
pub(crate) async fn open(flags: &SettingFlags) -> Result<House, CommandError> {
    open_for(flags, None, Load::Bulk).await
}

/// Opens a data folder to be served, at an address other than the setting's if one is given.
pub(crate) async fn open_at(flags: &SettingFlags, listen: Option<SocketAddr>) -> Result<House, CommandError> {
    open_for(flags, listen, Load::Serving).await
}

async fn open_for(flags: &SettingFlags, listen: Option<SocketAddr>, load: Load) -> Result<House, CommandError> {
    let mut settings = settings(flags)?;
    settings.listen = listen.unwrap_or(settings.listen);
    let (catalog, text, lexicon) = words(Some(&flags.data))?;
    let store = store(flags, &settings, load).await?;
    let lock = lock(&flags.data)?;
    let index = Arc::new(open_index(&store, &flags.data, &settings, &catalog, &text).await?);
    let app = Arc::new(App {
        store,
        index,
        catalog,
        text,
        lexicon,
        blobs: blobs(flags, &settings)?,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        settings: AppSettings {
            public_url: settings.public_url.clone().unwrap_or_else(|| format!("http://{}", settings.listen)),
            attachment_limit_bytes: settings.attachment_limit_mib << 20,
            import_limit_bytes: settings.import_limit_mib << 20,
            open_sign_up: settings.open_sign_up,
            zone: settings.time_zone.clone(),
            open_requests_per_party: settings.open_requests_per_party,
            open_requests_by_party: settings.open_requests_by_party,
            matches_per_party: settings.matches_per_party,
            busy_from_requests: settings.busy_from_requests,
            withdrawal_pause_days: settings.withdrawal_pause_days,
            ..AppSettings::default()
        },
        reader: Arc::default(),
        work: Work::default(),
        weights: keqiao_matching::CurrentWeights::default(),
        ranking: keqiao_app::ranking::Ranking::default(),
    });
    keqiao_app::ranking::refresh(&app).await?;
    Ok(House { app, settings, _lock: lock })
}

/// The blob store of a data folder.
pub(crate) fn blobs(flags: &SettingFlags, settings: &Settings) -> Result<Blobs, CommandError> {
    Ok(match &settings.s3_bucket {
        Some(bucket) => Blobs::s3(bucket, settings.s3_endpoint.as_deref())?,
        None => Blobs::folder(&flags.data.join("blobs"))?,
    })
}

/// The mailer of a data folder.
pub(crate) fn mailer(flags: &SettingFlags, settings: &Settings) -> Result<Mailer, CommandError> {
    let target = match &settings.smtp_url {
        Some(url) => MailerSettings::Smtp { url: url.clone(), from: settings.mail_from.clone() },
        None => MailerSettings::LogFile(flags.data.join("mail.log")),
    };
    Mailer::new(&target).map_err(|e| CommandError::Settings(vec![e]))
}
