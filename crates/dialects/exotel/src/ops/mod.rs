//! The functions behind the operations.

mod app_settings;
mod apps;
mod calls;
mod customers;
mod devices;
mod settings;
mod sip;
mod token;
mod users;

use futures::FutureExt;
use model::Id;

use crate::http::call::{Answer, AppCall, CallerCall, Handler, OpenCall};

macro_rules! bind {
    ($id:expr; $($operation:literal => $kind:ident $path:path;)*) => {
        match $id {
            $($operation => Some(bind!(@ $kind $path)),)*
            _ => None,
        }
    };
    (@ Newer $path:path) => { Handler::Newer(|call: AppCall| -> Answer { $path(call).boxed() }) };
    (@ App $path:path) => { Handler::App(|call: AppCall| -> Answer { $path(call).boxed() }) };
    (@ Caller $path:path) => { Handler::Caller(|call: CallerCall| -> Answer { $path(call).boxed() }) };
    (@ Open $path:path) => { Handler::Open(|call: OpenCall| -> Answer { $path(call).boxed() }) };
}

/// The function behind an operation.
pub(crate) fn handler(operation: &str) -> Option<Handler> {
    bind! { operation;
        "ExotelCreateToken" => Open token::create_token;
        "ExotelCreateCustomer" => Open customers::create_customer;
        "ExotelGetCustomer" => Caller customers::get_customer;
        "ExotelDeleteCustomer" => Caller customers::delete_customer;
        "ExotelRegisterApp" => Caller apps::register_app;
        "ExotelGetApp" => Caller apps::get_app;
        "ExotelUpdateApp" => App apps::update_app;
        "ExotelDeleteApp" => App apps::delete_app;
        "ExotelPutSetting" => App settings::put_setting;
        "ExotelGetSetting" => App settings::get_setting;
        "ExotelDeleteSetting" => App settings::delete_setting;
        "ExotelGetAppSettings" => Newer app_settings::get_settings;
        "ExotelPutAppSettings" => Newer app_settings::put_settings;
        "ExotelCreateUsers" => App users::create_users;
        "ExotelGetUsers" => App users::get_users;
        "ExotelDeleteAllUsers" => App users::delete_all_users;
        "ExotelDeleteUsers" => App users::delete_users;
        "ExotelSetDevices" => Newer devices::set_devices;
        "ExotelOutboundCall" => App calls::outbound_call;
    }
}

/// What the callers of an operation that is open to anybody count as together, before their bodies are read.
/// Who buys a token is counted by the id that the body names.
pub(crate) fn counted_together(operation: &str) -> Option<&'static str> {
    (operation == "ExotelCreateCustomer").then_some(customers::REGISTRATIONS)
}

/// In place of a secret that is not shown.
const MASK: &str = "********";

/// An id that a caller wrote: as we show it, a GUID, or as other dialects do.
pub(crate) fn read_id(text: &str) -> Option<Id> {
    text.parse().ok().or_else(|| Id::from_guid(text))
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_operation_has_a_handler() {
        for operation in wire::exotel::OPERATIONS {
            assert!(super::handler(operation.id).is_some(), "{}", operation.id);
        }
    }
}
