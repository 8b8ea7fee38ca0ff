use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};

use keqiao_domain::SystemClock;

use super::*;

/// A server of one sort of answer, and how often it was asked.
struct Server {
    address: SocketAddr,
    asked: Arc<AtomicUsize>,
}

impl Server {
    /// Answers each request by its body; `None`: never.
    fn new(answer: impl Fn(&str) -> Option<(u16, String)> + Send + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let (address, asked) = (listener.local_addr().unwrap(), Arc::new(AtomicUsize::new(0)));
        let counted = Arc::clone(&asked);
        std::thread::spawn(move || {
            let mut open = Vec::new();
            for mut stream in listener.incoming().map_while(Result::ok) {
                let body = body_of(&stream);
                counted.fetch_add(1, Ordering::SeqCst);
                let Some((status, text)) = answer(&body) else {
                    open.push(stream);
                    continue;
                };
                let head =
                    format!("HTTP/1.1 {status} x\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", text.len());
                stream.write_all((head + &text).as_bytes()).unwrap();
            }
        });
        Self { address, asked }
    }

    fn endpoint(&self) -> Endpoint {
        let url = format!("http://{}/v1/embeddings", self.address);
        let settings = EmbeddingSettings { url, model: "m".to_owned(), key: Some("secret".to_owned()) };
        Endpoint::new(settings, Arc::new(SystemClock)).unwrap()
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

fn body_of(stream: &TcpStream) -> String {
    let (mut reader, mut length, mut allowed) = (BufReader::new(stream), 0, false);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let line = line.trim().to_ascii_lowercase();
        if let Some(n) = line.strip_prefix("content-length: ") {
            length = n.parse().unwrap();
        }
        allowed |= line == "authorization: bearer secret";
        if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    assert!(allowed, "the key comes along");
    String::from_utf8(body).unwrap()
}

/// Asks as a search does, on a thread that may wait.
async fn embed(
    endpoint: Endpoint,
    texts: &'static [&'static str],
    times: usize,
) -> Vec<Result<Vec<Vec<f32>>, EmbedError>> {
    let work = move || (0..times).map(|_| endpoint.embed(texts)).collect();
    tokio::task::spawn_blocking(work).await.unwrap()
}

#[tokio::test]
async fn vectors_come_back_in_the_order_of_the_texts() {
    let server = Server::new(|body| {
        let asked: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!(asked, serde_json::json!({ "model": "m", "input": ["甲", "乙"], "encoding_format": "float" }));
        let data = r#"{"data":[{"index":1,"embedding":[0.0,1.0]},{"index":0,"embedding":[1.0,0.5]}],"usage":{}}"#;
        Some((200, data.to_owned()))
    });
    let answers = embed(server.endpoint(), &["甲", "乙"], 1).await;
    assert_eq!(answers, [Ok(vec![vec![1.0, 0.5], vec![0.0, 1.0]])]);
}

#[tokio::test]
async fn one_that_hangs_is_waited_for_once() {
    let server = Server::new(|_| None);
    let answers = embed(server.endpoint(), &["甲"], 5).await;
    assert!(answers.iter().all(|a| matches!(a, Err(EmbedError::Unreachable(_)))), "{answers:?}");
    assert_eq!(server.asked(), 1);
}

#[tokio::test]
async fn what_cannot_be_used_is_no_answer_and_a_refusal_is_told_from_it() {
    let cases = [
        (500, "overloaded", true),
        (401, "who are you", true),
        (302, "elsewhere", true),
        (200, "<html>", true),
        (200, r#"{"data":[]}"#, true),
        (200, r#"{"data":[{"index":7,"embedding":[1.0]}]}"#, true),
        (200, r#"{"data":[{"index":0,"embedding":[]}]}"#, true),
        (400, "too long", false),
        (413, "too long", false),
    ];
    for (status, text, unreachable) in cases {
        let server = Server::new(move |_| Some((status, text.to_owned())));
        let answers = embed(server.endpoint(), &["甲"], 2).await;
        for answer in answers {
            let error = answer.unwrap_err();
            assert_eq!(matches!(error, EmbedError::Unreachable(_)), unreachable, "{status} {text}: {error}");
        }
        // After a refusal the next text may be taken; after a fault nothing is asked for a while.
        assert_eq!(server.asked(), if unreachable { 1 } else { 2 }, "{status} {text}");
    }
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_at_the_start() {
    let settings = EmbeddingSettings { url: "embeddings".to_owned(), model: "m".to_owned(), key: None };
    let error = Endpoint::new(settings, Arc::new(SystemClock)).unwrap_err();
    assert!(error.starts_with("embedding_url: embeddings: "), "{error}");
}
