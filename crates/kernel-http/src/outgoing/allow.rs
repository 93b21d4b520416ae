//! What the operator named as reachable although it is not public.

use std::net::IpAddr;

use ipnet::IpNet;
use url::{Host, Url};

use super::address::is_public;
use super::error::{OutgoingError, Reason};

/// The names, addresses and networks of `outgoing.allow`.
#[derive(Debug, Clone, Default)]
pub(super) struct Allow {
    networks: Vec<IpNet>,
    /// Host in lower case, with a port or for every port.
    hosts: Vec<(String, Option<u16>)>,
}

/// How an address may be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Passage {
    /// Its name's addresses are to be judged when they are known.
    Judged,
    /// It is named: whatever it resolves to.
    Named,
}

impl Allow {
    pub(super) fn parse(entries: &[String]) -> Result<Self, OutgoingError> {
        let mut allow = Self::default();
        for entry in entries {
            let entry = entry.trim().to_lowercase();
            if let Ok(network) = entry.parse::<IpNet>() {
                allow.networks.push(network);
                continue;
            }
            if let Ok(address) = entry.parse::<IpAddr>() {
                allow.networks.push(IpNet::from(address));
                continue;
            }
            // The URL parser knows how hosts, brackets and ports are written.
            let url = Url::parse(&format!("allow://{entry}"))
                .ok()
                .filter(|url| url.path().is_empty() && url.username().is_empty())
                .ok_or_else(|| OutgoingError::Configuration(format!("outgoing.allow: {entry}")))?;
            let host = url
                .host_str()
                .filter(|host| !host.is_empty())
                .ok_or_else(|| OutgoingError::Configuration(format!("outgoing.allow: {entry}")))?;
            allow.hosts.push((host.to_owned(), url.port()));
        }
        Ok(allow)
    }

    /// Whether an address that a name resolved to may be connected to.
    pub(super) fn permits(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        is_public(address)
            || self
                .networks
                .iter()
                .any(|network| network.contains(&address))
    }

    /// Judges what can be judged before any resolution.
    pub(super) fn check(&self, url: &Url) -> Result<Passage, OutgoingError> {
        let refused = |reason| Err(OutgoingError::Refused { reason });
        if !matches!(url.scheme(), "http" | "https") {
            return refused(Reason::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return refused(Reason::UserName);
        }
        let port = url.port_or_known_default();
        let named = url.host_str().is_some_and(|host| {
            self.hosts
                .iter()
                .any(|(known, at)| known == host && (at.is_none() || *at == port))
        });
        if named {
            return Ok(Passage::Named);
        }
        match url.host() {
            None => refused(Reason::NoHost),
            Some(Host::Domain(_)) => Ok(Passage::Judged),
            Some(Host::Ipv4(address)) if self.permits(address.into()) => Ok(Passage::Judged),
            Some(Host::Ipv6(address)) if self.permits(address.into()) => Ok(Passage::Judged),
            Some(_) => refused(Reason::Address),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(allow: &[&str], url: &str) -> Result<Passage, Reason> {
        let entries: Vec<String> = allow.iter().map(|&entry| entry.to_owned()).collect();
        Allow::parse(&entries)
            .expect("entries")
            .check(&Url::parse(url).expect("url"))
            .map_err(|error| match error {
                OutgoingError::Refused { reason } => reason,
                other => panic!("{other}"),
            })
    }

    #[test]
    fn literal_addresses_are_judged_however_they_are_written() {
        assert_eq!(check(&[], "https://8.8.8.8/"), Ok(Passage::Judged));
        for url in [
            "http://127.0.0.1/",
            "http://0x7f000001/",
            "http://2130706433/",
            "http://127.1/",
            "http://[::1]/",
            "http://[::ffff:10.0.0.1]/",
            "http://169.254.169.254/latest",
        ] {
            assert_eq!(check(&[], url), Err(Reason::Address), "{url}");
        }
    }

    #[test]
    fn what_is_named_passes_and_its_neighbour_does_not() {
        let allow = [
            "fia.test:8081",
            "10.1.0.0/16",
            "intern.test",
            "[::1]:9000",
            "127.0.0.1:5000",
        ];
        assert_eq!(check(&allow, "http://fia.test:8081/"), Ok(Passage::Named));
        assert_eq!(check(&allow, "http://FIA.test:8081/"), Ok(Passage::Named));
        assert_eq!(check(&allow, "http://fia.test/"), Ok(Passage::Judged));
        assert_eq!(check(&allow, "https://intern.test:4/"), Ok(Passage::Named));
        assert_eq!(check(&allow, "http://10.1.2.3/"), Ok(Passage::Judged));
        assert_eq!(check(&allow, "http://10.2.2.3/"), Err(Reason::Address));
        assert_eq!(check(&allow, "http://[::1]:9000/"), Ok(Passage::Named));
        assert_eq!(check(&allow, "http://[::1]:9001/"), Err(Reason::Address));
        assert_eq!(check(&allow, "http://127.0.0.1:5000/"), Ok(Passage::Named));
        assert_eq!(
            check(&allow, "http://127.0.0.1:5001/"),
            Err(Reason::Address)
        );
    }

    #[test]
    fn other_schemes_and_user_names_are_refused() {
        assert_eq!(check(&[], "ftp://a.test/"), Err(Reason::Scheme));
        assert_eq!(check(&[], "file:///etc/passwd"), Err(Reason::Scheme));
        assert_eq!(check(&[], "http://me:pw@a.test/"), Err(Reason::UserName));
    }

    #[test]
    fn an_entry_that_names_nothing_is_refused_at_start() {
        assert!(Allow::parse(&["a b".to_owned()]).is_err());
        assert!(Allow::parse(&["a.test/path".to_owned()]).is_err());
    }
}
