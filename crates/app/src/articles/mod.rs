//! Articles: bringing files in, reading them again, showing and withdrawing them.

mod again;
mod ingest;
mod pack;
mod portion;
mod read;
mod shown;
mod text;
mod view;
mod withdraw;

pub use again::read_again;
pub use ingest::{IncomingFile, IngestOptions, Ingested, ingest_files};
pub use pack::{BrokenEntry, Unpacked, unpack};
pub use portion::{Portion, PortionWanted};
pub use read::{ArticleReader, READER_VERSION};
pub use text::{TextRange, article_text};
pub use view::{
    Apart, ArticleList, ArticleView, FileView, Passage, articles_of_file, heads_of_files, list_articles, view_article,
    view_file,
};
pub use withdraw::set_withdrawn;

pub use keqiao_store::articles::{ArticleFilter, ArticleHead};
