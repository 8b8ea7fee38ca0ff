//! The PostgreSQL server of the suite: the one that is named, or one of its own.

use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use sqlx::{AnyConnection, AssertSqlSafe, Connection as _, Executor as _};

pub(crate) struct Server {
    url: String,
    next: AtomicU32,
    /// While this is open the server runs: it ends with this process, however that ends.
    _alive: Option<(Child, ChildStdin)>,
}

/// The server; `None` when it is not to be used.
pub(crate) fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Result<Option<Server>, String>> = OnceLock::new();
    let server = SERVER.get_or_init(|| {
        if std::env::var("KEQIAO_SKIP_POSTGRES").is_ok_and(|v| v == "1") {
            return Ok(None);
        }
        match std::env::var("KEQIAO_TEST_POSTGRES") {
            Ok(url) => Ok(Some(Server { url, next: AtomicU32::new(0), _alive: None })),
            Err(_) => start().map(Some),
        }
    });
    match server {
        Ok(server) => server.as_ref(),
        Err(reason) => panic!("{reason}"),
    }
}

impl Server {
    /// A fresh schema: its name and the address under which it is the only one.
    pub(crate) async fn fresh_schema(&self) -> (String, String) {
        let n = self.next.fetch_add(1, Ordering::SeqCst);
        let schema = format!("keqiao_test_{}_{n}", std::process::id());
        self.command(format!("CREATE SCHEMA {schema}")).await;
        let join = if self.url.contains('?') { '&' } else { '?' };
        let url = format!("{}{join}options[search_path]={schema}", self.url);
        (schema, url)
    }

    pub(crate) async fn drop_schema(&self, schema: &str) {
        self.command(format!("DROP SCHEMA {schema} CASCADE")).await;
    }

    async fn command(&self, sql: String) {
        let mut conn = AnyConnection::connect(&self.url).await.unwrap();
        conn.execute(AssertSqlSafe(sql)).await.unwrap();
        conn.close().await.unwrap();
    }
}

/// Runs a server until its standard input ends, then removes its folder.
const SCRIPT: &str = r#"
    "$1/initdb" -D "$2/data" -U keqiao -A trust -E UTF8 --no-sync >"$2/initdb.log" 2>&1 || exit 1
    "$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=off -c max_connections=300 \
        >"$2/postgres.log" 2>&1 &
    read -r line
    kill -INT $!
    wait
    rm -rf "$2/data" "$2"/*.log "$2"
"#;

fn start() -> Result<Server, String> {
    let programs = programs().ok_or(
        "the contract suite needs PostgreSQL: install it, or set KEQIAO_TEST_POSTGRES to the \
         address of a server, or KEQIAO_SKIP_POSTGRES=1 to leave that engine out",
    )?;
    let folder = tempfile::tempdir().unwrap();
    // The server refuses to run as root.
    let mut command = if user_is_root() {
        let owned = Command::new("chown").arg("postgres").arg(folder.path()).status().unwrap();
        if !owned.success() {
            return Err("there is no user postgres to run the server as".to_owned());
        }
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--", "sh"]);
        command
    } else {
        Command::new("sh")
    };
    let mut child = command
        .args(["-c", SCRIPT, "sh"])
        .arg(&programs)
        .arg(folder.path())
        .current_dir("/")
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let alive = child.stdin.take().unwrap();
    wait_for(folder.path(), &mut child)?;
    // From here on the script removes the folder, when this process ends.
    let folder = folder.keep();
    let url = format!("postgres:///postgres?host={}&user=keqiao", folder.display());
    Ok(Server { url, next: AtomicU32::new(0), _alive: Some((child, alive)) })
}

fn wait_for(folder: &Path, child: &mut Child) -> Result<(), String> {
    let log = |name| std::fs::read_to_string(folder.join(name)).unwrap_or_default();
    let started = Instant::now();
    while !log("postgres.log").contains("ready to accept connections") {
        let ended = child.try_wait().unwrap();
        if ended.is_some() || started.elapsed() > Duration::from_secs(60) {
            let (initdb, postgres) = (log("initdb.log"), log("postgres.log"));
            return Err(format!("PostgreSQL did not start:\n{initdb}\n{postgres}"));
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

fn user_is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout.trim_ascii() == b"0"
}

/// The folder of PostgreSQL's programs: Debian's newest, or the one in the path.
fn programs() -> Option<PathBuf> {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<(u32, PathBuf)> =
        debian.filter_map(|e| Some((e.file_name().to_str()?.parse().ok()?, e.path().join("bin")))).collect();
    folders.sort();
    let newest = folders.into_iter().rev().map(|(_, folder)| folder);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut all = newest.chain(std::env::split_paths(&path));
    all.find(|f| f.join("initdb").is_file() && f.join("postgres").is_file())
}
