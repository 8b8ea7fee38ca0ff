//! `keqiao eval retrieval`: rankings of documents against what others judged to answer questions.
//!
//! The files have the form of BEIR (Thakur et al. 2021): `corpus.jsonl` with `_id`, `title`, `text`; `queries.jsonl`
//! with `_id`, `text` and perhaps `title`; `qrels.tsv` with query, document and grade.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use clap::{Args, ValueEnum};
use keqiao_catalog::Catalog;
use keqiao_matching::retrieval::{Channel, Fusion, Judged, Library, Measured, Memory, Qrels, Seen, best, learn};
use keqiao_text::Text;
use serde::Deserialize;
use serde_json::json;

use super::Format;
use super::figures::{Board, Outcome, Row, table, weights};
use super::lines::{json_lines, qrels};
use crate::commands::CommandError;
use crate::output;

/// Documents of a run for each question.
const RUN: usize = 100;
/// Documents that stand high and answer nothing, from which weights are learned.
const WORSE: usize = 30;

/// What is measured, and how.
#[derive(Debug, Args)]
pub(crate) struct RetrievalArgs {
    /// Documents: JSON lines with _id, title and text.
    #[arg(long, value_name = "F")]
    corpus: PathBuf,
    /// Questions: JSON lines with _id, text and perhaps title.
    #[arg(long, value_name = "F")]
    queries: PathBuf,
    /// Judgements: query-id, corpus-id and score, parted by tabs.
    #[arg(long, value_name = "F")]
    qrels: PathBuf,
    /// Among which documents the questions look.
    #[arg(long, value_enum, default_value_t = Pool::Full)]
    pool: Pool,
    /// Learn weights on the other parts of the questions, for each of so many parts.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(2..=1000))]
    learn_folds: Option<u16>,
    /// Write the rankings here: query-id, corpus-id, score.
    #[arg(long, value_name = "OUT.tsv")]
    run: Option<PathBuf>,
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Pool {
    /// Those that were judged for any question.
    Judged,
    /// All.
    Full,
}

#[derive(Deserialize)]
struct Record {
    #[serde(rename = "_id")]
    id: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    text: String,
}

impl Record {
    fn whole(&self) -> String {
        format!("{}\n{}", self.title, self.text).trim().to_owned()
    }
}

/// A question with the numbers of its answers among the documents.
struct Question {
    id: String,
    text: String,
    /// Document and grade, by document.
    answers: Vec<(usize, u32)>,
    /// Grades of answers that are not among the documents.
    missing: Vec<u32>,
}

const CHANNELS: [Channel; 4] = [Channel::Words, Channel::Pairs, Channel::Characters, Channel::Meaning];

/// Measures and prints what came out.
pub(crate) fn run(args: &RetrievalArgs, catalog: &Catalog) -> Result<(), CommandError> {
    let (ids, texts, questions) = read(args)?;
    let text = Arc::new(Text::for_catalog(catalog));
    let library = Library::of_documents(text.clone(), &texts);
    let mut board = Board::new(&CHANNELS, Fusion::default());
    let mut asked: Vec<Vec<Seen>> = Vec::new();
    for question in &questions {
        let started = Instant::now();
        let seen = library.ask(&question.text);
        let took = started.elapsed();
        let plain = library.ask_plainly(&question.text);
        let grades = grades(question, ids.len());
        board.add(&Outcome { seen: &seen, plain: &plain, grades: &grades, missing: &question.missing, took });
        asked.push(seen);
    }
    let learned = args.learn_folds.map(|folds| Learned::by(&text, &questions, asked.clone(), usize::from(folds)));
    if let Some(path) = &args.run {
        let rankings: Vec<(Fusion, &[Seen])> = match &learned {
            Some(learned) => learned.rankings().collect(),
            None => asked.iter().map(|seen| (Fusion::default(), seen.as_slice())).collect(),
        };
        write_run(path, &ids, &questions, &rankings)?;
    }
    match args.format {
        Format::Json => {
            let top = learned.as_ref().map_or(board.ours(), |l| l.measured.figures());
            let mut map = json!(top).as_object().cloned().unwrap_or_default();
            map.extend(board.as_json());
            map.insert("documents".to_owned(), json!(ids.len()));
            if let Some(learned) = &learned {
                map.insert("default".to_owned(), json!(board.ours()));
                map.insert("learned".to_owned(), learned.fusions.iter().map(weights).collect());
            }
            output::line(format_args!("{:#}", serde_json::Value::from(map)))
        }
        Format::Table => {
            let (p50, p99) = board.latency_ms();
            output::line(format_args!(
                "{} questions, {} documents, p50 {p50:.1} ms, p99 {p99:.1} ms",
                questions.len(),
                ids.len()
            ))?;
            output::line(format_args!("default weights: {}\n", Fusion::default()))?;
            let mut rows = board.rows();
            if let Some(learned) = &learned {
                let name = format!("learned, {} parts", learned.fusions.len());
                rows.insert(0, Row { name, measured: learned.measured.clone() });
            }
            output::line(format_args!("{}", table(&rows)))?;
            for (part, fusion) in learned.iter().flat_map(|l| &l.fusions).enumerate() {
                output::line(format_args!("learned for part {}: {fusion}", part + 1))?;
            }
            Ok(())
        }
    }
}

/// Ids and texts of the documents, and the questions that were judged.
fn read(args: &RetrievalArgs) -> Result<(Vec<String>, Vec<String>, Vec<Question>), CommandError> {
    let qrels: Qrels = qrels(&args.qrels)?;
    let mut corpus: Vec<Record> = json_lines(&args.corpus)?;
    if args.pool == Pool::Judged {
        let judged: HashSet<&String> = qrels.values().flat_map(HashMap::keys).collect();
        corpus.retain(|record| judged.contains(&record.id));
    }
    let mut place: HashMap<&str, usize> = HashMap::new();
    for (record, at) in corpus.iter().zip(0..) {
        if place.insert(record.id.as_str(), at).is_some() {
            return Err(CommandError::Usage(format!("{}: {:?} stands twice", args.corpus.display(), record.id)));
        }
    }
    let queries: Vec<Record> = json_lines(&args.queries)?;
    let judged = queries.iter().filter_map(|record| {
        let graded = qrels.get(&record.id)?;
        let mut answers: Vec<(usize, u32)> =
            graded.iter().filter_map(|(id, grade)| Some((*place.get(id.as_str())?, *grade))).collect();
        answers.sort_unstable();
        let missing = graded.iter().filter(|(id, _)| !place.contains_key(id.as_str())).map(|(_, g)| *g).collect();
        Some(Question { id: record.id.clone(), text: record.whole(), answers, missing })
    });
    let questions: Vec<Question> = judged.collect();
    if questions.is_empty() {
        return Err(CommandError::Usage(format!("{}: no question was judged", args.queries.display())));
    }
    let texts = corpus.iter().map(Record::whole).collect();
    Ok((corpus.into_iter().map(|r| r.id).collect(), texts, questions))
}

fn grades(question: &Question, documents: usize) -> Vec<u32> {
    let mut grades = vec![0; documents];
    question.answers.iter().for_each(|(document, grade)| grades[*document] = *grade);
    grades
}

/// Rankings by weights that were learned on other questions.
struct Learned {
    /// Of each part, learned on the others.
    fusions: Vec<Fusion>,
    /// Of each question what was seen, and its part.
    seen: Vec<(Vec<Seen>, usize)>,
    measured: Measured,
}

impl Learned {
    /// Every so many-th question is of one part. What the others' answers tell is remembered, and weights are learned
    /// from them; nothing of a part's own judgements is used for it.
    fn by(text: &Arc<Text>, questions: &[Question], asked: Vec<Vec<Seen>>, folds: usize) -> Self {
        let folds = folds.min(questions.len());
        let mut learned = Self { fusions: Vec::new(), seen: Vec::new(), measured: Measured::default() };
        let mut asked: Vec<Option<Vec<Seen>>> = asked.into_iter().map(Some).collect();
        let mut own: Vec<(usize, Vec<Seen>, usize)> = Vec::new();
        for part in 0..folds {
            let others: Vec<usize> = (0..questions.len()).filter(|q| q % folds != part).collect();
            let answers = |q: &usize| questions[*q].answers.iter().filter(|(_, g)| *g > 0).map(|(d, _)| *d).collect();
            let memory = Memory::of(text.clone(), others.iter().map(|q| (questions[*q].text.as_str(), answers(q))));
            let judged: Vec<Judged> = others
                .iter()
                .enumerate()
                .filter_map(|(at, q)| {
                    let mut seen = asked[*q].clone().or_else(|| own.iter().find(|o| o.0 == *q).map(|o| o.1.clone()))?;
                    clear(&mut seen);
                    memory.recall(&questions[*q].text, Some(at), &mut seen);
                    Some(judge(&questions[*q], &seen))
                })
                .collect();
            learned.fusions.push(learn(&judged, &Fusion::default().with(Channel::Asked, 0.5)));
            for q in (part..questions.len()).step_by(folds) {
                let mut seen = asked[q].take().unwrap_or_default();
                memory.recall(&questions[q].text, None, &mut seen);
                own.push((q, seen, part));
            }
        }
        own.sort_unstable_by_key(|(q, _, _)| *q);
        for (q, seen, part) in own {
            let answers: Vec<u32> = grades(&questions[q], seen.len());
            let found: Vec<u32> =
                best(&seen, &learned.fusions[part], seen.len()).iter().map(|(d, _)| answers[*d]).collect();
            learned.measured.add(&found, &[answers, questions[q].missing.clone()].concat());
            learned.seen.push((seen, part));
        }
        learned
    }

