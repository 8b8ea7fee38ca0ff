//! `keqiao eval experts`: whether a text finds the people who could have written it.
//!
//! The folder holds `papers.jsonl` (`id`, `title`, `abstract`, `keywords`), `experts.jsonl` (`expert_id`, `papers`)
//! and `queries.jsonl` (`query_title`, `query_abstract`, `gold_experts`), no query's paper among the papers.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use clap::Args;
use keqiao_catalog::Catalog;
use keqiao_matching::retrieval::{Channel, Fusion, Library};
use keqiao_text::Text;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Format;
use super::figures::{Board, Outcome, table};
use super::lines::json_lines;
use crate::commands::CommandError;
use crate::output;

/// Where the papers, experts and queries lie.
#[derive(Debug, Args)]
pub(crate) struct ExpertsArgs {
    /// The folder.
    #[arg(value_name = "DIR")]
    data: PathBuf,
    #[arg(long, value_enum, default_value_t = Format::Table)]
    format: Format,
}

#[derive(Deserialize)]
struct Paper {
    id: String,
    #[serde(default)]
    title: String,
    #[serde(default, rename = "abstract")]
    summary: String,
    #[serde(default)]
    keywords: Vec<String>,
}

#[derive(Deserialize)]
struct Expert {
    expert_id: String,
    papers: Vec<String>,
}

#[derive(Deserialize)]
struct Question {
    #[serde(default)]
    query_title: String,
    #[serde(default)]
    query_abstract: String,
    gold_experts: Vec<String>,
}

const COMPARED: [Channel; 6] =
    [Channel::Words, Channel::Pairs, Channel::Characters, Channel::Meaning, Channel::Feedback, Channel::Votes];

/// Measures titles and abstracts and prints what came out.
pub(crate) fn run(args: &ExpertsArgs, catalog: &Catalog) -> Result<(), CommandError> {
    let papers: Vec<Paper> = json_lines(&args.data.join("papers.jsonl"))?;
    let experts: Vec<Expert> = json_lines(&args.data.join("experts.jsonl"))?;
    let questions: Vec<Question> = json_lines(&args.data.join("queries.jsonl"))?;
    let place: HashMap<&str, usize> = papers.iter().zip(0..).map(|(p, at)| (p.id.as_str(), at)).collect();
    let written = |e: &Expert| e.papers.iter().filter_map(|p| place.get(p.as_str()).copied()).collect();
    let texts: Vec<String> =
        papers.iter().map(|p| format!("{}\n{}\n{}", p.title, p.keywords.join(" "), p.summary)).collect();
    let authors: Vec<Vec<usize>> = experts.iter().map(written).collect();
    let library = Library::of_authors(Arc::new(Text::for_catalog(catalog)), &texts, authors);
    let titles = measure(&library, &experts, &questions, |q| &q.query_title);
    let abstracts = measure(&library, &experts, &questions, |q| &q.query_abstract);
    match args.format {
        Format::Json => {
            let part = |board: &Board| -> Value {
                let mut map = board.as_json();
                map.extend(json!(board.ours()).as_object().cloned().unwrap_or_default());
                map.into()
            };
            let found = json!({
                "experts": experts.len(), "papers": papers.len(),
                "title": part(&titles), "abstract": part(&abstracts),
            });
            output::line(format_args!("{found:#}"))
        }
        Format::Table => {
            output::line(format_args!("{} experts, {} papers, {}", experts.len(), papers.len(), Fusion::default()))?;
            for (name, board) in [("titles", titles), ("abstracts", abstracts)] {
                let (p50, p99) = board.latency_ms();
                output::line(format_args!("\n{name} (p50 {p50:.1} ms, p99 {p99:.1} ms)\n{}", table(&board.rows())))?;
            }
            Ok(())
        }
    }
}

fn measure(library: &Library, experts: &[Expert], questions: &[Question], text: impl Fn(&Question) -> &str) -> Board {
    let mut board = Board::new(&COMPARED, Fusion::default());
    for question in questions.iter().filter(|q| !text(q).trim().is_empty()) {
        let started = Instant::now();
        let seen = library.ask(text(question));
        let took = started.elapsed();
        let plain = library.ask_plainly(text(question));
        let grades: Vec<u32> =
            experts.iter().map(|e| u32::from(question.gold_experts.contains(&e.expert_id))).collect();
        let unknown = question.gold_experts.iter().filter(|id| !experts.iter().any(|e| e.expert_id == **id)).count();
        let missing = vec![1; unknown];
        board.add(&Outcome { seen: &seen, plain: &plain, grades: &grades, missing: &missing, took });
    }
    board
}
