//! Ids of configured things: made of their names, so that they are the same at each start and on
//! each node.

/// A `UUIDv8` (RFC 9562 §5.8) of the SHA-256 of a kind and a name, as its number.
pub(crate) fn id_of(kind: &str, name: &str) -> u128 {
    const VERSION: u128 = 0xF << 76;
    const VARIANT: u128 = 0b11 << 62;
    let text = format!("{kind}\u{0}{name}");
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    let mut bytes = [0_u8; 16];
    for (place, byte) in bytes.iter_mut().zip(digest.as_ref()) {
        *place = *byte;
    }
    let number = u128::from_be_bytes(bytes);
    (number & !VERSION & !VARIANT) | (8 << 76) | (0b10 << 62)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_gives_the_same_id_for_ever_and_another_kind_another() {
        assert_eq!(id_of("tile", "messages"), id_of("tile", "messages"));
        assert_ne!(id_of("tile", "messages"), id_of("category", "messages"));
        let text = kernel::AgentId::from_u128(id_of("agent", "x")).to_string();
        assert_eq!(text.as_bytes()[14], b'8', "{text}");
        assert!(
            matches!(text.as_bytes()[19], b'8' | b'9' | b'a' | b'b'),
            "{text}"
        );
    }
}
