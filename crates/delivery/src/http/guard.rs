//! Which addresses the server calls: those of the Internet and, only where the operator opened it
//! (`CROSSPOINT_WEBHOOK_ALLOW_PRIVATE`), those of its own network.

use std::net::IpAddr;

pub use model::address::Internal as Refusal;
pub use model::address::literal_is_internal;

/// Whether `address` may be called by a closed guard; the reason when it may not.
pub fn check(address: IpAddr) -> Result<(), Refusal> {
    match model::address::internal(address) {
        Some(reason) => Err(reason),
        None => Ok(()),
    }
}

/// Keeps the addresses that may be called. The first reason when there was none among several;
/// `Ok` and empty only when nothing came in.
pub fn admit(addresses: Vec<IpAddr>) -> Result<Vec<IpAddr>, Refusal> {
    let mut refusal = None;
    let admitted: Vec<IpAddr> = addresses
        .into_iter()
        .filter(|address| match check(*address) {
            Ok(()) => true,
            Err(reason) => {
                refusal.get_or_insert(reason);
                false
            }
        })
        .collect();
    match refusal {
        Some(reason) if admitted.is_empty() => Err(reason),
        _ => Ok(admitted),
    }
}
