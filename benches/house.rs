//! The program without its socket, for benches of what people do.

use std::sync::Arc;

use keqiao_app::accounts::{SignUp, ensure_account, viewer_of};
use keqiao_app::{App, AppSettings, Blobs, Work};
use keqiao_benches::Done;
use keqiao_benches::process::WorkDir;
use keqiao_domain::{PlatformRole, SystemClock, SystemEntropy, Viewer};
use keqiao_matching::Lexicon;
use keqiao_search::SearchIndex;
use keqiao_store::{Store, StoreOptions};
use keqiao_text::Text;

pub(crate) const PASSWORD: &str = "a long password for a bench";

/// The app on a folder.
pub(crate) async fn house(dir: &WorkDir) -> Done<App> {
    let catalog = Arc::new(keqiao_catalog::builtin().map_err(|faults| faults.to_string())?);
    let text = Arc::new(Text::for_catalog(&catalog));
    let url = format!("sqlite://{}", dir.join("keqiao.db").display());
    Ok(App {
        store: Store::open(&StoreOptions { url, read_connections: 2 }).await?,
        index: Arc::new(SearchIndex::open(&dir.join("index"), catalog.clone(), text.clone())?),
        lexicon: Arc::new(Lexicon::new(catalog.clone(), text.clone())),
        text,
        catalog,
        blobs: Blobs::folder(&dir.join("blobs"))?,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        settings: AppSettings { password_memory_kib: 64, ..AppSettings::default() },
        reader: Arc::default(),
        work: Work::default(),
        weights: keqiao_matching::CurrentWeights::default(),
        ranking: keqiao_app::ranking::Ranking::default(),
    })
}

/// Somebody with an account.
pub(crate) async fn account(app: &App, name: &str, role: Option<PlatformRole>) -> Done<Viewer> {
    let email = format!("{name}@example.com");
    let input = SignUp { email, name: name.to_owned(), password: PASSWORD.to_owned(), locale: "zh".to_owned() };
    let account = ensure_account(app, input, role).await?;
    Ok(viewer_of(&mut app.store.reader().await?, &account).await?)
}
