//! Texts that others write: their size, and what they may not hold.

/// Whether a character may not stand in anybody's text: controls, and the marks that turn the
/// direction of what follows.
fn is_refused(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A line of 1 to `most` characters, trimmed; none when it is not one.
pub(crate) fn line(text: &str, most: usize) -> Option<String> {
    let text = text.trim();
    let good = !text.is_empty() && text.chars().count() <= most && !text.chars().any(is_refused);
    good.then(|| text.to_owned())
}

/// Paragraphs of 1 to `most` characters, trimmed, line ends as `\n`; none when they are not.
pub(crate) fn paragraphs(text: &str, most: usize) -> Option<String> {
    let text = text.trim().replace("\r\n", "\n");
    let refused = |c: char| c != '\n' && is_refused(c);
    let good = !text.is_empty() && text.chars().count() <= most && !text.chars().any(refused);
    good.then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_one_line_of_some_length() {
        assert_eq!(line("  Été  ", 3).as_deref(), Some("Été"));
        for text in [
            "",
            "   ",
            "Étés",
            "a\nb",
            "a\tb",
            "a\u{0}",
            "a\u{202e}b",
            "a\u{85}b",
        ] {
            assert_eq!(line(text, 3), None, "{text:?}");
        }
    }

    #[test]
    fn paragraphs_keep_their_line_ends_and_nothing_else() {
        assert_eq!(paragraphs("a\r\n\r\nb\n", 10).as_deref(), Some("a\n\nb"));
        for text in ["", "\n", "a\u{7}", "a\u{2028}b"] {
            assert_eq!(paragraphs(text, 10), None, "{text:?}");
        }
    }
}
