//! What came back, whole.

use bytes::Bytes;
use http::HeaderMap;

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
}

impl Answer {
    /// A header; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("a header of text"))
    }

    /// Where a redirect leads; empty when nowhere.
    pub fn location(&self) -> &str {
        self.header("location")
    }

    /// Where a page that goes on by itself leads; empty when nowhere.
    pub fn refresh(&self) -> &str {
        self.header("refresh")
            .split_once("url=")
            .map_or("", |(_, url)| url)
    }

    /// The body as text.
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("a body of text")
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("a body of JSON")
    }

    /// The kind of the problem (`/problems/not-found` gives `not-found`); empty when none.
    pub fn problem(&self) -> String {
        serde_json::from_slice::<serde_json::Value>(&self.body)
            .ok()
            .and_then(|body| body.get("type")?.as_str().map(str::to_owned))
            .and_then(|kind| kind.strip_prefix("/problems/").map(str::to_owned))
            .unwrap_or_default()
    }

    /// The value of a form's field in a page, entities opened; none when there is no such field.
    pub fn field(&self, name: &str) -> Option<String> {
        let text = self.text();
        let at = text.find(&format!("name=\"{name}\""))?;
        let start = text.get(..at)?.rfind('<')?;
        let tag = text.get(start..)?.split('>').next()?;
        let value = tag.split("value=\"").nth(1)?.split('"').next()?;
        Some(
            value
                .replace("&#34;", "\"")
                .replace("&#39;", "'")
                .replace("&#60;", "<")
                .replace("&#62;", ">")
                .replace("&#38;", "&"),
        )
    }

    /// The `Set-Cookie` of a cookie whose name starts so; none when it is not set.
    pub fn set_cookie(&self, name: &str) -> Option<&str> {
        self.headers
            .get_all(http::header::SET_COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .find(|value| value.starts_with(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_read_out_of_a_page() {
        let page = Answer {
            status: 200,
            headers: HeaderMap::new(),
            body: Bytes::from_static(
                b"<form><input type=\"hidden\" name=\"csrf\" value=\"a&#38;b\"><input name=\"x\">",
            ),
        };
        assert_eq!(page.field("csrf").as_deref(), Some("a&b"));
        assert_eq!(page.field("x"), None);
        assert_eq!(page.field("y"), None);
    }
}
