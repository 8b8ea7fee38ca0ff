//! Chinese text: decode, clean, simplify, fold, segment; numbers, amounts, quantities, dates; pure.
//!
//! Every offset in this crate counts code points (`char`s), never bytes.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod amount;
mod clean;
mod clock;
mod code;
mod comparator;
mod date;
mod decode;
mod dictionary;
mod fold;
mod keys;
mod mapped;
mod number;
mod numbers;
mod numeral;
mod piece;
mod quantity;
mod segment;
mod similar;
mod simplify;
mod stop;
mod token;
mod unit;

pub use amount::{AmountKind, AmountMention, AmountReader};
pub use clean::{clean, strip_pinyin};
pub use clock::{TimeMention, read_times};
pub use code::standard_codes;
pub use comparator::Comparator;
pub use date::{DateMention, Granularity, Lean, read_dates, read_dates_leaning};
pub use decode::{Decoded, decode};
pub use dictionary::dictionary;
pub use fold::fold_char;
pub use keys::{NameKeys, pinyin_keys, push_reading};
pub use mapped::{Cleaned, Folded, Mapped};
pub use number::parse_number;
pub use numbers::{NumberKind, NumberMention, read_numbers};
pub use quantity::{QuantityMention, parse_interval, read_quantities, read_quantities_of_any_unit};
pub use segment::Text;
pub use similar::{edit_distance, similar};
pub use simplify::{simplify, simplify_char};
pub use stop::{is_stop_word, stop_words};
pub use token::{Term, TokenKind, Word};
