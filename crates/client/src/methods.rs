//! The methods of an API, one a row of its operation table.

use wire::Operation;

/// A method and the operation that it calls.
#[derive(Clone, Copy, Debug)]
pub struct Method {
    /// The operation.
    pub operation: &'static Operation,
    /// The method's name.
    pub name: &'static str,
}

/// The row with this id; known when the program is compiled.
pub(crate) const fn row(table: &'static [Operation], id: &str) -> Option<&'static Operation> {
    let mut at = 0;
    while at < table.len() {
        if is_same(table[at].id.as_bytes(), id.as_bytes()) {
            return Some(&table[at]);
        }
        at += 1;
    }
    None
}

const fn is_same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// Declares methods from rows of an operation table. A name that has no row, and a number of path
/// parameters that is not the row's, do not compile.
///
/// `/// doc`, `Id: name(path, parameters; body: json Type) -> Reply;`; the body is `json Type`, `form Type`,
/// `query Type` (parameters), `filtered Type` (the same inside of `filter[…]`), `key str` or `user str` (one
/// parameter), `upload` or `files`, or is missing.
macro_rules! methods {
    (impl $api:ty, $table:path; $(
        $(#[$note:meta])*
        $id:ident: $name:ident($($parameter:ident),* $(; $($given:ident: $kind:ident $type:ty),+)?) -> $reply:ty;
    )*) => {
        impl $api {
            $(
                $(#[$note])*
                pub fn $name(&self, $($parameter: &str,)* $($($given: &$type),+)?) -> $crate::Call<$reply> {
                    const ROW: &wire::Operation = $crate::methods::checked_row!($table, $id, [$($parameter)*]);
                    self.client.call(<$api>::FORM, ROW, &[$($parameter),*])$($(.$kind($given))+)?
                }
            )*
        }

        /// The methods of this file.
        pub(crate) const METHODS: &[$crate::methods::Method] = &[$(
            $crate::methods::Method {
                operation: $crate::methods::checked_row!($table, $id, [$($parameter)*]),
                name: stringify!($name),
            },
        )*];
    };
}
pub(crate) use methods;

/// The row with this id and this number of path parameters.
macro_rules! checked_row {
    ($table:path, $id:ident, [$($parameter:ident)*]) => {{
        const PARAMETERS: &[&str] = &[$(stringify!($parameter)),*];
        #[allow(clippy::panic, reason = "it is evaluated by the compiler, where it is an error message")]
        const CHECKED: &wire::Operation = match $crate::methods::row($table, stringify!($id)) {
            Some(row) if $crate::path::parameters(row.path) == PARAMETERS.len() => row,
            Some(_) => panic!("the path has another number of parameters"),
            None => panic!("no such operation"),
        };
        CHECKED
    }};
}
pub(crate) use checked_row;
