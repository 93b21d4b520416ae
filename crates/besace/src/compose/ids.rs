//! Ids of configured things: made of their names, so that they are the same at each start and on
//! each node.

use aws_lc_rs::digest::{SHA256, digest};

/// The digest of a kind and a name, for the ids' `from_digest`.
pub(crate) fn digest_of(kind: &str, name: &str) -> [u8; 32] {
    let digest = digest(&SHA256, format!("{kind}\u{0}{name}").as_bytes());
    let mut bytes = [0_u8; 32];
    for (place, byte) in bytes.iter_mut().zip(digest.as_ref()) {
        *place = *byte;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_gives_the_same_digest_for_ever_and_another_kind_another() {
        assert_eq!(digest_of("tile", "messages"), digest_of("tile", "messages"));
        assert_ne!(
            digest_of("tile", "messages"),
            digest_of("category", "messages")
        );
        assert_ne!(digest_of("a", "bc"), digest_of("ab", "c"));
    }
}
