//! Where the demonstration's tiles lead: the tools themselves belong to administrations and are
//! not part of it, which a page says plainly.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use kernel::{Locale, Problem, Text};
use kernel_db::MigrationSet;
use kernel_http::pages::PageContext;
use kernel_http::pages::error::{Action, ErrorPage};
use kernel_http::{ApiError, Tool};

use crate::config::Config;

type Names = Arc<HashMap<String, Text>>;

/// The pages of the tiles in a configuration.
pub(crate) fn tool(config: &Config) -> Tool {
    let tiles = config
        .portal
        .categories
        .iter()
        .flat_map(|category| &category.tiles);
    let names: HashMap<_, _> = tiles
        .map(|tile| (tile.id.clone(), Text::from(tile.name.clone())))
        .collect();
    Tool {
        name: "demonstration",
        router: Router::new()
            .route("/demonstration/{tile}", get(page))
            .with_state(Arc::new(names)),
        openapi: utoipa::openapi::OpenApi::default(),
        migrations: MigrationSet {
            tool: "demonstration",
            migrations: &[],
        },
        jobs: Vec::new(),
        consumers: Vec::new(),
    }
}

async fn page(
    State(names): State<Names>,
    context: PageContext,
    Path(tile): Path<String>,
) -> Response {
    let Some(name) = names.get(&tile) else {
        return ApiError(Problem::not_found()).into_response();
    };
    let name = name.get(context.locale);
    let (title, text, back) = match context.locale {
        Locale::Fr => (
            format!("Ici s’ouvrirait «\u{a0}{name}\u{a0}»"),
            "Cet outil appartient à une administration et ne fait pas partie de la démonstration. \
             Dans une vraie installation, la tuile y mène directement, sans nouvelle connexion.",
            "Revenir à l’accueil",
        ),
        Locale::En => (
            format!("“{name}” would open here"),
            "This tool belongs to an administration and is not part of the demonstration. In a \
             real installation the tile leads straight to it, without signing in again.",
            "Back to the home page",
        ),
    };
    let actions = vec![Action {
        href: "/".to_owned(),
        label: back.to_owned(),
    }];
    let page = ErrorPage {
        title,
        text: text.to_owned(),
        actions,
        support: None,
        status: 200,
    };
    page.page(&context).into_response()
}
