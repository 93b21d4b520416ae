//! What a person or a program is told when something is refused (RFC 9457).

use crate::Text;

/// A refusal as the wire shows it. Never carries an internal cause: that goes to the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// HTTP status.
    pub status: u16,
    /// Stable name, kebab-case (`not-found`, `Y500001`); the wire's `type` is `/problems/{kind}`.
    pub kind: &'static str,
    /// What happened, in a line.
    pub title: Text,
    /// What is kept and what to do next.
    pub detail: Option<Text>,
    /// Seconds to wait before trying again (`Retry-After`).
    pub retry_after: Option<u32>,
    /// Further members of the wire's object (RFC 9457 §3.2), camelCase.
    pub extensions: Vec<(&'static str, serde_json::Value)>,
}

impl Problem {
    /// A problem with its title.
    pub const fn new(status: u16, kind: &'static str, title: Text) -> Self {
        Self {
            status,
            kind,
            title,
            detail: None,
            retry_after: None,
            extensions: Vec::new(),
        }
    }

    /// Adds what to do next.
    pub fn with_detail(mut self, detail: Text) -> Self {
        self.detail = Some(detail);
        self
    }

    /// Adds when to try again.
    pub const fn with_retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Adds a member to the wire's object. The names of the standard members are taken.
    pub fn with_extension(mut self, name: &'static str, value: serde_json::Value) -> Self {
        self.extensions.push((name, value));
        self
    }

    /// 401: nobody is signed in.
    pub const fn sign_in_required() -> Self {
        Self::new(
            401,
            "sign-in-required",
            Text::fixed("Vous n’êtes pas connecté.", "You are not signed in."),
        )
    }

    /// 403: signed in, but not allowed.
    pub const fn forbidden() -> Self {
        Self::new(
            403,
            "forbidden",
            Text::fixed(
                "Vous n’avez pas le droit de faire cela.",
                "You are not allowed to do this.",
            ),
        )
    }

    /// 404.
    pub const fn not_found() -> Self {
        Self::new(
            404,
            "not-found",
            Text::fixed("Cette page n’existe pas.", "This page does not exist."),
        )
    }

    /// 500: ours, never the reader's fault.
    pub const fn internal() -> Self {
        Self::new(
            500,
            "internal",
            Text::fixed(
                "Une erreur est survenue de notre côté. Rien de ce qui était enregistré n’est perdu.",
                "Something went wrong on our side. Nothing that was saved is lost.",
            ),
        )
    }

    /// 503: a dependency does not answer; try again in `seconds`.
    pub const fn unavailable(seconds: u32) -> Self {
        Self::new(
            503,
            "unavailable",
            Text::fixed(
                "Le service est momentanément indisponible.",
                "The service is temporarily unavailable.",
            ),
        )
        .with_retry_after(seconds)
    }
}
