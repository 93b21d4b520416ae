//! The layers around every route, outermost first: context and request id, access log and
//! figures, security headers ([`outside`]); compression; rendering of problems, panics, sizes,
//! limits per address, time limit, language switch, place among the hints, CSRF, writes
//! asked for twice ([`inside`]).
//!
//! They are plain functions of a request and of what comes next, called one by another: as so
//! many layers of axum each would copy and box all that lies inside it, at every request.

pub(crate) mod access_log;
pub(crate) mod begin;
pub(crate) mod compression;
pub(crate) mod headers;
pub(crate) mod language;
pub(crate) mod panic;
pub(crate) mod place;
pub(crate) mod size;
pub(crate) mod time_limit;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::{House, csrf, idempotency, problem, rate};

/// What is around compression.
pub(crate) async fn outside(State(house): State<House>, request: Request, next: Next) -> Response {
    begin::begin(house, request, |request| {
        access_log::log(request, |request| {
            headers::secure(request, |request| next.run(request))
        })
    })
    .await
}

/// What compression is around.
pub(crate) async fn inside(request: Request, next: Next) -> Response {
    problem::render(request, |request| {
        compression::mark(request, |request| {
            panic::catch(request, |request| {
                size::guard(request, |request| {
                    rate::limit(request, |request| {
                        time_limit::limit(request, |request| {
                            language::switch(request, |request| {
                                place::mark(request, |request| {
                                    csrf::guard(request, |request| {
                                        idempotency::once(request, |request| next.run(request))
                                    })
                                })
                            })
                        })
                    })
                })
            })
        })
    })
    .await
}
