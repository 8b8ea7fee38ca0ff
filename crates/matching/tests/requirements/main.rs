//! What texts require, read with the built-in catalog.
#![allow(clippy::unwrap_used)]

use std::sync::{Arc, LazyLock};

use keqiao_matching::Lexicon;
use keqiao_text::Text;

mod hostile;
mod phrases;
mod verdicts;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let catalog = Arc::new(keqiao_catalog::builtin().unwrap());
    let text = Arc::new(Text::for_catalog(&catalog));
    Lexicon::new(catalog, text)
});
