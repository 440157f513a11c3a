//! Messages as the providers get them.

use crosspoint_channels::{Body, Outgoing, PartSource, Recipient};
use model::channel::{chosen_by_key, chosen_by_text};
use model::content::{Action, ActionKind, Content};
use serde_json::{Value, json};

use super::support::{
    Settings, action, bodies, channel, content, fields, html, media, outgoing, render, render_to, shown,
    text, to,
};

fn items() -> Value {
    json!([
        { "title": "Shoes", "description": "Red, size 42", "actions": [
            { "type": "postback", "text": "Buy", "payload": "SHOES" },
            { "type": "link", "text": "Details", "uri": "https://ex.com/1" }] },
        { "title": "Hat", "actions": [{ "type": "postback", "text": "Buy", "payload": "HAT" }] },
    ])
}

fn losses(rendered: &crosspoint_channels::Rendered) -> Vec<&str> {
    rendered.losses.iter().map(|loss| loss.part.as_str()).collect()
}

#[test]
fn sms_sends_a_form_with_credentials() {
    let rendered = render("twilio", text("Hi", vec![])).expect("a text");
    let [plan] = rendered.requests.as_slice() else { panic!("one call") };
    assert_eq!(plan.url, "https://api.twilio.com/2010-04-01/Accounts/AC1/Messages.json");
    assert_eq!(plan.headers, [("authorization", "Basic QUMxOjEyMzQ1".to_owned())]);
    let hook = "StatusCallback=https://hub.example.com/hooks/twilio/5c9a34160c89726709136733";
    assert_eq!(shown(plan)["body"], json!(["To=+15550001234", "From=+15557654321", hook, "Body=Hi"]));
    let mut settings = Settings::of("twilio");
    settings.config.insert("messagingServiceSid".to_owned(), "MG1".into());
    let rendered = channel("twilio").render(&settings.account(), to("+1555"), &outgoing(text("Hi", vec![])));
    assert_eq!(fields(&rendered.expect("a text"), "MessagingServiceSid"), ["MG1"]);
    settings.config.clear();
    let refused = channel("twilio").render(&settings.account(), to("+1555"), &outgoing(text("Hi", vec![])));
    assert_eq!(
        refused.map_err(|error| error.message),
        Err("the integration has no number to send from".to_owned())
    );
}

#[test]
fn sms_writes_a_carousel_as_numbered_text() {
    let rendered =
        render("twilio", content(json!({ "type": "carousel", "items": items() }))).expect("a carousel");
    let expected = "Shoes\nRed, size 42\n1. Buy\nDetails: https://ex.com/1\n\nHat\n2. Buy";
    assert_eq!(fields(&rendered, "Body"), [expected]);
    let payload = |said| chosen_by_text(&rendered.choices, said).map(|choice| choice.payload.as_str());
    assert_eq!((payload("1"), payload("2"), payload("3")), (Some("SHOES"), Some("HAT"), None));
    assert!(losses(&rendered).contains(&"content.items[0].actions[0]"));
}

#[test]
fn sms_writes_a_list_with_its_own_buttons_last() {
    let list = json!({ "type": "list", "items": items(), "actions": [{ "type": "postback", "text": "More", "payload": "M" }] });
    let rendered = render("twilio", content(list)).expect("a list");
    assert_eq!(
        fields(&rendered, "Body"),
        ["Shoes\nRed, size 42\n1. Buy\nDetails: https://ex.com/1\n\nHat\n2. Buy\n\n3. More"]
    );
}

#[test]
fn sms_numbers_buttons_and_writes_links() {
    let kinds = [
        ActionKind::Reply,
        ActionKind::Link,
        ActionKind::Buy,
        ActionKind::LocationRequest,
        ActionKind::Postback,
    ];
    let actions: Vec<Action> = kinds
        .into_iter()
        .zip(["Yes", "Site", "Pay", "Where?", "No"])
        .map(|(kind, label)| action(kind, label))
        .collect();
    let rendered = render("twilio", text("Well?", actions)).expect("a text");
    let expected = "Well?\n\n1. Yes\nSite: https://a.example/1\nPay: 12.50 CAD\nWhere?\n2. No";
    assert_eq!(fields(&rendered, "Body"), [expected]);
    let kinds: Vec<ActionKind> = rendered.choices.iter().map(|choice| choice.kind).collect();
    assert_eq!(kinds, [ActionKind::Reply, ActionKind::Postback]);
    assert_eq!(chosen_by_text(&rendered.choices, "no ").map(|choice| choice.payload.as_str()), Some("NO"));
}

#[test]
fn sms_splits_at_1600() {
    let long = "word ".repeat(500);
    let rendered = render("twilio", text(&long, vec![action(ActionKind::Reply, "Yes")])).expect("a text");
    let bodies = fields(&rendered, "Body");
    assert_eq!(bodies.len(), 2);
    assert!(bodies.iter().all(|body| body.encode_utf16().count() <= 1_600));
    assert!(bodies[1].ends_with("\n\n1. Yes"));
}

