//! The operation tables say what the documents say.

use crate::document::{crosspoint, exotel, sunshine, texts};
use serde_json::Value;
use std::collections::BTreeSet;
use wire::operation::{JSON_BODY_BYTES_MAX, UPLOAD_BODY_BYTES_MAX};
use wire::sunshine::limits;
use wire::{Auth, Body, Method, Operation, Scope};

const METHODS: [Method; 5] = [Method::Get, Method::Post, Method::Put, Method::Patch, Method::Delete];

/// The operations of a document with method and path.
fn described(document: &Value) -> Vec<(Method, &String, &Value)> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in METHODS {
            if let Some(operation) = item.get(method.as_str().to_lowercase()) {
                found.push((method, path, operation));
            }
        }
    }
    found
}

fn scopes(operation: &Value) -> BTreeSet<String> {
    let schemes = operation["security"].as_array().unwrap();
    let lists: BTreeSet<_> = schemes
        .iter()
        .map(|scheme| scheme.as_object().unwrap().values().flat_map(texts).collect::<BTreeSet<String>>())
        .collect();
    assert!(lists.len() <= 1, "Basic and bearer differ: {operation}");
    lists.into_iter().next().unwrap_or_default()
}

fn compare(table: &[Operation], document: &Value) {
    let described = described(document);
    assert_eq!(table.len(), described.len());
    let ids: BTreeSet<_> = table.iter().map(|row| row.id).collect();
    assert_eq!(ids.len(), table.len(), "ids are unique");
    for (method, path, operation) in described {
        let id = operation["operationId"].as_str().unwrap();
        let row = table.iter().find(|row| row.id == id).unwrap_or_else(|| panic!("{id} is missing"));
        assert_eq!((row.method, row.path), (method, path.as_str()), "{id}");
        assert_eq!(Some(row.summary), operation["summary"].as_str(), "{id}");
        assert_eq!([row.tag.to_owned()].as_slice(), texts(&operation["tags"]), "{id}");

        let (success, errors): (Vec<u16>, Vec<u16>) = operation["responses"]
            .as_object()
            .unwrap()
            .keys()
            .map(|status| status.parse::<u16>().unwrap())
            .partition(|status| *status < 400);
        assert_eq!(success, [row.success], "{id}");
        assert_eq!(errors, row.errors, "{id}");

        let mut allowed = scopes(operation);
        match id {
            // sunshine-v2.md §13, row 1: the account scope may use webhooks, too.
            "CreateWebhook" | "ListWebhooks" | "GetWebhook" | "UpdateWebhook" | "DeleteWebhook" => {
                assert!(allowed.insert("account".to_owned()), "{id}: the exception is no longer one");
            }
            // sunshine-v2.md §1.5: it needs the token that it asks about.
            "GetTokenInfo" => {
                assert!(allowed.is_empty(), "{id}: the exception is no longer one");
                allowed.extend(["app".to_owned(), "integration".to_owned()]);
            }
            _ => {}
        }
        let in_table: BTreeSet<String> = row.scopes.iter().map(|scope| scope.as_str().to_owned()).collect();
        assert_eq!(in_table, allowed, "{id}");
        assert_eq!(row.auth == Auth::None, row.scopes.is_empty(), "{id}");
        assert!(row.source.ends_with(&format!("#{id}")), "{id}");
    }
}

#[test]
fn sunshine_has_the_68_operations_of_its_description() {
    assert_eq!(wire::sunshine::OPERATIONS.len(), 68);
    compare(wire::sunshine::OPERATIONS, &sunshine());
}

#[test]
fn our_own_operations_are_described() {
    compare(wire::crosspoint::OPERATIONS, &crosspoint());
}

#[test]
fn exotels_operations_are_described() {
    compare(wire::exotel::OPERATIONS, &exotel());
}

#[test]
fn our_own_routes_collide_with_none_of_the_vendor() {
    for own in wire::crosspoint::OPERATIONS {
        let taken =
            wire::sunshine::OPERATIONS.iter().any(|row| (row.method, row.path) == (own.method, own.path));
        assert!(!taken, "{}", own.id);
    }
}

#[test]
fn bodies_are_as_described() {
    let document = sunshine();
    for (_, _, operation) in described(&document) {
        let row = wire::sunshine::operation(operation["operationId"].as_str().unwrap()).unwrap();
        let expected = match operation.get("requestBody") {
            None => Body::None,
            Some(body) if body["content"].get("multipart/form-data").is_some() => Body::Multipart,
            // RFC 6749 §4.1.3: the libraries for OAuth send a form.
            Some(_) if row.id == "GetToken" => Body::JsonOrForm,
            Some(body) if body["required"] == true => Body::Json,
            Some(_) => Body::OptionalJson,
        };
        assert_eq!(row.body, expected, "{}", row.id);
        let max = if expected == Body::Multipart { UPLOAD_BODY_BYTES_MAX } else { JSON_BODY_BYTES_MAX };
        assert_eq!(row.body_max_bytes, max, "{}", row.id);
    }
}

#[test]
fn bodies_of_the_integrations_core_are_as_described() {
    let document = exotel();
    for (_, _, operation) in described(&document) {
        let row = wire::exotel::operation(operation["operationId"].as_str().unwrap()).unwrap();
        let expected = match operation.get("requestBody") {
            None => Body::None,
            Some(body) if body["required"] == true => Body::Json,
            Some(_) => Body::OptionalJson,
        };
        assert_eq!(row.body, expected, "{}", row.id);
    }
    for method in ["get", "delete"] {
        let asked = &document["paths"]["/v2/integrations/app_setting"][method]["parameters"];
        let names: Vec<_> = asked.as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["key", "Key"], "{method}: both spellings are taken");
    }
}

