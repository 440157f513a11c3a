//! Query strings, and pages that are read by number (hubster.md §2.2).

use wire::hubster::codes;
use wire::hubster::types::NumberedPage;

use super::error::Result;
use crate::read::{Check, PORTAL};

const PAGE_SIZE_DEFAULT: i64 = 50;
const PAGE_SIZE_MAX: i64 = 100;

/// A parsed query string; names are compared without case, an empty value counts as absent.
#[derive(Clone, Debug, Default)]
pub(crate) struct Query {
    pairs: Vec<(String, String)>,
}

/// A page that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PageNumber {
    number: usize,
    size: usize,
}

impl Query {
    pub(crate) fn parse(text: &str) -> Query {
        let pairs = url::form_urlencoded::parse(text.as_bytes());
        Query { pairs: pairs.into_owned().filter(|(_, value)| !value.is_empty()).collect() }
    }

    /// A parameter.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.pairs.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The page that is asked for.
    pub(crate) fn page(&self) -> Result<PageNumber> {
        let mut check = Check::new(&PORTAL);
        let number = self.number(&mut check, "pageNumber", 0);
        let size = self.number(&mut check, "pageSize", PAGE_SIZE_DEFAULT);
        if number.is_some_and(|number| number < 0) {
            check.fail(codes::MUST_NOT_BE_NEGATIVE, "Value 'pageNumber' must be greater than or equal to 0.");
        }
        if size.is_some_and(|size| !(1..=PAGE_SIZE_MAX).contains(&size)) {
            check.fail(codes::OUT_OF_RANGE, format!("Value 'pageSize' must be from 1 to {PAGE_SIZE_MAX}."));
        }
        check.done()?;
        let whole = |value: Option<i64>| usize::try_from(value.unwrap_or_default()).unwrap_or(usize::MAX);
        Ok(PageNumber { number: whole(number), size: whole(size) })
    }

    fn number(&self, check: &mut Check, name: &str, default: i64) -> Option<i64> {
        let Some(text) = self.get(name) else { return Some(default) };
        let number = text.trim().parse().ok();
        if number.is_none() {
            check.fail(codes::NOT_A_NUMBER, format!("Value '{text}' of '{name}' is not a number."));
        }
        number
    }
}

impl PageNumber {
    /// Cuts the page out of the whole list.
    pub(crate) fn cut<T>(self, all: Vec<T>) -> NumberedPage<T> {
        let total = all.len() as u64;
        let skipped = self.number.saturating_mul(self.size);
        let results = all.into_iter().skip(skipped).take(self.size).collect();
        NumberedPage { page_number: self.number as u64, page_size: self.size as u64, total, results }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn pages_are_cut_by_number() {
        let page = Query::parse("PageNumber=1&pageSize=2").page().unwrap().cut(vec![1, 2, 3, 4, 5]);
        assert_eq!((page.page_number, page.page_size, page.total, page.results), (1, 2, 5, vec![3, 4]));
        let page = Query::parse("").page().unwrap().cut(vec![1]);
        assert_eq!((page.page_number, page.page_size, page.total, page.results), (0, 50, 1, vec![1]));
        let far = Query::parse(&format!("pageNumber={}&pageSize=100", i64::MAX)).page().unwrap();
        assert!(far.cut(vec![1]).results.is_empty());
    }

    #[test]
    fn wrong_pages_are_refused() {
        for text in ["pageNumber=-1", "pageNumber=x", "pageSize=0", "pageSize=101", "pageSize=1.5"] {
            assert!(Query::parse(text).page().is_err(), "{text}");
        }
    }
}
