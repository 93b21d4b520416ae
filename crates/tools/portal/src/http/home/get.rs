//! `GET /api/v1/home`: greeting and tiles of the caller, in the caller's language.

use std::sync::Arc;

use axum::{Json, extract::State};
use kernel::port::NowItem;
use kernel::{Caller, Locale, Timestamp};
use kernel_http::{ApiError, Lang, SignedOrGuest};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{Badge, Category, Reach, Shelf, Tile, TileId};
use crate::http::announcements::body::AnnouncementBody;
use crate::service::{Home, Portal};

/// What the home page shows.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HomeBody {
    /// The given name to greet with; absent when it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Claire")]
    greeting_name: Option<String>,
    /// The present by the server, UTC milliseconds.
    #[schema(example = 1_795_508_520_000_i64)]
    now: i64,
    /// The zone in which dates are shown, an IANA name.
    #[schema(example = "Europe/Paris")]
    zone: String,
    /// Categories in order, those without a tile for the caller left out.
    categories: Vec<CategoryBody>,
    /// Whether the caller is somebody's guest: the tools are those shared with them.
    guest: bool,
    /// Whether the caller came for the first time within a day, and has used nothing yet.
    first_day: bool,
    /// Ids of tiles, in the caller's order.
    #[schema(value_type = Vec<String>)]
    favourites: Vec<TileId>,
    /// Ids of the tiles opened last, six at most.
    #[schema(value_type = Vec<String>)]
    recents: Vec<TileId>,
    /// What is to be done now, by when it begins.
    now_items: Vec<NowItemBody>,
    /// What is announced, three at most: what must still be confirmed first, then disturbances.
    announcements: Vec<AnnouncementBody>,
}

/// One line under *Maintenant*.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NowItemBody {
    /// Stable within its source.
    id: String,
    /// Which tool says it.
    source: String,
    /// When it begins or began, UTC milliseconds; absent: it is simply due.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>)]
    at: Option<Timestamp>,
    /// When it ends, and leaves the page.
    #[schema(value_type = i64)]
    until: Timestamp,
    /// What.
    title: String,
    /// Who, or what about.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// A DSFR icon's name without prefix.
    icon: String,
    /// The label of the one action.
    action: String,
    /// Where it leads: a path of ours, or `https`.
    link: String,
}

/// How a tool does that does not do well.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TileStateBody {
    /// `disturbed` or `down`.
    level: &'static str,
    /// Since when, UTC milliseconds.
    #[schema(value_type = i64)]
    since: Timestamp,
    /// What is wrong, and what to do meanwhile.
    message: String,
}

/// A group of tiles.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CategoryBody {
    /// Its id.
    id: String,
    /// Its title, in the language of the answer.
    title: String,
    /// Colour family: `blue`, `teal`, `rust`, `sand`, `plum` or `green`.
    family: &'static str,
    /// Its tiles in order, one at least.
    tiles: Vec<TileBody>,
}

/// One tool.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct TileBody {
    /// Its id.
    id: String,
    /// Its name, in the language of the answer.
    name: String,
    /// What it is for, in one line.
    description: String,
    /// Its picture: a DSFR icon's name without prefix.
    #[schema(example = "chat-3-line")]
    icon: String,
    /// Where it leads: `https`, or `http` on loopback.
    url: String,
    /// The widest network it answers from: `internet`, `rie` or `vpn`.
    reach: &'static str,
    /// Every network it answers from.
    reaches: Vec<&'static str>,
    /// `new` or `trial`; absent: neither.
    #[serde(skip_serializing_if = "Option::is_none")]
    badge: Option<&'static str>,
    /// What waits for the caller in the application, 1 to 999; absent: nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u32>,
    /// How it does; absent: nothing is said against it.
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<TileStateBody>,
    /// The administration that publishes it; absent: the operator.
    #[serde(skip_serializing_if = "Option::is_none")]
    origin: Option<OriginBody>,
}

/// Who publishes a tool.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OriginBody {
    /// The administration's name.
    organisation: String,
}

/// The caller's home page.
#[utoipa::path(
    get,
    path = "/api/v1/home",
    tag = "portal",
    security(("session" = []), ("token" = [kernel::TokenScope::PortalRead.word()])),
    operation_id = "getHome",
    responses(
        (status = 200, description = "Greeting and tiles meant for the caller", body = HomeBody),
        (status = 401, description = "Nobody is signed in (problem `sign-in-required`)"),
        (status = 503, description = "The tables cannot be read now (problem `unavailable`)"),
    )
)]
pub(crate) async fn get_home(
    State(portal): State<Arc<Portal>>,
    SignedOrGuest(caller): SignedOrGuest,
    Lang(locale): Lang,
) -> Result<Json<HomeBody>, ApiError> {
    let home = portal.home(&caller).await?;
    Ok(Json(body(&home, &caller, locale)))
}

