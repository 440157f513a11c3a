//! Attachments.

use axum::body::Body;
use bytes::Bytes;
use futures::stream;
use serde_json::{Value, json};

use crate::house::{House, NO_ID, PUBLIC_URL, Reply};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";
const FORM: [(&str, &str); 1] = [("content-type", "multipart/form-data; boundary=x")];

/// A form with one part, whose header is given.
fn form(disposition: &str, bytes: &[u8]) -> Vec<u8> {
    let mut form = format!("--x\r\ncontent-disposition: form-data; {disposition}\r\n\r\n").into_bytes();
    form.extend_from_slice(bytes);
    form.extend_from_slice(b"\r\n--x--\r\n");
    form
}

async fn upload(house: &House, query: &str, disposition: &str, bytes: &[u8]) -> Reply {
    let path = house.path(&format!("/attachments{query}"));
    house.send("POST", &path, &FORM, form(disposition, bytes).into()).await
}

fn url(made: &Value) -> String {
    made["attachment"]["mediaUrl"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_file_becomes_part_of_a_message() {
    let house = House::open().await;
    let talk = house.talk("ann").await;
    let made = upload(&house, "?access=public&for=message", "name=\"source\"; filename=\"my cat.png\"", PNG)
        .await
        .is(201);
    assert_eq!(made["attachment"]["mediaType"], "image/png");
    let media_url = url(&made);
    assert!(
        media_url.starts_with(&format!("{PUBLIC_URL}/attachments/")) && media_url.ends_with("/my%20cat.png"),
        "{media_url}"
    );
    let body =
        json!({ "author": { "type": "business" }, "content": { "type": "image", "mediaUrl": media_url } });
    let posted = house.post(&format!("{talk}/messages"), body.clone()).await.is(201);
    let content = json!({ "type": "image", "mediaUrl": media_url, "mediaType": "image/png",
        "mediaSize": PNG.len(), "altText": "my cat.png" });
    assert_eq!(posted["messages"][0]["content"], content);
    assert_eq!(house.post("/attachments/remove", json!({ "mediaUrl": media_url })).await.is(200), json!({}));
    house.post("/attachments/remove", json!({ "mediaUrl": media_url })).await.refuses(
        404,
        "not_found",
        "Attachment",
    );
    house.post("/attachments/remove", json!({ "mediaUrl": "https://a.example" })).await.refuses(
        400,
        "bad_request",
        "mediaUrl",
    );
    house.post(&format!("{talk}/messages"), body).await.refuses(400, "bad_request", "mediaUrl");
}

#[tokio::test]
async fn every_shape_of_a_part_is_a_file() {
    let house = House::open().await;
    for (disposition, bytes, media_type, ending) in [
        ("name=\"source\"; filename=\"source\"", PNG, "image/png", "/source.png"),
        ("name=\"source\"", PNG, "image/png", "/file.png"),
        ("name=\"source\"", b"just a field", "text/plain", "/file.txt"),
        ("name=\"source\"; filename=\"a.TXT\"", b"hello", "text/plain", "/a.TXT"),
    ] {
        let made = upload(&house, "", disposition, bytes).await.is(201);
        assert_eq!(made["attachment"]["mediaType"], media_type, "{disposition}");
        assert!(url(&made).ends_with(ending), "{made}");
    }
}

#[tokio::test]
async fn what_is_no_allowed_file_is_refused() {
    let house = House::open().await;
    let named = |name: &str| format!("name=\"source\"; filename=\"{name}\"");
    upload(&house, "", &named("a.exe"), b"MZ\x90\0").await.refuses(
        415,
        "unsupported_media_type",
        "extension",
    );
    upload(&house, "", &named("a.png"), b"MZ\x90\0\x03\0\0\0").await.refuses(
        415,
        "unsupported_media_type",
        "type",
    );
    upload(&house, "", "name=\"source\"", b"\x01\xff\xfe").await.refuses(
        415,
        "unsupported_media_type",
        "type",
    );
    upload(&house, "", &named("a.txt"), b"").await.refuses(400, "bad_request", "empty");
    upload(&house, "", "name=\"file\"", b"x").await.refuses(400, "bad_request", "source: is required");
    upload(&house, "?access=x", &named("a.txt"), b"x").await.refuses(400, "bad_request", "access");
    upload(&house, "?for=user", &named("a.txt"), b"x").await.refuses(400, "bad_request", "for");
    let nowhere = format!("?conversationId={NO_ID}");
    upload(&house, &nowhere, &named("a.txt"), b"x").await.refuses(404, "conversation_not_found", "");
    let path = house.path("/attachments");
    for broken in
        ["", "--x--", "--x\r\n", "--x\r\ncontent-disposition: form-data; name=\"source\"\r\n\r\ncut"]
    {
        house.send("POST", &path, &FORM, broken.into()).await.refuses(400, "bad_request", "");
    }
    house.post("/attachments", json!({})).await.refuses(415, "unsupported_media_type", "multipart");
}

/// A body of this beginning, so many pieces of 1 MiB, and this end.
fn large(beginning: &'static str, pieces: usize, end: &'static str) -> Body {
    let piece = Bytes::from(vec![b'a'; 1024 * 1024]);
    let all = std::iter::once(Bytes::from(beginning)).chain(std::iter::repeat_n(piece, pieces));
    Body::from_stream(stream::iter(all.chain([Bytes::from(end)]).map(Ok::<_, std::io::Error>)))
}

const FILE: &str = "--x\r\ncontent-disposition: form-data; name=\"source\"; filename=\"a.txt\"\r\n\r\n";
const OTHER: &str = "--x\r\ncontent-disposition: form-data; name=\"other\"\r\n\r\n";
const END: &str = "\r\n--x--\r\n";

#[tokio::test]
async fn the_size_is_counted_while_it_is_read() {
    let house = House::open().await;
    let path = house.path("/attachments");
    house.send("POST", &path, &FORM, large(FILE, 50, END)).await.is(201);
    let reply = house.send("POST", &path, &FORM, large(FILE, 51, END)).await;
    reply.refuses(413, "request_entity_too_large", "52428800");
}

#[tokio::test]
async fn parts_that_nobody_asks_for_count_as_well() {
    let house = House::open().await;
    let path = house.path("/attachments");
    let file_after = "\r\n--x\r\ncontent-disposition: form-data; name=\"source\"\r\n\r\nhello\r\n--x--\r\n";
    house.send("POST", &path, &FORM, large(OTHER, 50, file_after)).await.is(201);
    let reply = house.send("POST", &path, &FORM, large(OTHER, 51, file_after)).await;
    reply.refuses(413, "request_entity_too_large", "52428800");
}

#[tokio::test]
async fn nothing_endless_stands_in_front_of_a_part() {
    let house = House::open().await;
    let path = house.path("/attachments");
    // It is cut long before its end, where its own fault would be found.
    for beginning in ["no boundary", "--x\r\ncontent-disposition: form-data; name=\""] {
        let reply = house.send("POST", &path, &FORM, large(beginning, 60, END)).await;
        reply.refuses(400, "bad_request", "no part begins within 65536 bytes");
    }
}
