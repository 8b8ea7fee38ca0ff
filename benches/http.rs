//! A small HTTP/1.1 client over kept connections, and loads made of it.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::figures::Times;
use crate::{Done, Fault};

/// Longest wait for an answer; a load ends even when the server does not.
const PATIENCE: Duration = Duration::from_secs(60);

/// What to ask.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// `GET`, `POST`.
    pub method: &'static str,
    /// Path with query.
    pub path: String,
    /// Header lines without their line ends.
    pub headers: Vec<String>,
    /// The body; empty: none.
    pub body: String,
}

impl Ask {
    /// A GET.
    #[must_use]
    pub fn get(path: impl Into<String>) -> Self {
        Self { method: "GET", path: path.into(), ..Self::default() }
    }

    /// A POST of JSON.
    #[must_use]
    pub fn post(path: impl Into<String>, body: &serde_json::Value) -> Self {
        let headers = vec!["content-type: application/json".to_owned()];
        Self { method: "POST", path: path.into(), headers, body: body.to_string() }
    }

    /// With a header line more.
    #[must_use]
    pub fn with(mut self, header: String) -> Self {
        self.headers.push(header);
        self
    }
}

/// A kept connection.
pub struct Connection(BufReader<TcpStream>);

impl Connection {
    /// Connects.
    ///
    /// # Errors
    /// When nobody answers.
    pub fn open(address: SocketAddr) -> Done<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self(BufReader::new(stream)))
    }

    /// Asks, and reads the whole answer: status and body.
    ///
    /// # Errors
    /// When the connection breaks or the answer is no HTTP.
    pub fn ask(&mut self, ask: &Ask) -> Done<(u16, Vec<u8>)> {
        let mut text = format!("{} {} HTTP/1.1\r\nhost: 127.0.0.1\r\n", ask.method, ask.path);
        for header in &ask.headers {
            write!(text, "{header}\r\n")?;
        }
        write!(text, "content-length: {}\r\n\r\n{}", ask.body.len(), ask.body)?;
        self.0.get_mut().write_all(text.as_bytes())?;
        let status = self.line()?.split(' ').nth(1).ok_or("no status")?.parse()?;
        let (mut length, mut chunked) = (0, false);
        loop {
            let line = self.line()?.to_ascii_lowercase();
            match line.split_once(": ") {
                Some(("content-length", n)) => length = n.parse()?,
                Some(("transfer-encoding", "chunked")) => chunked = true,
                None if line.is_empty() => break,
                _ => {}
            }
        }
        let mut body = Vec::new();
        while chunked {
            let size = usize::from_str_radix(&self.line()?, 16)?;
            self.read_into(&mut body, size)?;
            self.line()?;
            chunked = size > 0;
        }
        self.read_into(&mut body, length)?;
        Ok((status, body))
    }

    fn line(&mut self) -> Done<String> {
        let mut line = String::new();
        if self.0.read_line(&mut line)? == 0 {
            return Err("the server closed the connection".into());
        }
        line.truncate(line.trim_end().len());
        Ok(line)
    }

    fn read_into(&mut self, body: &mut Vec<u8>, size: usize) -> Done {
        let start = body.len();
        body.resize(start + size, 0);
        self.0.read_exact(&mut body[start..])?;
        Ok(())
    }

    /// Asks and insists on a status.
    ///
    /// # Errors
    /// When the answer has another one.
    pub fn expect(&mut self, ask: &Ask, status: u16) -> Done<Vec<u8>> {
        let (got, body) = self.ask(ask)?;
        if got != status {
            let body = String::from_utf8_lossy(&body);
            return Err(format!("{} {}: {got} {body:.400}", ask.method, ask.path).into());
        }
        Ok(body)
    }
}

/// Asks from so many clients for a time, each as soon as it has its answer.
/// Returns the times of the answers and how many came a second.
///
/// # Errors
/// When an answer does not have the status.
pub fn closed_loop(
    address: SocketAddr,
    clients: usize,
    seconds: f64,
    status: u16,
    ask: impl Fn(usize) -> Ask + Sync,
) -> Done<(Times, f64)> {
    let (started, next) = (Instant::now(), AtomicUsize::new(0));
    let client = || -> Done<Vec<f64>> {
        let (mut connection, mut times) = (Connection::open(address)?, Vec::new());
        while started.elapsed().as_secs_f64() < seconds {
            let ask = ask(next.fetch_add(1, Ordering::Relaxed));
            let sent = Instant::now();
            connection.expect(&ask, status)?;
            times.push(sent.elapsed().as_secs_f64() * 1e3);
        }
        Ok(times)
    };
    let times = all_of(clients, client)?;
    let rate = times.len() as f64 / started.elapsed().as_secs_f64();
    Ok((Times::new(times), rate))
}

/// Asks so often a second for a time, whether answers come or not. An answer's time counts from the moment
/// when its question was due, so a server that falls behind cannot hide it. After twice the time nobody
/// asks any more; what was due and not asked counts with the time that it had waited.
///
/// # Errors
/// When an answer is not 200.
pub fn open_loop(
    address: SocketAddr,
    clients: usize,
    rate: f64,
    seconds: f64,
    ask: impl Fn(usize) -> Ask + Sync,
) -> Done<Times> {
    let total = (rate * seconds) as usize;
    let next = AtomicUsize::new(0);
    let started = Instant::now() + Duration::from_millis(50);
    let client = || -> Done<Vec<f64>> {
        let (mut connection, mut times) = (Connection::open(address)?, Vec::new());
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= total {
                return Ok(times);
            }
            let (ask, due) = (ask(number), started + Duration::from_secs_f64(number as f64 / rate));
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            if started.elapsed().as_secs_f64() > 2.0 * seconds {
                times.push(due.elapsed().as_secs_f64() * 1e3);
                continue;
            }
            connection.expect(&ask, 200)?;
            times.push(due.elapsed().as_secs_f64() * 1e3);
        }
    };
    all_of(clients, client).map(Times::new)
}

fn all_of(clients: usize, client: impl Fn() -> Done<Vec<f64>> + Sync) -> Done<Vec<f64>> {
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..clients).map(|_| scope.spawn(&client)).collect();
        threads.into_iter().try_fold(Vec::new(), |mut all, thread| {
            all.extend(thread.join().map_err(|_| Fault::from("a client panicked"))??);
            Ok(all)
        })
    })
}
