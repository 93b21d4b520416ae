//! The instance's public facts, from configuration, and `GET /api/v1/site`.

use axum::Json;
use axum::extract::Extension;
use axum::response::{IntoResponse, Response};
use http::header;
use kernel::{Locale, Text};
use kernel_db::Retention;
use serde::Serialize;
use url::{Host, Url};

use crate::House;
use crate::accessibility::{Accessibility, Audit};
use crate::extract::Lang;
use crate::pages::Look;

/// Whose dress the instance wears.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Theme {
    /// Nobody's: no State mark, no State typeface.
    Neutral,
    /// The State's.
    State,
    /// A ministry's own, known by its colour (`#8d533e`).
    Ministry {
        /// Colour of its actions and mark.
        accent: String,
    },
}

/// Who helps, and how to reach them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Support {
    /// Its name.
    pub label: Text,
    /// As written for people (`01 99 00 41 20`).
    pub phone: Option<String>,
    /// Address.
    pub email: Option<String>,
    /// When somebody answers.
    pub hours: Option<Text>,
}

/// What the law wants said. What is not configured is said to be missing, never invented.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Legal {
    /// Administration that publishes the service, with its address.
    pub publisher: Option<Text>,
    /// Person responsible for the publication.
    pub director: Option<Text>,
    /// Who hosts it, with address and telephone.
    pub host: Option<Text>,
    /// Data protection officer: how to write to them.
    pub data_protection_officer: Option<Text>,
    /// Where to report an accessibility defect, when not to the support.
    pub accessibility_contact: Option<Text>,
    /// Further sentences for the privacy page (processors, transfers).
    pub privacy_notes: Option<Text>,
}

/// Public facts of the instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Where browsers reach it; always with a path, `/` at least.
    pub base_url: Url,
    /// The service's name.
    pub name: String,
    /// Whose dress.
    pub theme: Theme,
    /// Administration written beside the name.
    pub organisation_line: Option<Text>,
    /// The pages' look.
    pub look: Look,
    /// Who helps.
    pub support: Support,
    /// The last accessibility audit; none: nobody made one.
    pub audit: Option<Audit>,
    /// What the law wants said.
    pub legal: Legal,
    /// How long the journal is kept.
    pub journal_retention: Retention,
    /// Whether this is the throw-away demonstration.
    pub demo: bool,
    /// Version of the program.
    pub version: String,
}

impl Site {
    /// A neutral instance named Besace, without support contact.
    pub fn new(base_url: Url) -> Self {
        Self {
            base_url,
            name: "Besace".to_owned(),
            theme: Theme::Neutral,
            organisation_line: None,
            look: Look::default(),
            support: Support {
                label: Text::fixed("Assistance Besace", "Besace support"),
                phone: None,
                email: None,
                hours: None,
            },
            audit: None,
            legal: Legal::default(),
            journal_retention: Retention::default(),
            demo: false,
            version: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }

    /// What may be said of its accessibility.
    pub fn accessibility(&self) -> Accessibility {
        self.audit.as_ref().map(Audit::state).unwrap_or_default()
    }

    /// Scheme, host and port, as the `Origin` header writes them.
    pub fn origin(&self) -> String {
        self.base_url.origin().ascii_serialization()
    }

    /// Six hexadecimal digits of the base URL's SHA-256: the end of the cookies' names.
    pub fn cookie_suffix(&self) -> String {
        let digest = aws_lc_rs::digest::digest(
            &aws_lc_rs::digest::SHA256,
            self.base_url.as_str().as_bytes(),
        );
        hex::encode(digest.as_ref()).chars().take(6).collect()
    }

    /// Whether the site is on TLS.
    pub fn is_https(&self) -> bool {
        self.base_url.scheme() == "https"
    }

    /// Whether browsers accept `Secure` cookies from it: on TLS, and on `localhost`.
    pub fn is_secure_context(&self) -> bool {
        self.is_https()
            || matches!(self.base_url.host(), Some(Host::Domain(name))
                if name == "localhost" || name.ends_with(".localhost"))
    }
}

/// The wire's support.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct SupportBody {
    label: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hours: Option<String>,
}

/// The wire's site.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SiteBody {
    name: String,
    /// `neutral` or `state`.
    theme: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    organisation_line: Option<String>,
    support: SupportBody,
    accessibility: &'static str,
    demo: bool,
    version: String,
}

impl SiteBody {
    fn of(site: &Site, locale: Locale) -> Self {
        let said = |text: &Text| text.get(locale).to_owned();
        Self {
            name: site.name.clone(),
            theme: match site.theme {
                Theme::State => "state",
                Theme::Neutral | Theme::Ministry { .. } => "neutral",
            },
            organisation_line: site.organisation_line.as_ref().map(said),
            support: SupportBody {
                label: said(&site.support.label),
                phone: site.support.phone.clone(),
                email: site.support.email.clone(),
                hours: site.support.hours.as_ref().map(said),
            },
            accessibility: site.accessibility().word(),
            demo: site.demo,
            version: site.version.clone(),
        }
    }
}

/// `GET /api/v1/site`: what anybody may know before signing in.
#[utoipa::path(
    get,
    path = "/api/v1/site",
    tag = "site",
    responses((status = 200, description = "Public facts of the instance", body = SiteBody))
)]
pub(crate) async fn get(Extension(house): Extension<House>, Lang(locale): Lang) -> Response {
    let body = Json(SiteBody::of(&house.site, locale));
    ([(header::CACHE_CONTROL, "no-cache")], body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::TestHouse;

    #[test]
    fn an_origin_has_no_path_and_no_default_port() {
        let site = |url: &str| Site::new(Url::parse(url).expect("url"));
        assert_eq!(
            site("https://besace.gouv.fr/").origin(),
            "https://besace.gouv.fr"
        );
        assert_eq!(
            site("http://localhost:8080/").origin(),
            "http://localhost:8080"
        );
    }

    #[tokio::test]
    async fn the_site_speaks_the_reader_s_language() {
        let test = TestHouse::new().await;
        let fr = test.get("/api/v1/site", &[]).await;
        assert_eq!(fr.status, 200);
        assert_eq!(fr.json()["support"]["label"], "Assistance Besace");
        assert_eq!(fr.json()["accessibility"], "non conforme");
        let en = test.get("/api/v1/site", &[("accept-language", "en")]).await;
        assert_eq!(en.json()["support"]["label"], "Besace support");
    }
}
