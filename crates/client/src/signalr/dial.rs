//! Making a connection: negotiation, the WebSocket over the client's own HTTP connection, the handshake.

use std::time::Duration;

use http::header::{
    AUTHORIZATION, CONNECTION, ORIGIN, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION,
    UPGRADE,
};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;
use wire::hubster::signalr::{NEGOTIATE_PATH, Negotiation, PATH};

use super::connection::{Connection, broken};
use super::{HUB, Listen, foreign, refused};
use crate::client::Client;
use crate::error::{Error, Reason};
use crate::form::Form;
use crate::reply::{Answer, read, refusal};

/// Makes a connection.
pub(super) async fn dial(client: &Client, listen: &Listen) -> Result<Connection<reqwest::Upgraded>, Error> {
    let id = match negotiate(client, listen).await {
        // Another token may be good; asked once more, a second refusal stays.
        Err(Error::Refused { refusal, .. }) if refusal.status == 401 => negotiate(client, listen).await?,
        other => other?,
    };
    let socket = tokio::time::timeout(client.inner.timeout, open(client, listen, &id)).await;
    let socket = socket.map_err(|_| timed_out(client.inner.timeout))??;
    Connection::begin(socket, client.inner.timeout).await
}

pub(super) fn timed_out(after: Duration) -> Error {
    Error::TimedOut { operation: HUB, after }
}

/// The query of both requests, behind what is its own.
fn query<'a>(listen: &'a Listen, own: (&'static str, &'a str)) -> Vec<(&'static str, &'a str)> {
    let mut query = vec![("iId", listen.integration_id.as_str())];
    query.extend(listen.conversation_id.as_deref().map(|id| ("cId", id)));
    query.push(own);
    query
}

/// A request to the hub, of whoever asks. Gives the value of `Authorization`, too.
async fn request(
    client: &Client,
    method: http::Method,
    path: &str,
) -> Result<(reqwest::RequestBuilder, Option<String>), Error> {
    let inner = &client.inner;
    let url = format!("{}{path}", inner.events);
    let mut request = inner.http.request(method, url);
    let authorization = inner.authorizer.header().await?;
    if let Some(value) = &authorization {
        request = request.header(AUTHORIZATION, crate::call::secret(HUB, value)?);
    }
    if let Some(origin) = &inner.origin {
        request = request.header(ORIGIN, origin);
    }
    Ok((request, authorization))
}

/// Asks for a connection; gives what names it.
async fn negotiate(client: &Client, listen: &Listen) -> Result<String, Error> {
    let (request, authorization) = request(client, http::Method::POST, NEGOTIATE_PATH).await?;
    let timeout = client.inner.timeout;
    let request = request.query(&query(listen, ("negotiateVersion", "1"))).timeout(timeout);
    let answer = read(request.body(""), HUB, timeout).await?;
    if answer.status == 401 {
        client.inner.authorizer.forget(authorization.as_deref()).await;
    }
    if !(200..300).contains(&answer.status) {
        return Err(Error::Refused { operation: HUB, refusal: Box::new(refusal(&answer, Form::Hubster)) });
    }
    let Negotiation { connection_id, connection_token, error, url, .. } = parse(&answer)?;
    match (error, url) {
        (Some(error), _) => Err(refused(400, vec![Reason::new(None, &error)])),
        // Following would hand the token to another host.
        (None, Some(_)) => Err(foreign(answer.status, "a redirection to another hub")),
        (None, None) => connection_token
            .or(connection_id)
            .ok_or_else(|| foreign(answer.status, "a negotiation without a connection")),
    }
}

fn parse(answer: &Answer) -> Result<Negotiation, Error> {
    wire::parse_body(&answer.bytes).map_err(|error| foreign(answer.status, error.to_string()))
}

/// Opens the WebSocket, over a connection like that of any other request.
async fn open(
    client: &Client,
    listen: &Listen,
    id: &str,
) -> Result<WebSocketStream<reqwest::Upgraded>, Error> {
    let key = generate_key();
    let (request, _) = request(client, http::Method::GET, PATH).await?;
    let request = request
        .query(&query(listen, ("id", id)))
        .version(http::Version::HTTP_11)
        .header(CONNECTION, "Upgrade")
        .header(UPGRADE, "websocket")
        .header(SEC_WEBSOCKET_VERSION, "13")
        .header(SEC_WEBSOCKET_KEY, &key);
    let lost = |error: reqwest::Error| super::lost("the socket", error.without_url());
    let response = request.send().await.map_err(lost)?;
    let status = response.status().as_u16();
    match status {
        101 => {}
        // What was negotiated is not known any more, or is taken: it is negotiated anew.
        404 | 409 => return Err(broken(&format!("the negotiated connection was refused with {status}"))),
        status => return Err(refused(status, Vec::new())),
    }
    let accepted = response.headers().get(SEC_WEBSOCKET_ACCEPT);
    if accepted.is_none_or(|given| given.as_bytes() != derive_accept_key(key.as_bytes()).as_bytes()) {
        return Err(foreign(status, "a socket that is no WebSocket"));
    }
    let upgraded = response.upgrade().await.map_err(lost)?;
    Ok(WebSocketStream::from_raw_socket(upgraded, Role::Client, None).await)
}
