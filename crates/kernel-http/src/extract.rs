//! What handlers take as arguments.

pub mod bearer;
pub mod client_ip;
pub(crate) mod cookies;
mod json;
mod lang;
mod path;
mod query;
pub(crate) mod session;
mod theme;

pub use bearer::Application;
pub use client_ip::ClientIp;
pub use cookies::Cookies;
pub(crate) use cookies::cookie_of;
pub use json::ApiJson;
pub use lang::Lang;
pub(crate) use lang::{exact as locale_of_tag, locale_of};
pub use path::ApiPath;
pub use query::ApiQuery;
pub use session::{MaybeSigned, Signed, SignedOrGuest};
pub use theme::ThemeChoice;
