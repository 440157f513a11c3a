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
        ExotelCreateCustomer: Post "/v2/integrations/customer" NOBODY Json 200 [400, 401]
            "Customers", "Make a customer, if the operator lets anybody do it";
        ExotelGetCustomer: Get "/v2/integrations/customer" ACCOUNT None 200 []
            "Customers", "Get the customer of the token";
        ExotelDeleteCustomer: Delete "/v2/integrations/customer" ACCOUNT None 200 [400]
            "Customers", "Delete the customer of the token with all apps";
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
        ExotelGetAppSettings: Get "/v2/integrations/{customer_id}/apps/{app_id}/settings" APP None 200 []
            "Settings", "Get the settings under the names of the newer pages";
        ExotelPutAppSettings: Put "/v2/integrations/{customer_id}/apps/{app_id}/settings" APP Json 200 [400]
            "Settings", "Change settings under the names of the newer pages";
        ExotelCreateUsers: Post "/v2/integrations/usermapping" APP Json 200 [400]
            "Users", "Add users to the app";
        ExotelGetUsers: Get "/v2/integrations/usermapping" APP None 200 [400, 404]
            "Users", "Get a user, or a page of them";
        ExotelDeleteAllUsers: Delete "/v2/integrations/usermapping" APP None 200 []
            "Users", "Remove all users of the app";
        ExotelDeleteUsers: Delete "/v2/integrations/users" APP Json 200 [400, 404]
            "Users", "Remove some users of the app";
        ExotelSetDevices: Put "/v2/integrations/{customer_id}/apps/{app_id}/users/{user_id}/devices" APP Json 200 [400, 404]
            "Users", "Choose on what a user is called";
        ExotelOutboundCall: Post "/v2/integrations/call/outbound_call" APP OptionalJson 200 [501]
            "Calls", "Call somebody; answered with 501, since there is no voice channel";
    }
};

/// The operation with this id.
pub fn operation(id: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.id == id)
}
