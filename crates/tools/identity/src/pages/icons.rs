//! The icons of these pages: the house's, put into templates as they are.

use kernel_http::pages::{Icon, icon};

pub(crate) const WARNING: &str = icon(Icon::Warning);
pub(crate) const ERROR: &str = icon(Icon::Error);
pub(crate) const INFO: &str = icon(Icon::Info);
pub(crate) const SUCCESS: &str = icon(Icon::Success);
pub(crate) const SUPPORT: &str = icon(Icon::Support);
pub(crate) const COMPUTER: &str = icon(Icon::Computer);
pub(crate) const KEPT: &str = icon(Icon::Draft);
pub(crate) const TIME: &str = icon(Icon::Time);
pub(crate) const EYE: &str = icon(Icon::Eye);
pub(crate) const MAIL: &str = icon(Icon::Mail);
pub(crate) const USER: &str = icon(Icon::User);
