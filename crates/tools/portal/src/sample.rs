//! Categories and tiles for tests.

use kernel::{Audience, Text};

use crate::domain::{
    Category, CategoryId, Consents, Family, IconName, Publication, Reach, Reaches, Tile,
    TileAddress, TileId,
};

pub(crate) fn category(id: u128, position: u32, family: Family) -> Category {
    Category {
        id: CategoryId::from_u128(id),
        title: Text::made(format!("Catégorie {id}"), format!("Category {id}")),
        family,
        position,
    }
}

pub(crate) fn tile(id: u128, category: u128, position: u32, audience: Audience) -> Tile {
    Tile {
        id: TileId::from_u128(id),
        category: CategoryId::from_u128(category),
        name: Text::made(format!("Outil {id}"), format!("Tool {id}")),
        description: Text::fixed("Pour essayer", "To try"),
        icon: IconName::parse("chat-3-line").expect("an icon"),
        address: TileAddress::parse(&format!("https://outil-{id}.gouv.fr/")).expect("an address"),
        reaches: Reaches::one(Reach::Internet),
        badge: None,
        audience,
        consents: Consents::NotNeeded,
        guests: false,
        publication: Publication::Published,
        position,
        organisation: None,
        client_id: None,
        published_at: None,
        notice: None,
    }
}
