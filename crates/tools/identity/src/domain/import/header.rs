//! Which column is which: French and English names, with their usual variants.

use kernel::fold;

use super::Refusal;
use super::fault::{Field, without_zero};

/// Names of columns, folded, letters and digits only.
const NAMES: &[(Field, &[&str])] = &[
    (
        Field::UsualName,
        &[
            "nom",
            "nomdusage",
            "nomusuel",
            "nomdefamille",
            "usualname",
            "lastname",
            "familyname",
            "surname",
            "name",
            "sn",
        ],
    ),
    (
        Field::GivenName,
        &["prenom", "prenoms", "givenname", "firstname", "forename"],
    ),
    (
        Field::Email,
        &[
            "courriel",
            "courrielprofessionnel",
            "adresse",
            "adressedecourriel",
            "adressecourriel",
            "adresseelectronique",
            "adressemail",
            "adresseemail",
            "adresseprofessionnelle",
            "mail",
            "mailprofessionnel",
            "mel",
            "melprofessionnel",
            "email",
            "emailaddress",
            "emailprofessionnel",
        ],
    ),
    (
        Field::Siret,
        &[
            "siret",
            "numerosiret",
            "nsiret",
            "nosiret",
            "siretetablissement",
            "etablissement",
            "codeetablissement",
            "siretnumber",
        ],
    ),
    (
        Field::Unit,
        &[
            "service",
            "unite",
            "direction",
            "bureau",
            "affectation",
            "entite",
            "unit",
            "department",
            "organizationalunit",
            "organisationalunit",
            "office",
        ],
    ),
    (
        Field::Population,
        &[
            "population",
            "statut",
            "type",
            "typedagent",
            "status",
            "agenttype",
        ],
    ),
    (
        Field::Phone,
        &[
            "telephone",
            "telephoneprofessionnel",
            "tel",
            "telprofessionnel",
            "lignedirecte",
            "phone",
            "phonenumber",
            "telephonenumber",
            "workphone",
        ],
    ),
    (
        Field::Uid,
        &[
            "matricule",
            "identifiant",
            "identifiantagent",
            "id",
            "uid",
            "login",
            "identifier",
            "employeeid",
            "employeenumber",
            "staffnumber",
        ],
    ),
];

/// Without these no agent can be made.
const REQUIRED: [Field; 3] = [Field::UsualName, Field::GivenName, Field::Email];

/// What the columns of a file are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    /// Headers as written, in their order.
    headers: Vec<String>,
    /// What each is; none: unknown, or a second one of its kind, and left aside.
    fields: Vec<Option<Field>>,
}

impl Columns {
    /// Recognises a header.
    ///
    /// # Errors
    /// [`Refusal::Columns`], naming those that are missing.
    pub(super) fn read(headers: &[String]) -> Result<Self, Refusal> {
        let mut fields: Vec<Option<Field>> = Vec::new();
        for header in headers {
            let field = field(header);
            let known = field.is_some() && fields.contains(&field);
            fields.push(field.filter(|_| !known));
        }
        let mut missing = REQUIRED.to_vec();
        missing.retain(|field| !fields.contains(&Some(*field)));
        if !missing.is_empty() {
            return Err(Refusal::Columns(missing));
        }
        let headers = headers.iter().map(|header| without_zero(header.trim()));
        Ok(Self {
            headers: headers.collect(),
            fields,
        })
    }

    /// Headers as written, in their order.
    pub fn headers(&self) -> &[String] {
        &self.headers
    }

    /// The headers that are understood, or those that are not, as written.
    pub fn understood(&self, understood: bool) -> Vec<String> {
        let pairs = self.headers.iter().zip(&self.fields);
        pairs
            .filter(|(_, field)| field.is_some() == understood)
            .map(|(header, _)| header.clone())
            .collect()
    }

    /// Where a field is.
    pub(super) fn place(&self, field: Field) -> Option<usize> {
        self.fields.iter().position(|one| *one == Some(field))
    }

    /// The header of a field, as written.
    pub(super) fn header(&self, field: Field) -> Option<&str> {
        let place = self.place(field)?;
        self.headers.get(place).map(String::as_str)
    }
}

fn field(header: &str) -> Option<Field> {
    let mut name = fold(header);
    name.retain(|c| c.is_ascii_alphanumeric());
    NAMES
        .iter()
        .find(|(_, names)| names.contains(&name.as_str()))
        .map(|(field, _)| *field)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(headers: &[&str]) -> Result<Columns, Refusal> {
        let headers: Vec<String> = headers.iter().map(|one| (*one).to_owned()).collect();
        Columns::read(&headers)
    }

    #[test]
    fn headers_are_recognised_in_either_language_and_however_written() {
        for headers in [
            [
                "NOM",
                "Prénom",
                "Adresse électronique",
                "N° SIRET",
                "Téléphone",
            ],
            ["Last name", "First-name", "E-mail", "siret", "phone_number"],
            [
                " nom d’usage ",
                "Prénom(s)",
                "Courriel",
                "Établissement",
                "Tél.",
            ],
        ] {
            let found = columns(&headers).expect("columns");
            assert_eq!(found.understood(true).len(), 5, "{headers:?}");
            assert_eq!(found.place(Field::Phone), Some(4), "{headers:?}");
        }
    }

    #[test]
    fn an_unknown_column_is_left_aside_and_a_second_one_of_its_kind_too() {
        let found = columns(&["nom", "prénom", "courriel", "grade", "mail"]).expect("columns");
        assert_eq!(found.understood(false), ["grade", "mail"]);
        assert_eq!(found.header(Field::Email), Some("courriel"));
    }

    #[test]
    fn missing_columns_are_named() {
        assert_eq!(
            columns(&["nom", "grade"]),
            Err(Refusal::Columns(vec![Field::GivenName, Field::Email]))
        );
    }
}
