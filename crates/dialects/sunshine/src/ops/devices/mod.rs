//! Devices of users.

pub(crate) mod get_device;
pub(crate) mod list_devices;
