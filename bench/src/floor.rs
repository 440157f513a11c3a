//! The floor: the same handler with the store taken out, as a server of its own.

use std::io;
use std::path::Path;

use hub::seal::Sealer;
use hub::{Hub, Settings};
use store::files::Files;
use store::{Options, Store};

/// Serves until it is killed. The data directory is one that the program has made.
pub async fn serve(data_dir: &Path) -> io::Result<()> {
    let store = Store::open(Options::new(data_dir)).map_err(io::Error::other)?;
    let files = Files::local(data_dir).map_err(io::Error::other)?;
    let key = std::fs::read_to_string(data_dir.join("sealing.key"))?;
    let sealer = Sealer::from_base64(&key).ok_or_else(|| io::Error::other("the sealing key is no key"))?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let settings = Settings {
        public_url: url.clone(),
        allow_private_targets: true,
        event_retention_ms: i64::MAX / 4,
        key_secrets_readable: false,
        author_roles_shown: false,
    };
    let hub = Hub::new(store, files, sealer, settings);
    std::fs::write(data_dir.join("url"), &url)?;
    server::serve_router(listener, dialect_sunshine::floor_router(hub)).await;
    Ok(())
}