    fn rankings(&self) -> impl Iterator<Item = (Fusion, &[Seen])> {
        self.seen.iter().map(|(seen, part)| (self.fusions[*part], seen.as_slice()))
    }
}

/// Forgets what earlier questions told.
fn clear(seen: &mut [Seen]) {
    seen.iter_mut().for_each(|row| row[Channel::Asked as usize] = 0.0);
}

/// The answers of a question, and what stands high beside them.
fn judge(question: &Question, seen: &[Seen]) -> Judged {
    let answers: HashMap<usize, u32> = question.answers.iter().copied().filter(|(_, grade)| *grade > 0).collect();
    let high = best(seen, &Fusion::default().with(Channel::Asked, 0.5), WORSE + answers.len());
    let worse = high.iter().filter(|(d, _)| !answers.contains_key(d)).take(WORSE).map(|(d, _)| seen[*d]).collect();
    let graded = question.answers.iter().filter(|(_, grade)| *grade > 0);
    Judged { better: graded.map(|(d, grade)| (seen[*d], *grade as f32)).collect(), worse }
}

fn write_run(
    path: &PathBuf,
    ids: &[String],
    questions: &[Question],
    rankings: &[(Fusion, &[Seen])],
) -> Result<(), CommandError> {
    let mut out = "query-id\tcorpus-id\tscore\n".to_owned();
    for (question, (fusion, seen)) in questions.iter().zip(rankings) {
        for (document, score) in best(seen, fusion, RUN) {
            out += &format!("{}\t{}\t{score}\n", question.id, ids[document]);
        }
    }
    std::fs::write(path, out).map_err(|e| CommandError::Usage(format!("{}: {e}", path.display())))
}
