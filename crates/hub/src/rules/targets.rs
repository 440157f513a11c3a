//! Where the server may be asked to send something (decision 41).

use model::address::literal_is_internal;
use url::Url;

use crate::error::{HubError, Result};
use crate::hub::Hub;

impl Hub {
    /// Checks an address that a caller gives us to call: an absolute http or https URL, and no
    /// literal internal address unless the operator allows it. What a name resolves to is judged
    /// when it is called.
    pub(crate) fn check_target(&self, field: &str, address: &str) -> Result<()> {
        let url = web_address(field, address)?;
        let internal = url.host_str().is_some_and(literal_is_internal);
        if internal && !self.settings().allow_private_targets {
            return Err(HubError::Invalid(format!("{field}: must not be an internal address")));
        }
        Ok(())
    }
}

/// An absolute http or https URL.
pub(crate) fn web_address(field: &str, address: &str) -> Result<Url> {
    let url =
        Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    url.ok_or_else(|| HubError::Invalid(format!("{field}: must be an absolute http or https URL")))
}