#[test]
fn operations_are_found_by_their_id() {
    let row = wire::sunshine::operation("PassControl").unwrap();
    assert!(row.allows(Scope::Integration));
    assert!(wire::sunshine::operation("CloseConversation").is_none());
    assert_eq!(wire::crosspoint::operation("CloseConversation").unwrap().method, Method::Post);
}

#[test]
fn the_limits_are_those_of_the_schemas() {
    let document = sunshine();
    let limit = |pointer: &str| {
        let found = document["components"]["schemas"].pointer(pointer);
        found.and_then(Value::as_u64).unwrap_or_else(|| panic!("no limit at {pointer}"))
    };
    for (constant, pointer) in [
        (u64::from(limits::PAGE_SIZE_DEFAULT), "/page/properties/size/default"),
        (u64::from(limits::PAGE_SIZE_MIN), "/page/properties/size/minimum"),
        (u64::from(limits::PAGE_SIZE_MAX), "/page/properties/size/maximum"),
        (limits::CURSOR_CHARS as u64, "/page/properties/after/maxLength"),
        (limits::DISPLAY_NAME_CHARS_MAX as u64, "/displayName/maxLength"),
        (limits::URL_CHARS_MAX as u64, "/icon/maxLength"),
        (limits::URL_CHARS_MAX as u64, "/item/properties/mediaUrl/maxLength"),
        (limits::URL_CHARS_MAX as u64, "/reference/properties/uri/maxLength"),
        (limits::EXTERNAL_ID_CHARS_MAX as u64, "/userCreateBody/properties/externalId/maxLength"),
        (limits::BRAND_ID_CHARS_MAX as u64, "/userCreateBody/properties/brandId/maxLength"),
        (limits::PROFILE_NAME_CHARS_MAX as u64, "/profile/properties/surname/maxLength"),
        (limits::EMAIL_CHARS_MAX as u64, "/profile/properties/email/maxLength"),
        (limits::EMAIL_CHARS_MAX as u64, "/field/properties/email/maxLength"),
        (limits::LOCALE_CHARS_MAX as u64, "/profile/properties/locale/maxLength"),
        (limits::IDENTITY_VALUE_CHARS_MAX as u64, "/identity/properties/value/maxLength"),
        (limits::CONVERSATION_DESCRIPTION_CHARS_MAX as u64, "/description/maxLength"),
        (
            limits::PARTICIPANTS_AT_CREATION_COUNT_MAX as u64,
            "/conversationCreateBody/properties/participants/maxItems",
        ),
        (limits::TEXT_CHARS_MAX as u64, "/textMessage/properties/text/maxLength"),
        (limits::TEXT_CHARS_MAX as u64, "/htmlText/maxLength"),
        (limits::TEXT_CHARS_MAX as u64, "/markdownText/maxLength"),
        (limits::ALT_TEXT_CHARS_MAX as u64, "/fileMessage/properties/altText/maxLength"),
        (limits::MEDIA_TYPE_CHARS_MAX as u64, "/item/properties/mediaType/maxLength"),
        (limits::ITEMS_COUNT_MAX as u64, "/carouselMessage/properties/items/maxItems"),
        (limits::ITEM_TITLE_CHARS_MAX as u64, "/item/properties/title/maxLength"),
        (limits::ITEM_DESCRIPTION_CHARS_MAX as u64, "/item/properties/description/maxLength"),
        (limits::ITEM_ACTIONS_COUNT_MAX as u64, "/item/properties/actions/maxItems"),
        (limits::LIST_ACTIONS_COUNT_MAX as u64, "/listMessage/properties/actions/maxItems"),
        (limits::FORM_FIELDS_COUNT_MAX as u64, "/formMessage/properties/fields/maxItems"),
        (limits::FORM_OPTIONS_COUNT_MAX as u64, "/formOptions/maxItems"),
        (limits::FORM_LABEL_CHARS_MAX as u64, "/field/properties/label/maxLength"),
        (limits::FORM_TEXT_CHARS_MAX as u64, "/field/properties/text/maxLength"),
        (
            u64::from(limits::FORM_TEXT_CHARS_MAX_DEFAULT),
            "/formMessageField/allOf/1/properties/maxSize/default",
        ),
        (
            u64::from(limits::FORM_TEXT_CHARS_MIN_DEFAULT),
            "/formMessageField/allOf/1/properties/minSize/default",
        ),
        (limits::REFERENCES_COUNT_MAX as u64, "/message/properties/references/maxItems"),
        (limits::REFERENCE_TITLE_CHARS_MAX as u64, "/reference/properties/title/maxLength"),
        (limits::REFERENCE_DESCRIPTION_CHARS_MAX as u64, "/reference/properties/description/maxLength"),
        (limits::AUTHOR_SUBTYPES_COUNT as u64, "/author/properties/subtypes/maxItems"),
        (limits::SWITCHBOARD_NAME_CHARS_MAX as u64, "/name/maxLength"),
        (u64::from(limits::MESSAGE_HISTORY_COUNT_MAX), "/messageHistoryCount/maximum"),
        (limits::CUSTOM_WEBHOOKS_COUNT as u64, "/custom/allOf/1/properties/webhooks/maxItems"),
    ] {
        assert_eq!(constant, limit(pointer), "{pointer}");
    }
}
