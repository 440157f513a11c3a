//! No statement reads the whole of a table that grows. Every SQL text of `src/rows` is found in the source
//! and explained on an empty store, whose plans are those of a large one: the program keeps no statistics.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crosspoint_store::{Options, Store};
use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// Tables that do not grow with customers and what they say: of the operator, or a few rows for an app.
const SMALL: &[&str] = &[
    "accounts",
    "apps",
    "carrier_accounts",
    "endpoints",
    "integrations",
    "oauth_clients",
    // A code lives for minutes.
    "oauth_codes",
    "provisionings",
    "settings",
    "subscriptions",
    "switchboard_integrations",
    "switchboards",
    "token_keys",
];

/// Scans that may be, by file and function: why.
const ALLOWED: &[(&str, &str)] = &[
    ("channels/external_messages.rs::age", "the first rows of the table, the oldest"),
    ("channels/external_messages.rs::forget", "the first rows of the table, the oldest"),
    ("channels/inbound_seen.rs::age", "the first rows of the table, the oldest"),
    ("channels/inbound_seen.rs::forget", "the first rows of the table, the oldest"),
    ("channels/sends.rs::age_offers", "the first rows of the table, the oldest"),
    ("channels/sends.rs::forget_offers", "the first rows of the table, the oldest"),
    ("channels/withdrawals.rs::next_at", "the first row of an index"),
    ("deliveries.rs::all_parked", "all lanes that wait, once at the start"),
    ("deliveries.rs::counts", "for the metrics: what waits and what is dead is counted when somebody asks"),
];

/// A statement in the source.
struct Statement {
    /// File and function.
    place: String,
    sql: String,
}

/// The macros of a file that make texts: the name of their argument, if they have one, and what they stand
/// for.
type Macros = HashMap<String, (Option<String>, Vec<TokenTree>)>;

fn rows() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rows")
}

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        match entry.is_dir() {
            true => files_below(&entry, found),
            false => found.push(entry),
        }
    }
}

fn tokens(stream: TokenStream) -> Vec<TokenTree> {
    stream.into_iter().collect()
}

fn is_word(token: Option<&TokenTree>, word: &str) -> bool {
    matches!(token, Some(TokenTree::Ident(ident)) if ident == word)
}

fn is_sign(token: Option<&TokenTree>, sign: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == sign)
}

fn group(token: Option<&TokenTree>) -> Option<Vec<TokenTree>> {
    match token {
        Some(TokenTree::Group(group)) => Some(tokens(group.stream())),
        _ => None,
    }
}

/// The `macro_rules!` of a file, of one arm each.
fn macros(file: &[TokenTree]) -> Macros {
    let mut found = Macros::new();
    for at in 0..file.len() {
        if is_word(file.get(at), "macro_rules") && is_sign(file.get(at + 1), '!') {
            let name = file[at + 2].to_string();
            let arm = group(file.get(at + 3)).unwrap();
            let argument = group(arm.first()).unwrap().get(1).map(ToString::to_string);
            let body = arm.iter().rev().find_map(|token| group(Some(token))).unwrap();
            found.insert(name, (argument, body));
        }
    }
    found
}

/// The text that begins at a token, and how many tokens it takes.
fn text(
    at: &[TokenTree],
    macros: &Macros,
    argument: Option<(&str, &[TokenTree])>,
) -> Option<(String, usize)> {
    match at.first()? {
        TokenTree::Literal(literal) => match syn::Lit::new(literal.clone()) {
            syn::Lit::Str(text) => Some((text.value(), 1)),
            _ => None,
        },
        TokenTree::Punct(punct) if punct.as_char() == '$' => {
            let (name, given) = argument?;
            is_word(at.get(1), name).then(|| text(given, macros, None)).flatten().map(|(text, _)| (text, 2))
        }
        TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
            text(&tokens(group.stream()), macros, argument).map(|(text, _)| (text, 1))
        }
        TokenTree::Ident(name) if is_sign(at.get(1), '!') => {
            let given = group(at.get(2))?;
            if name == "concat" {
                let mut whole = String::new();
                let mut rest = &given[..];
                while !rest.is_empty() {
                    let (part, length) = text(rest, macros, argument)?;
                    whole.push_str(&part);
                    rest = &rest[(length + 1).min(rest.len())..];
                }
                return Some((whole, 3));
            }
            let (parameter, body) = macros.get(&name.to_string())?;
            let inner = parameter.as_deref().map(|parameter| (parameter, &given[..]));
            text(body, macros, inner).map(|(text, _)| (text, 3))
        }
        _ => None,
    }
}

/// What the walk through a file finds.
struct Walk<'a> {
    macros: &'a Macros,
    file: String,
    statements: Vec<Statement>,
    /// Functions that run a statement.
    running: BTreeSet<String>,
}

