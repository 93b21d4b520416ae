//! The five kinds of value that both databases keep, and the way in and out of Rust types.

use std::sync::Arc;

use kernel::audience::AudienceValue;
use kernel::{AgentId, CredentialId, EventId, OrganisationId, SessionId, Timestamp};

use crate::DbError;

/// One value of a row or of a parameter.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing; binds to a parameter of any type.
    Null,
    /// Counts, booleans (0 or 1) and times (UTC milliseconds).
    Int(i64),
    /// Measures.
    Real(f64),
    /// Text and JSON.
    Text(String),
    /// Ids and digests.
    Bytes(Vec<u8>),
}

impl Value {
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Int(_) => "an integer",
            Self::Real(_) => "a real number",
            Self::Text(_) => "a text",
            Self::Bytes(_) => "bytes",
        }
    }
}

/// Makes the parameters of a statement: `values![id, now, "text"]`.
#[macro_export]
macro_rules! values {
    () => { [] as [$crate::Value; 0] };
    ($($value:expr),+ $(,)?) => { [$($crate::Value::from($value)),+] };
}

macro_rules! value_from {
    ($($type:ty => |$name:ident| $make:expr;)*) => {
        $(impl From<$type> for Value {
            fn from($name: $type) -> Self {
                $make
            }
        })*
    };
}

value_from! {
    i64 => |value| Self::Int(value);
    i32 => |value| Self::Int(i64::from(value));
    u32 => |value| Self::Int(i64::from(value));
    u16 => |value| Self::Int(i64::from(value));
    bool => |value| Self::Int(i64::from(value));
    f64 => |value| Self::Real(value);
    &str => |value| Self::Text(value.to_owned());
    String => |value| Self::Text(value);
    &String => |value| Self::Text(value.clone());
    Vec<u8> => |value| Self::Bytes(value);
    &[u8] => |value| Self::Bytes(value.to_vec());
    [u8; 16] => |value| Self::Bytes(value.to_vec());
    &[u8; 16] => |value| Self::Bytes(value.to_vec());
    [u8; 32] => |value| Self::Bytes(value.to_vec());
    &[u8; 32] => |value| Self::Bytes(value.to_vec());
    Timestamp => |value| Self::Int(value.millis());
    serde_json::Value => |value| Self::Text(value.to_string());
    &serde_json::Value => |value| Self::Text(value.to_string());
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A Rust type that a column can be read as.
pub trait FromValue: Sized {
    /// The type in words, for errors.
    const EXPECTED: &'static str;

    /// The value in this type; none when it holds something else.
    fn from_value(value: &Value) -> Option<Self>;
}

macro_rules! from_value {
    ($($type:ty, $expected:literal, $pattern:pat => $make:expr;)*) => {
        $(impl FromValue for $type {
            const EXPECTED: &'static str = $expected;
            fn from_value(value: &Value) -> Option<Self> {
                match value {
                    $pattern => $make,
                    _ => None,
                }
            }
        })*
    };
}

from_value! {
    i64, "an integer", Value::Int(value) => Some(*value);
    i32, "an integer of 32 bits", Value::Int(value) => Self::try_from(*value).ok();
    u32, "an unsigned integer of 32 bits", Value::Int(value) => Self::try_from(*value).ok();
    u16, "an unsigned integer of 16 bits", Value::Int(value) => Self::try_from(*value).ok();
    String, "a text", Value::Text(value) => Some(value.clone());
    Vec<u8>, "bytes", Value::Bytes(value) => Some(value.clone());
    [u8; 16], "16 bytes", Value::Bytes(value) => Self::try_from(value.as_slice()).ok();
    [u8; 32], "32 bytes", Value::Bytes(value) => Self::try_from(value.as_slice()).ok();
    Timestamp, "a time in milliseconds", Value::Int(value) => Some(Self::from_millis(*value));
}

impl FromValue for bool {
    const EXPECTED: &'static str = "a boolean (0 or 1)";
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Int(0) => Some(false),
            Value::Int(1) => Some(true),
            _ => None,
        }
    }
}

