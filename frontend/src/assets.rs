use std::{borrow::Cow, collections::BTreeMap, sync::LazyLock};

use sha2::{Digest, Sha256};

/// The files of `frontend/static` as they were when the program was built.
#[derive(rust_embed::Embed)]
#[folder = "$CARGO_MANIFEST_DIR/static"]
struct Files;

/// One static file, ready to be served with an unlimited cache life.
#[derive(Debug, Clone)]
pub struct Asset {
    /// The file itself, not compressed.
    pub bytes: Cow<'static, [u8]>,
    /// The value of `Content-Type`.
    pub content_type: &'static str,
    /// A strong entity tag, quotes included.
    pub etag: String,
}

/// All static files, reached by a name that holds the first eight hex digits of their SHA-256.
#[derive(Debug)]
pub struct Assets {
    by_hashed_name: BTreeMap<String, Asset>,
    urls: BTreeMap<String, String>,
}

/// The static files; hashed once, at the first use.
pub fn assets() -> &'static Assets {
    static ASSETS: LazyLock<Assets> = LazyLock::new(Assets::load);
    &ASSETS
}

impl Assets {
    fn load() -> Self {
        let mut assets = Self { by_hashed_name: BTreeMap::new(), urls: BTreeMap::new() };
        for name in Files::iter() {
            if let Some(file) = Files::get(&name) {
                assets.add(&name, file.data);
            }
        }
        assets
    }

    fn add(&mut self, name: &str, bytes: Cow<'static, [u8]>) {
        let digest = hex(&Sha256::digest(&bytes));
        let short: String = digest.chars().take(8).collect();
        let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
        let hashed = format!("{stem}.{short}.{extension}");
        self.urls.insert(name.to_owned(), format!("/static/{hashed}"));
        let content_type = content_type(extension);
        self.by_hashed_name.insert(hashed, Asset { bytes, content_type, etag: format!("\"{digest}\"") });
    }

    /// The address of a file, for example `/static/app.1f2e3d4c.css` for `app.css`.
    pub fn url(&self, name: &str) -> Option<&str> {
        self.urls.get(name).map(String::as_str)
    }

    /// The file behind the last part of an address made by [`Assets::url`].
    pub fn get(&self, hashed_name: &str) -> Option<&Asset> {
        self.by_hashed_name.get(hashed_name)
    }

    /// The hashed names of all files.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.by_hashed_name.keys().map(String::as_str)
    }
}

fn content_type(extension: &str) -> &'static str {
    match extension {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
