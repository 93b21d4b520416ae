//! Server-rendered pages: the sign-in's, the legal ones, the errors. They work without script.
//!
//! A page is [`Page`]: a title, the HTML of its main column (made by a template that escapes),
//! perhaps a panel beside it. The layout adds the mark, the footer and the language switch. No
//! style or script is ever inline; the style sheet's address holds its digest.

mod context;
pub mod error;
mod icon;
mod legal;
mod look;
mod page;
mod preferences;
mod style;
mod texts;

use axum::Router;
use axum::routing::get;

pub use context::PageContext;
pub use icon::{Icon, icon};
pub use look::{Accent, Look, LookError, Mark};
pub use page::Page;

/// Where the display settings are.
pub const PREFERENCES: &str = "/preferences/affichage";

/// The pages that belong to no tool, and what pages load.
pub(crate) fn router() -> Router {
    Router::new()
        .route("/_pages/{file}", get(style::get))
        .route("/accessibilite", get(legal::accessibility))
        .route("/mentions-legales", get(legal::notice))
        .route("/donnees-personnelles", get(legal::privacy))
        .route(PREFERENCES, get(preferences::show).post(preferences::keep))
}

/// A path of this site that a form or a link asked to come back to: `/` when the wish could lead
/// anywhere else (`//host`, a scheme, a backslash, a control character).
pub fn local_path(wish: &str) -> String {
    let local = wish.starts_with('/')
        && !wish.starts_with("//")
        && wish.len() <= 2_048
        && wish.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    if local {
        wish.to_owned()
    } else {
        "/".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_path_of_ours_is_come_back_to() {
        for path in ["/", "/outils?a=1", "/a//b", "/a%20b#c"] {
            assert_eq!(local_path(path), path);
        }
        for wish in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/a\r\nset-cookie: b",
            "/\t/evil.example",
            "evil",
        ] {
            assert_eq!(local_path(wish), "/", "{wish}");
        }
        assert_eq!(local_path(&format!("/{}", "a".repeat(3_000))), "/");
    }
}
