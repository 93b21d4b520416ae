//! What a line makes of an agent who is known.
//!
//! A directory may say everything of an agent who has never signed in. Of one who signs in at a
//! provider it only fills what the provider does not give: service, population, telephone (and the
//! administration, when the provider names none). It never moves nor renames them.

use kernel::{OrganisationId, Population};
use serde::{Deserialize, Serialize};

use super::Line;
use crate::domain::agent::Attributes;

/// What a directory says of somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// First names.
    pub given_name: String,
    /// The name in use.
    pub usual_name: String,
    /// The professional address.
    pub email: String,
    /// The administration.
    pub organisation: OrganisationId,
    /// The service.
    pub unit: Option<String>,
    /// What the person is there.
    pub population: Option<Population>,
    /// The professional telephone.
    pub phone: Option<String>,
    /// The administration's own id of the person.
    pub uid: Option<String>,
}

/// What directories said of an agent so far: what the provider does not give is taken from here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The administration.
    pub organisation: OrganisationId,
    /// The service.
    pub unit: Option<String>,
    /// What the person is there.
    pub population: Option<Population>,
    /// The professional telephone.
    pub phone: Option<String>,
}

impl Said {
    /// What a line says, for an administration.
    pub fn of(line: &Line, organisation: OrganisationId) -> Self {
        Self {
            given_name: line.given_name.clone(),
            usual_name: line.usual_name.clone(),
            email: line.email.as_str().to_owned(),
            organisation,
            unit: line.unit.clone(),
            population: line.population,
            phone: line.phone.clone(),
            uid: line.uid.clone(),
        }
    }

    /// The attributes of an agent made of it.
    pub fn attributes(&self) -> Attributes {
        Attributes {
            given_name: self.given_name.clone(),
            usual_name: self.usual_name.clone(),
            email: self.email.clone(),
            uid: self.uid.clone().unwrap_or_default(),
            organizational_unit: self.unit.clone(),
            population: self.population,
            phone: self.phone.clone(),
            chorusdt: None,
            custom: serde_json::Map::new(),
        }
    }

    /// The entry after it: what it does not say stays as it was.
    pub fn entry(&self, before: Option<&Entry>) -> Entry {
        Entry {
            organisation: self.organisation,
            unit: self
                .unit
                .clone()
                .or_else(|| before.and_then(|entry| entry.unit.clone())),
            population: self
                .population
                .or_else(|| before.and_then(|entry| entry.population)),
            phone: self
                .phone
                .clone()
                .or_else(|| before.and_then(|entry| entry.phone.clone())),
        }
    }

    /// The attributes of an agent who has never signed in, said anew.
    pub fn renewed(&self, known: &Attributes) -> Attributes {
        Attributes {
            given_name: self.given_name.clone(),
            usual_name: self.usual_name.clone(),
            email: self.email.clone(),
            uid: self.uid.clone().unwrap_or_else(|| known.uid.clone()),
            organizational_unit: self
                .unit
                .clone()
                .or_else(|| known.organizational_unit.clone()),
            population: self.population.or(known.population),
            phone: self.phone.clone().or_else(|| known.phone.clone()),
            ..known.clone()
        }
    }

    /// The attributes of an agent who signs in, filled where the provider is silent: where nothing
    /// is known, or what the directory said before.
    pub fn filled(&self, known: &Attributes, before: Option<&Entry>) -> Attributes {
        let mut filled = known.clone();
        let ours = |value: &Option<String>, entry: Option<&Option<String>>| {
            value.is_none() || entry == Some(value)
        };
        if self.unit.is_some() && ours(&known.organizational_unit, before.map(|one| &one.unit)) {
            filled.organizational_unit.clone_from(&self.unit);
        }
        if self.phone.is_some() && ours(&known.phone, before.map(|one| &one.phone)) {
            filled.phone.clone_from(&self.phone);
        }
        let silent = known.population.is_none()
            || before.map(|one| one.population) == Some(known.population);
        if self.population.is_some() && silent {
            filled.population = self.population;
        }
        filled
    }
}

impl Entry {
    /// What a provider says at a sign-in, filled where it is silent.
    pub fn fill(&self, said: &Attributes) -> Attributes {
        Attributes {
            organizational_unit: said
                .organizational_unit
                .clone()
                .or_else(|| self.unit.clone()),
            population: said.population.or(self.population),
            phone: said.phone.clone().or_else(|| self.phone.clone()),
            ..said.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(unit: Option<&str>, phone: Option<&str>) -> Said {
        Said {
            given_name: "Inès".to_owned(),
            usual_name: "Fofana".to_owned(),
            email: "ines.fofana@interieur.gouv.fr".to_owned(),
            organisation: OrganisationId::from_u128(1),
            unit: unit.map(str::to_owned),
            population: None,
            phone: phone.map(str::to_owned),
            uid: None,
        }
    }

    #[test]
    fn who_never_signed_in_is_renewed_and_what_is_not_said_stays() {
        let before = said(Some("Cabinet"), Some("01")).attributes();
        let after = said(Some("Bureau"), None).renewed(&before);
        assert_eq!(after.organizational_unit.as_deref(), Some("Bureau"));
        assert_eq!(after.phone.as_deref(), Some("01"));
    }

    #[test]
    fn who_signs_in_is_filled_where_the_provider_is_silent_and_never_renamed() {
        let mut known = said(Some("Dit par le fournisseur"), None).attributes();
        known.usual_name = "Fofana-Petit".to_owned();
        let line = said(Some("Bureau"), Some("01"));
        let filled = line.filled(&known, None);
        assert_eq!(filled.usual_name, "Fofana-Petit");
        assert_eq!(
            filled.organizational_unit.as_deref(),
            Some("Dit par le fournisseur")
        );
        assert_eq!(filled.phone.as_deref(), Some("01"));
        // What the directory said before, it may say anew.
        let entry = line.entry(None);
        let again = said(None, Some("02")).filled(&filled, Some(&entry));
        assert_eq!(again.phone.as_deref(), Some("02"));
        let elsewhere = said(None, Some("03")).filled(&again, Some(&entry));
        assert_eq!(elsewhere.phone.as_deref(), Some("02"), "no longer ours");
    }

    #[test]
    fn a_sign_in_keeps_what_the_directory_said_where_the_provider_is_silent() {
        let entry = said(Some("Bureau"), Some("01")).entry(None);
        let vouched = said(Some("Direction"), None).attributes();
        let kept = entry.fill(&vouched);
        assert_eq!(kept.organizational_unit.as_deref(), Some("Direction"));
        assert_eq!(kept.phone.as_deref(), Some("01"));
    }
}
