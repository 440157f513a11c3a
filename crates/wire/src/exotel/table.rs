//! The operations of Exotel's integrations core. The vendor names none; the ids are ours.

use crate::operation::{Operation, Scope, operations};

const NOBODY: &[Scope] = &[];
const ACCOUNT: &[Scope] = &[Scope::Account];
const APP: &[Scope] = &[Scope::App];
const ACCOUNT_APP: &[Scope] = &[Scope::Account, Scope::App];

/// Every operation. Scopes are those of the keys that tokens were bought with.
pub const OPERATIONS: &[Operation] = operations! {
    "exotel.md" {
        ExotelCreateToken: Post "/v2/integrations/token" NOBODY Json 200 [400]
            "Token", "Buy a token with the secret of a customer or an app";
        ExotelRegisterApp: Post "/v2/integrations/app" ACCOUNT Json 200 [400]
            "Apps", "Register an app";
        ExotelGetApp: Get "/v2/integrations/app" ACCOUNT_APP None 200 []
            "Apps", "Get the app of the token, or list the apps of the customer";
        ExotelUpdateApp: Put "/v2/integrations/app" APP Json 200 [400]
            "Apps", "Change the app of the token";
        ExotelDeleteApp: Delete "/v2/integrations/app" APP None 200 []
            "Apps", "Delete the app of the token with everything of it";
        ExotelPutSetting: Post "/v2/integrations/app_setting" APP Json 200 [400]
            "Settings", "Write a setting";
        ExotelGetSetting: Get "/v2/integrations/app_setting" APP None 200 [400, 404]
            "Settings", "Get a setting, or list them all";
        ExotelDeleteSetting: Delete "/v2/integrations/app_setting" APP OptionalJson 200 [400, 404]
            "Settings", "Delete a setting";
        ExotelOutboundCall: Post "/v2/integrations/call/outbound_call" APP OptionalJson 200 [501]
            "Calls", "Call somebody; answered with 501, since there is no voice channel";
    }
};

/// The operation with this id.
pub fn operation(id: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.id == id)
}