#[test]
fn pictures_go_by_mms_where_the_number_can() {
    let picture = Content::Image(media("https://a.example/s.png", "image/png", Some("my shoe")));
    let rendered = render("twilio", picture.clone()).expect("a picture");
    assert_eq!(fields(&rendered, "MediaUrl"), ["https://a.example/s.png"]);
    assert_eq!((fields(&rendered, "Body"), losses(&rendered).len()), (vec!["my shoe".to_owned()], 0));
    let mut settings = Settings::of("twilio");
    settings.config.insert("mms".to_owned(), false.into());
    let rendered =
        channel("twilio").render(&settings.account(), to("+1555"), &outgoing(picture)).expect("a link");
    assert_eq!(fields(&rendered, "Body"), ["my shoe\nhttps://a.example/s.png"]);
    assert_eq!(losses(&rendered), ["content.mediaUrl"]);
    let mut large = media("https://a.example/s.png", "image/png", None);
    large.media_size = Some(6 << 20);
    assert_eq!(
        fields(&render("twilio", Content::Image(large)).expect("a link"), "Body"),
        ["https://a.example/s.png"]
    );
}

#[test]
fn whatsapp_answers_from_the_number_that_was_written_to() {
    let raw = json!({ "To": "whatsapp:+14155238886" }).as_object().cloned();
    let person = Recipient { external_id: "whatsapp:+16505551234", raw: raw.as_ref() };
    let settings = Settings::of("twilio");
    let send = |content| {
        channel("twilio").render(&settings.account(), person, &outgoing(content)).expect("a message")
    };
    let rendered = send(text("Hi", vec![]));
    assert_eq!(fields(&rendered, "From"), ["whatsapp:+14155238886"]);
    let place = json!({ "type": "location", "coordinates": { "lat": 45.5, "long": -73.5 }, "location": { "name": "HQ" } });
    let rendered = send(content(place));
    assert_eq!(fields(&rendered, "PersistentAction"), ["geo:45.5,-73.5|HQ"]);
    assert_eq!((fields(&rendered, "Body"), losses(&rendered).len()), (vec!["HQ".to_owned()], 0));
    let rendered =
        send(Content::File(media("https://a.example/o.pdf", "application/pdf", Some("your order"))));
    assert_eq!(rendered.requests.len(), 2, "documents have no caption");
    let template =
        json!({ "type": "template", "template": { "contentSid": "HX1", "contentVariables": { "1": "x" } } });
    let rendered = send(content(template));
    assert_eq!(
        (fields(&rendered, "ContentSid"), fields(&rendered, "ContentVariables")),
        (vec!["HX1".to_owned()], vec![r#"{"1":"x"}"#.to_owned()])
    );
    let stranger =
        render_to("twilio", "whatsapp:+16505551234", &outgoing(text("Hi", vec![]))).expect("a text");
    assert_eq!(fields(&stranger, "From"), ["whatsapp:+15557654321"]);
}

#[test]
fn whatsapp_shows_buttons_where_twilio_takes_them() {
    let press =
        |kind: &str, label: &str, payload: &str| json!({ "type": kind, "text": label, "payload": payload });
    let send = |words: &str, actions: Vec<Value>| {
        let content = content(json!({ "type": "text", "text": words, "actions": actions }));
        let mut rendered =
            render_to("twilio", "whatsapp:+16505551234", &outgoing(content)).expect("a message");
        let types =
            rendered.requests[0].better.take().map(|better| shown(&better.make)["body"]["types"].clone());
        (types, rendered)
    };
    let (types, rendered) = send("Go?", vec![press("reply", "Yes", "Y"), press("postback", "No", "N")]);
    let key = rendered.choices.iter().find_map(|choice| choice.key.clone()).expect("a key for the postback");
    let buttons = json!([{ "title": "Yes", "id": "Y" }, { "title": "No", "id": key }]);
    assert_eq!(types, Some(json!({ "twilio/quick-reply": { "body": "Go?", "actions": buttons } })));
    assert_eq!(
        (fields(&rendered, "Body"), losses(&rendered).len()),
        (vec!["Go?\n\n1. Yes\n2. No".to_owned()], 0)
    );
    assert_eq!(chosen_by_text(&rendered.choices, "2").map(|choice| choice.payload.as_str()), Some("N"));

    let (types, _) = send("Go?", vec![press("reply", "A label of 21 letters", "Y")]);
    let row = json!([{ "item": "A label of 21 letters", "id": "Y", "description": "A label of 21 letters" }]);
    let list = json!({ "body": "Go?", "button": "Options", "items": row });
    assert_eq!(types, Some(json!({ "twilio/list-picker": list })));

    let numbered =
        |count: usize| (0..count).map(|at| press("reply", &format!("Row {at}"), &at.to_string())).collect();
    for (words, actions) in [
        ("Go?", numbered(11)),
        ("", numbered(2)),
        (&"x".repeat(1_025), numbered(2)),
        ("Dear {{1}}", numbered(2)),
        ("Go?", vec![press("reply", "Same", "1"), press("reply", "Same", "2")]),
        ("Go?", vec![press("reply", "One", "1"), press("reply", "Two", "1")]),
        ("Go?", vec![press("reply", &"y".repeat(73), "1")]),
        ("Go?", vec![json!({ "type": "link", "text": "Shop", "uri": "https://a.example" })]),
    ] {
        let (types, rendered) = send(words, actions);
        assert_eq!(types, None, "{words}");
        assert!(!losses(&rendered).is_empty());
    }
    let sms = content(json!({ "type": "text", "text": "Go?", "actions": [press("reply", "Yes", "Y")] }));
    assert!(render("twilio", sms).expect("a message").requests[0].better.is_none(), "SMS has no buttons");
}

#[test]
fn messenger_sends_quick_replies_and_buttons() {
    let rendered = render(
        "messenger",
        text("Red?", vec![action(ActionKind::Reply, "Yes"), action(ActionKind::Reply, "No")]),
    );
    let rendered = rendered.expect("a text");
    assert!(
        rendered.requests[0]
            .url
            .starts_with("https://graph.facebook.com/v23.0/me/messages?access_token=EAAtoken123")
    );
    let expected = json!({ "recipient": { "id": "PSID1" }, "messaging_type": "RESPONSE", "message": { "text": "Red?",
        "quick_replies": [{ "content_type": "text", "title": "Yes", "payload": "YES" },
            { "content_type": "text", "title": "No", "payload": "NO" }] } });
    assert_eq!(bodies(&rendered), [expected]);
    assert_eq!((rendered.choices.len(), rendered.losses.len()), (0, 0));

    let mut webview = action(ActionKind::Webview, "Open");
    webview.size = Some("tall".to_owned());
    webview.extra_channel_options =
        json!({ "messenger": { "messenger_extensions": true, "webview_share_button": "hide" } })
            .as_object()
            .cloned();
    let mut call = action(ActionKind::Link, "Call us");
    call.uri = Some("tel:+15145550100".to_owned());
    let rendered =
        render("messenger", text("Well?", vec![action(ActionKind::Postback, "Go"), webview, call]))
            .expect("a text");
    let buttons = json!([{ "type": "postback", "title": "Go", "payload": "GO" },
        { "type": "web_url", "title": "Open", "url": "https://a.example/1", "webview_height_ratio": "tall", "messenger_extensions": true, "webview_share_button": "hide" },
        { "type": "phone_number", "title": "Call us", "payload": "+15145550100" }]);
    let payload = json!({ "template_type": "button", "text": "Well?", "buttons": buttons });
    assert_eq!(
        bodies(&rendered)[0]["message"]["attachment"],
        json!({ "type": "template", "payload": payload })
    );
    assert_eq!(rendered.losses, []);
}

#[test]
fn messenger_sends_many_buttons_and_long_texts_in_several_messages() {
    let four = (0..4).map(|n| action(ActionKind::Postback, &format!("B{n}"))).collect();
    let long = format!("{}Which one?", "A sentence of some words. ".repeat(100));
    let rendered = render("messenger", text(&long, four)).expect("a text");
    let bodies = bodies(&rendered);
    assert_eq!(bodies.len(), 4, "two texts, two templates");
    assert!(
        bodies[..2]
            .iter()
            .all(|body| body["message"]["text"].as_str().is_some_and(|text| text.chars().count() <= 2_000))
    );
    assert_eq!(bodies[2]["message"]["attachment"]["payload"]["text"], "Which one?");
    assert_eq!(bodies[3]["message"]["attachment"]["payload"]["buttons"].as_array().map(Vec::len), Some(1));
    assert_eq!(losses(&rendered), ["content.actions"]);
    let many = (0..14).map(|n| action(ActionKind::Reply, &format!("R{n}"))).collect();
    let rendered = render("messenger", text("Which?", many)).expect("a text");
    assert_eq!(chosen_by_text(&rendered.choices, "14").map(|choice| choice.payload.as_str()), Some("R13"));
}

#[test]
fn messenger_shows_cards() {
    let carousel = json!({ "type": "carousel", "imageAspectRatio": "square", "items": [{ "title": "Shoes", "description": "Red",
        "media": { "url": "https://a.example/s.png" }, "actions": [
            { "type": "link", "text": "Details", "uri": "https://a.example/1", "default": true },
            { "type": "postback", "text": "A label that is too long", "payload": "P" }] }] });
    let rendered = render("messenger", content(carousel)).expect("a carousel");
    let element = json!({ "title": "Shoes", "subtitle": "Red", "image_url": "https://a.example/s.png",
        "default_action": { "type": "web_url", "url": "https://a.example/1" },
        "buttons": [{ "type": "web_url", "title": "Details", "url": "https://a.example/1" },
            { "type": "postback", "title": "A label that is too…", "payload": "P" }] });
    let payload =
        json!({ "template_type": "generic", "elements": [element], "image_aspect_ratio": "square" });
    assert_eq!(bodies(&rendered)[0]["message"]["attachment"]["payload"], payload);
    assert_eq!(losses(&rendered), ["content.items[0].actions[1].text"]);
    let rendered = render(
        "messenger",
        content(
            json!({ "type": "list", "items": items(), "actions": [{ "type": "postback", "text": "More", "payload": "M" }] }),
        ),
    );
    assert_eq!(rendered.expect("a list").requests.len(), 2);
}

#[test]
fn messenger_sends_media_and_captions() {
    let rendered =
        render("messenger", Content::File(media("https://a.example/v.mp4", "video/mp4", Some("our street"))));
    let expected = json!({ "attachment": { "type": "video", "payload": { "url": "https://a.example/v.mp4", "is_reusable": false } } });
    let bodies = bodies(&rendered.expect("a file"));
    assert_eq!((&bodies[0]["message"], &bodies[1]["message"]), (&expected, &json!({ "text": "our street" })));
}

#[test]
fn messenger_links_what_is_too_large() {
    let sized = |mut media: model::content::MediaContent, size| {
        media.media_size = Some(size);
        media
    };
    let picture = || media("https://a.example/s.png", "image/png", Some("our shop"));
    let video = || media("https://a.example/v.mp4", "video/mp4", None);
    let fits = [Content::Image(sized(picture(), 8 << 20)), Content::File(sized(video(), 25 << 20))];
    for content in fits {
        let rendered = render("messenger", content).expect("a medium");
        assert!(bodies(&rendered)[0]["message"]["attachment"].is_object());
        assert_eq!(losses(&rendered), Vec::<&str>::new());
    }
    let mut large = sized(picture(), (8 << 20) + 1);
    large.actions = vec![action(ActionKind::Reply, "Nice")];
    let rendered = render("messenger", Content::Image(large)).expect("a line");
    let [body] = bodies(&rendered).try_into().expect("one message");
    let body: Value = body;
    assert_eq!(body["message"]["text"], "our shop\nhttps://a.example/s.png");
    assert_eq!(body["message"]["quick_replies"][0]["title"], "Nice");
    assert_eq!(losses(&rendered), ["content.mediaUrl"]);
    let rendered = render("messenger", Content::File(sized(video(), (25 << 20) + 1))).expect("a line");
    assert_eq!(bodies(&rendered)[0]["message"], json!({ "text": "https://a.example/v.mp4" }));
}

#[test]
fn telegram_marks_up_and_splits() {
    let rendered = render(
        "telegram",
        html("<b>Hi <i>you</i></b> &lt;3 <a href=\"https://a.example/?a&amp;b\">here</a>"),
    )
    .expect("a text");
    let expected = "<b>Hi <i>you</i></b> &lt;3 <a href=\"https://a.example/?a&amp;b\">here</a>";
    assert_eq!(bodies(&rendered), [json!({ "chat_id": 1111111, "text": expected, "parse_mode": "HTML" })]);
    assert_eq!(
        bodies(&render("telegram", text("a < b", vec![])).expect("a text")),
        [json!({ "chat_id": 1111111, "text": "a < b" })]
    );
    let long = format!("<b>{}</b>", "word ".repeat(1_000));
    let bodies = bodies(&render("telegram", html(&long)).expect("a text"));
    assert_eq!(bodies.len(), 2);
    assert!(bodies.iter().all(|body| {
        body["text"].as_str().is_some_and(|text| text.starts_with("<b>") && text.ends_with("</b>"))
    }));
}

#[test]
fn telegram_has_two_keyboards() {
    let rendered = render("telegram", text("Red?", vec![action(ActionKind::Reply, "Yes")])).expect("a text");
    let markup =
        json!({ "keyboard": [[{ "text": "Yes" }]], "one_time_keyboard": true, "resize_keyboard": true });
    assert_eq!(bodies(&rendered)[0]["reply_markup"], markup);
    assert_eq!(chosen_by_text(&rendered.choices, "Yes").map(|choice| choice.payload.as_str()), Some("YES"));

    let kinds = [ActionKind::Postback, ActionKind::Link, ActionKind::Webview, ActionKind::LocationRequest];
    let rendered = render("telegram", text("Well?", kinds.iter().map(|kind| action(*kind, "Go")).collect()))
        .expect("a text");
    let inline = json!([[{ "text": "Go", "callback_data": "GO" }], [{ "text": "Go", "url": "https://a.example/1" }],
        [{ "text": "Go", "web_app": { "url": "https://a.example/1" } }]]);
    let all = bodies(&rendered);
    assert_eq!(all[0]["reply_markup"], json!({ "inline_keyboard": inline }));
    assert_eq!(all[1]["reply_markup"]["keyboard"], json!([[{ "text": "Go", "request_location": true }]]));
    let group =
        render_to("telegram", "-100", &outgoing(text("Well?", vec![action(ActionKind::Webview, "Go")])))
            .expect("a text");
    assert_eq!(bodies(&group)[0]["reply_markup"]["inline_keyboard"][0][0]["url"], "https://a.example/1");
}

#[test]
fn telegram_tells_replies_of_one_label_apart() {
    let reply = |label: &str, payload: &str| {
        let mut reply = action(ActionKind::Reply, label);
        reply.payload = Some(payload.to_owned());
        reply
    };
    let actions = vec![reply("Size 42", "RED"), reply("size 42 ", "BLUE"), reply("None", "NONE")];
    let rendered = render("telegram", text("Which one?", actions)).expect("a text");
    let rows = bodies(&rendered)[0]["reply_markup"]["inline_keyboard"].clone();
    let shown = |at: usize, field: &str| rows[at][0][field].as_str().expect("a text").to_owned();
    assert_eq!([0, 1, 2].map(|at| shown(at, "text")), ["Size 42", "size 42 ", "None"]);
    // Pressing one is a reply all the same, and no older button that brings the same payload.
    assert_eq!(chosen_by_key(&rendered.choices, "BLUE"), None);
    let chosen = chosen_by_key(&rendered.choices, &shown(1, "callback_data")).expect("a choice");
    assert_eq!(
        (chosen.kind, chosen.payload.as_str(), chosen.label.as_str()),
        (ActionKind::Reply, "BLUE", "size 42 ")
    );
    assert_eq!(rendered.losses.len(), 1);
}

#[test]
fn messenger_calls_numbers_and_nothing_else() {
    for (uri, number) in [
        ("tel:+1 (514) 555-0100", Some("+15145550100")),
        ("tel:+15145550100;ext=2", Some("+15145550100")),
        ("tel:5550100", None),
        ("tel:", None),
    ] {
        let mut call = action(ActionKind::Link, "Call us");
        call.uri = Some(uri.to_owned());
        let rendered = render("messenger", text("Well?", vec![call])).expect("a text");
        let button = &bodies(&rendered)[0]["message"]["attachment"]["payload"]["buttons"][0];
        assert_eq!(button["payload"].as_str(), number, "{uri}");
        assert_eq!(rendered.losses.is_empty(), number.is_some(), "{uri}");
    }
}

#[test]
fn some_messages_have_a_slower_pace() {
    let pace = |kind: &str, to: &str, content| {
        let rendered = render_to(kind, to, &outgoing(content)).expect("requests");
        let recipient = super::support::to(to);
        channel(kind).own_pace(recipient, &rendered.requests[0]).map(|pace| pace.name)
    };
    assert_eq!(pace("telegram", "-1001", text("Hi", vec![])), Some("group"));
    assert_eq!(pace("telegram", "1001", text("Hi", vec![])), None);
    let file = |kind: &str| Content::File(media("https://a.example/1", kind, None));
    assert_eq!(pace("messenger", "1", file("video/mp4")), Some("long media"));
    assert_eq!(pace("messenger", "1", file("audio/mpeg")), Some("long media"));
    assert_eq!(pace("messenger", "1", file("application/pdf")), None);
    assert_eq!(pace("messenger", "1", text("Hi", vec![])), None);
}

#[test]
fn payloads_that_are_too_long_come_back_as_keys() {
    let mut long = action(ActionKind::Postback, "Go");
    long.payload = Some("é".repeat(33));
    let rendered = render("telegram", text("Well?", vec![long])).expect("a text");
    let data = bodies(&rendered)[0]["reply_markup"]["inline_keyboard"][0][0]["callback_data"].clone();
    let data = data.as_str().expect("a text");
    assert!(data.len() <= 64 && data.starts_with("p:"));
    let choice = chosen_by_key(&rendered.choices, data).expect("the choice");
    assert_eq!((choice.payload.chars().count(), choice.kind), (33, ActionKind::Postback));
    assert_eq!(chosen_by_text(&rendered.choices, "1"), None, "no text means it");
    let mut long = action(ActionKind::Reply, "Go");
    long.payload = Some("x".repeat(1_001));
    let rendered = render("messenger", text("Well?", vec![long])).expect("a text");
    let payload = bodies(&rendered)[0]["message"]["quick_replies"][0]["payload"].clone();
    assert!(chosen_by_key(&rendered.choices, payload.as_str().expect("a text")).is_some());
}

#[test]
fn buttons_with_one_payload_are_told_apart_by_their_data() {
    let buy = |kind: ActionKind, shelf: i64| {
        let mut button = action(kind, &format!("Buy {shelf}"));
        button.payload = Some("BUY".to_owned());
        button.metadata = json!({ "shelf": shelf }).as_object().cloned();
        button
    };
    for (kind, person, provider) in [
        (ActionKind::Postback, "1", "telegram"),
        (ActionKind::Postback, "1", "messenger"),
        (ActionKind::Reply, "1", "messenger"),
        (ActionKind::Reply, "whatsapp:+1", "twilio"),
    ] {
        let plain = render_to(provider, "1", &outgoing(text("Well?", vec![action(kind, "Go")])));
        let is_keyed = plain.expect("a text").choices.iter().any(|choice| choice.key.is_some());
        assert!(!is_keyed, "it comes back and says everything");
        let message = outgoing(text("Well?", vec![buy(kind, 1), buy(kind, 2)]));
        let rendered = render_to(provider, person, &message).expect("a text");
        let keyed: Vec<_> = rendered.choices.iter().filter(|choice| choice.key.is_some()).collect();
        assert_eq!(keyed.len(), 2, "{provider}");
        assert_ne!(keyed[0].key, keyed[1].key, "{provider}");
        let better = rendered.requests[0].better.as_ref().map(|better| shown(&better.make));
        let sent = better.unwrap_or_else(|| shown(&rendered.requests[0])).to_string();
        for (choice, shelf) in keyed.into_iter().zip([1, 2]) {
            assert!(sent.contains(choice.key.as_deref().unwrap_or("none")), "{sent}");
            let meant = (choice.payload.as_str(), choice.metadata.clone());
            assert_eq!(meant, ("BUY", json!({ "shelf": shelf }).as_object().cloned()));
        }
    }
}

#[test]
fn a_reply_may_be_an_icon_alone() {
    let icon = |payload: &str, icon: Option<&str>| {
        let mut reply = action(ActionKind::Reply, "");
        (reply.payload, reply.icon_url) = (Some(payload.to_owned()), icon.map(str::to_owned));
        reply
    };
    let actions = || vec![icon("RED", Some("https://a.example/red.png")), icon("BLUE", None)];
    let rendered = render("telegram", text("Which?", actions())).expect("a text");
    let keys = bodies(&rendered)[0]["reply_markup"]["keyboard"].clone();
    assert_eq!(keys, json!([[{ "text": "1" }], [{ "text": "2" }]]));
    assert_eq!(chosen_by_text(&rendered.choices, "2").map(|choice| choice.payload.as_str()), Some("BLUE"));
    assert_eq!(losses(&rendered), ["content.actions[0].iconUrl"]);
    let rendered = render("messenger", text("Which?", actions())).expect("a text");
    let replies = bodies(&rendered)[0]["message"]["quick_replies"].clone();
    assert_eq!((&replies[0]["title"], &replies[0]["payload"]), (&json!(""), &json!("RED")));
    assert_eq!((&replies[1]["title"], losses(&rendered).len()), (&json!("2"), 0));
    let rendered = render("twilio", text("Which?", actions())).expect("a text");
    assert_eq!(fields(&rendered, "Body"), ["Which?\n\n1.\n2."]);
    assert_eq!(chosen_by_text(&rendered.choices, "1.").map(|choice| choice.payload.as_str()), Some("RED"));
    assert!(losses(&rendered).contains(&"content.actions[0].iconUrl"));
}

#[test]
fn telegram_asks_no_group_for_its_place() {
    let actions = vec![action(ActionKind::LocationRequest, "Where?"), action(ActionKind::Postback, "Go")];
    let group = render_to("telegram", "-100", &outgoing(text("Well?", actions))).expect("a text");
    assert_eq!(group.requests.len(), 1);
    assert_eq!(bodies(&group)[0]["text"], "Well?\n\nWhere?");
    assert_eq!(losses(&group), ["content.actions[0]"]);
}

#[test]
fn telegram_has_other_forms_of_a_file_that_it_does_not_get() {
    let forms = |content| {
        let mut forms = Vec::new();
        let mut next = render("telegram", content).expect("a file").requests.pop().map(Box::new);
        while let Some(mut plan) = next {
            next = plan.instead.take();
            let method = plan.url.rsplit('/').next().unwrap_or_default().to_owned();
            let says = format!("{:?}", plan.body).contains("our shop");
            forms.push((method, matches!(plan.body, Body::Multipart(_)), says));
        }
        forms
    };
    let named = |method: &str, uploads| (method.to_owned(), uploads, true);
    let picture = media("https://a.example/s.png", "image/png", Some("our shop"));
    let photo = ["sendPhoto", "sendPhoto", "sendDocument"];
    assert_eq!(
        forms(Content::Image(picture)),
        [named(photo[0], false), named(photo[1], true), named(photo[2], true)]
    );
    let video = media("https://a.example/s.mp4", "video/mp4", Some("our shop"));
    assert_eq!(forms(Content::File(video)), [named("sendVideo", false), named("sendVideo", true)]);
    let text = media("https://a.example/s.txt", "text/plain", Some("our shop"));
    assert_eq!(forms(Content::File(text)), [named("sendDocument", true)]);
}

#[test]
fn telegram_writes_addresses_that_it_does_not_link() {
    let rendered = render(
        "telegram",
        html("<a href=\"tel:+15145550100\">Call</a> or <a href=\"mailto:a@b.example\"><b>write</b></a>"),
    );
    let body = &bodies(&rendered.expect("a text"))[0];
    assert_eq!(body["text"], "Call (tel:+15145550100) or <b>write</b> (mailto:a@b.example)");
}

#[test]
fn pictures_that_are_none_everywhere_are_files_or_addresses() {
    let card = |kind: &str| {
        let url = format!("https://a.example/{}", kind.replace('/', "."));
        let item = json!({ "title": "Shoes", "media": { "url": url }, "mediaType": kind,
            "actions": [{ "type": "postback", "text": "Buy", "payload": "B" }] });
        content(json!({ "type": "carousel", "items": [item] }))
    };
    for (kind, method) in [
        ("image/png", "sendPhoto"),
        ("image/gif", "sendAnimation"),
        ("image/svg+xml", "sendDocument"),
        ("image/heic", "sendDocument"),
    ] {
        let rendered = render("telegram", card(kind)).expect("a card");
        assert!(rendered.requests[0].url.ends_with(method), "{kind}");
    }
    for (kind, is_shown) in [("image/webp", true), ("image/gif", false), ("image/svg+xml", false)] {
        let message = outgoing(card(kind));
        let rendered = render_to("twilio", "whatsapp:+1", &message).expect("a card");
        assert_eq!(fields(&rendered, "MediaUrl").len(), usize::from(is_shown), "{kind}");
        assert_eq!(losses(&rendered).contains(&"content.items[0].mediaUrl"), !is_shown, "{kind}");
        assert_eq!(fields(&rendered, "Body")[0].contains("https://a.example"), !is_shown, "{kind}");
    }
    for (kind, shown_as) in [("image/webp", "image"), ("image/svg+xml", "file"), ("image/tiff", "file")] {
        let picture = media("https://a.example/1", kind, None);
        for content in [Content::Image(picture.clone()), Content::File(picture)] {
            let rendered = render("messenger", content).expect("a picture");
            assert_eq!(bodies(&rendered)[0]["message"]["attachment"]["type"], shown_as, "{kind}");
        }
    }
}

#[test]
fn whatsapp_gets_the_address_of_a_file_that_it_does_not_take() {
    for (kind, is_taken) in [
        ("application/pdf", true),
        ("video/mp4", true),
        ("audio/ogg; codecs=opus", true),
        ("video/quicktime", false),
        ("audio/wav", false),
        ("application/zip", false),
    ] {
        let message = outgoing(Content::File(media("https://a.example/1", kind, Some("yours"))));
        let rendered = render_to("twilio", "whatsapp:+1", &message).expect("a file");
        assert_eq!(fields(&rendered, "MediaUrl").len(), usize::from(is_taken), "{kind}");
        if !is_taken {
            assert_eq!(fields(&rendered, "Body"), ["yours\nhttps://a.example/1"], "{kind}");
        }
    }
}

#[test]
fn telegram_sends_media() {
    let rendered =
        render("telegram", Content::Image(media("https://a.example/s.png", "image/png", Some("my shoe"))))
            .expect("a picture");
    assert!(rendered.requests[0].url.ends_with("/bot42:T/sendPhoto"));
    assert_eq!(
        bodies(&rendered),
        [json!({ "chat_id": 1111111, "photo": "https://a.example/s.png", "caption": "my shoe" })]
    );
    let caption = "x ".repeat(600);
    let rendered =
        render("telegram", Content::Image(media("https://a.example/s.png", "image/png", Some(&caption))))
            .expect("a picture");
    assert_eq!((rendered.requests.len(), bodies(&rendered)[0].get("caption")), (2, None));
    let rendered =
        render("telegram", Content::File(media("https://a.example/notes%20a.txt", "text/plain", None)))
            .expect("a file");
    let Body::Multipart(parts) = &rendered.requests[0].body else { panic!("an upload") };
    let file = PartSource::File {
        url: "https://a.example/notes%20a.txt".to_owned(),
        name: "notes a.txt".to_owned(),
        media_type: Some("text/plain".to_owned()),
    };
    assert!(parts.iter().any(|part| part.name == "document" && part.source == file));
    assert!(
        parts
            .iter()
            .any(|part| part.name == "chat_id" && part.source == PartSource::Text("1111111".to_owned()))
    );
    let mut large = media("https://a.example/s.png", "image/png", None);
    large.media_size = Some(6 << 20);
    let rendered = render("telegram", Content::Image(large)).expect("a picture");
    assert!(matches!(rendered.requests[0].body, Body::Multipart(_)), "too large to be fetched");
    for (kind, method) in [
        ("video/mp4", "sendVideo"),
        ("audio/mpeg", "sendAudio"),
        ("audio/ogg", "sendVoice"),
        ("application/pdf", "sendDocument"),
    ] {
        let rendered =
            render("telegram", Content::File(media("https://a.example/f", kind, None))).expect("a file");
        assert!(rendered.requests[0].url.ends_with(method), "{kind}");
    }
}

#[test]
fn telegram_sends_places_and_cards() {
    let place = |names: Value| {
        content(
            json!({ "type": "location", "coordinates": { "lat": 45.5, "long": -73.5 }, "location": names }),
        )
    };
    let rendered =
        render("telegram", place(json!({ "name": "HQ", "address": "Main St 1" }))).expect("a place");
    let venue = json!({ "chat_id": 1111111, "latitude": 45.5, "longitude": -73.5, "title": "HQ", "address": "Main St 1" });
    assert_eq!(bodies(&rendered), [venue]);
    assert!(
        render("telegram", place(Value::Null)).expect("a place").requests[0].url.ends_with("sendLocation")
    );
    for (names, method) in [
        (json!({ "name": "HQ", "address": "" }), "sendVenue"),
        (json!({ "name": "", "address": "Main St 1" }), "sendLocation"),
    ] {
        let rendered = render("telegram", place(names)).expect("a place");
        assert!(rendered.requests[0].url.ends_with(method));
        assert!(!bodies(&rendered).iter().any(|body| body["title"] == "" || body["address"] == ""));
    }
    let rendered =
        render("telegram", content(json!({ "type": "carousel", "items": items() }))).expect("cards");
    let all = bodies(&rendered);
    assert_eq!(all[0]["text"], "<b>Shoes</b>\nRed, size 42");
    assert_eq!(all[1]["reply_markup"]["inline_keyboard"][0][0]["callback_data"], "HAT");
}

#[test]
fn quotes_and_raw_payloads() {
    let quoted = |id: &str| Outgoing { quoted: Some(id.to_owned()), ..outgoing(text("Yes", vec![])) };
    let body = &bodies(&render_to("telegram", "1", &quoted("1:99")).expect("a text"))[0];
    assert_eq!(body["reply_parameters"], json!({ "message_id": 99, "allow_sending_without_reply": true }));
    // What was said in a group before it became a supergroup has no number there.
    let body = &bodies(&render_to("telegram", "-1001", &quoted("-1:99")).expect("a text"))[0];
    assert_eq!(body.get("reply_parameters"), None);
    let body = &bodies(&render_to("messenger", "1", &quoted("m_9")).expect("a text"))[0];
    assert_eq!(body["reply_to"], json!({ "mid": "m_9" }));

    let raw = |raw: Value| Outgoing { raw: Some(raw), ..outgoing(text("unused", vec![])) };
    let message = raw(json!({ "method": "sendDice", "emoji": "🎲", "chat_id": 7 }));
    let rendered = render_to("telegram", "1", &message).expect("a raw payload");
    assert!(rendered.requests[0].url.ends_with("/sendDice"));
    assert_eq!(bodies(&rendered), [json!({ "emoji": "🎲", "chat_id": 1 })]);
    let message = raw(
        json!({ "recipient": { "id": "other" }, "messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT", "message": { "text": "x" } }),
    );
    let expected = json!({ "recipient": { "id": "1" }, "messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT", "message": { "text": "x" } });
    assert_eq!(bodies(&render_to("messenger", "1", &message).expect("a raw payload")), [expected]);
    let message = raw(
        json!({ "To": "+999", "Body": "x", "MediaUrl": ["https://a", "https://b"], "ValidityPeriod": 60 }),
    );
    let rendered = render_to("twilio", "+1", &message).expect("a raw payload");
    assert_eq!(
        (fields(&rendered, "To"), fields(&rendered, "MediaUrl").len(), fields(&rendered, "ValidityPeriod")),
        (vec!["+1".to_owned()], 2, vec!["60".to_owned()])
    );
    for kind in ["twilio", "messenger", "telegram"] {
        assert!(render_to(kind, "1", &raw(json!([]))).is_err(), "{kind}: a raw payload is an object");
    }
}

#[test]
fn refusals_name_the_type() {
    for kind in ["twilio", "messenger", "telegram"] {
        let error =
            render(kind, content(json!({ "type": "template", "template": {} }))).expect_err("refused");
        assert_eq!(
            (error.code.as_str(), error.message.as_str()),
            ("uncategorized_error", "Unsupported message type `template`")
        );
        assert!(render(kind, content(json!({ "type": "text" }))).is_err(), "{kind}: nothing to say");
        let only_buttons =
            json!({ "type": "text", "actions": [{ "type": "postback", "text": "Go", "payload": "G" }] });
        assert_eq!(render(kind, content(only_buttons)).expect("buttons").requests.len(), 1, "{kind}");
    }
}

#[test]
fn styles_that_get_lost_are_named() {
    for kind in ["twilio", "messenger"] {
        let rendered = render(kind, html("<b>Hi</b>")).expect("a text");
        assert_eq!(losses(&rendered), ["content.htmlText"], "{kind}");
        assert_eq!(render(kind, html("Hi")).expect("a text").losses, [], "{kind}: nothing is lost");
    }
}
