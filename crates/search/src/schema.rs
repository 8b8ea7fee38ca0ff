//! The fields of the index.

use tantivy::schema::{FAST, Field, IndexRecordOption, NumericOptions, STORED, Schema, TextFieldIndexing, TextOptions};

/// Counts changes of schema, analysis and stored records; an index of another
/// number is rebuilt.
pub(crate) const SCHEMA_VERSION: u32 = 4;
/// Name under which the analyzer of folded text is registered.
pub(crate) const ANALYZER: &str = "keqiao";
const RAW: &str = "raw";

/// Handles of the fields.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    /// Hyphenated record id, by which documents are replaced.
    pub(crate) key: Field,
    /// Title, names and keywords.
    pub(crate) title: Field,
    /// Every public word, the title's among them.
    pub(crate) text: Field,
    /// Words that members alone may read.
    pub(crate) member: Field,
    /// Pinyin of party names: whole and initials, from every word of the name on.
    pub(crate) pinyin: Field,
    /// `pinyin word` of title words, for words of the same sound.
    pub(crate) sound: Field,
    /// The card.
    pub(crate) card: Field,
    /// The match view; of a party its text alone.
    pub(crate) view: Field,
    pub(crate) id_high: Field,
    pub(crate) id_low: Field,
    pub(crate) party_high: Field,
    pub(crate) party_low: Field,
    pub(crate) time: Field,
    pub(crate) version: Field,
    pub(crate) price: Field,
    /// Where its passage stands.
    pub(crate) passage: Field,
    /// The digest of its passage.
    pub(crate) digest: Field,
    pub(crate) flags: Field,
    pub(crate) kind: Field,
    pub(crate) region: Field,
    pub(crate) industry: Field,
    pub(crate) chain: Field,
    pub(crate) audience: Field,
}

/// Builds the schema.
pub(crate) fn schema() -> (Schema, Fields) {
    let mut b = Schema::builder();
    let words = |option| {
        TextOptions::default()
            .set_indexing_options(TextFieldIndexing::default().set_tokenizer(ANALYZER).set_index_option(option))
    };
    let exact = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer(RAW)
            .set_fieldnorms(false)
            .set_index_option(IndexRecordOption::Basic),
    );
    let code = TextOptions::default().set_fast(RAW);
    let number = || NumericOptions::default() | FAST;
    // JSON as a text: of a field of bytes each byte is read by itself.
    let stored = TextOptions::default() | STORED;
    let fields = Fields {
        key: b.add_text_field("key", exact.clone()),
        title: b.add_text_field("title", words(IndexRecordOption::WithFreqs)),
        text: b.add_text_field("text", words(IndexRecordOption::WithFreqs)),
        member: b.add_text_field("member", words(IndexRecordOption::WithFreqs)),
        pinyin: b.add_text_field("pinyin", exact.clone()),
        sound: b.add_text_field("sound", exact),
        card: b.add_text_field("card", stored.clone()),
        view: b.add_text_field("view", stored),
        id_high: b.add_u64_field("id_high", number()),
        id_low: b.add_u64_field("id_low", number()),
        party_high: b.add_u64_field("party_high", number()),
        party_low: b.add_u64_field("party_low", number()),
        time: b.add_i64_field("time", number()),
        version: b.add_i64_field("version", number()),
        price: b.add_f64_field("price", number()),
        passage: b.add_u64_field("passage", number()),
        digest: b.add_u64_field("digest", number()),
        flags: b.add_u64_field("flags", number()),
        kind: b.add_text_field("kind", code.clone()),
        region: b.add_text_field("region", code.clone()),
        industry: b.add_text_field("industry", code.clone()),
        chain: b.add_text_field("chain", code.clone()),
        audience: b.add_text_field("audience", code),
    };
    (b.build(), fields)
}
