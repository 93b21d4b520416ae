//! Sign-ins under way: sealed in one cookie a tab.

use http::HeaderValue;
use kernel::Secret;
use kernel_http::Cookies;

use super::Identity;
use crate::domain::interaction::{
    Interaction, InteractionId, LIFETIME, MAX_PER_BROWSER, MAX_SEALED, MAX_TOTAL, Purpose,
};
use crate::error::IdentityError;

const PURPOSE: &str = "identity/interaction/1";

impl Identity {
    /// A new sign-in for a purpose; nothing is written anywhere yet.
    pub(crate) fn begin(&self, purpose: Purpose) -> Interaction {
        Interaction {
            id: InteractionId::new(self.house.rng.as_ref()),
            purpose,
            started_at: self.house.clock.now(),
            level: None,
            email: None,
            pending: None,
            guest: None,
            half_guest: None,
            held: None,
            half: None,
        }
    }

    /// The `Set-Cookie` values that keep an interaction and drop the browser's oldest ones.
    ///
    /// # Errors
    /// [`IdentityError::TooLarge`] when the interaction does not fit into a cookie.
    pub(crate) fn keep(
        &self,
        interaction: &Interaction,
        cookies: &Cookies,
    ) -> Result<Vec<HeaderValue>, IdentityError> {
        let bytes = serde_json::to_vec(interaction)?;
        let sealed = self.sealer.seal(PURPOSE, &bytes, self.house.rng.as_ref());
        let length = sealed.len();
        if length > MAX_SEALED {
            return Err(IdentityError::TooLarge);
        }
        let names = self.house.cookies();
        let name = names.interaction(interaction.id.as_str());
        let mut headers = vec![names.set(name, &Secret::new(sealed), Some(LIFETIME))];
        headers.extend(self.evictions(&interaction.id, length, cookies));
        Ok(headers)
    }

    /// The interaction of this name, when this browser holds it and it is still open.
    ///
    /// # Errors
    /// [`IdentityError::NoInteraction`] otherwise.
    pub(crate) fn interaction(
        &self,
        id: &InteractionId,
        cookies: &Cookies,
    ) -> Result<Interaction, IdentityError> {
        let name = self.house.cookies().interaction(id.as_str());
        cookies
            .get(&name)
            .and_then(|sealed| self.open(&sealed))
            .filter(|interaction| interaction.id == *id)
            .filter(|interaction| interaction.is_open(self.house.clock.now()))
            .ok_or(IdentityError::NoInteraction)
    }

    /// The `Set-Cookie` that forgets an interaction.
    pub(crate) fn forget(&self, id: &InteractionId) -> HeaderValue {
        let names = self.house.cookies();
        names.clear(names.interaction(id.as_str()))
    }

    fn open(&self, sealed: &str) -> Option<Interaction> {
        let bytes = self.sealer.open(PURPOSE, sealed)?;
        serde_json::from_slice(&bytes).ok()
    }

    /// Clears what cannot be read and, past the limits of number and of size, the oldest: headers
    /// that grow without end would be refused, and with them every page.
    fn evictions(
        &self,
        keep: &InteractionId,
        length: usize,
        cookies: &Cookies,
    ) -> Vec<HeaderValue> {
        let names = self.house.cookies();
        let kept = names.interaction(keep.as_str());
        let Some((prefix, suffix)) = kept.split_once(keep.as_str()) else {
            return Vec::new();
        };
        let mut dead = Vec::new();
        let mut living = Vec::new();
        for (name, sealed) in cookies.all() {
            let is_ours = name.starts_with(prefix) && name.ends_with(suffix) && name != kept;
            if !is_ours {
                continue;
            }
            match self
                .open(&sealed)
                .filter(|i| i.is_open(self.house.clock.now()))
            {
                Some(interaction) => {
                    living.push((interaction.started_at, sealed.len(), name));
                }
                None => dead.push(name),
            }
        }
        living.sort();
        let mut total = length + living.iter().map(|(_, length, _)| length).sum::<usize>();
        while living.len() >= MAX_PER_BROWSER || (total > MAX_TOTAL && !living.is_empty()) {
            let (_, length, name) = living.remove(0);
            total -= length;
            dead.push(name);
        }
        dead.into_iter().map(|name| names.clear(name)).collect()
    }
}
