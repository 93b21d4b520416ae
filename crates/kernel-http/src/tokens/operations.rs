//! Which operations are open to tokens, as the description says.

use std::collections::HashMap;
use std::sync::Arc;

use http::Method;
use kernel::TokenScope;
use utoipa::openapi::OpenApi;

use super::SCHEME;

/// The scope of each operation that names one, by path and method. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Operations(Arc<HashMap<String, Vec<(Method, TokenScope)>>>);

impl Operations {
    /// What a description opens.
    pub(crate) fn of(description: &OpenApi) -> Self {
        let document = serde_json::to_value(description).unwrap_or_default();
        let mut open = HashMap::new();
        let paths = document.get("paths").and_then(|paths| paths.as_object());
        for (path, methods) in paths.into_iter().flatten() {
            let mut scopes = Vec::new();
            for (method, operation) in methods.as_object().into_iter().flatten() {
                let method = Method::from_bytes(method.to_ascii_uppercase().as_bytes());
                if let (Ok(method), Some(scope)) = (method, scope_in(operation)) {
                    scopes.push((method, scope));
                }
            }
            if !scopes.is_empty() {
                open.insert(path.clone(), scopes);
            }
        }
        Self(Arc::new(open))
    }

    /// The scope of an operation; none: it is closed to tokens.
    pub(crate) fn scope_of(&self, method: &Method, path: &str) -> Option<TokenScope> {
        // Whoever may read something may ask for its headers alone.
        let is_meant =
            |known: &Method| known == method || (method == Method::HEAD && known == Method::GET);
        let scopes = self.0.get(path)?;
        let found = scopes.iter().find(|(known, _)| is_meant(known));
        found.map(|(_, scope)| *scope)
    }
}

/// The one scope that an operation asks of a token. Several, or one that is unknown, close it.
fn scope_in(operation: &serde_json::Value) -> Option<TokenScope> {
    let requirements = operation.get("security")?.as_array()?;
    let scopes = requirements.iter().find_map(|one| one.get(SCHEME))?;
    match scopes.as_array()?.as_slice() {
        [scope] => TokenScope::from_word(scope.as_str()?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(security: &serde_json::Value) -> Operations {
        let description = serde_json::json!({
            "openapi": "3.1.0",
            "info": { "title": "t", "version": "0" },
            "paths": { "/a/{id}": { "get": { "responses": {}, "security": security } } },
        });
        Operations::of(&serde_json::from_value(description).expect("a description"))
    }

    #[test]
    fn an_operation_is_open_to_the_one_scope_that_it_names() {
        let open = of(&serde_json::json!([{ "session": [] }, { "token": ["inbox:read"] }]));
        assert_eq!(
            open.scope_of(&Method::GET, "/a/{id}"),
            Some(TokenScope::InboxRead)
        );
        assert_eq!(
            open.scope_of(&Method::HEAD, "/a/{id}"),
            Some(TokenScope::InboxRead)
        );
        assert_eq!(open.scope_of(&Method::POST, "/a/{id}"), None);
        assert_eq!(open.scope_of(&Method::GET, "/a"), None);
    }

    #[test]
    fn what_names_none_several_or_an_unknown_one_is_closed() {
        for security in [
            serde_json::json!([]),
            serde_json::json!([{ "session": [] }]),
            serde_json::json!([{ "token": [] }]),
            serde_json::json!([{ "token": ["inbox:read", "portal:read"] }]),
            serde_json::json!([{ "token": ["everything"] }]),
        ] {
            let closed = of(&security);
            assert_eq!(closed.scope_of(&Method::GET, "/a/{id}"), None, "{security}");
        }
    }
}
