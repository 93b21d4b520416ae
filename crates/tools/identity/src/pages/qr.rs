//! A picture that an application scans, as the outline of its dark squares: drawn without script,
//! style or image, under the strictest policy.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};

/// Light squares around, which readers need (ISO/IEC 18004 §5.3.8).
const MARGIN: i32 = 4;

/// The picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Qr {
    /// Squares a side, the margin counted.
    pub(super) side: i32,
    /// The dark squares, as the `d` of a path.
    pub(super) path: String,
}

impl Qr {
    /// The picture of a text; none when it is too long for one.
    pub(super) fn of(text: &str) -> Option<Self> {
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
        let mut path = String::new();
        for y in 0..code.size() {
            let mut x = 0;
            while x < code.size() {
                let mut run = 0;
                while code.get_module(x + run, y) {
                    run += 1;
                }
                if run > 0 {
                    // Writing to a text cannot fail.
                    let (left, top) = (x + MARGIN, y + MARGIN);
                    let _ = write!(path, "M{left} {top}h{run}v1h-{run}z");
                }
                x += run + 1;
            }
        }
        Some(Self {
            side: code.size() + 2 * MARGIN,
            path,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dark_square_is_in_the_picture_once_and_no_light_one() {
        let text = "otpauth://totp/Minist%C3%A8re:claire?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).expect("a code");
        let picture = Qr::of(text).expect("a picture");
        let mut drawn = std::collections::BTreeSet::new();
        for part in picture.path.split('M').skip(1) {
            let (place, rest) = part.split_once('h').expect("a run");
            let (x, y) = place.split_once(' ').expect("a place");
            let (x, y): (i32, i32) = (x.parse().expect("x"), y.parse().expect("y"));
            let run: i32 = rest
                .split('v')
                .next()
                .expect("a length")
                .parse()
                .expect("a run");
            for step in 0..run {
                assert!(drawn.insert((x + step - MARGIN, y - MARGIN)), "twice");
            }
        }
        for y in 0..code.size() {
            for x in 0..code.size() {
                assert_eq!(drawn.contains(&(x, y)), code.get_module(x, y), "{x} {y}");
            }
        }
        assert_eq!(picture.side, code.size() + 8);
    }

    #[test]
    fn a_text_that_is_too_long_has_no_picture() {
        assert_eq!(Qr::of(&"é".repeat(4_000)), None);
    }
}
