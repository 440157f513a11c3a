//! Users.

pub(crate) mod create_user;
pub(crate) mod delete_user;
pub(crate) mod delete_user_personal_information;
pub(crate) mod get_user;
pub(crate) mod list_users;
pub(crate) mod sync_user;
pub(crate) mod update_user;

use model::record::User;
use wire::sunshine::types::UserResponse;

use crate::show;

fn shown(user: &User) -> UserResponse {
    UserResponse { user: show::user::user(user) }
}
