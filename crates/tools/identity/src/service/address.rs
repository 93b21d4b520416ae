//! The address kept on this machine, so that it need not be typed each morning.

use std::time::Duration;

use http::HeaderValue;
use kernel::Secret;
use kernel_http::Cookies;

use super::Identity;
use crate::upstream::EmailAddress;

const PURPOSE: &str = "identity/kept-address/1";
const LIFETIME: Duration = Duration::from_hours(90 * 24);

impl Identity {
    /// The `Set-Cookie` that keeps an address, sealed.
    pub(crate) fn keep_address(&self, address: &EmailAddress) -> HeaderValue {
        let rng = self.house.rng.as_ref();
        let sealed = self.sealer.seal(PURPOSE, address.as_str().as_bytes(), rng);
        let names = self.house.cookies();
        names.set(names.name("e"), &Secret::new(sealed), Some(LIFETIME))
    }

    /// The address kept; none when there is none of ours.
    pub(crate) fn kept_address(&self, cookies: &Cookies) -> Option<String> {
        let sealed = cookies.get(&self.house.cookies().name("e"))?;
        String::from_utf8(self.sealer.open(PURPOSE, &sealed)?).ok()
    }

    /// The `Set-Cookie` that forgets it.
    pub(crate) fn forget_address(&self) -> HeaderValue {
        let names = self.house.cookies();
        names.clear(names.name("e"))
    }
}
