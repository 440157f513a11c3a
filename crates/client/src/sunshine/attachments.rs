//! Files that messages show.

use wire::sunshine::OPERATIONS;
use wire::sunshine::types::{AttachmentDeleteBody, AttachmentQuery, AttachmentResponse, Empty};

use super::Sunshine;
use crate::call::Upload;
use crate::methods::methods;

methods! {
    impl Sunshine, OPERATIONS;

    /// Uploads a file, whose address a message can then show.
    ///
    /// `POST /v2/apps/{appId}/attachments`, open to account, app and integration keys.
    /// Limits: 50 MB, and the media types of the vendor's list.
    ///
    /// # Errors
    /// 400 `bad_request`: the body or a parameter breaks a limit; as everywhere, 401 `unauthorized`, 403
    /// `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#UploadAttachment`, sunshine-v2.md §7.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::{Sunshine, types::*};
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// use crosspoint_client::Upload;
    ///
    /// let query = AttachmentQuery { access: Some("public".into()), ..Default::default() };
    /// let file = Upload { file_name: "cat.png".into(), media_type: "image/png".into(), bytes: std::fs::read("cat.png")?.into() };
    /// let attachment = sunshine.upload_attachment("5d8cff3cd55b040010928b5b", &query, &file).await?.attachment;
    /// println!("{}", attachment.media_url);
    /// # Ok(()) }
    /// ```
    UploadAttachment: upload_attachment(app_id; query: query AttachmentQuery, file: upload Upload) -> AttachmentResponse;

    /// Deletes an uploaded file by its address.
    ///
    /// `POST /v2/apps/{appId}/attachments/remove`, open to account, app and integration keys.
    /// Limits: one address a call.
    ///
    /// # Errors
    /// 400 `bad_request`: the body or a parameter breaks a limit; 404 `app_not_found`; as everywhere, 401
    /// `unauthorized`, 403 `forbidden` and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#DeleteAttachment`, sunshine-v2.md §7.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::{Sunshine, types::*};
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// let body = AttachmentDeleteBody { media_url: "https://chat.example.com/attachments/t/cat.png".into() };
    /// sunshine.delete_attachment("5d8cff3cd55b040010928b5b", &body).await?;
    /// # Ok(()) }
    /// ```
    DeleteAttachment: delete_attachment(app_id; body: json AttachmentDeleteBody) -> Empty;
}
