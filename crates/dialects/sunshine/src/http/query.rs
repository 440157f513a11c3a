//! Query strings in all the spellings that the clients send (sunshine-v2.md §3.2): brackets, raw or
//! encoded; a JSON text; the text of a Ruby hash.

use hub::{Cursor, PageRequest};
use model::Id;
use serde_json::Value;

use super::error::{ApiError, Result};

/// Entries of a page when nothing is asked for.
const PAGE_SIZE_DEFAULT: usize = 25;
/// Entries of a page at most.
const PAGE_SIZE_MAX: usize = 100;

/// A parsed query string.
#[derive(Clone, Debug, Default)]
pub(crate) struct Query {
    pairs: Vec<(String, String)>,
}

impl Query {
    pub(crate) fn parse(text: &str) -> Query {
        let pairs = url::form_urlencoded::parse(text.as_bytes());
        Query { pairs: pairs.into_owned().filter(|(_, value)| !value.is_empty()).collect() }
    }

    /// A parameter; an empty one counts as absent.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// A key of an object parameter such as `page` or `filter`; a list has commas.
    pub(crate) fn nested(&self, object: &str, key: &str) -> Result<Option<String>> {
        if let Some(value) = self.get(&format!("{object}[{key}]")) {
            return Ok(Some(value.to_owned()));
        }
        let Some(text) = self.get(object) else { return Ok(None) };
        if let Ok(Value::Object(fields)) = serde_json::from_str(text) {
            let Some(value) = fields.get(key) else { return Ok(None) };
            return match value {
                Value::Null => Ok(None),
                Value::Array(values) => Ok(list(values)),
                Value::Object(_) => {
                    Err(ApiError::bad_request(format!("{object}.{key}: must not be an object")))
                }
                value => Ok(scalar(value)),
            };
        }
        match ruby_hash_value(text, key) {
            Some(value) => Ok(Some(value)),
            None if looks_like_ruby_hash(text) => Ok(None),
            None => Err(ApiError::bad_request(format!("{object}: not an object"))),
        }
    }

    /// The page that is asked for.
    pub(crate) fn page(&self) -> Result<PageRequest> {
        let size = match self.nested("page", "size")? {
            None => PAGE_SIZE_DEFAULT,
            Some(text) => {
                text.parse().ok().filter(|size| (1..=PAGE_SIZE_MAX).contains(size)).ok_or_else(|| {
                    ApiError::bad_request(format!("page.size: must be from 1 to {PAGE_SIZE_MAX}"))
                })?
            }
        };
        Ok(PageRequest { cursor: self.cursor()?, size })
    }

    /// The cursor of the page, whatever its size.
    pub(crate) fn cursor(&self) -> Result<Cursor> {
        let id = |key: &str, text: String| -> Result<Id> {
            text.parse()
                .map_err(|_| ApiError::bad_request(format!("page.{key}: must be an id of 24 characters")))
        };
        match (self.nested("page", "after")?, self.nested("page", "before")?) {
            (Some(_), Some(_)) => Err(ApiError::bad_request("page: only one of after and before is allowed")),
            (Some(after), None) => Ok(Cursor::After(id("after", after)?)),
            (None, Some(before)) => Ok(Cursor::Before(id("before", before)?)),
            (None, None) => Ok(Cursor::Start),
        }
    }

    /// The query without its page, for links to other pages.
    pub(crate) fn without_page(&self) -> impl Iterator<Item = (&str, &str)> {
        let is_page = |name: &str| name == "page" || name.starts_with("page[");
        self.pairs
            .iter()
            .filter(move |(name, _)| !is_page(name))
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// A list as the description writes it: with commas.
fn list(values: &[Value]) -> Option<String> {
    let values: Vec<String> = values.iter().filter_map(scalar).collect();
    (!values.is_empty()).then(|| values.join(","))
}

fn looks_like_ruby_hash(text: &str) -> bool {
    let text = text.trim();
    text.starts_with('{') && text.ends_with('}')
}

/// The value behind `key =>` or `key:` in the text of a Ruby hash: a quoted text or a number.
fn ruby_hash_value(text: &str, key: &str) -> Option<String> {
    if !looks_like_ruby_hash(text) {
        return None;
    }
    for (at, _) in text.match_indices(key) {
        let before = text[..at].chars().next_back()?;
        if !matches!(before, '{' | ',' | ' ' | ':' | '"') {
            continue;
        }
        let rest = text[at + key.len()..].trim_start_matches('"').trim_start();
        let Some(rest) = rest.strip_prefix("=>").or_else(|| rest.strip_prefix(':')) else { continue };
        let rest = rest.trim_start();
        if let Some(list) = rest.strip_prefix('[') {
            let entries = list.split(']').next().unwrap_or_default().split(',');
            let entries: Vec<&str> = entries.map(|entry| entry.trim().trim_matches('"')).collect();
            return Some(entries.join(",")).filter(|list| !list.is_empty());
        }
        let value = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split('"').next().unwrap_or_default(),
            None => rest.split([',', '}', ' ']).next().unwrap_or_default(),
        };
        let is_nil = value == "nil" || value.is_empty();
        return (!is_nil).then(|| value.to_owned());
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    const ID: &str = "5ebee0975ac5304b664a12fa";

    #[test]
    fn every_spelling_of_the_clients_is_read() {
        for text in [
            format!("page[after]={ID}&page[size]=10"),
            format!("page%5Bafter%5D={ID}&page%5Bsize%5D=10"),
            format!("page=%7B%22after%22%3A%20%22{ID}%22%2C%20%22size%22%3A%2010%7D"),
            format!("page={{:after=>\"{ID}\", :size=>10}}"),
            format!("page={{after: \"{ID}\", size: 10}}"),
        ] {
            let page = Query::parse(&text).page().unwrap();
            assert_eq!((page.cursor, page.size), (Cursor::After(ID.parse().unwrap()), 10), "{text}");
        }
    }

    #[test]
    fn lists_are_read_in_every_spelling() {
        let types = |text: &str| Query::parse(text).nested("filter", "types");
        for text in [
            "filter[types]=web,ios",
            "filter=%7B%22types%22%3A%22web%2Cios%22%7D",
            "filter={\"types\":[\"web\",\"ios\"]}",
            "filter={:types=>[\"web\", \"ios\"]}",
            "filter={types: [\"web\", \"ios\"]}",
        ] {
            assert_eq!(types(text).unwrap().as_deref(), Some("web,ios"), "{text}");
        }
        for nothing in
            ["filter={\"types\":[]}", "filter={\"types\":null}", "filter={}", "filter={:types=>[]}"]
        {
            assert_eq!(types(nothing).unwrap(), None, "{nothing}");
        }
        assert!(types("filter={\"types\":{\"a\":1}}").is_err());
    }

    #[test]
    fn wrong_pages_are_refused() {
        for text in [
            "page[size]=0".to_owned(),
            "page[size]=101".to_owned(),
            "page[size]=x".to_owned(),
            "page[after]=short".to_owned(),
            format!("page[after]={ID}&page[before]={ID}"),
            "page=nonsense".to_owned(),
        ] {
            assert!(Query::parse(&text).page().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_gives_a_page_or_an_error(text in ".{0,200}") {
            let _ = Query::parse(&text).page();
            let _ = Query::parse(&format!("page={text}")).page();
            let _ = Query::parse(&format!("filter={text}")).nested("filter", "userId");
        }
    }
}
