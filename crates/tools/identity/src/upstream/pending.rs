//! What was sent to a provider, kept by the tab until the answer comes.

use kernel::{Rng, RngExt as _, Secret, Timestamp};

use super::config::ProviderId;

/// A request under way at a provider. It holds secrets: it lives in a sealed cookie only.
#[derive(Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Pending {
    /// Where.
    pub provider: ProviderId,
    /// Must come back as it was sent.
    pub state: String,
    /// Must be in the id token.
    pub nonce: String,
    /// Behind the challenge sent (RFC 7636).
    pub verifier: String,
    /// When.
    pub started_at: Timestamp,
    /// The application named to the provider, which is named again to its token endpoint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application: Option<SentApplication>,
}

/// The application on whose behalf somebody is sent (`sp_id`, `sp_name`).
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct SentApplication {
    /// Its client id.
    pub id: String,
    /// Its name for people.
    pub name: String,
}

impl Pending {
    /// A request for the tab `interaction`, with secrets of its own.
    pub(super) fn new(
        provider: ProviderId,
        interaction: &str,
        application: Option<SentApplication>,
        now: Timestamp,
        rng: &dyn Rng,
    ) -> Self {
        Self {
            provider,
            state: format!("{interaction}.{}", rng.secret().expose()),
            nonce: rng.secret().expose().to_owned(),
            verifier: rng.secret().expose().to_owned(),
            started_at: now,
            application,
        }
    }

    /// Whether `state` is the one sent; in the same time wherever it differs.
    pub(super) fn sent_state(&self, state: &str) -> bool {
        Secret::new(self.state.as_str()).matches(state)
    }

    /// Whether `nonce` is the one sent.
    pub(super) fn sent_nonce(&self, nonce: &str) -> bool {
        Secret::new(self.nonce.as_str()).matches(nonce)
    }
}

impl std::fmt::Debug for Pending {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pending")
            .field("provider", &self.provider)
            .field("started_at", &self.started_at)
            .field("application", &self.application)
            .finish_non_exhaustive()
    }
}

/// The interaction whose tab sent this state; none when it cannot be one of ours. It says which
/// cookie to open, and proves nothing.
pub fn interaction_of(state: &str) -> Option<&str> {
    let (interaction, secret) = state.split_once('.')?;
    let named = !interaction.is_empty()
        && interaction.len() <= 64
        && interaction
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    (named && secret.len() == 43).then_some(interaction)
}

#[cfg(test)]
mod tests {
    use super::*;
    use testkit::SeededRng;

    fn pending(seed: u64) -> Pending {
        let provider = ProviderId::parse("interieur").expect("an id");
        let now = Timestamp::from_seconds(1);
        Pending::new(provider, "k7m2p9ab", None, now, &SeededRng::new(seed))
    }

    #[test]
    fn the_state_names_its_tab_and_is_never_the_same() {
        let (one, other) = (pending(1), pending(2));
        assert_eq!(interaction_of(&one.state), Some("k7m2p9ab"));
        assert!(one.sent_state(&one.state));
        assert!(!one.sent_state(&other.state));
        assert!(!one.sent_state(""));
    }

    #[test]
    fn a_state_of_another_form_names_no_tab() {
        let secret = "a".repeat(43);
        for state in [
            "",
            "abc",
            ".",
            "abc.",
            &secret,
            &format!(".{secret}"),
            &format!("a/b.{secret}"),
            "abc.short",
        ] {
            assert_eq!(interaction_of(state), None, "{state}");
        }
    }

    #[test]
    fn secrets_are_kept_but_not_shown() {
        let pending = pending(1);
        let shown = format!("{pending:?}");
        for secret in [&pending.state, &pending.nonce, &pending.verifier] {
            assert!(!shown.contains(secret.as_str()), "{shown}");
        }
        let kept = serde_json::to_string(&pending).expect("JSON");
        assert_eq!(
            serde_json::from_str::<Pending>(&kept).expect("pending"),
            pending
        );
    }
}
