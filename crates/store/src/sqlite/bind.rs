//! Parameters by their number. To SQLite `$3` is a name, and names are numbered as they appear in
//! the text; in our texts the number counts, as on PostgreSQL.

use rusqlite::Statement;

use crate::error::{Result, StoreError};
use crate::value::Param;

/// Gives a statement its parameters: `$1` the first, `$2` the second.
pub(crate) fn bind(statement: &mut Statement<'_>, params: &[Param<'_>]) -> Result<()> {
    for place in 1..=statement.parameter_count() {
        let number =
            statement.parameter_name(place).and_then(|name| name.strip_prefix('$')?.parse::<usize>().ok());
        let param = number.and_then(|number| params.get(number.checked_sub(1)?));
        let param = param
            .ok_or_else(|| StoreError::Engine(format!("parameter {place} of a statement is missing")))?;
        statement.raw_bind_parameter(place, param)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use rusqlite::Connection;

    use super::*;

    #[test]
    fn the_number_counts_and_not_the_place() {
        let connection = Connection::open_in_memory().unwrap();
        let mut statement = connection.prepare("SELECT $2 - $1 - $2").unwrap();
        bind(&mut statement, &[Param::Int(1), Param::Int(10)]).unwrap();
        let mut rows = statement.raw_query();
        assert_eq!(rows.next().unwrap().unwrap().get::<_, i64>(0).unwrap(), -1);
    }

    #[test]
    fn a_missing_parameter_is_an_error() {
        let connection = Connection::open_in_memory().unwrap();
        let mut statement = connection.prepare("SELECT $2").unwrap();
        assert!(bind(&mut statement, &[Param::Int(1)]).is_err());
        let mut unnumbered = connection.prepare("SELECT ?").unwrap();
        assert!(bind(&mut unnumbered, &[Param::Int(1)]).is_err());
    }
}
