//! Of audiences.

use kernel::Text;

/// A rule out of bounds.
pub(crate) const TOO_LARGE: Text = Text::fixed(
    "Ce public compte trop de règles. La limite est de 200, imbriquées 8 fois au plus.",
    "This audience holds too many rules. The limit is 200, nested 8 times at most.",
);

/// Whether somebody would see the tile, and what they are.
pub(crate) fn tried(included: bool, what: &str, place: &str) -> Text {
    let (fr, en) = if included {
        ("La verra", "Will see it")
    } else {
        ("Ne la verra pas", "Will not see it")
    };
    Text::made(
        format!("{fr}\u{a0}: {what}, {place}"),
        format!("{en}: {what}, {place}"),
    )
}
