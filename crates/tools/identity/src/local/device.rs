//! A browser that signed in before: a sealed proof that it keeps, for one account of one realm.
//!
//! It opens nothing. Whoever shows it has a budget of misses of their own, so that strangers who
//! guess at an account do not keep its owner waiting. It is good while the account stands as it
//! stood: proofs that were got with a password that others knew end with it.

use std::time::Duration;

use kernel::{Rng, Secret, Timestamp};
use kernel_http::Sealer;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::account::{DeviceId, Login, Realm};

/// The stem of its cookie's name.
pub(crate) const COOKIE: &str = "d";
/// How long a browser stays known after its last sign-in.
pub(crate) const LIFETIME: Duration = Duration::from_hours(90 * 24);

const PURPOSE: &str = "identity/device/1";

#[derive(serde::Serialize, serde::Deserialize)]
struct Proof<S> {
    realm: String,
    login: String,
    device: DeviceId,
    standing: S,
    until: Timestamp,
}

/// The proof for a browser that has just signed in to an account, as it stands.
pub(crate) fn seal<S: Serialize>(
    sealer: &Sealer,
    rng: &dyn Rng,
    (realm, login): (&Realm, &Login),
    (device, standing): (DeviceId, S),
    now: Timestamp,
) -> Secret {
    let proof = Proof {
        realm: realm.as_str().to_owned(),
        login: login.as_str().to_owned(),
        device,
        standing,
        until: now.plus(LIFETIME),
    };
    let bytes = serde_json::to_vec(&proof).unwrap_or_default();
    Secret::new(sealer.seal(PURPOSE, &bytes, rng))
}

/// The browser behind a proof, when it is of this account and has not run out; and how the
/// account must still stand.
pub(crate) fn open<S: DeserializeOwned>(
    sealer: &Sealer,
    sealed: &str,
    (realm, login): (&Realm, &Login),
    now: Timestamp,
) -> Option<(DeviceId, S)> {
    let bytes = sealer.open(PURPOSE, sealed)?;
    let proof: Proof<S> = serde_json::from_slice(&bytes).ok()?;
    let is_theirs = proof.realm == realm.as_str() && proof.login == login.as_str();
    (is_theirs && now < proof.until).then_some((proof.device, proof.standing))
}

#[cfg(test)]
mod tests {
    use kernel::OsRng;
    use kernel_http::MasterKey;

    use super::super::account::LocalSubject;
    use super::super::standing::Standing;
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_795_508_520_000);

    #[test]
    fn a_proof_names_its_browser_for_its_account_and_its_time_only() {
        let sealer = Sealer::new(&MasterKey::from_bytes([1; 32]));
        let realm = |name| Realm::parse(name).expect("a realm");
        let login = |name| Login::parse(name).expect("a login");
        let (home, elsewhere) = (realm("interieur"), realm("agriculture"));
        let claire = login("claire@interieur.gouv.fr");
        let hugo = login("hugo@interieur.gouv.fr");
        let stranger = Sealer::new(&MasterKey::from_bytes([2; 32]));
        let standing = Standing::untouched(LocalSubject::from_u128(1));
        let device = (DeviceId::from_u128(7), standing);
        let sealed = seal(&sealer, &OsRng, (&home, &claire), device, NOW);
        let known = |sealer, realm, login, now| open(sealer, sealed.expose(), (realm, login), now);
        let last = NOW.plus(LIFETIME).minus(Duration::from_millis(1));
        assert_eq!(known(&sealer, &home, &claire, NOW), Some(device));
        assert_eq!(known(&sealer, &home, &claire, last), Some(device));
        assert_eq!(known(&sealer, &home, &claire, NOW.plus(LIFETIME)), None);
        assert_eq!(known(&sealer, &home, &hugo, NOW), None);
        assert_eq!(known(&sealer, &elsewhere, &claire, NOW), None);
        assert_eq!(known(&stranger, &home, &claire, NOW), None);
        let other_purpose = sealer.seal("identity/kept-address/1", b"{}", &OsRng);
        for text in ["", "x", &other_purpose] {
            let known = open::<Standing>(&sealer, text, (&home, &claire), NOW);
            assert_eq!(known, None);
        }
    }
}