impl FromValue for f64 {
    const EXPECTED: &'static str = "a real number";
    #[expect(
        clippy::cast_precision_loss,
        reason = "SQLite answers a whole sum of reals as an integer at times"
    )]
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Real(value) => Some(*value),
            Value::Int(value) => Some(*value as Self),
            _ => None,
        }
    }
}

impl FromValue for Value {
    const EXPECTED: &'static str = "anything";
    fn from_value(value: &Value) -> Option<Self> {
        Some(value.clone())
    }
}

impl<T: FromValue> FromValue for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            other => T::from_value(other).map(Some),
        }
    }
}

/// Lets ids made with [`kernel::define_id!`] be bound and read: `id_values!(TileId, LogoId);`
#[macro_export]
macro_rules! id_values {
    ($($id:ty),+ $(,)?) => {
        $(
            impl From<$id> for $crate::Value {
                fn from(id: $id) -> Self {
                    Self::Bytes(id.as_bytes().to_vec())
                }
            }
            impl $crate::FromValue for $id {
                const EXPECTED: &'static str = concat!("16 bytes of a ", stringify!($id));
                fn from_value(value: &$crate::Value) -> Option<Self> {
                    match value {
                        $crate::Value::Bytes(bytes) => <$id>::from_bytes(bytes).ok(),
                        _ => None,
                    }
                }
            }
        )+
    };
}

id_values!(AgentId, CredentialId, OrganisationId, EventId, SessionId);

impl From<AudienceValue> for Value {
    fn from(value: AudienceValue) -> Self {
        match value {
            AudienceValue::Organisation(id) => id.into(),
            AudienceValue::Population(population) => population.claim().into(),
            AudienceValue::Agent(id) => id.into(),
        }
    }
}

/// One row of an answer, its columns found by name.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    columns: Arc<[String]>,
    values: Vec<Value>,
}

impl Row {
    pub(crate) const fn new(columns: Arc<[String]>, values: Vec<Value>) -> Self {
        Self { columns, values }
    }

    /// The column's value as `T`.
    ///
    /// # Errors
    /// [`DbError::Decode`], naming the column, when there is none of this name or when it holds
    /// something else.
    pub fn get<T: FromValue>(&self, column: &str) -> Result<T, DbError> {
        let place = self.columns.iter().position(|name| name == column);
        let value = place.and_then(|place| self.values.get(place));
        value
            .and_then(T::from_value)
            .ok_or_else(|| DbError::Decode {
                column: column.to_owned(),
                expected: T::EXPECTED,
                found: value.map_or("no such column", Value::kind),
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(value: Value) -> Row {
        Row::new(Arc::from(["it".to_owned()]), vec![value])
    }

    #[test]
    fn a_value_comes_back_as_it_went_in() {
        let id = AgentId::from_u128(7);
        assert_eq!(row(Value::from(id)).get("it"), Ok(id));
        assert_eq!(row(Value::from(true)).get("it"), Ok(true));
        assert_eq!(row(Value::from("é")).get("it"), Ok("é".to_owned()));
        assert_eq!(row(Value::from(None::<i64>)).get("it"), Ok(None::<i64>));
        assert_eq!(row(Value::from(Some(3_u32))).get("it"), Ok(Some(3_u32)));
    }

    #[test]
    fn a_column_of_another_kind_is_refused_and_named() {
        let error = row(Value::Int(2))
            .get::<bool>("it")
            .expect_err("not 0 or 1");
        assert_eq!(
            error.to_string(),
            "column it holds an integer where a boolean (0 or 1) was expected"
        );
        assert!(row(Value::Null).get::<i64>("it").is_err());
        assert!(row(Value::Int(1)).get::<i64>("other").is_err());
        assert!(row(Value::Int(-1)).get::<u32>("it").is_err());
        assert!(row(Value::Bytes(vec![1])).get::<AgentId>("it").is_err());
    }
}
