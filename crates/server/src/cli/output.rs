//! What commands print. A reader who has gone is no error.

use std::io::Write as _;

use serde::Serialize;

/// Prints a line.
pub(super) fn line(text: impl std::fmt::Display) {
    let _reader_may_have_gone = writeln!(std::io::stdout(), "{text}");
}

/// Prints a value as one line of JSON.
pub(super) fn json(value: &impl Serialize) {
    match serde_json::to_string(value) {
        Ok(text) => line(text),
        Err(error) => note(format_args!("crosspoint: {error}")),
    }
}

/// Says something beside the result.
pub(super) fn note(text: impl std::fmt::Display) {
    let _reader_may_have_gone = writeln!(std::io::stderr(), "{text}");
}

/// Says why it was not done, in one line.
pub(super) fn error(failure: &crate::exit::Failure) {
    note(format_args!("crosspoint: {}", printable(&failure.to_string())));
}

/// A text from elsewhere must stay one line and must not steer the terminal.
pub(super) fn printable(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

/// Prints a table: columns as wide as their widest cell.
pub(super) fn table<const COLUMNS: usize>(heads: [&str; COLUMNS], rows: &[[String; COLUMNS]]) {
    let heads = heads.map(str::to_owned);
    let width = |column: usize| {
        let cells = rows.iter().chain([&heads]).filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: [usize; COLUMNS] = std::array::from_fn(width);
    for row in [&heads].into_iter().chain(rows) {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        line(cells.collect::<Vec<_>>().join("  ").trim_end());
    }
}
