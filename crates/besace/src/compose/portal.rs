//! Categories and tiles.

use kernel::{Audience, Text};
use portal::domain::{
    Badge, Category, CategoryId, Family, IconName, NewTile, Publication, Reach, Reaches,
    TileAddress, TileId,
};

use super::{digest_of, organisation_id};
use crate::config::{AudienceSection, Config, ConfigError, TileSection};

/// What the configuration publishes.
///
/// # Errors
/// When a value cannot be: the key is named.
pub(super) fn catalogue(config: &Config) -> Result<(Vec<Category>, Vec<NewTile>), ConfigError> {
    let (mut categories, mut tiles) = (Vec::new(), Vec::new());
    for (position, section) in (0_u32..).zip(&config.portal.categories) {
        let key = format!("portal.categories.{}", section.id);
        let category = Category {
            id: CategoryId::from_digest(&digest_of("category", &section.id)),
            title: Text::from(section.title.clone()),
            family: Family::from_word(&section.family).ok_or_else(|| {
                ConfigError::value(
                    format!("{key}.family"),
                    "must be blue, teal, rust, sand, plum or green",
                )
            })?,
            position,
        };
        for (position, tile_section) in (0_u32..).zip(&section.tiles) {
            tiles.push(tile(tile_section, category.id, position, &key)?);
        }
        categories.push(category);
    }
    Ok((categories, tiles))
}

fn tile(
    section: &TileSection,
    category: CategoryId,
    position: u32,
    key: &str,
) -> Result<NewTile, ConfigError> {
    let key = |name: &str| format!("{key}.tiles.{}.{name}", section.id);
    let reach = section.reach.as_deref().unwrap_or("internet");
    let badge = match section.badge.as_deref() {
        None => None,
        Some(word) => Some(
            Badge::from_word(word)
                .ok_or_else(|| ConfigError::value(key("badge"), "must be new or trial"))?,
        ),
    };
    Ok(NewTile {
        id: TileId::from_digest(&digest_of("tile", &section.id)),
        category,
        name: section.name.clone().into(),
        description: section.description.clone().into(),
        icon: IconName::parse(&section.icon)
            .map_err(|cause| ConfigError::value(key("icon"), cause))?,
        address: TileAddress::parse(&section.url)
            .map_err(|cause| ConfigError::value(key("url"), cause))?,
        reaches: Reach::from_word(reach)
            .map(Reaches::one)
            .ok_or_else(|| ConfigError::value(key("reach"), "must be internet, rie or vpn"))?,
        badge,
        audience: audience(section.audience.as_ref()),
        guests: section.guests,
        publication: Publication::Published,
        position,
    })
}

fn audience(section: Option<&AudienceSection>) -> Audience {
    let Some(section) = section else {
        return Audience::Everyone;
    };
    let mut all = Vec::new();
    if !section.organisations.is_empty() {
        let any = section
            .organisations
            .iter()
            .map(|siret| Audience::Organisation {
                id: organisation_id(siret),
                subtree: true,
            })
            .collect();
        all.push(Audience::Any(any));
    }
    if !section.populations.is_empty() {
        all.push(Audience::Any(
            section
                .populations
                .iter()
                .copied()
                .map(Audience::Population)
                .collect(),
        ));
    }
    if all.is_empty() {
        Audience::Everyone
    } else {
        Audience::All(all)
    }
}
