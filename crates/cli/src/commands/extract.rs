//! `keqiao extract`: articles with names and facts from files, without a data folder.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use keqiao_extract::{Argument, Article, Reader, Reading, explain};

use super::CommandError;
use super::paths::{files_of, name_of, read};
use crate::output::{self, unwritten};

/// Why a file is refused that holds no text.
const NO_TEXT: &str = "不是文本，或编码无法识别 / this is no text in an encoding that is known";

/// How the articles are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum OutputFormat {
    /// One JSON object a line, one for each article.
    Json,
    /// A table for people.
    Table,
}

/// `keqiao extract`
#[derive(Debug, clap::Args)]
pub(crate) struct ExtractArgs {
    /// Files or folders; `-` reads standard input.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How the articles are written.
    #[arg(long, value_enum, default_value = "table")]
    format: OutputFormat,
    /// Write an HTML page instead, with every character coloured by what it was taken for.
    #[arg(long)]
    explain: bool,
}

pub(crate) fn run(args: ExtractArgs) -> Result<(), CommandError> {
    let catalog = keqiao_catalog::builtin().map_err(|faults| CommandError::Catalog(faults.to_string()))?;
    let reader = Reader::new(&catalog);
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let (mut files, mut broken) = (0, 0);
    if args.explain {
        out.write_all(explain::HEAD.as_bytes()).map_err(unwritten)?;
    }
    for path in files_of(&args.paths, &mut broken) {
        files += 1;
        let reading = match reading_of(&reader, &path) {
            Ok(reading) => reading,
            Err(reason) => {
                output::remark(format_args!("{}: {reason}", path.display()));
                broken += 1;
                continue;
            }
        };
        if reading.replaced > 0 {
            let (path, count, encoding) = (path.display(), reading.replaced, &reading.encoding);
            output::remark(format_args!("{path}: {count} characters could not be decoded as {encoding}"));
        }
        if reading.articles.is_empty() && !args.explain {
            output::remark(format_args!("{}: holds no story", path.display()));
        }
        write(&mut out, &reading, &name_of(&path), &args).map_err(unwritten)?;
    }
    if args.explain {
        out.write_all(explain::FOOT.as_bytes()).map_err(unwritten)?;
    }
    out.flush().map_err(unwritten)?;
    match broken {
        0 => Ok(()),
        _ => Err(CommandError::Unread { broken, files: files.max(broken) }),
    }
}

/// What a file holds, or why it is not read.
fn reading_of(reader: &Reader, path: &Path) -> Result<Reading, String> {
    let bytes = read(path).map_err(|error| error.to_string())?;
    let reading = reader.read(&name_of(path), &bytes, None);
    if reading.is_text() { Ok(reading) } else { Err(NO_TEXT.to_owned()) }
}

fn write(out: &mut impl Write, reading: &Reading, name: &str, args: &ExtractArgs) -> std::io::Result<()> {
    if args.explain {
        out.write_all(explain::section(name, reading).as_bytes())?;
        return Ok(());
    }
    for article in &reading.articles {
        match args.format {
            OutputFormat::Json => {
                serde_json::to_writer(&mut *out, article).map_err(std::io::Error::from)?;
                out.write_all(b"\n")?;
            }
            OutputFormat::Table => table(out, article)?,
        }
    }
    Ok(())
}

fn table(out: &mut impl Write, article: &Article) -> std::io::Result<()> {
    let unknown = || "—".to_owned();
    writeln!(out, "{}", if article.title.is_empty() { &article.source } else { &article.title })?;
    let published = article.published.clone().unwrap_or_else(unknown);
    let place = article.place.clone().unwrap_or_else(unknown);
    writeln!(out, "  {}  {published}  {place}  {}", article.source, article.authors.join("、"))?;
    for fact in &article.facts {
        let name = |value: &str| {
            let entity = article.entities.iter().find(|e| e.id == value);
            entity.map_or_else(|| value.to_owned(), |e| e.name.clone())
        };
        let mut shown = Vec::new();
        for (key, argument) in &fact.args {
            let value = match argument {
                Argument::One(one) => name(one),
                Argument::Many(many) => many.iter().map(|m| name(m)).collect::<Vec<_>>().join("、"),
                Argument::Count(n) => n.to_string(),
            };
            shown.push(format!("{key}={value}"));
        }
        let date = fact.date.clone().unwrap_or_default();
        writeln!(out, "  {:<14} {date:<10} {:.2}  {}", fact.kind, fact.confidence, shown.join("  "))?;
    }
    writeln!(out)
}
