//! Values on the wire: each in the type of its column.

use std::{error::Error, sync::Arc};

use bytes::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use crate::{DbError, Row, Value};

type BoxError = Box<dyn Error + Sync + Send>;

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, BoxError> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(value) => match *ty {
                Type::INT8 => value.to_sql(ty, out),
                Type::INT4 => i32::try_from(*value)?.to_sql(ty, out),
                Type::INT2 => i16::try_from(*value)?.to_sql(ty, out),
                Type::BOOL => (*value != 0).to_sql(ty, out),
                #[expect(
                    clippy::cast_precision_loss,
                    reason = "an integer in a place for reals is meant as one"
                )]
                Type::FLOAT8 => (*value as f64).to_sql(ty, out),
                _ => Err(mismatch("an integer", ty)),
            },
            Self::Real(value) => match *ty {
                Type::FLOAT8 => value.to_sql(ty, out),
                _ => Err(mismatch("a real number", ty)),
            },
            Self::Text(value) if <&str as ToSql>::accepts(ty) => value.as_str().to_sql(ty, out),
            Self::Text(_) => Err(mismatch("a text", ty)),
            Self::Bytes(value) => match *ty {
                Type::BYTEA => value.to_sql(ty, out),
                _ => Err(mismatch("bytes", ty)),
            },
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

fn mismatch(what: &str, ty: &Type) -> BoxError {
    format!("{what} cannot be bound to a parameter of type {ty}").into()
}

/// A row in the five kinds of value.
pub(super) fn read(row: &tokio_postgres::Row, columns: &Arc<[String]>) -> Result<Row, DbError> {
    let mut values = Vec::with_capacity(columns.len());
    for (place, column) in columns.iter().enumerate() {
        let Column(value) = row.try_get(place).map_err(|_| DbError::Decode {
            column: column.clone(),
            expected: "an integer, a real number, a text or bytes",
            found: "a type that only PostgreSQL has",
        })?;
        values.push(value);
    }
    Ok(Row::new(Arc::clone(columns), values))
}

/// A value of any type that this house's columns and aggregates have.
struct Column(Value);

impl<'a> FromSql<'a> for Column {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, BoxError> {
        Ok(Self(match *ty {
            Type::INT8 => Value::Int(i64::from_sql(ty, raw)?),
            Type::INT4 => Value::Int(i32::from_sql(ty, raw)?.into()),
            Type::INT2 => Value::Int(i16::from_sql(ty, raw)?.into()),
            Type::BOOL => Value::Int(bool::from_sql(ty, raw)?.into()),
            Type::FLOAT8 => Value::Real(f64::from_sql(ty, raw)?),
            Type::FLOAT4 => Value::Real(f32::from_sql(ty, raw)?.into()),
            Type::NUMERIC => numeric(raw)?,
            Type::BYTEA => Value::Bytes(raw.to_vec()),
            _ => Value::Text(String::from_sql(ty, raw)?),
        }))
    }

    fn from_sql_null(_: &Type) -> Result<Self, BoxError> {
        Ok(Self(Value::Null))
    }

    fn accepts(ty: &Type) -> bool {
        matches!(
            *ty,
            Type::INT8
                | Type::INT4
                | Type::INT2
                | Type::BOOL
                | Type::FLOAT8
                | Type::FLOAT4
                | Type::NUMERIC
                | Type::BYTEA
        ) || <String as FromSql>::accepts(ty)
    }
}

/// What `SUM` and `AVG` over a `BIGINT` give. Without decimals an integer, as SQLite's sum; with
/// decimals a real number, as SQLite's average.
///
/// The wire form is a count of base-10,000 digits, the weight of the first, the sign, the number
/// of decimals shown, then the digits, each a 16-bit integer.
fn numeric(raw: &[u8]) -> Result<Value, BoxError> {
    let words: Vec<u16> = raw
        .chunks_exact(2)
        .map(|pair| {
            pair.iter()
                .fold(0, |word, byte| (word << 8) | u16::from(*byte))
        })
        .collect();
    let [_, weight, sign, decimals, digits @ ..] = words.as_slice() else {
        return Err("a numeric value is cut short".into());
    };
    let negative = match *sign {
        0x0000 => false,
        0x4000 => true,
        _ => return Err("a numeric value is not a number".into()),
    };
    let weight = i32::from(weight.cast_signed());
    if *decimals == 0 {
        let mut whole = 0_i64;
        for place in 0..=weight {
            let digit = usize::try_from(place)
                .ok()
                .and_then(|place| digits.get(place))
                .copied()
                .unwrap_or(0);
            whole = whole
                .checked_mul(10_000)
                .and_then(|whole| whole.checked_add(digit.into()))
                .ok_or("a numeric value is beyond 64 bits")?;
        }
        return Ok(Value::Int(if negative { -whole } else { whole }));
    }
    let mut real = 0.0;
    let mut power = weight;
    for digit in digits {
        real += f64::from(*digit) * 10_000_f64.powi(power);
        power -= 1;
    }
    Ok(Value::Real(if negative { -real } else { real }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wire(words: &[u16]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_be_bytes()).collect()
    }

    #[test]
    fn a_sum_is_an_integer_and_an_average_a_real_number() {
        // 12,345,678 ; -30,000 ; 0 ; 2.5
        assert_eq!(
            numeric(&wire(&[2, 1, 0, 0, 1_234, 5_678])).expect("a number"),
            Value::Int(12_345_678)
        );
        assert_eq!(
            numeric(&wire(&[1, 1, 0x4000, 0, 3])).expect("a number"),
            Value::Int(-30_000)
        );
        assert_eq!(
            numeric(&wire(&[0, 0, 0, 0])).expect("a number"),
            Value::Int(0)
        );
        assert_eq!(
            numeric(&wire(&[2, 0, 0, 1, 2, 5_000])).expect("a number"),
            Value::Real(2.5)
        );
    }

    #[test]
    fn a_numeric_that_is_no_number_or_too_great_is_refused() {
        assert!(numeric(&wire(&[0, 0, 0xC000, 0])).is_err());
        assert!(numeric(&wire(&[1, 9, 0, 0, 1])).is_err());
        assert!(numeric(&[0, 1]).is_err());
    }

    #[test]
    fn nothing_can_be_bound_to_any_type_but_a_text_not_to_a_number() {
        let mut out = BytesMut::new();
        for ty in [Type::INT8, Type::TEXT, Type::BYTEA, Type::FLOAT8] {
            assert!(matches!(Value::Null.to_sql(&ty, &mut out), Ok(IsNull::Yes)));
        }
        let text = Value::Text("1".to_owned());
        assert!(text.to_sql(&Type::INT8, &mut out).is_err());
    }
}
