//! The few icons of the pages: lines in the text's colour, hidden from screen readers.

/// Besace's bag, for the mark.
pub(super) const BAG: &str = r#"<svg viewBox="0 0 28 28" fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" stroke-linecap="round" aria-hidden="true"><path d="M9 9V7a5 5 0 0 1 10 0v2"/><rect x="4" y="9" width="20" height="15" rx="3.5"/><path d="M4 13.5c2.6 2.6 6 4 10 4s7.4-1.4 10-4"/><path d="M14 15.6v4.2" stroke-width="3"/></svg>"#;

/// What an icon stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Icon {
    /// A guest.
    UserAdd,
    /// The support.
    Support,
    /// Something broken.
    Error,
    /// Something disturbed.
    Warning,
    /// Something to know.
    Info,
    /// All is well.
    Success,
    /// A phone.
    Phone,
    /// A meeting.
    Video,
    /// A workstation.
    Computer,
    /// A draft.
    Draft,
    /// A building: an administration.
    Building,
    /// A lock: a secret, a second factor.
    Lock,
    /// A clock: until when.
    Time,
    /// An eye: what is seen.
    Eye,
    /// An envelope: a mail.
    Mail,
    /// A person.
    User,
}

macro_rules! line {
    ($shape:literal) => {
        concat!(
            r#"<svg class="bs-icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linejoin="round" stroke-linecap="round" aria-hidden="true">"#,
            $shape,
            "</svg>"
        )
    };
}

macro_rules! solid {
    ($shape:literal) => {
        concat!(
            r#"<svg class="bs-icon" viewBox="0 0 24 24" fill="currentColor" fill-rule="evenodd" aria-hidden="true">"#,
            $shape,
            "</svg>"
        )
    };
}

/// The icon's SVG, to be put into a page as it is. Its text says the same: an icon is never
/// alone.
pub const fn icon(icon: Icon) -> &'static str {
    match icon {
        Icon::UserAdd => line!(
            r#"<circle cx="11" cy="8" r="4"/><path d="M4 21v-1a6 6 0 0 1 6-6h2M18 15v6M15 18h6"/>"#
        ),
        Icon::Support => line!(
            r#"<path d="M4 15v-3a8 8 0 0 1 16 0v3M20 17a4 4 0 0 1-4 4h-3"/><rect x="3" y="13" width="4" height="6" rx="1"/><rect x="17" y="13" width="4" height="6" rx="1"/>"#
        ),
        Icon::Error => solid!(
            r#"<path d="M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm-1 5h2v6h-2zm0 8h2v2h-2z"/>"#
        ),
        Icon::Warning => {
            solid!(r#"<path d="M12 2.5 1.5 21h21zM11 9h2v6h-2zm0 7h2v2h-2z"/>"#)
        }
        Icon::Info => solid!(
            r#"<path d="M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm-1 5h2v2h-2zm0 4h2v6h-2z"/>"#
        ),
        Icon::Success => solid!(
            r#"<path d="M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm-1 14.4-4.2-4.2 1.4-1.4 2.8 2.8 5.8-5.8 1.4 1.4z"/>"#
        ),
        Icon::Phone => line!(
            r#"<path d="M5 3h4l1.5 5-2.5 2a14 14 0 0 0 6 6l2-2.5 5 1.5v4a2 2 0 0 1-2 2A16 16 0 0 1 3 5a2 2 0 0 1 2-2z"/>"#
        ),
        Icon::Video => {
            line!(
                r#"<rect x="3" y="5" width="13" height="14" rx="1"/><path d="m16 10 5-3v10l-5-3"/>"#
            )
        }
        Icon::Computer => {
            line!(r#"<rect x="3" y="4" width="18" height="13" rx="1"/><path d="M8 21h8M12 17v4"/>"#)
        }
        Icon::Draft => {
            line!(
                r#"<path d="M20 12v8a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1h11M8 8h6M8 12h3M12 16l8-9"/>"#
            )
        }
        Icon::Building => {
            line!(r#"<path d="M3 21h18M5 21V10M9 21V10M15 21V10M19 21V10M3 10l9-6 9 6z"/>"#)
        }
        Icon::Lock => line!(
            r#"<rect x="4" y="10" width="16" height="11" rx="1"/><path d="M8 10V7a4 4 0 0 1 8 0v3M12 14v3"/>"#
        ),
        Icon::Time => line!(r#"<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3 3"/>"#),
        Icon::Eye => line!(
            r#"<path d="M2 12s4-7 10-7 10 7 10 7-4 7-10 7-10-7-10-7z"/><circle cx="12" cy="12" r="3"/>"#
        ),
        Icon::Mail => {
            line!(r#"<rect x="3" y="5" width="18" height="14" rx="1"/><path d="m3 7 9 6 9-6"/>"#)
        }
        Icon::User => line!(
            r#"<circle cx="12" cy="8" r="4"/><path d="M4 21v-1a6 6 0 0 1 6-6h4a6 6 0 0 1 6 6v1"/>"#
        ),
    }
}
