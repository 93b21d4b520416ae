//! Pages of a long list, by cursor: stable while rows come and go.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// How many rows a page holds, 1 to 200.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(u16);

impl Limit {
    /// The most rows of one page.
    pub const MAX: u16 = 200;

    /// Bounds a wish.
    pub fn new(wish: u16) -> Self {
        Self(wish.clamp(1, Self::MAX))
    }

    /// Rows, as SQL wants them.
    pub fn rows(self) -> i64 {
        i64::from(self.0)
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(50)
    }
}

/// The key of the last row seen, opaque to clients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(Vec<u8>);

/// A cursor that this program did not make.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the cursor is not one of ours")]
pub struct CursorError;

impl Cursor {
    /// From the sort key of the last row.
    pub fn new(key: impl Into<Vec<u8>>) -> Self {
        Self(key.into())
    }

    /// The sort key.
    pub fn key(&self) -> &[u8] {
        &self.0
    }

    /// The wire's text.
    pub fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(&self.0)
    }

    /// From the wire's text, 1 KB at most.
    ///
    /// # Errors
    /// When the text is too long or not base64url.
    pub fn parse(text: &str) -> Result<Self, CursorError> {
        if text.len() > 1_024 {
            return Err(CursorError);
        }
        URL_SAFE_NO_PAD
            .decode(text)
            .map(Self)
            .map_err(|_| CursorError)
    }
}

/// Some rows, and where the next ones begin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// In order.
    pub items: Vec<T>,
    /// None at the end.
    pub next: Option<Cursor>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_its_text_and_a_foreign_one_is_refused() {
        let cursor = Cursor::new("élodie".as_bytes());
        assert_eq!(Cursor::parse(&cursor.to_text()), Ok(cursor));
        assert_eq!(Cursor::parse("%%%"), Err(CursorError));
        assert_eq!(Cursor::parse(&"a".repeat(2_000)), Err(CursorError));
    }
}
