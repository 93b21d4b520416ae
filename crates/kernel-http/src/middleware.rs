//! The layers around every route. Outermost first, as [`crate::app`] puts them: context and
//! request id, access log and figures, security headers, compression, rendering of problems,
//! panics, sizes, limits per address, time limit, language switch, CSRF.

pub(crate) mod access_log;
pub(crate) mod begin;
pub(crate) mod compression;
pub(crate) mod headers;
pub(crate) mod language;
pub(crate) mod panic;
pub(crate) mod size;
pub(crate) mod time_limit;
