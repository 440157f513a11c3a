//! What a server wrote to its standard streams.

use std::io::{BufRead, BufReader, Read};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

/// The lines of one server over all its starts.
#[derive(Clone, Debug, Default)]
pub struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    /// Reads a stream to its end on a thread of its own.
    pub fn follow(&self, stream: impl Read + Send + 'static) -> JoinHandle<()> {
        let lines = self.0.clone();
        std::thread::spawn(move || {
            let mut reader = BufReader::new(stream);
            let mut bytes = Vec::new();
            while matches!(reader.read_until(b'\n', &mut bytes), Ok(count) if count > 0) {
                let line = without_colours(String::from_utf8_lossy(&bytes).trim_end());
                lines.lock().expect("no panic while held").push(line);
                bytes.clear();
            }
        })
    }

    /// All lines so far.
    pub fn lines(&self) -> Vec<String> {
        self.0.lock().expect("no panic while held").clone()
    }

    /// The last lines, for the message of a failure.
    pub fn tail(&self, count: usize) -> String {
        let lines = self.lines();
        lines[lines.len().saturating_sub(count)..].join("\n")
    }

    /// Error lines and panics.
    pub fn errors(&self) -> Vec<String> {
        self.lines().into_iter().filter(|line| is_error(line)).collect()
    }
}

fn is_error(line: &str) -> bool {
    let human = line.split_whitespace().take(3).any(|word| word == "ERROR");
    human || line.contains("\"level\":\"ERROR\"") || line.contains("panicked at")
}

fn without_colours(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(char) = chars.next() {
        match char {
            '\u{1b}' => while chars.next().is_some_and(|it| !it.is_ascii_alphabetic()) {},
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_seen_in_both_forms_and_in_colour() {
        let log = Log::default();
        let text = "2026-01-01T00:00:00Z  INFO a: ERROR is a word\n\
                    \u{1b}[2m2026-01-01T00:00:00Z\u{1b}[0m \u{1b}[31mERROR\u{1b}[0m hub: no\n\
                    {\"level\":\"ERROR\",\"m\":1}\nthread 'main' panicked at src/x.rs:1\n";
        log.follow(text.as_bytes()).join().expect("it was read");
        assert_eq!(log.errors().len(), 3);
        assert_eq!(log.lines()[1], "2026-01-01T00:00:00Z ERROR hub: no");
    }
}
