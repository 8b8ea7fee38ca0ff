//! The real binary as a child process, and a client of its API. Each test binary uses what it needs of it.

#![allow(dead_code)]

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;

/// The binary that cargo built beside the tests.
fn binary() -> std::path::PathBuf {
    let mut path = std::env::current_exe().unwrap();
    path.pop();
    if path.ends_with("deps") {
        path.pop();
    }
    let binary = path.join("keqiao");
    assert!(binary.exists(), "{} is not there: `cargo test --workspace` builds it beside the tests", binary.display());
    binary
}

/// Runs a subcommand on a data folder.
pub(crate) fn keqiao(data: &Path, args: &[&str]) -> Output {
    keqiao_with_input(data, args, "")
}

/// Runs a subcommand on a data folder with something on standard input.
pub(crate) fn keqiao_with_input(data: &Path, args: &[&str], input: &str) -> Output {
    let data = data.display().to_string();
    plain_keqiao(&[args, &["--data", &data]].concat(), input)
}

/// Runs the binary with something on standard input.
pub(crate) fn plain_keqiao(args: &[&str], input: &str) -> Output {
    let mut child = Command::new(binary())
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that refuses its arguments ends without reading.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// Runs the binary with a standard output that nobody reads.
pub(crate) fn unread_keqiao(args: &[&str]) -> Output {
    let mut command = Command::new(binary());
    let mut child =
        command.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    child.wait_with_output().unwrap()
}

/// A running server.
pub(crate) struct Server {
    child: Child,
    client: Client,
}

/// A client of the API.
#[derive(Clone)]
pub(crate) struct Client {
    agent: ureq::Agent,
    base: String,
}

impl Server {
    /// Starts the server on a free port and waits until it listens.
    pub(crate) fn start(data: &Path) -> Self {
        Self::start_with(data, &[])
    }

    /// The same with more arguments.
    pub(crate) fn start_with(data: &Path, more: &[&str]) -> Self {
        let mut child = Command::new(binary())
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .args(more)
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.starts_with("http://"), "the server did not start: {line:?}");
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(10)))
            .http_status_as_error(true)
            .build();
        let client = Client { agent: config.into(), base: line.trim().to_owned() };
        Self { child, client }
    }

    /// Where it listens, `http://127.0.0.1:PORT`.
    pub(crate) fn base(&self) -> &str {
        &self.client.base
    }

    /// The number of its process.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn client(&self) -> Client {
        self.client.clone()
    }

    /// Kills the process as the kernel does: nothing is finished, nothing is flushed.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub(crate) fn get(&self, token: &str, path: &str) -> Result<Value, ureq::Error> {
        self.client.get(token, path)
    }

    pub(crate) fn post(&self, token: &str, path: &str, body: &Value) -> Result<Value, ureq::Error> {
        self.client.post(token, path, body)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Killed already in most tests; what matters is that none stays behind.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Client {
    fn get(&self, token: &str, path: &str) -> Result<Value, ureq::Error> {
        let request = self.agent.get(format!("{}{path}", self.base));
        request.header("authorization", format!("Bearer {token}")).call()?.body_mut().read_json()
    }

    pub(crate) fn post(&self, token: &str, path: &str, body: &Value) -> Result<Value, ureq::Error> {
        let request = self.agent.post(format!("{}{path}", self.base));
        request.header("authorization", format!("Bearer {token}")).send_json(body)?.body_mut().read_json()
    }
}
