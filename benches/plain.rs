//! The baselines: tantivy with jieba and nothing else, an axum handler that does nothing, a SQLite file
//! with one commit for each row.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use jieba_rs::Jieba;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _};
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions, Value as _};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};
use tantivy::{Index, IndexReader, IndexWriter, TantivyDocument, Term};

use crate::Done;

const ANALYZER: &str = "jieba";
/// As much memory as our own bulk writer has.
const WRITER_BYTES: usize = 120_000_000;

#[derive(Clone)]
struct JiebaTokenizer(Arc<Jieba>);

struct Tokens {
    list: Vec<Token>,
    next: usize,
}

impl TokenStream for Tokens {
    fn advance(&mut self) -> bool {
        self.next += 1;
        self.next <= self.list.len()
    }
    fn token(&self) -> &Token {
        &self.list[self.next - 1]
    }
    fn token_mut(&mut self) -> &mut Token {
        &mut self.list[self.next - 1]
    }
}

fn words(jieba: &Jieba, text: &str) -> Vec<Token> {
    let mut list = Vec::new();
    for (position, token) in jieba.cut_for_search(text, true).into_iter().enumerate() {
        if token.word.chars().any(char::is_alphanumeric) {
            let text = token.word.to_lowercase();
            list.push(Token { offset_from: 0, offset_to: 0, position, text, position_length: 1 });
        }
    }
    list
}

impl Tokenizer for JiebaTokenizer {
    type TokenStream<'a> = Tokens;
    fn token_stream<'a>(&'a mut self, text: &'a str) -> Tokens {
        Tokens { list: words(&self.0, text), next: 0 }
    }
}

/// Tantivy with jieba: a title, a text, a stored id.
pub struct PlainIndex {
    index: Index,
    reader: IndexReader,
    jieba: Arc<Jieba>,
    id: Field,
    title: Field,
    text: Field,
}

impl PlainIndex {
    /// An empty index in a folder.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn create(dir: &Path) -> Done<Self> {
        std::fs::create_dir_all(dir)?;
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(ANALYZER)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let options = TextOptions::default().set_indexing_options(indexing);
        let mut schema = Schema::builder();
        let id = schema.add_text_field("id", STRING | STORED);
        let title = schema.add_text_field("title", options.clone());
        let text = schema.add_text_field("text", options);
        let index = Index::create_in_dir(dir, schema.build())?;
        let jieba = Arc::new(keqiao_text::dictionary());
        index.tokenizers().register(ANALYZER, JiebaTokenizer(jieba.clone()));
        let reader = index.reader()?;
        Ok(Self { index, reader, jieba, id, title, text })
    }

    /// Indexes records of id, title and text, on two threads, and merges them into one segment.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn add_all(&self, records: impl Iterator<Item = [String; 3]>) -> Done {
        let mut writer: IndexWriter = self.index.writer_with_num_threads(2, WRITER_BYTES)?;
        for [id, title, text] in records {
            let mut doc = TantivyDocument::new();
            doc.add_text(self.id, id);
            doc.add_text(self.title, title);
            doc.add_text(self.text, text);
            writer.add_document(doc)?;
        }
        writer.commit()?;
        let segments = self.index.searchable_segment_ids()?;
        if segments.len() > 1 {
            writer.merge(&segments).wait()?;
        }
        writer.wait_merging_threads()?;
        self.reader.reload()?;
        Ok(())
    }

    /// An index that is there already.
    ///
    /// # Errors
    /// When it is not.
    pub fn open(dir: &Path) -> Done<Self> {
        let index = Index::open_in_dir(dir)?;
        let jieba = Arc::new(keqiao_text::dictionary());
        index.tokenizers().register(ANALYZER, JiebaTokenizer(jieba.clone()));
        let (schema, reader) = (index.schema(), index.reader()?);
        let field = |name| schema.get_field(name);
        let (id, title, text) = (field("id")?, field("title")?, field("text")?);
        Ok(Self { index, reader, jieba, id, title, text })
    }

    /// The ids of the best hits for any of the words, each once, in the text alone.
    ///
    /// # Errors
    /// When the index fails.
    pub fn search_text(&self, text: &str, limit: usize) -> Done<Vec<String>> {
        let terms: std::collections::BTreeSet<String> =
            words(&self.jieba, text).into_iter().map(|token| token.text).collect();
        let clauses = terms.iter().map(|term| -> (Occur, Box<dyn Query>) {
            let term = Term::from_field_text(self.text, term);
            (Occur::Should, Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs)))
        });
        self.best(&BooleanQuery::new(clauses.collect()), limit)
    }

    /// The ids of the best hits for any of the words.
    ///
    /// # Errors
    /// When the index fails.
    pub fn search(&self, text: &str, limit: usize) -> Done<Vec<String>> {
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for token in words(&self.jieba, text) {
            for field in [self.title, self.text] {
                let term = Term::from_field_text(field, &token.text);
                clauses.push((Occur::Should, Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))));
            }
        }
        self.best(&BooleanQuery::new(clauses), limit)
    }

    fn best(&self, query: &BooleanQuery, limit: usize) -> Done<Vec<String>> {
        let searcher = self.reader.searcher();
        let top = searcher.search(query, &TopDocs::with_limit(limit).order_by_score())?;
        let mut ids = Vec::new();
        for (_, address) in top {
            let doc: TantivyDocument = searcher.doc(address)?;
            ids.extend(doc.get_first(self.id).and_then(|v| v.as_str().map(str::to_owned)));
        }
        Ok(ids)
    }
}

/// Serves an empty answer to every request, for ever.
///
/// # Errors
/// When the address cannot be listened on.
pub fn serve_nothing(address: SocketAddr) -> Done {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let listener = tokio::net::TcpListener::bind(address).await?;
        let nothing = axum::Router::new().fallback(|| async { "" });
        axum::serve(listener, nothing).await?;
        Ok(())
    })
}

/// Rows a second that a bare SQLite file takes with one durable commit for each.
///
/// # Errors
/// When the disk refuses.
pub async fn sqlite_commits(file: &Path, rows: usize, text: &str) -> Done<f64> {
    let mut conn = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .disable_statement_logging()
        .connect()
        .await?;
    sqlx::query("CREATE TABLE rows (id INTEGER PRIMARY KEY, text TEXT NOT NULL)").execute(&mut conn).await?;
    let started = std::time::Instant::now();
    for _ in 0..rows {
        sqlx::query("INSERT INTO rows (text) VALUES ($1)").bind(text).execute(&mut conn).await?;
    }
    let rate = rows as f64 / started.elapsed().as_secs_f64();
    conn.close().await?;
    Ok(rate)
}
