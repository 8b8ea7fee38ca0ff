//! `keqiao serve`.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use keqiao_app::{App, Mailer, engagements, jobs, ranking, transfer};
use keqiao_followers::{GraphFollower, IndexFollower, StandingMatches};
use keqiao_web::{WebSettings, router};
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::CommandError;
use crate::house::{self, House};
use crate::output;
use crate::settings::SettingFlags;

/// How often the jobs of time run.
const JOB_PAUSE: Duration = Duration::from_secs(20);
/// How often what people did with matches is written.
const FEEDBACK_PAUSE: Duration = Duration::from_secs(3);
/// How long the index's writer may rest before its memory is given back.
const WRITER_REST: Duration = Duration::from_secs(30);

/// `keqiao serve`
#[derive(Debug, clap::Args)]
pub(crate) struct ServeArgs {
    #[command(flatten)]
    pub(crate) settings: SettingFlags,
    /// Where to listen, over the setting `listen`.
    #[arg(long)]
    pub(crate) listen: Option<SocketAddr>,
}

pub(crate) async fn serve(args: ServeArgs) -> Result<(), CommandError> {
    start_logging();
    let house = house::open_at(&args.settings, args.listen).await?;
    serve_house(&args.settings, house, |address| output::greeting(format_args!("http://{address}"))).await
}

/// Logs to standard error; `KEQIAO_LOG` sets how much (`info`, `keqiao=debug`).
pub(crate) fn start_logging() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("KEQIAO_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,keqiao=info"));
    // A second call in one process finds the logger set, which is as well.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}

/// Serves a house until it is told to stop.
pub(crate) async fn serve_house(
    flags: &SettingFlags,
    house: House,
    ready: impl FnOnce(SocketAddr),
) -> Result<(), CommandError> {
    let listen = house.settings.listen;
    let fault = |e: std::io::Error| CommandError::Listen { address: listen.to_string(), reason: e.to_string() };
    let listener = TcpListener::bind(listen).await.map_err(fault)?;
    let address = listener.local_addr()?;
    let mailer = house::mailer(flags, &house.settings)?;
    let (stop, stopped) = watch::channel(false);
    let app = house.app.clone();
    let node = format!("{listen}-{}", std::process::id());
    let work = start_work(&app, &node, mailer, &stopped);
    transfer::resume_running(&app).await?;
    transfer::clear_spool(&app).await?;
    let web = WebSettings { behind_proxy: house.settings.behind_proxy };
    ready(address);
    let served = axum_serve(listener, router(app.clone(), &web), stopped.clone());
    tokio::select! {
        outcome = served => outcome?,
        () = told_to_stop() => {}
    }
    tracing::info!("stopping");
    stop.send_replace(true);
    for task in work {
        if let Err(error) = task.await {
            tracing::warn!(%error, "a task did not end well");
        }
    }
    if let Err(error) = keqiao_followers::give_back(&app.store, &node).await {
        tracing::warn!(%error, "others have to wait for what this node alone might do");
    }
    app.store.close().await;
    Ok(())
}

async fn axum_serve(
    listener: TcpListener,
    router: keqiao_web::Router,
    mut stopped: watch::Receiver<bool>,
) -> Result<(), CommandError> {
    let stop = Box::pin(async move {
        // The sender lives as long as the server; an error means it is gone, which is a stop too.
        let _ = stopped.wait_for(|stop| *stop).await;
    });
    keqiao_web::serve(listener, router, stop).await?;
    Ok(())
}

fn start_work(
    app: &Arc<App>,
    node: &str,
    mailer: Mailer,
    stopped: &watch::Receiver<bool>,
) -> Vec<tokio::task::JoinHandle<()>> {
    let index = IndexFollower::new(app.store.clone(), app.index.clone(), node.to_owned());
    let standing = StandingMatches {
        store: app.store.clone(),
        index: app.index.clone(),
        lexicon: app.lexicon.clone(),
        weights: app.weights.clone(),
        clock: app.clock.clone(),
        entropy: app.entropy.clone(),
        node: node.to_owned(),
    };
    let graph = GraphFollower::new(app.store.clone(), &app.catalog, app.clock.clone(), node.to_owned());
    vec![
        tokio::spawn(keqiao_followers::run(app.store.clone(), Box::new(graph), stopped.clone())),
        tokio::spawn(keqiao_followers::run(app.store.clone(), Box::new(index), stopped.clone())),
        tokio::spawn(keqiao_followers::run(app.store.clone(), Box::new(standing), stopped.clone())),
        tokio::spawn(keqiao_followers::keep_taught(app.index.clone(), stopped.clone())),
        tokio::spawn(timed_jobs(app.clone(), mailer, node.to_owned(), stopped.clone())),
        tokio::spawn(listen_to_readers(app.clone(), stopped.clone())),
    ]
}

/// Expiry, mail, tidying, and giving back memory that rests.
async fn timed_jobs(app: Arc<App>, mailer: Mailer, node: String, mut stopped: watch::Receiver<bool>) {
    let (mut cursor, mut rested) = (app.index.cursor(), tokio::time::Instant::now());
    loop {
        tell("expiry", jobs::expire_due(&app).await.map(drop));
        tell("engagements", engagements::rest_due(&app).await.map(drop));
        tell("what is due", keqiao_app::tell_due(&app).await.map(drop));
        tell("mail", jobs::deliver_mail(&app, &mailer, &node).await.map(drop));
        tell("tidying", jobs::tidy(&app).await);
        tell("ranking", ranking::refresh(&app).await);
        tell("learning", ranking::learn_when_due(&app, &node).await.map(drop));
        tell("digest", jobs::daily_digest(&app, &node).await.map(drop));
        if app.index.cursor() != cursor {
            cursor = app.index.cursor();
            rested = tokio::time::Instant::now();
        } else if rested.elapsed() >= WRITER_REST {
            let index = app.index.clone();
            let released = tokio::task::spawn_blocking(move || index.release_writer()).await;
            if !matches!(released, Ok(Ok(()))) {
                tracing::warn!("the index's writer could not be released");
            }
            rested = tokio::time::Instant::now();
        }
        tokio::select! {
            () = tokio::time::sleep(JOB_PAUSE) => {}
            _ = stopped.wait_for(|stop| *stop) => return,
        }
    }
}

/// Writes what people did with matches, a batch every few seconds and the last when it stops.
async fn listen_to_readers(app: Arc<App>, mut stopped: watch::Receiver<bool>) {
    loop {
        let stop = tokio::select! {
            () = tokio::time::sleep(FEEDBACK_PAUSE) => false,
            _ = stopped.wait_for(|stop| *stop) => true,
        };
        tell("feedback", ranking::write_feedback(&app).await.map(drop));
        if stop {
            return;
        }
    }
}

fn tell(job: &str, outcome: Result<(), keqiao_app::AppError>) {
    if let Err(error) = outcome {
        tracing::error!(job, %error, "a job failed and will run again");
    }
}

async fn told_to_stop() {
    let mut terminate = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(signal) => signal,
        Err(error) => {
            tracing::warn!(%error, "SIGTERM cannot be heard; Ctrl-C can");
            let _ = tokio::signal::ctrl_c().await;
            return;
        }
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
