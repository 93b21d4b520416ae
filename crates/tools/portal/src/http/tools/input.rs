//! A tool, and its application, as an administrator sends them.

use kernel::{AgentId, Audience, OrganisationId, Text};
use serde::Deserialize;
use utoipa::ToSchema;

use super::super::bodies::{AudienceSchema, TextBody};
use crate::domain::{CategoryId, IconName, Label, Reach, Reaches, TileAddress, ToolFields};
use crate::error::PortalError;
use crate::service::Addresses;
use crate::texts;

/// Where the answers of a tool's application may go.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ApplicationInput {
    /// Compared to the character.
    redirect_uris: Vec<String>,
    /// Where a sign-out may lead back.
    #[serde(default)]
    post_logout_redirect_uris: Vec<String>,
}

impl From<ApplicationInput> for Addresses {
    fn from(input: ApplicationInput) -> Self {
        Self {
            redirect_uris: input.redirect_uris,
            post_logout_redirect_uris: input.post_logout_redirect_uris,
        }
    }
}

/// A tool, to be written.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ToolInput {
    /// Its name, 40 characters at most a language.
    name: TextBody,
    /// What it is for, on one line, 120 characters at most a language.
    description: TextBody,
    /// The category's id.
    #[schema(value_type = String)]
    category: CategoryId,
    /// A DSFR icon's name without prefix.
    #[schema(example = "scales-3-line")]
    icon: String,
    /// Where it leads: `https`.
    url: String,
    /// From which networks it answers: `internet`, `rie`, `vpn`; one at least.
    reaches: Vec<String>,
    /// Who answers for it.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    owner: Option<AgentId>,
    /// Whose it is.
    #[schema(value_type = String)]
    pub(super) organisation: OrganisationId,
    /// For whom it is.
    #[schema(value_type = AudienceSchema)]
    audience: Audience,
    /// Whether agents who find it may share it with their guests; not unless said.
    #[serde(default)]
    guests: bool,
    /// Says that an audience of all agents is meant; asked for when a published tool gets one.
    #[serde(default)]
    pub(super) confirm_everybody: bool,
}

impl ToolInput {
    /// The tool's fields, each checked.
    ///
    /// # Errors
    /// [`PortalError::Invalid`] naming the first field that cannot be.
    pub(super) fn fields(self) -> Result<ToolFields, PortalError> {
        let reaches: Option<Vec<Reach>> = self
            .reaches
            .iter()
            .map(|word| Reach::from_word(word))
            .collect();
        let reaches = reaches.and_then(|reaches| Reaches::of(&reaches).ok());
        Ok(ToolFields {
            name: label(&self.name, ToolFields::NAME, "name", texts::tool::NAME)?,
            description: label(
                &self.description,
                ToolFields::DESCRIPTION,
                "description",
                texts::tool::DESCRIPTION,
            )?,
            category: self.category,
            icon: IconName::parse(&self.icon).map_err(|_| invalid("icon", texts::tool::ICON))?,
            address: TileAddress::parse(self.url.trim())
                .map_err(|_| invalid("url", texts::tool::ADDRESS))?,
            reaches: reaches.ok_or_else(|| invalid("reaches", texts::tool::REACHES))?,
            owner: self.owner,
            audience: self.audience,
            guests: self.guests,
        })
    }
}

fn label(
    text: &TextBody,
    most: usize,
    field: &'static str,
    said: Text,
) -> Result<Label, PortalError> {
    Label::parse(&text.fr, text.en.as_deref(), most).map_err(|_| invalid(field, said))
}

const fn invalid(field: &'static str, said: Text) -> PortalError {
    PortalError::Invalid { field, said }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(change: impl FnOnce(&mut serde_json::Value)) -> Result<ToolFields, PortalError> {
        let mut json = serde_json::json!({
            "name": {"fr": "Arrêtés", "en": "Orders"},
            "description": {"fr": "Rédiger, signer, publier"},
            "category": CategoryId::from_u128(1),
            "icon": "scales-3-line",
            "url": "https://arretes.gouv.fr/",
            "reaches": ["vpn", "rie"],
            "organisation": OrganisationId::from_u128(2),
            "audience": "everyone",
        });
        change(&mut json);
        serde_json::from_value::<ToolInput>(json)
            .expect("a body")
            .fields()
    }

    #[test]
    fn a_whole_tool_is_taken() {
        let fields = input(|_| ()).expect("fields");
        assert_eq!(fields.name.en(), Some("Orders"));
        assert_eq!(fields.reaches.to_text(), "rie vpn");
        assert!(!fields.guests, "not unless said");
        let open = input(|json| json["guests"] = true.into()).expect("fields");
        assert!(open.guests);
    }

    #[test]
    fn a_field_that_cannot_be_is_named() {
        for (field, value) in [
            ("name", serde_json::json!({"fr": " "})),
            ("name", serde_json::json!({"fr": "a".repeat(41)})),
            ("description", serde_json::json!({"fr": "a\nb"})),
            ("icon", serde_json::json!("chat")),
            ("url", serde_json::json!("javascript:alert(1)")),
            ("url", serde_json::json!("http://outil.gouv.fr/")),
            ("reaches", serde_json::json!([])),
            ("reaches", serde_json::json!(["moon"])),
        ] {
            let refused = input(|json| json[field] = value.clone());
            let Err(PortalError::Invalid { field: named, .. }) = refused else {
                panic!("{field} {value} was taken");
            };
            assert_eq!(named, field);
        }
    }
}
