//! A message as it travels: a version, the id of its node, what it says.

use bytes::{BufMut as _, Bytes, BytesMut};

use crate::NodeId;

/// The most that a message says, in bytes.
pub const MAX_PAYLOAD: usize = 64 * 1024;

/// The form of what follows; a node drops forms that it does not know.
const VERSION: u8 = 1;
const HEAD: usize = 17;

/// The bytes of a message.
pub(crate) fn seal(node: NodeId, payload: &[u8]) -> Bytes {
    let mut bytes = BytesMut::with_capacity(HEAD + payload.len());
    bytes.put_u8(VERSION);
    bytes.put_slice(node.as_bytes());
    bytes.put_slice(payload);
    bytes.freeze()
}

/// Who sent it, and what it says; none: it is no message of ours.
pub(crate) fn open(mut bytes: Bytes) -> Option<(NodeId, Bytes)> {
    if bytes.len() > HEAD + MAX_PAYLOAD || bytes.first() != Some(&VERSION) {
        return None;
    }
    let node: [u8; 16] = bytes.get(1..HEAD)?.try_into().ok()?;
    let payload = bytes.split_off(HEAD);
    Some((NodeId::from_bytes(node), payload))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_payload_comes_out_as_it_went_in(node: [u8; 16], payload: Vec<u8>) {
            let node = NodeId::from_bytes(node);
            let opened = open(seal(node, &payload));
            prop_assert_eq!(opened, Some((node, Bytes::from(payload))));
        }

        #[test]
        fn any_bytes_are_a_message_or_nothing(bytes: Vec<u8>) {
            let opened = open(Bytes::from(bytes.clone()));
            prop_assert_eq!(opened.is_some(), bytes.len() >= HEAD && bytes[0] == VERSION);
        }
    }

    #[test]
    fn what_is_too_large_or_of_another_version_is_nothing() {
        let node = NodeId::from_bytes([7; 16]);
        assert!(open(seal(node, &vec![0; MAX_PAYLOAD])).is_some());
        assert!(open(seal(node, &vec![0; MAX_PAYLOAD + 1])).is_none());
        let mut newer = seal(node, b"x").to_vec();
        newer[0] = 2;
        assert!(open(Bytes::from(newer)).is_none());
    }
}
