//! `keqiao verify` and `keqiao rebuild`.

use keqiao_followers::{Difference, IndexFollower, catch_up, rebuild_index, verify_index};

use super::CommandError;
use crate::house;
use crate::progress;
use crate::settings::SettingFlags;

/// `keqiao verify`, `keqiao rebuild`
#[derive(Debug, clap::Args)]
pub(crate) struct UpkeepArgs {
    #[command(flatten)]
    settings: SettingFlags,
}

pub(crate) async fn verify(args: UpkeepArgs) -> Result<(), CommandError> {
    let house = house::open(&args.settings).await?;
    let app = &house.app;
    catch_up(&app.store, &IndexFollower::new(app.store.clone(), app.index.clone(), "cli".into())).await?;
    let mut lines: Vec<String> = verify_index(&app.store, &app.index)
        .await?
        .into_iter()
        .map(|difference| match difference {
            Difference::Missing(id) => format!("index: {id} is missing"),
            Difference::Surplus(id) => format!("index: {id} is not in the store"),
            Difference::Version { id, store, index } => {
                format!("index: {id} is at version {index}, the store at {store}")
            }
        })
        .collect();
    let damaged = app.index.damaged_files()?;
    lines.extend(damaged.iter().map(|path| format!("index: {} is damaged", path.display())));
    let indexed = app.index.num_docs();
    app.store.close().await;
    if lines.is_empty() {
        println!("index: {indexed} records, as the store says");
        return Ok(());
    }
    lines.push(format!("{} difference(s); `keqiao rebuild` makes the index anew", lines.len()));
    Err(CommandError::Differs(lines.join("\n")))
}

pub(crate) async fn rebuild(args: UpkeepArgs) -> Result<(), CommandError> {
    let settings = house::settings(&args.settings)?;
    let (catalog, text, _) = house::words(Some(&args.settings.data))?;
    let store = house::store(&args.settings, &settings).await?;
    let _lock = house::lock(&args.settings.data)?;
    let bar = progress::counter("index");
    let heard = bar.clone();
    let dir = house::index_dir(&args.settings.data);
    let count = rebuild_index(&store, &dir, &catalog, &text, &move |n| heard.set_position(n as u64)).await?;
    bar.finish_and_clear();
    println!("index: {count} records");
    store.close().await;
    Ok(())
}
