//! The envelope within reach of what feeds it anything; see `fuzz/`.

use bytes::Bytes;

use crate::envelope;

/// What a message says; none: it is no message of ours.
///
/// # Panics
/// When a message that is sealed anew is another one.
pub fn payload(bytes: &[u8]) -> Option<Vec<u8>> {
    let (node, payload) = envelope::open(Bytes::copy_from_slice(bytes))?;
    assert!(payload.len() <= envelope::MAX_PAYLOAD);
    assert_eq!(envelope::seal(node, &payload), bytes);
    Some(payload.to_vec())
}
