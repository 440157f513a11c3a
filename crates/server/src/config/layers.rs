//! From flags, environment and file to one configuration.

use std::collections::BTreeMap;
use std::path::Path;

use clap::parser::ValueSource;
use clap::{ArgMatches, CommandFactory, Parser};

use super::{Config, ConfigError, Options};

/// Options by name (`data_dir`), as text.
pub type Values = BTreeMap<String, String>;

/// What every variable of ours begins with.
const VARIABLE_PREFIX: &str = "CROSSPOINT_";
/// The variable that names the file; it is no option of the file itself.
const FILE_VARIABLE: &str = "CROSSPOINT_CONFIG";

/// Variables of the commands that speak to a server; they mean nothing to the server itself.
const CLIENT_VARIABLES: &[&str] = &[
    "CROSSPOINT_APP",
    "CROSSPOINT_KEY_ID",
    "CROSSPOINT_KEY_SECRET",
    "CROSSPOINT_PROFILE",
    "CROSSPOINT_URL",
    "CROSSPOINT_WEBHOOK_SECRET",
];

/// A configuration, and what the operator should be told about it.
#[derive(Debug)]
pub struct Loaded {
    /// The configuration.
    pub config: Config,
    /// Variables that mean nothing.
    pub warnings: Vec<String>,
}

/// Puts the layers together: flags beat environment beats file. `file` beats `CROSSPOINT_CONFIG`.
///
/// # Errors
/// A file that cannot be read or has an unknown key; a value that its option does not take.
pub fn load(
    flags: Values,
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<Loaded, ConfigError> {
    // An empty variable counts as absent: container files pass on what is not set.
    let ours = |(name, value): &(String, String)| {
        name.starts_with(VARIABLE_PREFIX) && !CLIENT_VARIABLES.contains(&name.as_str()) && !value.is_empty()
    };
    let mut environment: BTreeMap<String, String> = environment.into_iter().filter(ours).collect();
    let named = environment.remove(FILE_VARIABLE);
    let file = match file.or(named.as_deref().map(Path::new)) {
        Some(path) => from_file(path)?,
        None => Values::new(),
    };
    let (environment, warnings) = from_environment(environment)?;
    let mut merged = file;
    merged.extend(environment);
    merged.extend(flags);
    Ok(Loaded { config: parse(&merged)?, warnings })
}

/// The options among the flags of a command line, without those at their defaults.
pub fn flags_of(matches: &ArgMatches) -> Values {
    let given = |name: &String| {
        matches.try_contains_id(name).is_ok_and(|known| known)
            && matches.value_source(name) == Some(ValueSource::CommandLine)
    };
    let text = |name: String| {
        let value = matches.get_raw(&name)?.next_back()?.to_string_lossy().into_owned();
        Some((name, value))
    };
    names().into_iter().filter(given).filter_map(text).collect()
}

/// A configuration from these values and the defaults.
pub(super) fn parse(values: &Values) -> Result<Config, ConfigError> {
    let options = Options::try_parse_from(values.iter().map(|(name, value)| flag(name, value)));
    options.map_err(|error| ConfigError(first_line(&error)))?.config.check()
}

/// The names of all options.
pub(super) fn names() -> Vec<String> {
    Options::command().get_arguments().map(|argument| argument.get_id().to_string()).collect()
}

fn flag(name: &str, value: &str) -> String {
    format!("--{}={value}", name.replace('_', "-"))
}

fn from_environment(variables: BTreeMap<String, String>) -> Result<(Values, Vec<String>), ConfigError> {
    let names = names();
    let (mut values, mut warnings) = (Values::new(), Vec::new());
    for (variable, value) in variables {
        let name = variable.strip_prefix(VARIABLE_PREFIX).unwrap_or_default().to_ascii_lowercase();
        if names.contains(&name) {
            check_one(&name, &value).map_err(|error| ConfigError(format!("{variable}: {error}")))?;
            values.insert(name, value);
        } else {
            warnings.push(format!("the variable {variable} means nothing: {}", unknown(&name, &names)));
        }
    }
    Ok((values, warnings))
}

fn from_file(path: &Path) -> Result<Values, ConfigError> {
    let failed = |error: &dyn std::fmt::Display| ConfigError(format!("{}: {error}", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| failed(&error))?;
    from_toml(&text).map_err(|error| failed(&error))
}

/// Reads the text of a file; its keys are flat, and each is an option.
pub(super) fn from_toml(text: &str) -> Result<Values, ConfigError> {
    let table: toml::Table = text.parse().map_err(|error| unreadable(text, &error))?;
    let names = names();
    let mut values = Values::new();
    for (name, value) in table {
        if !names.contains(&name) {
            return Err(ConfigError(format!("{name}: {}", unknown(&name, &names))));
        }
        let text = match value {
            toml::Value::String(text) => text,
            toml::Value::Array(_) | toml::Value::Table(_) => {
                return Err(ConfigError(format!("{name}: one value is needed, not several")));
            }
            other => other.to_string(),
        };
        check_one(&name, &text).map_err(|error| ConfigError(format!("{name}: {error}")))?;
        values.insert(name, text);
    }
    Ok(values)
}

/// What to write in place of a name that is none. Names that differ in a sign or two are meant.
fn unknown(name: &str, names: &[String]) -> String {
    let plain = |name: &str| name.to_ascii_lowercase().replace(['-', '_'], "");
    let wanted = plain(name);
    match names.iter().find(|known| plain(known) == wanted || is_near(&wanted, &plain(known))) {
        Some(known) => format!("there is no such option; is {known} meant?"),
        None => "there is no such option; crosspoint config default lists them".to_owned(),
    }
}

/// Whether one text becomes the other by a change of one sign.
fn is_near(one: &str, other: &str) -> bool {
    let ahead = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    let behind = one.bytes().rev().zip(other.bytes().rev()).take_while(|(a, b)| a == b).count();
    one.len().abs_diff(other.len()) <= 1 && ahead + behind + 1 >= one.len().max(other.len())
}

/// Where a text is no TOML, and why. The line itself is not shown: it may hold a secret.
fn unreadable(text: &str, error: &toml::de::Error) -> ConfigError {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    ConfigError(format!("line {line}: {}", error.message()))
}

/// Whether an option takes a value; asked for each layer, so that the error can say where it stands.
fn check_one(name: &str, value: &str) -> Result<(), String> {
    Options::try_parse_from([flag(name, value)]).map(|_| ()).map_err(|error| first_line(&error))
}

fn first_line(error: &clap::Error) -> String {
    let text = error.to_string();
    let lines: Vec<&str> =
        text.lines().map(str::trim).take_while(|line| !line.starts_with("Usage")).collect();
    let text = lines.join(" ").trim().to_owned();
    text.strip_prefix("error: ")
        .unwrap_or(&text)
        .replace(" For more information, try '--help'.", "")
        .trim()
        .to_owned()
}
