//! `application/x-www-form-urlencoded` as the protocol wants it: every pair, in order, so that a
//! parameter given twice is seen.

use crate::domain::authorize::Parameters;

/// The most parameters of one request.
pub(crate) const MOST: usize = 64;

/// The pairs of a query or a body; what lies past the 64th is dropped.
pub(crate) fn pairs(text: &str) -> Parameters {
    url::form_urlencoded::parse(text.as_bytes())
        .take(MOST)
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

/// The only value of a parameter; none when absent, empty or given twice.
pub(crate) fn single<'a>(parameters: &'a Parameters, name: &str) -> Option<&'a str> {
    let mut values = parameters
        .iter()
        .filter(|(n, _)| n == name)
        .map(|(_, value)| value.as_str());
    let value = values.next().filter(|value| !value.is_empty())?;
    if values.next().is_some() {
        None
    } else {
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_given_once_is_read_and_one_given_twice_is_not() {
        let parameters = pairs("a=1&b=2&b=3&c=&d=caf%C3%A9+noir");
        assert_eq!(single(&parameters, "a"), Some("1"));
        assert_eq!(single(&parameters, "b"), None);
        assert_eq!(single(&parameters, "c"), None);
        assert_eq!(single(&parameters, "d"), Some("café noir"));
    }
}
