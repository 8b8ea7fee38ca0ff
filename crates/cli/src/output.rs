//! What a command tells: lines on standard output, remarks on standard error.

use std::fmt::Arguments;
use std::io::{ErrorKind, Write};

use keqiao_web::fault_words;
use keqiao_web::locale::Locale;

use crate::commands::CommandError;

/// Writes a line to standard output. A reader that has gone (`keqiao match … | head`) ends the
/// command quietly.
pub(crate) fn line(text: Arguments<'_>) -> Result<(), CommandError> {
    writeln!(std::io::stdout().lock(), "{text}").map_err(unwritten)
}

/// Writes a file to standard output.
pub(crate) fn bytes(file: &[u8]) -> Result<(), CommandError> {
    std::io::stdout().lock().write_all(file).map_err(unwritten)
}

/// Why standard output was not written.
pub(crate) fn unwritten(error: std::io::Error) -> CommandError {
    match error.kind() {
        ErrorKind::BrokenPipe => CommandError::NobodyReads,
        _ => CommandError::Io(error),
    }
}

/// What is wrong, and its mend, for whoever reads the console.
pub(crate) fn in_both_languages(code: &str, detail: &str) -> String {
    [Locale::Zh, Locale::En].map(|locale| fault_words(locale, code, detail)).join(" / ")
}

/// Writes a line to standard error. Where that cannot be written there is nobody to be told.
pub(crate) fn remark(text: Arguments<'_>) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Writes a line to standard output for a server, which goes on whether it is read or not.
pub(crate) fn greeting(text: Arguments<'_>) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}
