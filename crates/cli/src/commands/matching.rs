//! `keqiao match`: in memory from a file, or against a data folder.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::PathBuf;

use clap::ValueEnum;
use keqiao_matching::{Answer, Corpus, Lexicon, RankedMatch, WeightSet, Weights, read_need, sentence};
use keqiao_store::Load;

use super::CommandError;
use crate::house;
use crate::output;
use crate::settings::SettingFlags;

/// How the answer is written.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum OutputFormat {
    /// A table for people.
    Table,
    /// One JSON object.
    Json,
}

/// `keqiao match`
#[derive(Debug, clap::Args)]
pub(crate) struct MatchArgs {
    /// Offers, one JSON object a line; works without a data folder.
    #[arg(long, value_name = "FILE", required_unless_present = "data")]
    offers: Option<PathBuf>,
    /// The need: a text, or one JSON line; `-` reads standard input.
    #[arg(long, value_name = "FILE")]
    need: PathBuf,
    /// A data folder to match against instead of a file.
    #[arg(long, value_name = "DIR", conflicts_with = "offers")]
    data: Option<PathBuf>,
    /// How many matches at most.
    #[arg(long, default_value_t = 10)]
    top: usize,
    /// How the answer is written.
    #[arg(long, value_enum, default_value = "table")]
    format: OutputFormat,
}

pub(crate) fn run(args: MatchArgs) -> Result<(), CommandError> {
    let text = read_text(&args.need)?;
    let (_, _, lexicon) = house::words(args.data.as_deref())?;
    let answer = match (&args.offers, &args.data) {
        (Some(path), _) => {
            let file =
                File::open(path).map_err(|e| CommandError::Folder { path: path.clone(), reason: e.to_string() })?;
            let (corpus, faults) = Corpus::read(BufReader::new(file), &lexicon);
            for fault in faults {
                output::remark(format_args!("{}:{}: {}", path.display(), fault.line, fault.reason));
            }
            let need = read_need(&text, &lexicon);
            let ranked = corpus.rank(&need, args.top, &lexicon, &Weights::default());
            Answer::new(&need, ranked, &lexicon)
        }
        (None, Some(data)) => super::block_on(against_store(data.clone(), &text, args.top, &lexicon))?,
        (None, None) => return Err(CommandError::Usage("name --offers FILE or --data DIR".into())),
    };
    match args.format {
        OutputFormat::Json => {
            output::line(format_args!("{}", serde_json::to_string(&answer).map_err(std::io::Error::other)?))?
        }
        OutputFormat::Table => print_table(&answer, &lexicon)?,
    }
    Ok(())
}

fn read_text(path: &std::path::Path) -> Result<String, CommandError> {
    let fault = |e: std::io::Error| CommandError::Folder { path: path.to_owned(), reason: e.to_string() };
    let mut bytes = Vec::new();
    if path.as_os_str() == "-" {
        std::io::stdin().read_to_end(&mut bytes).map_err(fault)?;
    } else {
        bytes = std::fs::read(path).map_err(fault)?;
    }
    let text = keqiao_text::decode(&bytes, None).text;
    if text.trim().is_empty() {
        return Err(CommandError::Usage(format!("{}: the need is empty", path.display())));
    }
    Ok(text)
}

async fn against_store(data: PathBuf, text: &str, top: usize, lexicon: &Lexicon) -> Result<Answer, CommandError> {
    let flags = SettingFlags { data, ..SettingFlags::default() };
    let settings = house::settings(&flags)?;
    let (catalog, tools, _) = house::words(Some(&flags.data))?;
    let store = house::store(&flags, &settings, Load::Bulk).await?;
    let index = house::open_index(&store, &flags.data, &settings, &catalog, &tools).await?;
    let tokens = Some(vec![keqiao_domain::Audience::Public.to_string()]);
    let reader = keqiao_search::Reader { tokens, member: true };
    let need = read_need(text, lexicon);
    let weights = WeightSet::default();
    let matcher = keqiao_search::Matcher { index: &index, lexicon, reader: &reader, weights: &weights };
    let found = keqiao_search::offers_for(&matcher, need.clone(), None, top)?;
    let ranked = found.into_iter().zip(1..).map(|(f, rank)| RankedMatch {
        rank,
        id: f.id.to_string(),
        title: f.card.title,
        party: f.card.party_name,
        score: f.matched.score,
        blocked: f.matched.blocked,
        reasons: f.matched.reasons,
    });
    Ok(Answer::new(&need, ranked.collect(), lexicon))
}

fn print_table(answer: &Answer, lexicon: &Lexicon) -> Result<(), CommandError> {
    for requirement in &answer.need.requirements {
        let stated = &requirement.requirement;
        output::line(format_args!("要求 {} {}", stated.property, stated.required))?;
    }
    if answer.matches.is_empty() {
        output::line(format_args!("没有找到匹配 / no match"))?;
    }
    for found in &answer.matches {
        let mark = if found.blocked { "✗" } else { " " };
        output::line(format_args!("{:>3} {mark} {:5.1}  {}  {}", found.rank, found.score, found.title, found.id))?;
        for reason in &found.reasons {
            output::line(format_args!("          {}", sentence(reason, lexicon.catalog(), "zh")))?;
        }
    }
    Ok(())
}
