//! Attachments: upload, types, access, deletion (sunshine-v2.md §7).

use reqwest::multipart::{Form, Part};
use serde_json::json;
use testkit::scene::{App, NO_ID, business_content};
use testkit::{Credentials, Crosspoint, Reply, run, text_at};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";

async fn upload(app: &App, query: &str, part: Part) -> Reply {
    let form = Form::new().part("source", part);
    app.api.call("POST", &app.path(&format!("/attachments{query}"))).multipart(form).send().await
}

fn named(bytes: &[u8], name: &str) -> Part {
    Part::bytes(bytes.to_vec()).file_name(name.to_owned())
}

#[test]
fn what_goes_up_comes_down() {
    run(60, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let part = named(PNG, "my cat.png").mime_str("image/png").unwrap();
        let made = upload(&app, "?access=public", part).await.with_status(201);
        assert_eq!(made["attachment"]["mediaType"], "image/png");
        let url = text_at(&made, "/attachment/mediaUrl");
        assert!(url.starts_with(&server.base()), "{url}");
        let got = server.api().get(&url).await;
        assert_eq!((got.status, got.header("content-type")), (200, "image/png"));
        assert_eq!(got.header("content-length"), PNG.len().to_string());
        assert_eq!(got.header("x-content-type-options"), "nosniff");
        // A changed token or name leads nowhere.
        let token = url.split("/attachments/").nth(1).unwrap().split('/').next().unwrap();
        let other = url.replace(token, &"0".repeat(token.len()));
        server.api().get(&other).await.with_status(404);
        server.api().get("/attachments/").await.with_status(404);
        server.api().get("/attachments/..%2f..%2fsealing.key/x").await.with_status(404);
    });
}

#[test]
fn every_shape_that_a_client_sends() {
    run(60, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let octets = "application/octet-stream";
        let parts = [
            // Python from bytes, JavaScript from a buffer, Ruby from a text.
            ("image/png", named(PNG, "source").mime_str(octets).unwrap()),
            ("image/png", Part::bytes(PNG.to_vec()).mime_str(octets).unwrap()),
            ("image/png", Part::bytes(PNG.to_vec())),
            ("text/plain", named(b"hello", "a.txt")),
            ("text/plain", Part::text("just a field")),
            ("application/pdf", named(b"%PDF-1.4\n%", "no-extension")),
        ];
        for (media_type, part) in parts {
            let made = upload(&app, "?access=public", part).await.with_status(201);
            let found = text_at(&made, "/attachment/mediaType");
            assert!(found.starts_with(media_type), "{found} instead of {media_type}");
            server.api().get(&text_at(&made, "/attachment/mediaUrl")).await.with_status(200);
        }
        // No access is public.
        let made = upload(&app, "", named(b"hello", "a.txt")).await.with_status(201);
        server.api().get(&text_at(&made, "/attachment/mediaUrl")).await.with_status(200);
    });
}

#[test]
fn what_is_refused() {
    run(60, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        let refused = [
            (named(b"MZ\x90\0\x03\0\0\0", "setup.exe"), 415),
            (named(b"MZ\x90\0\x03\0\0\0", "innocent.png"), 415),
            (named(b"hello", "page.html"), 415),
            (named(b"", "empty.txt"), 400),
        ];
        for (part, status) in refused {
            let reply = upload(&app, "?access=public", part).await;
            assert_eq!(reply.status, status, "{}", reply.text);
        }
        let api = &app.api;
        for query in ["?access=secret", "?access=public&for=user"] {
            upload(&app, query, named(b"a", "a.txt")).await.refused(400, "bad_request");
        }
        let unknown = format!("?access=public&conversationId={NO_ID}");
        upload(&app, &unknown, named(b"a", "a.txt")).await.with_status(404);
        let path = app.path("/attachments?access=public");
        api.post(&path, &json!({ "source": "x" })).await.refused(415, "unsupported_media_type");
        let other_part = Form::new().part("file", named(b"a", "a.txt"));
        api.call("POST", &path).multipart(other_part).send().await.refused(400, "bad_request");
        for body in
            ["", "--x--", "--x\r\n", "--x\r\ncontent-disposition: form-data; name=\"source\"\r\n\r\ncut"]
        {
            let call = api.call("POST", &path).text("multipart/form-data; boundary=x", body);
            call.send().await.refused(400, "bad_request");
        }
        let no_boundary = api.call("POST", &path).text("multipart/form-data", "x").send().await;
        assert!([400, 415].contains(&no_boundary.status), "{}", no_boundary.text);
    });
}

