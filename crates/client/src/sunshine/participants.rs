//! Who takes part in a conversation.

use wire::sunshine::OPERATIONS;
use wire::sunshine::types::{
    Empty, ParticipantLeaveBody, ParticipantListResponse, ParticipantResponse, ParticipantSpec,
};

use super::Sunshine;
use crate::methods::methods;

methods! {
    impl Sunshine, OPERATIONS;

    /// Adds a user to a group conversation.
    ///
    /// `POST /v2/apps/{appId}/conversations/{conversationId}/join`, open to account, app and integration
    /// keys. Limits: 1,000 participants.
    ///
    /// # Errors
    /// 400 `bad_request`: the body or a parameter breaks a limit; 404 `app_not_found` or
    /// `conversation_not_found`; as everywhere, 401 `unauthorized`, 403 `forbidden` and 429
    /// `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#JoinConversation`, sunshine-v2.md §5.2.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::{Sunshine, types::*};
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// let body = ParticipantSpec { user_external_id: Some("ann".into()), ..Default::default() };
    /// let participant = sunshine.join_conversation("5d8cff3cd55b040010928b5b", "029c31f25a21b47effd7be90", &body).await?.participant;
    /// println!("{}", participant.id);
    /// # Ok(()) }
    /// ```
    JoinConversation: join_conversation(app_id, conversation_id; body: json ParticipantSpec) -> ParticipantResponse;

    /// Lists who takes part in a conversation.
    ///
    /// `GET /v2/apps/{appId}/conversations/{conversationId}/participants`, open to account, app and
    /// integration keys. Limits: 25 a page unless said, 100 at most.
    ///
    /// # Errors
    /// 400 `bad_request`: the body or a parameter breaks a limit; 404 `app_not_found` or
    /// `conversation_not_found`; as everywhere, 401 `unauthorized`, 403 `forbidden` and 429
    /// `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#ListParticipants`, sunshine-v2.md §3, §5.2.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::Sunshine;
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// for participant in sunshine.list_participants("5d8cff3cd55b040010928b5b", "029c31f25a21b47effd7be90").await?.participants {
    ///     println!("{} has {} unread", participant.user_id, participant.unread_count);
    /// }
    /// # Ok(()) }
    /// ```
    ListParticipants: list_participants(app_id, conversation_id) -> ParticipantListResponse;

    /// Removes a user from a group conversation.
    ///
    /// `POST /v2/apps/{appId}/conversations/{conversationId}/leave`, open to account, app and integration
    /// keys. Limits: one user a call.
    ///
    /// # Errors
    /// 404 `app_not_found` or `conversation_not_found`; as everywhere, 401 `unauthorized`, 403 `forbidden`
    /// and 429 `too_many_requests`.
    ///
    /// Source: `sunshine-v2.openapi.yaml#LeaveConversation`, sunshine-v2.md §5.2.
    ///
    /// ```no_run
    /// # use crosspoint_client::sunshine::{Sunshine, types::*};
    /// # async fn example(sunshine: Sunshine) -> Result<(), Box<dyn std::error::Error>> {
    /// let body = ParticipantLeaveBody { user_external_id: Some("ann".into()), ..Default::default() };
    /// sunshine.leave_conversation("5d8cff3cd55b040010928b5b", "029c31f25a21b47effd7be90", &body).await?;
    /// # Ok(()) }
    /// ```
    LeaveConversation: leave_conversation(app_id, conversation_id; body: json ParticipantLeaveBody) -> Empty;
}
