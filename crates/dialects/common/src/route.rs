//! From a row of an operation table to a route.

use std::borrow::Cow;
use std::future::Future;

use axum::body::Body;
use axum::extract::RawPathParams;
use axum::extract::rejection::RawPathParamsRejection;
use axum::http::{Request, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use percent_encoding::percent_decode_str;
use wire::operation::{Method, Operation};

/// The parameters of a path, as they stand in it, percent-decoded.
pub type PathParams = Vec<(String, String)>;

/// The route of an operation. `serve` gets the parameters of the path, `None` when they are no
/// percent-encoded UTF-8. The answer carries its operation, for the server's metrics and log.
pub fn route<S, F>(operation: &'static Operation, serve: S) -> MethodRouter
where
    S: Fn(Option<PathParams>, Request<Body>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response<Body>> + Send + 'static,
{
    on(
        filter(operation.method),
        move |params: Result<RawPathParams, RawPathParamsRejection>, request: Request<Body>| {
            let params = params.ok().map(|params| {
                params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
            });
            let answer = serve(params, request);
            async move {
                let mut response = answer.await;
                response.extensions_mut().insert(operation);
                response
            }
        },
    )
}

/// The parameter `{name}` of a path, read as a form is: a plus sign stands for a space, an encoded one for
/// itself. None where that makes no difference.
pub fn read_as_form(operation: &Operation, path: &str, name: &str) -> Option<String> {
    let wanted =
        |segment: &str| segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) == Some(name);
    // From the end, since a path may have more in front.
    let place = operation.path.rsplit('/').position(wanted)?;
    let segment = path.rsplit('/').nth(place).filter(|segment| segment.contains('+'))?.replace('+', " ");
    percent_decode_str(&segment).decode_utf8().ok().map(Cow::into_owned)
}

fn filter(method: Method) -> MethodFilter {
    match method {
        Method::Get => MethodFilter::GET,
        Method::Post => MethodFilter::POST,
        Method::Patch => MethodFilter::PATCH,
        Method::Put => MethodFilter::PUT,
        Method::Delete => MethodFilter::DELETE,
    }
}