#[test]
fn fifty_megabytes_and_not_one_more() {
    run(120, async {
        let server = Crosspoint::start().await;
        let app = App::create(&server).await;
        const MAX: usize = 50 * 1024 * 1024;
        let made = upload(&app, "?access=public", named(&vec![b'a'; MAX], "a.txt")).await.with_status(201);
        let got = server.api().get(&text_at(&made, "/attachment/mediaUrl")).await;
        assert_eq!(got.text.len(), MAX);
        let form = Form::new().part("source", named(&vec![b'a'; MAX + 1], "a.txt"));
        // The server reads on while it refuses, so that the client hears why.
        let call = app.api.call("POST", &app.path("/attachments?access=public")).multipart(form);
        call.send().await.refused(413, "request_entity_too_large");
    });
}

#[test]
fn private_ones_need_credentials_of_their_app() {
    run(60, async {
        let server = Crosspoint::start().await;
        let (app, other) = (App::create(&server).await, App::create(&server).await);
        let talk = app.talk("ann").await;
        let query = format!("?access=private&conversationId={}", talk.conversation);
        let made = upload(&app, &query, named(b"for your eyes", "a.txt")).await.with_status(201);
        let url = text_at(&made, "/attachment/mediaUrl");
        server.api().get(&url).await.refused(401, "unauthorized");
        other.api.get(&url).await.refused(403, "forbidden");
        server.api().with(Credentials::Bearer("x.y.z".into())).get(&url).await.refused(401, "unauthorized");
        for api in [&app.api, &app.account] {
            assert_eq!(api.get(&url).await.text, "for your eyes");
        }
    });
}

#[test]
fn they_go_by_request_and_with_their_message() {
    run(60, async {
        let server = Crosspoint::start().await;
        let (app, other) = (App::create(&server).await, App::create(&server).await);
        let talk = app.talk("ann").await;
        let url = |made: &serde_json::Value| text_at(made, "/attachment/mediaUrl");
        let kept = url(&upload(&app, "?access=public", named(PNG, "a.png")).await.with_status(201));
        let bound =
            url(&upload(&app, "?access=public&for=message", named(PNG, "b.png")).await.with_status(201));
        let image = |url: &str| business_content(json!({ "type": "image", "mediaUrl": url }));
        let first = talk.post(&app.api, &image(&kept)).await;
        let second = talk.post(&app.api, &image(&bound)).await;
        let listed = app.api.get(&format!("{}/messages", talk.path)).await.ok();
        let content = &listed["messages"][0]["content"];
        assert_eq!((&content["mediaType"], &content["mediaSize"]), (&json!("image/png"), &json!(PNG.len())));
        for id in [first, second] {
            app.api.delete(&format!("{}/messages/{id}", talk.path)).await.ok();
        }
        server.api().get(&kept).await.with_status(200);
        testkit::eventually(10, "the file goes with its message", || async {
            (server.api().get(&bound).await.status == 404).then_some(())
        })
        .await;

        let remove = app.path("/attachments/remove");
        other
            .api
            .post(&other.path("/attachments/remove"), &json!({ "mediaUrl": kept }))
            .await
            .with_status(404);
        assert_eq!(app.api.post(&remove, &json!({ "mediaUrl": kept })).await.ok(), json!({}));
        server.api().get(&kept).await.with_status(404);
        app.api.post(&remove, &json!({ "mediaUrl": kept })).await.refused(404, "not_found");
        for foreign in ["https://a.example/a.png", "no url", ""] {
            app.api.post(&remove, &json!({ "mediaUrl": foreign })).await.refused(400, "bad_request");
        }
        app.api.post(&remove, &json!({})).await.refused(400, "bad_request");
        // A message cannot point to what is gone.
        app.api.post(&format!("{}/messages", talk.path), &image(&kept)).await.refused(400, "bad_request");
    });
}
