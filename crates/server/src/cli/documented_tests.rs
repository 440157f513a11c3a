//! The command lines of the documents are command lines of the program.

use std::path::{Path, PathBuf};

use clap::CommandFactory as _;
use clap::error::ErrorKind;

use super::Cli;

/// The words of a line as a shell splits them, up to a comment. Enough for what the documents use.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote, mut begun) = (Vec::new(), String::new(), None, false);
    for character in line.chars() {
        match (quote, character) {
            (Some(open), _) if open == character => quote = None,
            (None, '\'' | '"') => (quote, begun) = (Some(character), true),
            (None, '#') if !begun => break,
            (None, _) if character.is_whitespace() => {
                if std::mem::take(&mut begun) {
                    words.push(std::mem::take(&mut word));
                }
            }
            _ => {
                begun = true;
                word.push(character);
            }
        }
    }
    if begun {
        words.push(word);
    }
    words
}

/// README and every page below `docs`.
fn pages() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut pages = vec![root.join("README.md")];
    for folder in ["docs", "docs/decisions"] {
        let entries = std::fs::read_dir(root.join(folder)).expect("a folder of pages");
        let paths = entries.map(|entry| entry.expect("an entry").path());
        pages.extend(paths.filter(|path| path.extension().is_some_and(|extension| extension == "md")));
    }
    pages
}

/// The command lines of a page: lines of their own in blocks, and what stands between backticks.
fn command_lines(page: &str) -> (Vec<String>, Vec<String>) {
    let (mut own, mut mentioned, mut in_block) = (Vec::new(), Vec::new(), false);
    for line in page.lines() {
        if line.starts_with("```") {
            in_block = !in_block;
        } else if in_block {
            own.extend(
                line.find("crosspoint ")
                    .filter(|at| starts_command(&line[..*at]))
                    .map(|at| line[at..].to_owned()),
            );
        } else {
            let quoted = line.split('`').skip(1).step_by(2);
            mentioned.extend(quoted.filter(|text| text.starts_with("crosspoint ")).map(str::to_owned));
        }
    }
    (own, mentioned)
}

/// Whether what stands in front lets a command begin.
fn starts_command(before: &str) -> bool {
    before.is_empty() || before.ends_with("or: ") || before.ends_with("; ")
}

fn fault(line: &str) -> Option<ErrorKind> {
    let parsed = Cli::command().try_get_matches_from(words(line));
    parsed.err().map(|error| error.kind())
}

#[test]
fn every_command_line_of_the_documents_is_understood() {
    let (mut count, mut wrong) = (0, Vec::new());
    for path in pages() {
        let page = std::fs::read_to_string(&path).expect("a page");
        let (own, mentioned) = command_lines(&page);
        count += own.len() + mentioned.len();
        let helps = [ErrorKind::DisplayHelp, ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand];
        let is_wrong = |line: &String| fault(line).is_some_and(|kind| !helps.contains(&kind));
        wrong.extend(own.into_iter().filter(is_wrong));
        // A command may be named without what it needs.
        let is_unknown =
            |line: &String| is_wrong(line) && fault(line) != Some(ErrorKind::MissingRequiredArgument);
        wrong.extend(mentioned.into_iter().filter(is_unknown));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(count > 25, "only {count} were found");
}

#[test]
fn a_wrong_command_line_is_found() {
    assert_eq!(fault("crosspoint keys create --name 'for the CRM' # another"), None);
    assert_eq!(fault("crosspoint keys create NAME"), Some(ErrorKind::UnknownArgument));
    assert_eq!(fault("crosspoint keyz"), Some(ErrorKind::InvalidSubcommand));
    let (own, mentioned) =
        command_lines("a `crosspoint demo` b\n```sh\nmake run # or: crosspoint demo\ncrosspoint sim\n```\n");
    assert_eq!((own.len(), mentioned.len()), (2, 1));
}
