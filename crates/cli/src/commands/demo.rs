//! `keqiao demo`: a data folder filled with demo data, served.

mod fair;
mod services;

use std::net::SocketAddr;

use indicatif::ProgressBar;
use keqiao_app::App;
use keqiao_app::accounts::{DemoAccount, create_demo_account};
use keqiao_app::articles::{IncomingFile, IngestOptions};
use keqiao_app::transfer::{ImportOptions, What, guess_mapping, import_table, read_table};
use keqiao_domain::{OrgRole, PlatformRole, Viewer};
use keqiao_followers::{IndexFollower, catch_up};
use rust_embed::RustEmbed;

use super::serve::{serve_house, start_logging};
use super::{CommandError, ingest};
use crate::house::{self, House};
use crate::output;
use crate::progress;
use crate::settings::SettingFlags;

/// The demo data, compiled in.
#[derive(RustEmbed)]
#[folder = "../../demo"]
#[include = "*.jsonl"]
struct DemoFiles;

/// The demo articles, compiled in.
#[derive(RustEmbed)]
#[folder = "../../demo/articles"]
#[exclude = "README.md"]
#[exclude = "*.json"]
struct DemoArticles;

/// `keqiao demo`
#[derive(Debug, clap::Args)]
pub(crate) struct DemoArgs {
    #[command(flatten)]
    settings: SettingFlags,
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Only fill the folder.
    #[arg(long)]
    fill_only: bool,
}

/// The password of all demo accounts; they are marked as demo and belong on no public machine.
const PASSWORD: &str = "keqiao-demo";

const ACCOUNTS: [DemoAccount<'static>; 5] = [
    DemoAccount {
        email: "admin@example.com",
        name: "管理员（演示）",
        platform: Some(PlatformRole::Admin),
        organization: None,
    },
    DemoAccount {
        email: "operator@example.com",
        name: "运营审核（演示）",
        platform: Some(PlatformRole::Operator),
        organization: None,
    },
    DemoAccount {
        email: "broker@example.com",
        name: "科服专员（演示）",
        platform: Some(PlatformRole::Broker),
        organization: None,
    },
    DemoAccount {
        email: "chip@example.com",
        name: "钱立行（演示）",
        platform: None,
        organization: Some(("demo-org-01", OrgRole::Owner)),
    },
    DemoAccount {
        email: "lab@example.com",
        name: "俞景明（演示）",
        platform: None,
        organization: Some(("demo-org-08", OrgRole::Owner)),
    },
];

pub(crate) async fn demo(args: DemoArgs) -> Result<(), CommandError> {
    start_logging();
    let house = house::open_at(&args.settings, Some(args.listen)).await?;
    fill(&house).await?;
    if args.fill_only {
        house.app.store.close().await;
        return Ok(());
    }
    serve_house(&args.settings, house, |address| {
        output::greeting(format_args!("\n科桥 Keqiao  http://{address}\n"));
        output::greeting(format_args!("演示账号 demo sign-ins (password: {PASSWORD})"));
        for account in ACCOUNTS.iter().chain(&services::ACCOUNTS) {
            output::greeting(format_args!("  {:24} {}", account.email, account.name));
        }
        output::greeting(format_args!("\nCtrl-C 停止 / stops"));
    })
    .await
}

/// Fills an empty house; one that holds something stays as it is.
async fn fill(house: &House) -> Result<(), CommandError> {
    let app = &house.app;
    let mut db = app.store.reader().await?;
    if keqiao_store::parties::count(&mut db).await? > 0 {
        return Ok(());
    }
    drop(db);
    let mut names: Vec<String> = DemoFiles::iter().map(|n| n.into_owned()).collect();
    // Parties first: the others name them.
    names.sort_by_key(|n| (!n.starts_with("parties"), n.clone()));
    for name in names {
        let what = if name.starts_with("parties") { What::Parties } else { What::Listings };
        let file = DemoFiles::get(&name).ok_or_else(|| CommandError::Usage(name.clone()))?;
        let table = read_table(&name, &file.data).map_err(|e| CommandError::Usage(format!("{name}: {e}")))?;
        let mapping = guess_mapping(what, &app.catalog, &table.columns);
        let options = ImportOptions { publish: what == What::Listings, ..ImportOptions::default() };
        let bar: ProgressBar = progress::bar(&name, table.rows.len() as u64);
        let heard = bar.clone();
        let hear = move |done: usize, _: usize| heard.set_position(done as u64);
        let report = import_table(app, &Viewer::console(), what, &table, &mapping, &options, &hear).await?;
        bar.finish();
        if let Some(row) = report.rows.iter().find(|r| !r.faults.is_empty()) {
            return Err(CommandError::Usage(format!("{name}:{}: {:?}", row.row, row.faults)));
        }
    }
    for account in &ACCOUNTS {
        create_demo_account(app, account, PASSWORD).await?;
    }
    fair::fill(app).await?;
    fill_articles(app).await?;
    services::fill(app, PASSWORD).await?;
    let bar = progress::counter("index");
    catch_up(&app.store, &IndexFollower::new(app.store.clone(), app.index.clone(), "demo".into())).await?;
    bar.set_position(app.index.num_docs());
    bar.finish();
    Ok(())
}

async fn fill_articles(app: &App) -> Result<(), CommandError> {
    let mut names: Vec<String> = DemoArticles::iter().map(|n| n.into_owned()).collect();
    names.sort_unstable();
    let file = |name: String| {
        let file = DemoArticles::get(&name)?;
        Some(IncomingFile { name, bytes: file.data.into_owned(), declared: None })
    };
    let files: Vec<IncomingFile> = names.into_iter().filter_map(file).collect();
    let bar = progress::bar("articles", files.len() as u64);
    let mut tally = ingest::Tally::default();
    ingest::bring_in(app, files, IngestOptions { demo: true, ..IngestOptions::default() }, &mut tally).await?;
    bar.finish();
    ingest::follow(app).await
}
