//! `keqiao eval retrieval`: rankings of documents against what others judged to answer questions.
//!
//! The files have the form of BEIR (Thakur et al. 2021): `corpus.jsonl` with `_id`, `title`, `text`; `queries.jsonl`
//! with `_id`, `text` and perhaps `title`; `qrels.tsv` with query, document and grade.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use clap::{Args, ValueEnum};
use keqiao_catalog::Catalog;
use keqiao_matching::retrieval::{
    CHANNELS, Channel, Fusion, Judged, Library, Measured, Memory, Qrels, Seen, best, learn,
};
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
/// Documents of a question that learned weights may put in another order.
const HIGH: usize = 1_000;

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

const COMPARED: [Channel; 5] =
    [Channel::Words, Channel::Pairs, Channel::Characters, Channel::Meaning, Channel::Feedback];

/// Measures and prints what came out.
pub(crate) fn run(args: &RetrievalArgs, catalog: &Catalog) -> Result<(), CommandError> {
    let Set { ids, texts, questions } = read(args)?;
    let text = Arc::new(Text::for_catalog(catalog));
    let library = Library::of_documents(text.clone(), &texts);
    let mut board = Board::new(&COMPARED, Fusion::default());
    let mut high: Vec<High> = Vec::new();
    for question in &questions {
        let started = Instant::now();
        let seen = library.ask(&question.text);
        let took = started.elapsed();
        let plain = library.ask_plainly(&question.text);
        let grades = grades(question, ids.len());
        board.add(&Outcome { seen: &seen, plain: &plain, grades: &grades, missing: &question.missing, took });
        high.push(High::of(question, &seen));
    }
    let learned = args.learn_folds.map(|folds| Learned::by(&text, &questions, &high, usize::from(folds)));
    if let Some(path) = &args.run {
        let rankings: Vec<Vec<(usize, f32)>> = match &learned {
            Some(learned) => learned.rankings.clone(),
            None => high.iter().map(|h| h.ranked(&Fusion::default())).collect(),
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

/// What was judged.
struct Set {
    /// Of each document.
    ids: Vec<String>,
    texts: Vec<String>,
    /// Those of which some document was judged.
    questions: Vec<Question>,
}

fn read(args: &RetrievalArgs) -> Result<Set, CommandError> {
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
    Ok(Set { ids: corpus.into_iter().map(|r| r.id).collect(), texts, questions })
}

fn grades(question: &Question, documents: usize) -> Vec<u32> {
    let mut grades = vec![0; documents];
    question.answers.iter().for_each(|(document, grade)| grades[*document] = *grade);
    grades
}

/// Of one question the documents that stand high, with what was seen of each.
struct High {
    documents: Vec<usize>,
    seen: Vec<Seen>,
    /// The same of its answers, wherever they stand: weights are learned from them, and they are ranked only where
    /// they stand high.
    answers: Vec<(usize, u32, Seen)>,
}

impl High {
    fn of(question: &Question, seen: &[Seen]) -> Self {
        let found = best(seen, &Fusion::default(), HIGH).into_iter();
        let mut documents: Vec<usize> = found.map(|(document, _)| document).collect();
        documents.sort_unstable();
        let graded = question.answers.iter().filter(|(_, grade)| *grade > 0);
        let answers = graded.map(|(d, grade)| (*d, *grade, seen[*d])).collect();
        Self { seen: documents.iter().map(|d| seen[*d]).collect(), documents, answers }
    }

    /// With what earlier questions tell.
    fn with(&self, recalled: &BTreeMap<usize, f32>) -> Self {
        let mut all: BTreeMap<usize, Seen> = self.documents.iter().copied().zip(self.seen.iter().copied()).collect();
        for (document, sure) in recalled {
            all.entry(*document).or_insert([0.0; CHANNELS])[Channel::Asked as usize] = *sure;
        }
        let answers = self.answers.iter().map(|(document, grade, seen)| {
            let mut seen = *seen;
            seen[Channel::Asked as usize] = recalled.get(document).copied().unwrap_or_default();
            (*document, *grade, seen)
        });
        let answers = answers.collect();
        let (documents, seen) = all.into_iter().unzip();
        Self { documents, seen, answers }
    }

    fn ranked(&self, fusion: &Fusion) -> Vec<(usize, f32)> {
        let ranked = best(&self.seen, fusion, self.seen.len()).into_iter();
        ranked.map(|(place, score)| (self.documents[place], score)).collect()
    }

    /// The answers, and what stands high beside them.
    fn judged(&self, by: &Fusion) -> Judged {
        let answers: HashSet<usize> = self.answers.iter().map(|(document, ..)| *document).collect();
        let ranked = best(&self.seen, by, self.seen.len()).into_iter().map(|(place, _)| place);
        let worse = ranked.filter(|place| !answers.contains(&self.documents[*place])).take(WORSE);
        Judged {
            worse: worse.map(|place| self.seen[place]).collect(),
            better: self.answers.iter().map(|(_, grade, seen)| (*seen, *grade as f32)).collect(),
        }
    }
}

/// Rankings by weights that were learned on other questions.
struct Learned {
    /// Of each part, learned on the others.
    fusions: Vec<Fusion>,
    rankings: Vec<Vec<(usize, f32)>>,
    measured: Measured,
}

impl Learned {
    /// Every so many-th question is of one part. What the others' answers tell is remembered, and weights are learned
    /// from them; nothing of a part's own judgements is used for it.
    fn by(text: &Arc<Text>, questions: &[Question], high: &[High], folds: usize) -> Self {
        let folds = folds.min(questions.len());
        let start = Fusion::default().with(Channel::Asked, 0.5);
        let mut learned =
            Self { fusions: Vec::new(), rankings: vec![Vec::new(); questions.len()], measured: Measured::default() };
        for part in 0..folds {
            let (own, others): (Vec<usize>, Vec<usize>) = (0..questions.len()).partition(|q| q % folds == part);
            let answers = |q: &usize| questions[*q].answers.iter().filter(|(_, g)| *g > 0).map(|(d, _)| *d).collect();
            let memory = Memory::of(text.clone(), others.iter().map(|q| (questions[*q].text.as_str(), answers(q))));
            let judged: Vec<Judged> = (0..)
                .zip(&others)
                .map(|(at, q)| {
                    let recalled = memory.recall(&questions[*q].text, Some(at));
                    high[*q].with(&recalled).judged(&start)
                })
                .collect();
            let fusion = learn(&judged, &start);
            for q in own {
                learned.rankings[q] = high[q].with(&memory.recall(&questions[q].text, None)).ranked(&fusion);
            }
            learned.fusions.push(fusion);
        }
        for (question, ranking) in questions.iter().zip(&learned.rankings) {
            let grades: HashMap<usize, u32> = question.answers.iter().copied().collect();
            let found: Vec<u32> = ranking.iter().map(|(d, _)| grades.get(d).copied().unwrap_or(0)).collect();
            let answers: Vec<u32> = grades.values().chain(&question.missing).copied().collect();
            learned.measured.add(&found, &answers);
        }
        learned
    }
}

fn write_run(
    path: &Path,
    ids: &[String],
    questions: &[Question],
    rankings: &[Vec<(usize, f32)>],
) -> Result<(), CommandError> {
    let mut out = "query-id\tcorpus-id\tscore\n".to_owned();
    for (question, ranking) in questions.iter().zip(rankings) {
        for (document, score) in ranking.iter().take(RUN) {
            out += &format!("{}\t{}\t{score}\n", question.id, ids[*document]);
        }
    }
    std::fs::write(path, out).map_err(|e| CommandError::Usage(format!("{}: {e}", path.display())))
}
