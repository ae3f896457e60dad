//! Where a request comes from, for limits and nothing else. It is never logged, and stored only as a keyed hash.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};

use crate::app::App;
use crate::auth::Says;
use crate::config::Config;
use crate::error::AppError;

/// The header in which a proxy says for whom it asks.
const FORWARDED: &str = "x-forwarded-for";

/// Who asks, as far as limits tell people apart: by address, IPv6 by its /64, which is what one household or one
/// attacker has at the least.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Client {
    /// Something on this machine that no proxy spoke for: a health check, a benchmark, an operator. No limit by address
    /// holds for it.
    Local,
    /// Anyone else.
    Remote(IpAddr),
}

/// Shows no address.
impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Local => "Client(local)",
            Self::Remote(_) => "Client(remote)",
        })
    }
}

impl Client {
    /// Who sent a request: the peer, or, when the settings trust a proxy, whom the nearest proxy names. What stands
    /// further left in the header was written by whoever asked.
    #[must_use]
    pub fn of(req: &HttpRequest, config: &Config) -> Self {
        let peer = req.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.ip().to_canonical());
        let named = req.headers().get_all(FORWARDED).last().and_then(|value| value.to_str().ok()).and_then(last_entry);
        match named {
            Some(named) if config.trust_proxy => Self::Remote(grouped(named)),
            _ if peer.is_loopback() && !config.trust_proxy && !config.limit_loopback => Self::Local,
            _ => Self::Remote(grouped(peer)),
        }
    }

    /// What counts are kept under; `None` for whom none are kept.
    #[must_use]
    pub fn label(&self) -> Option<String> {
        match self {
            Self::Local => None,
            Self::Remote(ip) => Some(ip.to_string()),
        }
    }
}

impl Says for Client {}

impl FromRequest for Client {
    type Error = AppError;
    type Future = std::future::Ready<Result<Self, AppError>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let app = req.app_data::<Data<App>>().ok_or_else(|| AppError::internal("the application is not set"));
        std::future::ready(app.map(|app| Self::of(req, &app.config)))
    }
}

/// The address in the last entry of the header; some proxies add a port.
fn last_entry(value: &str) -> Option<IpAddr> {
    let entry = value.rsplit(',').next()?.trim();
    let bare = entry.strip_prefix('[').and_then(|rest| rest.split(']').next());
    bare.unwrap_or(entry)
        .parse()
        .ok()
        .or_else(|| entry.parse::<std::net::SocketAddr>().ok().map(|with_port| with_port.ip()))
        .map(|ip: IpAddr| ip.to_canonical())
}

/// An IPv6 address without its last 64 bits.
fn grouped(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(_) => ip,
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn of(peer: &str, forwarded: &[&str], trust_proxy: bool) -> Option<String> {
        let mut req = TestRequest::default().peer_addr(peer.parse().unwrap());
        for value in forwarded {
            req = req.append_header((FORWARDED, *value));
        }
        let config = Config { trust_proxy, ..Config::new("./data".into()) };
        Client::of(&req.to_http_request(), &config).label()
    }

    #[test]
    fn only_a_trusted_proxy_speaks_for_others_and_only_its_last_word_counts() {
        for (peer, forwarded, trust, wanted) in [
            ("127.0.0.1:9", &[][..], false, None),
            ("[::1]:9", &[], false, None),
            ("[::ffff:127.0.0.1]:9", &[], false, None),
            // Whoever is not trusted cannot choose an address, and a machine's own proxy that is not declared is local.
            ("127.0.0.1:9", &["203.0.113.7"], false, None),
            ("198.51.100.1:9", &["203.0.113.7"], false, Some("198.51.100.1")),
            ("198.51.100.1:9", &["127.0.0.1"], false, Some("198.51.100.1")),
            ("127.0.0.1:9", &["203.0.113.7"], true, Some("203.0.113.7")),
            ("127.0.0.1:9", &["10.0.0.1, 203.0.113.7"], true, Some("203.0.113.7")),
            ("127.0.0.1:9", &["10.0.0.1", "203.0.113.7"], true, Some("203.0.113.7")),
            ("127.0.0.1:9", &["203.0.113.7:5123"], true, Some("203.0.113.7")),
            ("127.0.0.1:9", &["[2001:db8:1:2:3:4:5:6]:443"], true, Some("2001:db8:1:2::")),
            ("127.0.0.1:9", &["2001:db8:1:2:ffff::1"], true, Some("2001:db8:1:2::")),
            ("127.0.0.1:9", &["::ffff:203.0.113.7"], true, Some("203.0.113.7")),
            // A proxy that says nonsense, or nothing, is itself the client.
            ("127.0.0.1:9", &["unknown"], true, Some("127.0.0.1")),
            ("127.0.0.1:9", &[], true, Some("127.0.0.1")),
            ("198.51.100.1:9", &["127.0.0.1"], true, Some("127.0.0.1")),
        ] {
            assert_eq!(of(peer, forwarded, trust).as_deref(), wanted, "{peer} {forwarded:?} {trust}");
        }
    }

    #[test]
    fn a_log_shows_no_address() {
        assert_eq!(format!("{:?}", Client::Remote(Ipv4Addr::new(203, 0, 113, 7).into())), "Client(remote)");
    }
}