impl Walk<'_> {
    fn through(&mut self, code: &[TokenTree], function: &str) {
        let mut function = function.to_owned();
        let mut at = 0;
        while at < code.len() {
            if is_word(code.get(at), "macro_rules") {
                at += 4;
                continue;
            }
            if is_word(code.get(at), "fn") {
                function = code[at + 1].to_string();
            }
            let runs = ["all", "one", "number", "change", "insert"];
            if is_sign(code.get(at), '.') && runs.iter().any(|name| is_word(code.get(at + 1), name)) {
                // Others have methods of these names, too; ours are on the reader or the transaction.
                let on = at.checked_sub(1).and_then(|before| code.get(before));
                if is_word(on, "read") || is_word(on, "tx") {
                    self.running.insert(format!("{}::{function}", self.file));
                }
            }
            if let Some((sql, length)) = text(&code[at..], self.macros, None) {
                let is_sql = ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH "];
                if is_sql.iter().any(|word| sql.starts_with(word)) {
                    let place = format!("{}::{function}", self.file);
                    self.statements.push(Statement { place, sql });
                }
                at += length;
                continue;
            }
            let is_text = is_word(code.get(at), "concat") && is_sign(code.get(at + 1), '!');
            assert!(!is_text, "{}::{function}: a text that this test cannot put together", self.file);
            if let Some(inner) = group(code.get(at)) {
                self.through(&inner, &function);
            }
            at += 1;
        }
    }
}

/// Every statement of the store.
fn statements() -> Vec<Statement> {
    let mut files = Vec::new();
    files_below(&rows(), &mut files);
    files.sort();
    let read = |file: &PathBuf| {
        let source: TokenStream = std::fs::read_to_string(file).unwrap().parse().unwrap();
        tokens(source)
    };
    // Some are used by other files; a file's own go first.
    let shared: Macros = files.iter().flat_map(|file| macros(&read(file))).collect();
    let mut found = Vec::new();
    for file in files {
        let name = file.strip_prefix(rows()).unwrap().to_string_lossy().into_owned();
        let code = read(&file);
        let mut macros = macros(&code);
        for (name, meaning) in &shared {
            macros.entry(name.clone()).or_insert_with(|| meaning.clone());
        }
        let mut walk = Walk { macros: &macros, file: name, statements: Vec::new(), running: BTreeSet::new() };
        walk.through(&code, "");
        let known: BTreeSet<&String> = walk.statements.iter().map(|statement| &statement.place).collect();
        let silent: Vec<&String> = walk.running.iter().filter(|place| !known.contains(place)).collect();
        assert!(silent.is_empty(), "statements that this test does not find in the source: {silent:?}");
        found.extend(walk.statements);
    }
    found
}

/// The table behind a name in a plan: itself, or what it stands for in the statement.
fn table<'a>(named: &'a str, sql: &str, tables: &'a BTreeSet<String>) -> Option<&'a str> {
    let words: Vec<&str> =
        sql.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty()).collect();
    let alias = || {
        let pairs = words.windows(2).filter(|pair| pair[1] == named);
        pairs.filter_map(|pair| tables.get(pair[0])).next().map(String::as_str)
    };
    tables.get(named).map(String::as_str).or_else(alias)
}

/// What of a plan reads a whole table: its lines with the tables.
fn scans(store: &rusqlite::Connection, sql: &str, tables: &BTreeSet<String>) -> Vec<(String, String)> {
    let mut explained =
        store.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap_or_else(|error| panic!("{error}: {sql}"));
    let mut rows = explained.raw_query();
    let mut lines = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        lines.push(row.get::<_, String>(3).unwrap());
    }
    let mut found = Vec::new();
    for line in lines {
        let words: Vec<&str> = line.split(' ').collect();
        let reads_all = words[0] == "SCAN" || line.contains("AUTOMATIC");
        if let Some(table) = reads_all.then(|| table(words[1], sql, tables)).flatten() {
            found.push((table.to_owned(), line.clone()));
        }
    }
    found
}

#[test]
fn no_statement_reads_the_whole_of_a_table_that_grows() {
    let folder = tempfile::tempdir().unwrap();
    drop(Store::open(Options::new(folder.path())).unwrap());
    let store = rusqlite::Connection::open(folder.path().join("crosspoint.db")).unwrap();
    let mut names = store.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").unwrap();
    let tables: BTreeSet<String> =
        names.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    for small in SMALL {
        assert!(tables.contains(*small), "there is no table {small}");
    }
    let all = statements();
    let mut wrong = String::new();
    let mut used = BTreeSet::new();
    for Statement { place, sql } in &all {
        for (table, line) in scans(&store, sql, &tables) {
            if SMALL.contains(&table.as_str()) {
                continue;
            }
            match ALLOWED.iter().find(|(allowed, _)| allowed == place) {
                Some((allowed, _)) => {
                    used.insert(*allowed);
                }
                None => writeln!(wrong, "{place}: {line} ({table})\n    {sql}").unwrap(),
            }
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    let unused: Vec<_> = ALLOWED.iter().filter(|(place, _)| !used.contains(place)).collect();
    assert!(unused.is_empty(), "allowed and not needed any more: {unused:?}");
    assert!(all.len() > 300, "the search finds what is there: {}", all.len());
}
