//! `keqiao verify` and `keqiao rebuild`.

use std::time::Duration;

use keqiao_app::articles::read_again;
use keqiao_app::engagements::verify_engagements;
use keqiao_app::programs::verify_programs;
use keqiao_followers::{
    Difference, FollowError, GraphDifference, GraphFollower, IndexFollower, PairDifference, StandingMatches, catch_up,
    give_back, rebuild_index, verify_graph, verify_index, verify_matches,
};
use keqiao_store::{Load, Store};

use super::CommandError;
use crate::house::{self, House};
use crate::output;
use crate::progress;
use crate::settings::SettingFlags;

/// How often another node is asked for the work on standing matches; one that was killed keeps it for 30 seconds.
const ASKED: usize = 40;
const PAUSE: Duration = Duration::from_secs(1);

/// `keqiao verify`
#[derive(Debug, clap::Args)]
pub(crate) struct UpkeepArgs {
    #[command(flatten)]
    settings: SettingFlags,
}

/// `keqiao rebuild`
#[derive(Debug, clap::Args)]
pub(crate) struct RebuildArgs {
    /// Make the search index anew and leave standing matches and graph as they are
    #[arg(long)]
    index_only: bool,
    #[command(flatten)]
    settings: SettingFlags,
}

pub(crate) async fn verify(args: UpkeepArgs) -> Result<(), CommandError> {
    let house = house::open(&args.settings).await?;
    let app = &house.app;
    catch_up(&app.store, &IndexFollower::new(app.store.clone(), app.index.clone(), "cli".into())).await?;
    let standing = standing(&house);
    in_turn(&app.store, async || catch_up(&app.store, &standing).await).await?;
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
    let bar = progress::counter("standing matches");
    let pairs = verify_matches(&standing, &|n| bar.set_position(n as u64)).await?;
    bar.finish_and_clear();
    lines.extend(pairs.iter().map(said));
    let graph = graph(&house);
    in_turn(&app.store, async || catch_up(&app.store, &graph).await).await?;
    let bar = progress::counter("graph");
    let loose = verify_graph(&app.store, &|n| bar.set_position(n as u64)).await?;
    bar.finish_and_clear();
    lines.extend(loose.iter().map(said_of_graph));
    let bar = progress::counter("engagements");
    let (tampered, steps) = verify_engagements(app, &|n| bar.set_position(n as u64)).await?;
    bar.finish_and_clear();
    let bar = progress::counter("programs");
    let (altered, records) = verify_programs(app, &|n| bar.set_position(n as u64)).await?;
    bar.finish_and_clear();
    let indexed = app.index.num_docs();
    let kept = keqiao_store::matches::count(&mut app.store.reader().await?).await?;
    let told = keqiao_store::facts::count(&mut app.store.reader().await?).await?;
    app.store.close().await;
    if !(tampered.is_empty() && altered.is_empty()) {
        lines.extend(tampered.iter().map(ToString::to_string));
        lines.extend(altered.iter().map(ToString::to_string));
        lines.push("what engagements and programs record cannot be made anew: compare it with a backup".to_owned());
    }
    if lines.is_empty() {
        output::line(format_args!("index: {indexed} records, as the store says"))?;
        output::line(format_args!("standing matches: {kept}, as the listings say"))?;
        output::line(format_args!("graph: {told} facts, as the articles say"))?;
        output::line(format_args!("engagements: {steps} steps, as they were written"))?;
        output::line(format_args!("programs: {records} records, as they were written"))?;
        return Ok(());
    }
    lines.push(format!("{} difference(s); `keqiao rebuild` makes index, standing matches and graph anew", lines.len()));
    Err(CommandError::Differs(lines.join("\n")))
}

fn said(difference: &PairDifference) -> String {
    match difference {
        PairDifference::Missing { need, offer } => format!("standing matches: {need} and {offer} are missing"),
        PairDifference::Surplus { need, offer } => {
            format!("standing matches: {need} and {offer} do not answer each other, or are not open")
        }
        PairDifference::Differs { need, offer, kept, now } => {
            format!(
                "standing matches: {need} and {offer} are kept with {kept:.2} points and have {now:.2}, or other reasons"
            )
        }
    }
}

fn said_of_graph(difference: &GraphDifference) -> String {
    match difference {
        GraphDifference::Missing(article, fact) => format!("graph: fact {fact} of article {article} is missing"),
        GraphDifference::Surplus(article, fact) => format!("graph: article {article} does not say fact {fact}"),
        GraphDifference::Miscounted(wrong) => format!("graph: {wrong} ties or counts are not what facts and names say"),
        GraphDifference::Names(article) => format!("graph: the names of article {article} are others"),
        GraphDifference::Loose(article, fact) => {
            format!("graph: fact {fact} of article {article} names an entity that is not there")
        }
    }
}

fn graph(house: &House) -> GraphFollower {
    let app = &house.app;
    GraphFollower::new(app.store.clone(), &app.catalog, app.clock.clone(), node())
}

fn standing(house: &House) -> StandingMatches {
    let app = &house.app;
    StandingMatches {
        store: app.store.clone(),
        index: app.index.clone(),
        lexicon: app.lexicon.clone(),
        weights: app.weights.clone(),
        clock: app.clock.clone(),
        entropy: app.entropy.clone(),
        node: node(),
    }
}

/// The name of this process among those that share a store.
pub(super) fn node() -> String {
    format!("cli-{}", std::process::id())
}

/// Does what one node alone may do, as soon as no other does it, and leaves it to others afterwards.
pub(super) async fn in_turn<T>(
    store: &Store,
    work: impl AsyncFn() -> Result<T, FollowError>,
) -> Result<T, CommandError> {
    let mut done = work().await;
    for _ in 1..ASKED {
        if !matches!(done, Err(FollowError::TryAgain(_))) {
            break;
        }
        tokio::time::sleep(PAUSE).await;
        done = work().await;
    }
    give_back(store, &node()).await?;
    Ok(done?)
}

pub(crate) async fn rebuild(args: RebuildArgs) -> Result<(), CommandError> {
    let settings = house::settings(&args.settings)?;
    let (catalog, text, _) = house::words(Some(&args.settings.data))?;
    let store = house::store(&args.settings, &settings, Load::Bulk).await?;
    let lock = house::lock(&args.settings.data)?;
    let bar = progress::counter("index");
    let heard = bar.clone();
    let dir = house::index_dir(&args.settings.data);
    let count = rebuild_index(&store, &dir, &catalog, &text, &move |n| heard.set_position(n as u64)).await?;
    bar.finish_and_clear();
    output::line(format_args!("index: {count} records"))?;
    store.close().await;
    drop(lock);
    if args.index_only {
        return Ok(());
    }
    let house = house::open(&args.settings).await?;
    catch_up(&house.app.store, &IndexFollower::new(house.app.store.clone(), house.app.index.clone(), "cli".into()))
        .await?;
    let bar = progress::counter("standing matches");
    let standing = standing(&house);
    let count = in_turn(&house.app.store, async || standing.rebuild(&|n| bar.set_position(n as u64)).await).await?;
    bar.finish_and_clear();
    output::line(format_args!("standing matches: {count}"))?;
    let bar = progress::counter("articles");
    let again = read_again(&house.app, &|n| bar.set_position(n as u64)).await?;
    let graph = graph(&house);
    let count = in_turn(&house.app.store, async || graph.rebuild(&|n| bar.set_position(n as u64)).await).await?;
    bar.finish_and_clear();
    output::line(format_args!("graph: {count} articles, {again} files of them read again"))?;
    house.app.store.close().await;
    Ok(())
}
