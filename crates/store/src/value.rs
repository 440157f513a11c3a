//! Parameters of a statement and columns of a row, the same for every engine.

use model::{Id, Millis};
use rusqlite::ToSql;
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Result, StoreError};

/// A parameter of a statement.
#[derive(Clone, Debug)]
pub enum Param<'a> {
    /// No value.
    Null,
    /// A whole number, boolean, time or key.
    Int(i64),
    /// A text.
    Text(&'a str),
    /// A text made for this statement.
    Owned(String),
    /// Bytes.
    Bytes(&'a [u8]),
}

impl ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Param::Null => ToSqlOutput::Owned(Value::Null),
            Param::Int(value) => ToSqlOutput::Owned(Value::Integer(*value)),
            Param::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Param::Owned(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Param::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
        })
    }
}

/// What can be a parameter.
pub trait ToParam {
    /// The value as a parameter.
    fn param(&self) -> Param<'_>;
}

macro_rules! int_params {
    ($($t:ty => $value:expr),* $(,)?) => {
        $(impl ToParam for $t {
            fn param(&self) -> Param<'_> {
                let get: fn(&$t) -> i64 = $value;
                Param::Int(get(self))
            }
        })*
    };
}

int_params! {
    i64 => |v| *v,
    bool => |v| i64::from(*v),
    Millis => |v| v.0,
    model::record::AccountKey => |v| v.0,
    model::record::AppKey => |v| v.0,
    model::record::CredentialKey => |v| v.0,
    model::record::AgentKey => |v| v.0,
    model::record::IntegrationKey => |v| v.0,
    model::record::SubscriptionKey => |v| v.0,
    model::record::OAuthClientKey => |v| v.0,
    model::record::SwitchboardKey => |v| v.0,
    model::record::UserKey => |v| v.0,
    model::record::ClientKey => |v| v.0,
    model::record::DeviceKey => |v| v.0,
    model::record::ConversationKey => |v| v.0,
    model::record::ParticipantKey => |v| v.0,
    model::record::MessageKey => |v| v.0,
    model::record::AttachmentKey => |v| v.0,
    model::switchboard::Seat => |v| v.0,
}

impl ToParam for Id {
    fn param(&self) -> Param<'_> {
        Param::Bytes(self.as_bytes())
    }
}

impl ToParam for str {
    fn param(&self) -> Param<'_> {
        Param::Text(self)
    }
}

impl ToParam for String {
    fn param(&self) -> Param<'_> {
        Param::Text(self)
    }
}

impl ToParam for [u8] {
    fn param(&self) -> Param<'_> {
        Param::Bytes(self)
    }
}

impl ToParam for Vec<u8> {
    fn param(&self) -> Param<'_> {
        Param::Bytes(self)
    }
}

impl<T: ToParam> ToParam for Option<T> {
    fn param(&self) -> Param<'_> {
        self.as_ref().map_or(Param::Null, ToParam::param)
    }
}

impl<T: ToParam + ?Sized> ToParam for &T {
    fn param(&self) -> Param<'_> {
        (**self).param()
    }
}

/// A value that is stored as JSON text.
pub struct Json<'a, T: ?Sized>(pub &'a T);

impl<T: Serialize + ?Sized> ToParam for Json<'_, T> {
    fn param(&self) -> Param<'_> {
        serde_json::to_string(self.0).map_or(Param::Null, Param::Owned)
    }
}

/// The parameters of a statement, in order.
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::value::ToParam::param(&$value)),*] };
}
pub(crate) use params;

/// One row of an answer. Columns are counted from 0.
pub struct Row<'a> {
    pub(crate) inner: &'a rusqlite::Row<'a>,
}

impl Row<'_> {
    /// A whole number.
    pub fn int(&self, column: usize) -> Result<i64> {
        self.inner.get_ref(column)?.as_i64().map_err(|e| damaged(column, &e))
    }

    /// A whole number, if there is one.
    pub fn opt_int(&self, column: usize) -> Result<Option<i64>> {
        self.inner.get_ref(column)?.as_i64_or_null().map_err(|e| damaged(column, &e))
    }

    /// A boolean.
    pub fn bool(&self, column: usize) -> Result<bool> {
        Ok(self.int(column)? != 0)
    }

    /// A time.
    pub fn time(&self, column: usize) -> Result<Millis> {
        self.int(column).map(Millis)
    }

    /// A time, if there is one.
    pub fn opt_time(&self, column: usize) -> Result<Option<Millis>> {
        Ok(self.opt_int(column)?.map(Millis))
    }

    /// A time that is stored as 0 when there is none.
    pub fn time_or_zero(&self, column: usize) -> Result<Option<Millis>> {
        Ok(Some(self.time(column)?).filter(|time| time.0 != 0))
    }

    /// A text.
    pub fn text(&self, column: usize) -> Result<String> {
        Ok(self.str(column)?.to_owned())
    }

    /// A text, if there is one.
    pub fn opt_text(&self, column: usize) -> Result<Option<String>> {
        let text = self.inner.get_ref(column)?.as_str_or_null().map_err(|e| damaged(column, &e))?;
        Ok(text.map(str::to_owned))
    }

    /// Bytes.
    pub fn bytes(&self, column: usize) -> Result<Vec<u8>> {
        Ok(self.inner.get_ref(column)?.as_blob().map_err(|e| damaged(column, &e))?.to_vec())
    }

    /// Bytes, if there are any.
    pub fn opt_bytes(&self, column: usize) -> Result<Option<Vec<u8>>> {
        let bytes = self.inner.get_ref(column)?.as_blob_or_null().map_err(|e| damaged(column, &e))?;
        Ok(bytes.map(<[u8]>::to_vec))
    }

    /// An id.
    pub fn id(&self, column: usize) -> Result<Id> {
        let value = self.inner.get_ref(column)?;
        let bytes = value.as_blob().map_err(|e| damaged(column, &e))?;
        Id::from_slice(bytes).ok_or_else(|| StoreError::Damaged(format!("column {column}: not an id")))
    }

    /// An id, if there is one.
    pub fn opt_id(&self, column: usize) -> Result<Option<Id>> {
        match self.inner.get_ref(column)? {
            ValueRef::Null => Ok(None),
            _ => self.id(column).map(Some),
        }
    }

    /// A value stored as JSON text.
    pub fn json<T: DeserializeOwned>(&self, column: usize) -> Result<T> {
        serde_json::from_str(self.str(column)?).map_err(|e| StoreError::json(&format!("column {column}"), &e))
    }

    /// A value stored as JSON text, if there is one.
    pub fn opt_json<T: DeserializeOwned>(&self, column: usize) -> Result<Option<T>> {
        match self.inner.get_ref(column)? {
            ValueRef::Null => Ok(None),
            _ => self.json(column).map(Some),
        }
    }

    /// A small number that stands for one of the variants of an enumeration.
    pub fn code<T>(&self, column: usize, read: fn(i64) -> Option<T>) -> Result<T> {
        let code = self.int(column)?;
        read(code).ok_or_else(|| StoreError::Damaged(format!("column {column}: unknown code {code}")))
    }

    fn str(&self, column: usize) -> Result<&str> {
        self.inner.get_ref(column)?.as_str().map_err(|e| damaged(column, &e))
    }
}

fn damaged(column: usize, error: &rusqlite::types::FromSqlError) -> StoreError {
    StoreError::Damaged(format!("column {column}: {error}"))
}
