//! Ids: `UUIDv7` newtypes, 16 bytes in the databases, hyphenated text on the wire.

use crate::{Rng, Timestamp};

/// A text or a row did not hold an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {kind}")]
pub struct IdError {
    /// Name of the id's type.
    pub kind: &'static str,
}

/// Makes the 16 bytes of a UUID version 7 (RFC 9562 §5.7) from a time and randomness.
#[doc(hidden)]
pub fn uuid_v7(now: Timestamp, rng: &dyn Rng) -> uuid::Uuid {
    let mut random = [0_u8; 10];
    rng.fill(&mut random);
    let millis = u64::try_from(now.millis()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

/// Makes a UUID version 8 from the first half of a digest.
#[doc(hidden)]
pub fn uuid_v8(digest: &[u8; 32]) -> uuid::Uuid {
    let mut bytes = [0_u8; 16];
    for (place, byte) in bytes.iter_mut().zip(digest) {
        *place = *byte;
    }
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// Declares a newtype around a UUID with its constructors, text and byte forms.
///
/// ```
/// kernel::define_id!(
///     /// One tile of the portal.
///     TileId
/// );
/// # let id = TileId::parse("01890000-0000-7000-8000-000000000000").expect("an id");
/// # assert_eq!(id.to_string(), "01890000-0000-7000-8000-000000000000");
/// ```
#[macro_export]
macro_rules! define_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name($crate::__uuid::Uuid);

        #[expect(clippy::allow_attributes, reason = "which of an id's forms a room uses differs")]
        #[allow(dead_code)]
        impl $name {
            /// A new id, ordered by `now`.
            pub fn new(now: $crate::Timestamp, rng: &dyn $crate::Rng) -> Self {
                Self($crate::__id::uuid_v7(now, rng))
            }

            /// The id in the wire's hyphenated text.
            ///
            /// # Errors
            /// When `text` is not a UUID.
            pub fn parse(text: &str) -> Result<Self, $crate::IdError> {
                $crate::__uuid::Uuid::try_parse(text)
                    .map(Self)
                    .map_err(|_| $crate::IdError { kind: stringify!($name) })
            }

            /// The id in a database's 16 bytes.
            ///
            /// # Errors
            /// When `bytes` are not 16.
            pub fn from_bytes(bytes: &[u8]) -> Result<Self, $crate::IdError> {
                $crate::__uuid::Uuid::from_slice(bytes)
                    .map(Self)
                    .map_err(|_| $crate::IdError { kind: stringify!($name) })
            }

            /// A fixed id, for data that is the same at each start.
            pub const fn from_u128(value: u128) -> Self {
                Self($crate::__uuid::Uuid::from_u128(value))
            }

            /// The id that a digest of a name gives, the same at each start and on each node
            /// (`UUIDv8`, RFC 9562 §5.8).
            pub fn from_digest(digest: &[u8; 32]) -> Self {
                Self($crate::__id::uuid_v8(digest))
            }

            /// The 16 bytes that a database keeps.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::IdError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }

        impl $crate::__serde::Serialize for $name {
            fn serialize<S: $crate::__serde::Serializer>(
                &self,
                serializer: S,
            ) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> $crate::__serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__serde::Deserializer<'de>>(
                deserializer: D,
            ) -> Result<Self, D::Error> {
                let text =
                    <std::borrow::Cow<'de, str> as $crate::__serde::Deserialize>::deserialize(
                        deserializer,
                    )?;
                Self::parse(&text).map_err($crate::__serde::de::Error::custom)
            }
        }
    };
}

define_id!(
    /// An agent of the State, for ever: the OIDC `sub` that applications see.
    AgentId
);
define_id!(
    /// An administration.
    OrganisationId
);
define_id!(
    /// An event of the outbox; consumers are idempotent by it.
    EventId
);
define_id!(
    /// One HTTP request, shown on error pages and written in the logs.
    RequestId
);
define_id!(
    /// A tool that agents find on their home page.
    ToolId
);
define_id!(
    /// A signed-in browser. Never the cookie's secret itself.
    SessionId
);
define_id!(
    /// What an agent made for a program that speaks in their name: a token. Never its secret.
    CredentialId
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OsRng;

    #[test]
    fn ids_made_later_sort_later() {
        let first = AgentId::new(Timestamp::from_millis(1_000), &OsRng);
        let second = AgentId::new(Timestamp::from_millis(1_001), &OsRng);
        assert!(first < second);
    }

    #[test]
    fn an_id_survives_its_text_and_its_bytes() {
        let id = AgentId::new(Timestamp::from_millis(1_000), &OsRng);
        assert_eq!(AgentId::parse(&id.to_string()), Ok(id));
        assert_eq!(AgentId::from_bytes(id.as_bytes()), Ok(id));
    }

    #[test]
    fn a_digest_gives_the_same_id_for_ever_and_says_so() {
        let id = AgentId::from_digest(&[0xff; 32]);
        assert_eq!(id, AgentId::from_digest(&[0xff; 32]));
        assert_ne!(id, AgentId::from_digest(&[0xfe; 32]));
        assert_eq!(id.to_string(), "ffffffff-ffff-8fff-bfff-ffffffffffff");
    }

    #[test]
    fn a_text_that_is_no_id_is_refused_and_named() {
        let error = AgentId::parse("claire").expect_err("no id");
        assert_eq!(error.to_string(), "not a valid AgentId");
    }
}
