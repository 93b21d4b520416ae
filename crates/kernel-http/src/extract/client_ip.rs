//! Where a request comes from, believing only the proxies that the operator named.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts};
use http::request::Parts;
use http::{Extensions, HeaderMap};
use ipnet::IpNet;

use crate::House;

/// The client's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientIp(pub IpAddr);

/// The peer's address or, behind trusted proxies, the last address they saw that is not theirs.
pub(crate) fn of(headers: &HeaderMap, extensions: &Extensions, trusted: &[IpNet]) -> IpAddr {
    let peer = extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip());
    through(peer.to_canonical(), headers, trusted)
}

fn through(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let ours = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    if !ours(&peer) {
        return peer;
    }
    let lines: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    let mut last = peer;
    // From the nearest hop outwards: whatever lies before the first foreign hop is hearsay.
    for hop in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        let Some(address) = parse_hop(hop) else {
            return last;
        };
        last = address;
        if !ours(&address) {
            return address;
        }
    }
    last
}

/// An address, with or without brackets and port.
fn parse_hop(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let address = hop
        .parse::<IpAddr>()
        .ok()
        .or_else(|| hop.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
        .or_else(|| hop.strip_prefix('[')?.strip_suffix(']')?.parse().ok())?;
    Some(address.to_canonical())
}

impl<S: Send + Sync> FromRequestParts<S> for ClientIp {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let trusted = parts
            .extensions
            .get::<House>()
            .map(|house| std::sync::Arc::clone(&house.trusted_proxies))
            .unwrap_or_default();
        Ok(Self(of(&parts.headers, &parts.extensions, &trusted)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn seen(peer: &str, forwarded: &'static str) -> String {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_static(forwarded));
        let trusted = ["10.0.0.0/8".parse().expect("network")];
        through(peer.parse().expect("address"), &headers, &trusted).to_string()
    }

    #[test]
    fn a_trusted_proxy_is_believed_and_nobody_else() {
        assert_eq!(seen("10.0.0.1", "192.0.2.7"), "192.0.2.7");
        assert_eq!(
            seen("10.0.0.1", "1.2.3.4, 192.0.2.7, 10.0.0.2"),
            "192.0.2.7"
        );
        assert_eq!(seen("10.0.0.1", "192.0.2.7:4711"), "192.0.2.7");
        assert_eq!(seen("10.0.0.1", "[2001:db8::1]"), "2001:db8::1");
        assert_eq!(seen("198.51.100.9", "192.0.2.7"), "198.51.100.9");
    }

    #[test]
    fn a_forged_hop_is_not_believed() {
        assert_eq!(seen("10.0.0.1", "192.0.2.7, unknown"), "10.0.0.1");
        assert_eq!(seen("10.0.0.1", ""), "10.0.0.1");
    }
}
