//! The settings of the four instances, on the ports asked for.

use std::path::Path;

use crate::config::{Config, ConfigError, LocalAccountSection};

/// Folders of the instances' data.
pub(super) const FOLDERS: [&str; 4] = ["besace", "interieur", "agriculture", "landes"];

/// How many ports in a row the demonstration names.
const PORTS: u16 = 8;

const BESACE: &str = include_str!("besace.toml");
const PROVIDERS: [(&str, u16, &str); 3] = [
    ("interieur", 1, include_str!("interieur.toml")),
    ("agriculture", 2, include_str!("agriculture.toml")),
    ("landes", 3, include_str!("landes.toml")),
];

/// The throw-away State.
pub(crate) struct State {
    port: u16,
    /// Besace.
    pub(crate) besace: Config,
    /// The ministries' providers.
    pub(crate) providers: Vec<Provider>,
}

/// A ministry's provider.
pub(crate) struct Provider {
    /// Its id at Besace.
    pub(crate) id: &'static str,
    /// Its port.
    pub(crate) port: u16,
    /// Its settings.
    pub(crate) config: Config,
}

impl State {
    /// The State on `port` and the ports that follow, its data below `folder`.
    ///
    /// # Errors
    /// When the ports pass 65535.
    pub(super) fn new(port: u16, folder: &Path) -> Result<Self, ConfigError> {
        if port.checked_add(PORTS - 1).is_none() || port == 0 {
            let what = format!("must leave room for the {} ports that follow", PORTS - 1);
            return Err(ConfigError::value("--port", what));
        }
        let besace = settings(BESACE, port, &folder.join("besace"))?;
        let mut providers = Vec::new();
        for (id, offset, text) in PROVIDERS {
            let config = settings(text, port, &folder.join(id))?;
            providers.push(Provider {
                id,
                port: port + offset,
                config,
            });
        }
        Ok(Self {
            port,
            besace,
            providers,
        })
    }

    /// Where Besace is.
    pub(crate) fn base_url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }
}

impl Provider {
    /// Where it is.
    pub(crate) fn base_url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Its issuer.
    pub(crate) fn issuer(&self) -> String {
        format!("{}/api/v2", self.base_url())
    }

    /// Its name for people.
    pub(crate) fn title(&self) -> &str {
        self.config.site.name.as_deref().unwrap_or(self.id)
    }

    /// Who signs in there.
    pub(crate) fn accounts(&self) -> &[LocalAccountSection] {
        self.config
            .identity
            .local
            .as_ref()
            .map_or(&[], |local| &local.accounts)
    }
}

fn settings(text: &str, port: u16, folder: &Path) -> Result<Config, ConfigError> {
    let mut text = text.replace("{P}", &port.to_string());
    for offset in 1..PORTS {
        text = text.replace(&format!("{{P{offset}}}"), &(port + offset).to_string());
    }
    let mut config: Config =
        toml::from_str(&text).map_err(|cause| ConfigError::malformed(&text, &cause))?;
    folder.clone_into(&mut config.database.folder);
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_has_three_administrations_and_twelve_agents() {
        let state = State::new(8080, Path::new("data")).expect("settings");
        assert_eq!(state.providers.len(), 3);
        let agents: usize = state
            .providers
            .iter()
            .map(|provider| provider.accounts().len())
            .sum();
        assert_eq!(agents, 12);
        for provider in &state.providers {
            let known = state
                .besace
                .identity
                .providers
                .iter()
                .find(|one| one.id == provider.id);
            let issuer = known.map(|one| one.issuer.to_string());
            assert_eq!(issuer, Some(provider.issuer()));
        }
    }

    #[test]
    fn ports_beyond_the_last_are_refused() {
        assert!(State::new(65_530, Path::new("data")).is_err());
        assert!(State::new(0, Path::new("data")).is_err());
    }
}
