//! What a second factor is, and one that is being added.

use kernel::{Rng, Secret, Timestamp};

use super::account::LocalSubject;
use super::recovery::{self, RecoveryCode};
use super::standing::Standing;
use super::totp::{TimeStep, TotpSecret};

kernel::define_id!(
    /// One authenticator application of an account.
    FactorId
);
kernel_db::id_values!(FactorId);

/// How many applications an account may have: a telephone, its replacement, a spare.
pub const MOST: usize = 5;

/// What its holder calls a factor: 1 to 60 characters on one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactorName(String);

impl FactorName {
    /// The most characters.
    pub const LONGEST: usize = 60;

    /// A name from what was typed; none when it is empty, too long or not on one line.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let is_one = (1..=Self::LONGEST).contains(&text.chars().count())
            && !text.chars().any(char::is_control);
        is_one.then(|| Self(text.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A factor, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Factor {
    /// Which.
    pub id: FactorId,
    /// What its holder calls it.
    pub name: FactorName,
    /// When it was added.
    pub created_at: Timestamp,
    /// When a code of it was last accepted.
    pub used_at: Timestamp,
}

/// A factor with what its codes are made of.
#[derive(Debug, Clone)]
pub struct StoredFactor {
    /// Which.
    pub factor: Factor,
    /// Sealed.
    pub sealed: Secret,
    /// The last step accepted.
    pub last_step: TimeStep,
}

/// What an account has beside its password.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SecondFactor {
    /// The oldest first.
    pub factors: Vec<Factor>,
    /// Recovery codes that are left.
    pub codes_left: usize,
    /// Whether one must be added before anything is opened.
    pub must_enrol: bool,
}

impl SecondFactor {
    /// Whether a code is asked at the sign-in.
    pub fn is_asked(&self) -> bool {
        !self.factors.is_empty()
    }
}

/// By what a second factor was proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Means {
    /// A code of this application.
    Code(FactorId),
    /// A recovery code; so many are left.
    Recovery {
        /// Those that are left.
        left: usize,
    },
}

/// A factor that is being added: nothing is written before one of its codes has come back. It
/// lives sealed in a cookie.
#[derive(Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Enrolment {
    /// The account as it stood before the proof by which this began.
    standing: Standing,
    factor: String,
    secret: String,
    codes: Vec<String>,
}

impl std::fmt::Debug for Enrolment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Enrolment")
            .field("factor", &self.factor)
            .finish_non_exhaustive()
    }
}

impl Enrolment {
    /// A new secret for an account as it stands, and the recovery codes that are shown when it has
    /// none yet.
    pub fn new(standing: Standing, now: Timestamp, rng: &dyn Rng) -> Self {
        let codes = recovery::generate_all(rng);
        Self {
            standing,
            factor: FactorId::new(now, rng).to_string(),
            secret: TotpSecret::generate(rng).text().expose().to_owned(),
            codes: codes
                .iter()
                .map(|code| code.text().expose().to_owned())
                .collect(),
        }
    }

    /// Whose it is.
    pub fn is_of(&self, subject: LocalSubject) -> bool {
        self.standing.subject() == subject
    }

    /// The account as it stood before the proof by which this began.
    pub fn standing(&self) -> &Standing {
        &self.standing
    }

    /// The factor to come; none: what was sealed is damaged.
    pub fn factor(&self) -> Option<FactorId> {
        FactorId::parse(&self.factor).ok()
    }

    /// Its secret; none: what was sealed is damaged.
    pub fn secret(&self) -> Option<TotpSecret> {
        TotpSecret::parse(&self.secret)
    }

    /// The recovery codes to come.
    pub fn codes(&self) -> Vec<RecoveryCode> {
        let parsed = self.codes.iter().map(|text| RecoveryCode::parse(text));
        parsed.flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use kernel::OsRng;

    use super::*;

    #[test]
    fn a_name_is_short_and_on_one_line() {
        let name = FactorName::parse("  Téléphone de service ").expect("a name");
        assert_eq!(name.as_str(), "Téléphone de service");
        assert!(FactorName::parse(&"é".repeat(60)).is_some());
        for text in ["", "   ", "a\nb", "a\0", &"é".repeat(61)] {
            assert_eq!(FactorName::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn an_enrolment_is_of_one_account_and_shows_nothing_of_its_secret() {
        let subject = LocalSubject::from_u128(7);
        let enrolment = Enrolment::new(
            Standing::untouched(subject),
            Timestamp::from_seconds(1),
            &OsRng,
        );
        assert!(enrolment.is_of(subject) && !enrolment.is_of(LocalSubject::from_u128(8)));
        assert!(enrolment.factor().is_some() && enrolment.secret().is_some());
        assert_eq!(enrolment.codes().len(), recovery::COUNT);
        assert!(!format!("{enrolment:?}").contains(&enrolment.secret));
    }
}
