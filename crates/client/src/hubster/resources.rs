//! Files that activities show.

use wire::hubster::OPERATIONS;
use wire::hubster::types::Resource;

use super::Engine;
use crate::call::Upload;
use crate::methods::methods;

methods! {
    impl Engine, OPERATIONS;

    /// Uploads files, whose addresses activities of the conversation can then show. The vendor documents no
    /// such way; this one is Crosspoint's.
    ///
    /// `POST /api/v1/resources/{conversationId}`, open to engine tokens.
    /// Limits: 10 files a call, 50 MB.
    ///
    /// # Errors
    /// 400 `ENG000207`: too many or too large; 400 `ENG008500`: no files; 400 `ENG008502`: a file of a kind
    /// that is not taken; 404 `ENG006500`; as everywhere, 401 `ENG000102`, 403 `ENG000101` and 429.
    ///
    /// Source: `hubster.md#EngineUploadResources`, §9.7.
    ///
    /// ```no_run
    /// # use crosspoint_client::hubster::{Engine, types::*};
    /// # async fn example(engine: Engine) -> Result<(), Box<dyn std::error::Error>> {
    /// use crosspoint_client::Upload;
    ///
    /// let file = Upload { file_name: "cat.png".into(), media_type: "image/png".into(), bytes: std::fs::read("cat.png")?.into() };
    /// for resource in engine.upload_resources("a9cff9d8-0cb2-40f9-b787-01756ca7b92f", &[file]).await? {
    ///     println!("{}", resource.url);
    /// }
    /// # Ok(()) }
    /// ```
    EngineUploadResources: upload_resources(conversation_id; files: files [Upload]) -> Vec<Resource>;
}
