//! The instance's public facts.

use std::net::SocketAddr;

use kernel::Text;
use kernel_http::pages::Accent;
use kernel_http::{Look, Site, Theme};
use url::Url;

use crate::config::{Config, ConfigError, ThemeSection};

/// The facts that a configuration gives.
///
/// # Errors
/// When a colour or an address cannot be.
pub(super) fn site(
    config: &Config,
    listening: SocketAddr,
    demo: bool,
) -> Result<Site, ConfigError> {
    let base_url = match &config.http.base_url {
        Some(url) => checked(url)?,
        None => Url::parse(&format!("http://localhost:{}/", listening.port()))
            .map_err(|cause| ConfigError::value("http.base_url", cause))?,
    };
    let section = config.site.clone();
    let mut site = Site::new(base_url);
    if let Some(name) = section.name {
        site.name = name;
    }
    site.theme = match (section.theme, &section.accent) {
        (_, Some(accent)) => Theme::Ministry {
            accent: accent.clone(),
        },
        (ThemeSection::Neutral, None) => Theme::Neutral,
        (ThemeSection::State, None) => Theme::State,
    };
    if let Some(accent) = &section.accent {
        let accent =
            Accent::parse(accent).map_err(|cause| ConfigError::value("site.accent", cause))?;
        site.look = Look::ministry(site.name.clone(), accent);
    }
    site.organisation_line = section.organisation_line.map(Text::from);
    if let Some(label) = section.support_label {
        site.support.label = label.into();
    }
    site.support.phone = section.support_phone;
    site.support.email = section.support_email;
    site.support.hours = section.support_hours.map(Text::from);
    site.legal.publisher = section.publisher.map(Text::from);
    site.legal.director = section.director.map(Text::from);
    site.legal.host = section.host.map(Text::from);
    site.legal.data_protection_officer = section.data_protection_officer.map(Text::from);
    site.legal.privacy_notes = section.privacy_notes.map(Text::from);
    site.legal.accessibility_contact = section.accessibility_contact.map(Text::from);
    site.audit = section
        .accessibility_audit
        .as_deref()
        .map(audit)
        .transpose()?;
    site.demo = demo;
    Ok(site)
}

/// The audit in a file.
fn audit(path: &std::path::Path) -> Result<kernel_http::Audit, ConfigError> {
    let named = |cause: &dyn std::fmt::Display| {
        ConfigError::value(
            "site.accessibility_audit",
            format!("{}: {cause}", path.display()),
        )
    };
    let text = std::fs::read_to_string(path).map_err(|cause| named(&cause))?;
    kernel_http::Audit::parse(&text).map_err(|cause| named(&cause))
}

/// An address with nothing but scheme, host and port.
fn checked(url: &Url) -> Result<Url, ConfigError> {
    let plain = matches!(url.scheme(), "http" | "https")
        && url.host_str().is_some()
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty();
    if plain {
        Ok(url.clone())
    } else {
        Err(ConfigError::value(
            "http.base_url",
            "must be http or https with a host and nothing behind it, for example https://besace.gouv.fr/",
        ))
    }
}
