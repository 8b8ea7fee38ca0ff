//! The processes that are measured: `keqiao`, the empty handler, wrk.

use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::http::{Ask, Connection};
use crate::{Done, Fault};

/// The first argument of a bench that is to serve nothing.
pub const EMPTY_HANDLER: &str = "serve-nothing";

/// The folder of the build that this bench is of, `target/release`.
fn build_dir() -> Done<PathBuf> {
    let exe = std::env::current_exe()?;
    Ok(exe.parent().ok_or("the bench does not lie in a target folder")?.to_owned())
}

/// The program.
///
/// # Errors
/// When it was not built.
pub fn keqiao() -> Done<PathBuf> {
    let path = build_dir()?.join("keqiao");
    if path.exists() { Ok(path) } else { Err("build it first: make bench".into()) }
}

/// A folder for this run's files; removed when dropped.
pub struct WorkDir(PathBuf);

impl WorkDir {
    /// An empty folder of a name.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn new(name: &str) -> Done<Self> {
        let target = build_dir()?.parent().ok_or("no target folder")?.to_owned();
        let path = target.join("tmp/bench").join(name);
        if path.exists() {
            std::fs::remove_dir_all(&path)?;
        }
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    /// A path in it.
    #[must_use]
    pub fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

/// A folder of a name that stays, for what one part makes and another asks.
///
/// # Errors
/// When the disk refuses.
pub fn lasting_dir(name: &str) -> Done<PathBuf> {
    let path = build_dir()?.parent().ok_or("no target folder")?.join("tmp/bench").join(name);
    std::fs::create_dir_all(&path)?;
    Ok(path)
}

/// Megabytes of this process that are in memory.
///
/// # Errors
/// When the system does not say.
pub fn own_resident() -> Done<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? * 1024.0 / 1e6)
}

impl Drop for WorkDir {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            eprintln!("{}: {error}", self.0.display());
        }
    }
}

/// Seconds that the processors have worked for this process; a busy machine does not change them much.
///
/// # Errors
/// When the system does not say.
pub fn cpu_seconds() -> Done<f64> {
    /// Ticks of the clock that Linux shows to programs, a second.
    const TICKS: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // The name in brackets may hold anything; after it, user and system time are the 12th and 13th.
    let (_, rest) = stat.rsplit_once(')').ok_or("no name")?;
    let ticks = rest.split_whitespace().skip(11).take(2).map(str::parse::<f64>).sum::<Result<f64, _>>()?;
    Ok(ticks / TICKS)
}

/// Runs the program to its end; its standard output.
///
/// # Errors
/// When it fails.
pub fn run(args: &[&str], input: &str) -> Done<String> {
    let mut child = Command::new(keqiao()?)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes())?;
    }
    let output = child.wait_with_output()?;
    if !output.status.success() {
        return Err(format!("keqiao {args:?}: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// A server; killed when dropped.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// Seconds from its start to its first answer.
    pub start_seconds: f64,
}

/// Memory of a process, in MB.
#[derive(Debug, Clone, Copy)]
pub struct Memory {
    /// All that is resident, pages of mapped files too.
    pub resident: f64,
    /// What is the process's own.
    pub anonymous: f64,
}

fn free_address() -> Done<SocketAddr> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?)
}

impl Server {
    /// Starts `keqiao serve` on a data folder and waits for its first answer.
    ///
    /// # Errors
    /// When it does not answer within a minute.
    pub fn start(data: &Path, flags: &[&str], first: &str) -> Done<Self> {
        let address = free_address()?;
        let mut command = Command::new(keqiao()?);
        command.arg("serve").arg("--data").arg(data).arg("--listen").arg(address.to_string()).args(flags);
        // So that one machine can ask as many, each within its limits.
        command.env("KEQIAO_BEHIND_PROXY", "true");
        Self::spawn(command, address, first)
    }

    /// Starts this very program as a server of nothing.
    ///
    /// # Errors
    /// When it does not answer.
    pub fn start_empty() -> Done<Self> {
        let address = free_address()?;
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(EMPTY_HANDLER).arg(address.to_string());
        Self::spawn(command, address, "/")
    }

    fn spawn(mut command: Command, address: SocketAddr, first: &str) -> Done<Self> {
        let started = Instant::now();
        let child = command.stdout(Stdio::null()).stdin(Stdio::null()).spawn()?;
        let mut server = Self { child, address, start_seconds: 0.0 };
        loop {
            if let Ok(mut connection) = Connection::open(address) {
                connection.expect(&Ask::get(first), 200)?;
                server.start_seconds = started.elapsed().as_secs_f64();
                return Ok(server);
            }
            if started.elapsed() > Duration::from_secs(60) || server.child.try_wait()?.is_some() {
                return Err("the server did not start".into());
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Its memory now.
    ///
    /// # Errors
    /// When it is gone.
    pub fn memory(&self) -> Done<Memory> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let of = |name: &str| -> Done<f64> {
            let line = status.lines().find(|l| l.starts_with(name)).ok_or_else(|| Fault::from(name))?;
            Ok(line.split_whitespace().nth(1).ok_or("no number")?.parse::<f64>()? / 1024.0)
        };
        Ok(Memory { resident: of("VmRSS")?, anonymous: of("RssAnon")? })
    }

    /// Requests a second as wrk counts them, with one thread and 16 connections for five seconds; `script` is a
    /// file of Lua. `None`: there is no wrk on this machine.
    ///
    /// # Errors
    /// When an answer was no 200.
    pub fn wrk(&self, path: &str, script: Option<&Path>) -> Done<Option<f64>> {
        let mut command = Command::new("wrk");
        command.args(["-t1", "-c16", "-d5s"]);
        if let Some(script) = script {
            command.arg("-s").arg(script);
        }
        let output = match command.arg(format!("http://{}{path}", self.address)).output() {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            other => String::from_utf8(other?.stdout)?,
        };
        if output.contains("Non-2xx") {
            return Err(format!("wrk {path}: {output}").into());
        }
        let line = output.lines().find_map(|l| l.strip_prefix("Requests/sec:"));
        Ok(Some(line.ok_or("wrk says no rate")?.trim().parse()?))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A process that is gone already is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Writes a script for wrk that asks for these paths in turn.
///
/// # Errors
/// When the disk refuses.
pub fn rotation(file: &Path, paths: &[String]) -> Done {
    let list = file.with_extension("txt");
    std::fs::write(&list, paths.join("\n"))?;
    let script = format!(
        "local paths = {{}}\nfor line in io.lines({:?}) do paths[#paths + 1] = line end\nlocal i = 0\n\
         request = function()\n  i = i % #paths + 1\n  return wrk.format('GET', paths[i])\nend\n",
        list.display().to_string()
    );
    std::fs::write(file, script)?;
    Ok(())
}
