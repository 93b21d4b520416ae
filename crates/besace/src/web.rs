//! The web app's files, carried in the binary. Without a built web app only the server-rendered
//! pages stand, and the program says so at start.

use kernel_http::{Asset, WebAssets};

#[derive(rust_embed::RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Files;

/// The files as built.
pub(crate) struct EmbeddedWeb;

impl EmbeddedWeb {
    /// Whether the web app was built before the binary.
    pub(crate) fn is_built() -> bool {
        Files::get("index.html").is_some()
    }
}

impl WebAssets for EmbeddedWeb {
    fn get(&self, path: &str) -> Option<Asset> {
        if is_packed(path) {
            return None;
        }
        let file = Files::get(path)?;
        let brotli = Files::get(&format!("{path}.br")).map(|packed| packed.data);
        Some(Asset {
            bytes: file.data,
            brotli,
            mime: mime_guess::from_path(path)
                .first_or_octet_stream()
                .to_string()
                .into(),
            hash: hex::encode(file.metadata.sha256_hash()).into(),
        })
    }
}

/// Packed twins are never asked for by name.
fn is_packed(path: &str) -> bool {
    std::path::Path::new(path)
        .extension()
        .is_some_and(|extension| extension == "br")
}
