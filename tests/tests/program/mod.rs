//! The program itself: its contract, crashes, backup, the vendor's own clients.

mod backup;
mod bucket;
mod client;
mod command_line;
mod contract;
mod crash;
mod days;
mod holding_out;
pub(crate) mod official_clients;
mod provider_judges;
mod terminal;

use ::client::sunshine::Sunshine;
use ::client::sunshine::types::AttachmentQuery;
use ::client::{Client, Credentials, Error, Upload};
use testkit::scene::App;

/// A typed client with the key of an app.
fn sunshine(app: &App) -> Sunshine {
    let credentials = Credentials::basic(&app.key.id, app.key.secret.as_str());
    Client::builder(app.api.base()).credentials(credentials).build().unwrap().sunshine()
}

/// Uploads a text as a file; gives its address.
async fn upload(
    sunshine: &Sunshine,
    app: &str,
    query: &AttachmentQuery,
    text: &str,
) -> Result<String, Error> {
    let bytes = text.as_bytes().to_vec().into();
    let file = Upload { file_name: "a.txt".into(), media_type: "text/plain".into(), bytes };
    Ok(sunshine.upload_attachment(app, query, &file).await?.attachment.media_url)
}