fn body(home: &Home, caller: &Caller, locale: Locale) -> HomeBody {
    let shelves = home.catalogue.for_caller(caller);
    HomeBody {
        greeting_name: home.greeting_name.clone(),
        now: home.now.millis(),
        zone: home.zone.clone(),
        categories: shelves
            .iter()
            .map(|shelf| category(shelf, home, locale))
            .collect(),
        guest: caller.is_guest(),
        first_day: home.own.first_day,
        favourites: home.own.favourites.clone(),
        recents: home.own.recents.clone(),
        now_items: home
            .now_items
            .iter()
            .map(|item| now_item(item, locale))
            .collect(),
        announcements: home
            .announcements
            .iter()
            .map(|one| AnnouncementBody::of(one, locale))
            .collect(),
    }
}

fn category(shelf: &Shelf<&Category, &Tile>, home: &Home, locale: Locale) -> CategoryBody {
    CategoryBody {
        id: shelf.category.id.to_string(),
        title: shelf.category.title.get(locale).to_owned(),
        family: shelf.category.family.word(),
        tiles: shelf
            .tiles
            .iter()
            .map(|shown| tile(shown, home, locale))
            .collect(),
    }
}

fn tile(tile: &Tile, home: &Home, locale: Locale) -> TileBody {
    let origin = tile.organisation.and_then(|id| home.origins.get(&id));
    TileBody {
        id: tile.id.to_string(),
        name: tile.name.get(locale).to_owned(),
        description: tile.description.get(locale).to_owned(),
        icon: tile.icon.as_str().to_owned(),
        url: tile.address.as_str().to_owned(),
        count: home.counts.get(&tile.id).copied(),
        reach: tile.reaches.widest().word(),
        reaches: tile.reaches.all().into_iter().map(Reach::word).collect(),
        badge: tile.badge_at(home.now).map(Badge::word),
        state: tile.notice_at(home.now).map(|notice| TileStateBody {
            level: notice.level.word(),
            since: notice.since,
            message: notice.message.get(locale).to_owned(),
        }),
        origin: origin.map(|label| OriginBody {
            organisation: label.clone(),
        }),
    }
}

fn now_item(item: &NowItem, locale: Locale) -> NowItemBody {
    NowItemBody {
        id: item.id.clone(),
        source: item.source.clone(),
        at: item.at,
        until: item.until,
        title: item.title.get(locale).to_owned(),
        detail: item
            .detail
            .as_ref()
            .map(|detail| detail.get(locale).to_owned()),
        icon: item.icon.clone(),
        action: item.action.get(locale).to_owned(),
        link: item.link.clone(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use kernel::{AgentId, Audience, Means, OrganisationId, Population, SessionId};

    use super::*;
    use crate::domain::{Catalogue, Family, TileId};
    use crate::sample;
    use crate::service::Own;

    fn home() -> Home {
        let mut shown = sample::tile(0x12, 1, 1, Audience::Everyone);
        shown.badge = Some(Badge::Trial);
        let catalogue = Catalogue::new(1, vec![sample::category(1, 1, Family::Teal)], vec![shown]);
        Home {
            greeting_name: Some("Claire".into()),
            now: Timestamp::from_millis(1_795_508_520_000),
            zone: "Europe/Paris".into(),
            counts: [(TileId::from_u128(0x12), 3)].into(),
            catalogue: Arc::new(catalogue),
            own: Own {
                favourites: vec![TileId::from_u128(0x12)],
                recents: Vec::new(),
                first_day: true,
            },
            now_items: Vec::new(),
            announcements: Vec::new(),
            origins: HashMap::new(),
        }
    }

    fn caller() -> Caller {
        Caller {
            agent: AgentId::from_u128(1),
            by: Means::Session(SessionId::from_u128(2)),
            organisation: OrganisationId::from_u128(3),
            ancestors: Vec::new(),
            population: Population::Agent,
            grants: Vec::new(),
            guest: None,
            locale: None,
        }
    }

    #[test]
    fn the_body_keeps_its_names_and_speaks_the_reader_s_language() {
        let json = serde_json::to_value(body(&home(), &caller(), Locale::En)).expect("json");
        assert_eq!(
            json,
            serde_json::json!({
                "greetingName": "Claire",
                "now": 1_795_508_520_000_i64,
                "zone": "Europe/Paris",
                "categories": [{
                    "id": "00000000-0000-0000-0000-000000000001",
                    "title": "Category 1",
                    "family": "teal",
                    "tiles": [{
                        "id": "00000000-0000-0000-0000-000000000012",
                        "name": "Tool 18",
                        "description": "To try",
                        "icon": "chat-3-line",
                        "url": "https://outil-18.gouv.fr/",
                        "reach": "internet",
                        "reaches": ["internet"],
                        "badge": "trial",
                        "count": 3,
                    }],
                }],
                "firstDay": true,
                "guest": false,
                "favourites": ["00000000-0000-0000-0000-000000000012"],
                "recents": [],
                "nowItems": [],
                "announcements": [],
            })
        );
    }

    #[test]
    fn what_is_not_known_is_absent_and_never_empty() {
        let mut home = home();
        home.greeting_name = None;
        home.catalogue = Arc::new(Catalogue::new(1, Vec::new(), Vec::new()));
        let json = serde_json::to_value(body(&home, &caller(), Locale::Fr)).expect("json");
        assert!(json.get("greetingName").is_none());
        assert_eq!(json.get("categories"), Some(&serde_json::json!([])));
    }
}
