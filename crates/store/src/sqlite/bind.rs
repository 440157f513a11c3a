//! Parameters by their number. To SQLite `$3` is a name, and names are numbered as they appear in
//! the text; in our texts the number counts, as on PostgreSQL.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use rusqlite::Statement;

use crate::error::{Result, StoreError};
use crate::value::Param;

/// The place of a text in the program, which is another for each statement.
type Address = (usize, usize);

thread_local! {
    /// The numbers of the parameters of each statement, in SQLite's order. Asking SQLite for the names
    /// each time costs as much as binding the values.
    static ORDERS: RefCell<HashMap<Address, Rc<[usize]>>> = RefCell::default();
}

/// Gives a statement of this text its parameters: `$1` the first, `$2` the second.
pub(crate) fn bind(statement: &mut Statement<'_>, sql: &'static str, params: &[Param<'_>]) -> Result<()> {
    let address = (sql.as_ptr() as usize, sql.len());
    let known = ORDERS.with_borrow(|orders| orders.get(&address).cloned());
    let order = match known {
        Some(order) => order,
        None => {
            let order = order_of(statement)?;
            ORDERS.with_borrow_mut(|orders| orders.insert(address, order.clone()));
            order
        }
    };
    for (place, number) in order.iter().enumerate() {
        let param = params.get(*number).ok_or_else(|| missing(place + 1))?;
        statement.raw_bind_parameter(place + 1, param)?;
    }
    Ok(())
}

/// For each place the number of its parameter, counted from 0.
fn order_of(statement: &Statement<'_>) -> Result<Rc<[usize]>> {
    let number =
        |place| statement.parameter_name(place)?.strip_prefix('$')?.parse::<usize>().ok()?.checked_sub(1);
    (1..=statement.parameter_count()).map(|place| number(place).ok_or_else(|| missing(place))).collect()
}

fn missing(place: usize) -> StoreError {
    StoreError::Engine(format!("parameter {place} of a statement is missing"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use rusqlite::Connection;

    use super::*;

    #[test]
    fn the_number_counts_and_not_the_place() {
        let connection = Connection::open_in_memory().unwrap();
        let sql = "SELECT $2 - $1 - $2";
        let mut statement = connection.prepare(sql).unwrap();
        // The second time its order is known.
        for (one, two, wanted) in [(1, 10, -1), (5, 3, -5)] {
            bind(&mut statement, sql, &[Param::Int(one), Param::Int(two)]).unwrap();
            let mut rows = statement.raw_query();
            assert_eq!(rows.next().unwrap().unwrap().get::<_, i64>(0).unwrap(), wanted);
        }
    }

    #[test]
    fn a_missing_parameter_is_an_error() {
        let connection = Connection::open_in_memory().unwrap();
        for sql in ["SELECT $2", "SELECT ?"] {
            let mut statement = connection.prepare(sql).unwrap();
            assert!(bind(&mut statement, sql, &[Param::Int(1)]).is_err());
        }
    }
}
