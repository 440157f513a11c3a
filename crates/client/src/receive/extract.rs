//! Deliveries as arguments of axum's handlers.

use axum_core::extract::{FromRef, FromRequest, Request};
use axum_core::response::{IntoResponse, Response};
use bytes::Bytes;
use http::HeaderMap;
use wire::sunshine::types::{Payload, WebhookBody};

use super::{ReceiveError, Receiver};

/// A verified delivery. The router's state is, or holds (`FromRef`), the webhook's [`Receiver`].
///
/// What is refused is answered with 401, 400 or, for a body beyond axum's limit, 413.
///
/// ```
/// use axum::{Router, routing::post};
/// use crosspoint_client::receive::{Received, Receiver};
///
/// async fn hook(Received(delivery): Received) {
///     for event in delivery.events {
///         println!("{}", event.kind);
///     }
/// }
///
/// let receiver = Receiver::new("0123456789abcdef0123456789abcdef").require_signature();
/// let router: Router = Router::new().route("/hook", post(hook)).with_state(receiver);
/// ```
#[derive(Clone, Debug)]
pub struct Received(pub WebhookBody<Payload>);

impl<S> FromRequest<S> for Received
where
    S: Send + Sync,
    Receiver: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Received, Response> {
        let receiver = Receiver::from_ref(state);
        let (headers, body) = whole(request, state).await?;
        receiver.receive(&headers, &body).map(Received).map_err(IntoResponse::into_response)
    }
}

/// Headers and body of a request.
pub(super) async fn whole<S: Send + Sync>(
    request: Request,
    state: &S,
) -> Result<(HeaderMap, Bytes), Response> {
    let headers = request.headers().clone();
    let body = Bytes::from_request(request, state).await.map_err(IntoResponse::into_response)?;
    Ok((headers, body))
}

impl IntoResponse for ReceiveError {
    fn into_response(self) -> Response {
        (self.status(), self.to_string()).into_response()
    }
}
