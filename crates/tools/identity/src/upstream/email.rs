//! An address of electronic mail, as far as sign-in depends on it.

/// The longest address (RFC 5321 §4.5.3.1.3, without the angle brackets).
const LONGEST: usize = 254;
/// The longest local part (RFC 5321 §4.5.3.1.1).
const LONGEST_LOCAL: usize = 64;

/// An address whose domain is in lower case and in its A-label form; the local part is kept as
/// written, `+suffix` included: its meaning is the domain's affair.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EmailAddress {
    text: String,
    /// Where the domain begins.
    domain: usize,
}

/// Not an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address")]
pub struct EmailError;

impl EmailAddress {
    /// Reads an address; spaces around it are a keyboard's and do not count.
    ///
    /// # Errors
    /// When it is too long, has no `@`, or one of its parts is malformed. Quoted local parts
    /// (RFC 5322 §3.4.1) are refused.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let text = text.trim();
        if text.len() > LONGEST {
            return Err(EmailError);
        }
        let (local, domain) = text.rsplit_once('@').ok_or(EmailError)?;
        if !is_local_part(local) {
            return Err(EmailError);
        }
        let domain = domain_key(domain).ok_or(EmailError)?;
        let text = format!("{local}@{domain}");
        if text.len() > LONGEST {
            return Err(EmailError);
        }
        Ok(Self {
            text,
            domain: local.len() + 1,
        })
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What follows the last `@`.
    pub fn domain(&self) -> &str {
        self.text.get(self.domain..).unwrap_or_default()
    }

    /// The same mailbox name at another domain.
    pub(super) fn at(&self, domain: &str) -> String {
        format!(
            "{}{domain}",
            self.text.get(..self.domain).unwrap_or_default()
        )
    }
}

impl std::fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

/// Atoms parted by single dots (RFC 5322 §3.2.3).
fn is_local_part(text: &str) -> bool {
    let is_atom = |atom: &str| {
        !atom.is_empty()
            && atom
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&b))
    };
    text.len() <= LONGEST_LOCAL && text.split('.').all(is_atom)
}

/// The form in which domains are compared: lower case, A-labels; none when it is no domain of
/// the public kind (two labels at least, letters, digits and inner hyphens).
pub(crate) fn domain_key(text: &str) -> Option<String> {
    if text.contains('%') {
        // The URL parser below would decode it.
        return None;
    }
    let url::Host::Domain(domain) = url::Host::parse(text).ok()? else {
        return None;
    };
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let well_formed = domain.contains('.') && domain.split('.').all(is_label);
    well_formed.then_some(domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_domain_is_lowered_and_the_local_part_is_kept() {
        for (text, kept, domain) in [
            (
                "Claire.Delmas@Interieur.GOUV.fr",
                "Claire.Delmas@interieur.gouv.fr",
                "interieur.gouv.fr",
            ),
            (" a+mfa@x.fr ", "a+mfa@x.fr", "x.fr"),
            ("o'brien@x.fr", "o'brien@x.fr", "x.fr"),
            (
                "a@préfecture.fr",
                "a@xn--prfecture-c4a.fr",
                "xn--prfecture-c4a.fr",
            ),
        ] {
            let address = EmailAddress::parse(text).expect(text);
            assert_eq!((address.as_str(), address.domain()), (kept, domain));
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        let long = format!("a@{}.fr", "b.".repeat(130));
        for text in [
            "",
            "a",
            "@x.fr",
            "a@",
            "a@x",
            "a b@x.fr",
            "a@x..fr",
            "a@.fr",
            "a@x.fr.",
            "a..b@x.fr",
            ".a@x.fr",
            "a@@x.fr",
            "a@b@x.fr",
            "\"a b\"@x.fr",
            "a@127.0.0.1",
            "a@[::1]",
            "a@-x.fr",
            "a@x.fr\r\nBcc: b@x.fr",
            "a@x%2efr.fr",
            "é@x.fr",
            &long,
        ] {
            assert_eq!(EmailAddress::parse(text), Err(EmailError), "{text}");
        }
        let local = "a".repeat(65);
        assert!(EmailAddress::parse(&format!("{local}@x.fr")).is_err());
    }

    #[test]
    fn a_corrected_address_keeps_its_local_part() {
        let address = EmailAddress::parse("Claire@interieur.gov.fr").expect("an address");
        assert_eq!(address.at("interieur.gouv.fr"), "Claire@interieur.gouv.fr");
    }
}
