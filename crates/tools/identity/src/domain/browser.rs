//! What an agent recognises a session by: the family of the browser and of its system, read from
//! the `User-Agent` header. Nothing more of the header is kept: no version, no model.

/// A family of browsers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Family {
    /// Mozilla Firefox.
    Firefox,
    /// Microsoft Edge.
    Edge,
    /// Chrome, Chromium and what is made of them.
    Chrome,
    /// Safari.
    Safari,
    /// Another, or unknown.
    #[default]
    Other,
}

/// A family of systems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum System {
    /// Windows.
    Windows,
    /// macOS.
    MacOs,
    /// iOS and iPadOS.
    Ios,
    /// Android.
    Android,
    /// Linux.
    Linux,
    /// Another, or unknown.
    #[default]
    Other,
}

/// A browser, as far as it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Browser {
    /// The program.
    pub family: Family,
    /// The machine's system.
    pub system: System,
}

/// Marks of families, the first that is found wins: each browser bears the names of others too.
const FAMILIES: [(&str, Family); 9] = [
    ("Edg/", Family::Edge),
    ("EdgA/", Family::Edge),
    ("EdgiOS/", Family::Edge),
    ("Firefox/", Family::Firefox),
    ("FxiOS/", Family::Firefox),
    ("Chrome/", Family::Chrome),
    ("Chromium/", Family::Chrome),
    ("CriOS/", Family::Chrome),
    ("Safari/", Family::Safari),
];

/// Marks of systems, likewise.
const SYSTEMS: [(&str, System); 7] = [
    ("Android", System::Android),
    ("iPhone", System::Ios),
    ("iPad", System::Ios),
    ("Windows", System::Windows),
    ("Macintosh", System::MacOs),
    ("Linux", System::Linux),
    ("X11", System::Linux),
];

impl Family {
    /// The stored word, and that of the JSON API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Firefox => "firefox",
            Self::Edge => "edge",
            Self::Chrome => "chrome",
            Self::Safari => "safari",
            Self::Other => "other",
        }
    }
}

impl System {
    /// The stored word, and that of the JSON API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Windows => "windows",
            Self::MacOs => "macos",
            Self::Ios => "ios",
            Self::Android => "android",
            Self::Linux => "linux",
            Self::Other => "other",
        }
    }
}

impl Browser {
    /// Reads a `User-Agent`.
    pub fn of_header(text: &str) -> Self {
        let family = FAMILIES.iter().find(|(mark, _)| text.contains(mark));
        let system = SYSTEMS.iter().find(|(mark, _)| text.contains(mark));
        Self {
            family: family.map_or(Family::Other, |(_, family)| *family),
            system: system.map_or(System::Other, |(_, system)| *system),
        }
    }

    /// As stored.
    pub fn to_text(self) -> String {
        format!("{}/{}", self.family.word(), self.system.word())
    }

    /// From what is stored; what an older release left empty is another.
    pub fn from_text(text: &str) -> Self {
        let (family, system) = text.split_once('/').unwrap_or_default();
        let mut families = FAMILIES.iter().map(|(_, family)| *family);
        let mut systems = SYSTEMS.iter().map(|(_, system)| *system);
        Self {
            family: families
                .find(|one| one.word() == family)
                .unwrap_or_default(),
            system: systems.find(|one| one.word() == system).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browsers_of_ministries_are_recognised() {
        for (header, kept) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "firefox/windows",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
                "edge/windows",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
                "chrome/linux",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
                "safari/macos",
            ),
            (
                "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
                "chrome/android",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/140.0 Mobile/15E148 Safari/605.1.15",
                "firefox/ios",
            ),
            ("curl/8.5.0", "other/other"),
            ("", "other/other"),
        ] {
            let browser = Browser::of_header(header);
            assert_eq!(browser.to_text(), kept, "{header}");
            assert_eq!(Browser::from_text(kept), browser);
        }
    }

    #[test]
    fn what_an_older_release_left_empty_is_another() {
        for text in ["", "/", "netscape/beos", "firefox"] {
            let read = Browser::from_text(text);
            assert_eq!(read.system, System::Other, "{text}");
        }
    }
}
