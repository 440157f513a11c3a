//! One row of an API's operation table: it drives routes, scope checks, limits and documents.

/// Largest JSON body in bytes (sunshine-v2.md §11).
pub const JSON_BODY_BYTES_MAX: u64 = 102_400;

/// Largest upload in bytes (sunshine-v2.md §7.5).
pub const UPLOAD_BODY_BYTES_MAX: u64 = 50 * 1024 * 1024;

/// Largest JSON body of an operation that answers every fault of its body itself (hubster.md §9.13).
pub const ANY_JSON_BYTES_MAX: u64 = 1024 * 1024;

/// The HTTP methods that the operations use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// GET
    Get,
    /// POST
    Post,
    /// PATCH
    Patch,
    /// PUT
    Put,
    /// DELETE
    Delete,
}

impl Method {
    /// The method as it stands in a request line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Patch => "PATCH",
            Method::Put => "PUT",
            Method::Delete => "DELETE",
        }
    }
}

/// For whom a credential speaks (sunshine-v2.md §1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// A key of an account or of a service account.
    Account,
    /// A key of one app.
    App,
    /// A key of a custom integration or an OAuth token.
    Integration,
    /// A token for the portal: an account and all its apps (hubster.md §3).
    Portal,
    /// A token for the engine: the conversations of an account (hubster.md §3).
    Engine,
    /// A token for the visitors of a page that a web integration is embedded in (hubster.md §3.4).
    WebChat,
}

impl Scope {
    /// The name that stands in a token's `scope` claim.
    pub const fn as_str(self) -> &'static str {
        match self {
            Scope::Account => "account",
            Scope::App => "app",
            Scope::Integration => "integration",
            Scope::Portal => "hubster-portal-api",
            Scope::Engine => "hubster-engine-api",
            Scope::WebChat => "hubster-web-chat",
        }
    }
}

/// Whether an operation asks for credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth {
    /// Basic or bearer, of one of the operation's scopes.
    Required,
    /// The operation looks at no `Authorization` header.
    None,
}

/// What an operation reads as its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body {
    /// Nothing; whatever is sent is ignored.
    None,
    /// A JSON object; an empty body is refused.
    Json,
    /// A JSON object; an empty body counts as `{}`.
    OptionalJson,
    /// A JSON object, or its fields as `application/x-www-form-urlencoded`; an empty body is refused.
    JsonOrForm,
    /// `application/x-www-form-urlencoded`, as a page sends it.
    Form,
    /// `multipart/form-data` with one file part.
    Multipart,
    /// JSON that the operation reads by itself, whatever it announces: each fault has a code of its own.
    AnyJson,
}

impl Body {
    /// Largest accepted body in bytes.
    pub const fn bytes_max(self) -> u64 {
        match self {
            Body::Multipart => UPLOAD_BODY_BYTES_MAX,
            Body::None | Body::Json | Body::OptionalJson | Body::JsonOrForm | Body::Form => {
                JSON_BODY_BYTES_MAX
            }
            Body::AnyJson => ANY_JSON_BYTES_MAX,
        }
    }
}

/// An operation of an HTTP API.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Operation {
    /// Its name, unique in its table; the vendor's operationId where there is one.
    pub id: &'static str,
    /// Its method.
    pub method: Method,
    /// Its path with `{parameters}`.
    pub path: &'static str,
    /// Who may call it; empty exactly when `auth` is [`Auth::None`].
    pub scopes: &'static [Scope],
    /// Whether it asks for credentials.
    pub auth: Auth,
    /// What it reads.
    pub body: Body,
    /// Largest accepted body in bytes; for uploads the size of the file, without the form around it.
    pub body_max_bytes: u64,
    /// Status of success.
    pub success: u16,
    /// Statuses of failure that its description lists; 401, 403, 413 and 429 are possible besides.
    pub errors: &'static [u16],
    /// The chapter of the documentation.
    pub tag: &'static str,
    /// What it does, in a few words.
    pub summary: &'static str,
    /// Where it is described, `file#operation`.
    pub source: &'static str,
}

impl Operation {
    /// Whether a caller of this scope may call it.
    pub fn allows(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }
}

/// Writes an operation table, one row a line: `Id: Method "path" SCOPES Body success [errors] "tag",
/// "summary";`.
macro_rules! operations {
    ($source:literal { $(
        $id:ident: $method:ident $path:literal $scopes:ident $body:ident $success:literal
        [$($error:literal),*] $tag:literal, $summary:literal;
    )* }) => {
        &[$(
            $crate::operation::Operation {
                id: stringify!($id),
                method: $crate::operation::Method::$method,
                path: $path,
                scopes: $scopes,
                auth: if $scopes.is_empty() {
                    $crate::operation::Auth::None
                } else {
                    $crate::operation::Auth::Required
                },
                body: $crate::operation::Body::$body,
                body_max_bytes: $crate::operation::Body::$body.bytes_max(),
                success: $success,
                errors: &[$($error),*],
                tag: $tag,
                summary: $summary,
                source: concat!($source, "#", stringify!($id)),
            },
        )*]
    };
}
pub(crate) use operations;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_knows_who_may_call_it() {
        const ROWS: &[Operation] = operations! { "page.md" {
            Read: Get "/thing" APP None 200 [404] "Things", "Read a thing";
            Open: Post "/open" NOBODY Multipart 201 [] "Things", "Open the door";
        } };
        const APP: &[Scope] = &[Scope::App];
        const NOBODY: &[Scope] = &[];
        assert!(ROWS[0].allows(Scope::App) && !ROWS[0].allows(Scope::Account));
        assert_eq!((ROWS[0].auth, ROWS[1].auth), (Auth::Required, Auth::None));
        assert_eq!((ROWS[0].source, ROWS[1].body_max_bytes), ("page.md#Read", 52_428_800));
    }
}
