//! Setting up, undoing, media and profiles: the steps, and what they leave behind.

use crosspoint_channels::{MediaStep, Plan, Provision, by_kind};
use http::{HeaderMap, StatusCode};
use model::event::ActivityKind;
use serde_json::{Map, Value, json};

use super::support::{HOOK, Settings, answer, channel, object, shown, to};

/// All steps with these answers: the requests, and the end.
fn steps(kind: &str, settings: &Settings, answers: &[Value]) -> (Vec<Value>, Provision) {
    walk(answers, |given| channel(kind).provision(&settings.account(), given, "5ec2e7"))
}

fn undone(kind: &str, settings: &Settings, answers: &[Value]) -> (Vec<Value>, Provision) {
    walk(answers, |given| channel(kind).withdraw(&settings.account(), given))
}

fn walk(answers: &[Value], step: impl Fn(&[(StatusCode, Value)]) -> Provision) -> (Vec<Value>, Provision) {
    let mut given = Vec::new();
    let mut requests = Vec::new();
    loop {
        match step(&given) {
            Provision::Call(plan) => {
                requests.push(shown(&plan));
                let answer = answers.get(given.len()).expect("no more steps than answers").clone();
                let status = answer["status"].as_u64().map_or(200, |status| status as u16);
                given.push((StatusCode::from_u16(status).expect("a status"), answer));
            }
            end => return (requests, end),
        }
    }
}

fn fresh(kind: &str, config: Value, secrets: Value) -> Settings {
    Settings { config: object(config), secrets: object(secrets), ..Settings::of(kind) }
}

#[test]
fn telegram_sets_its_webhook() {
    let settings = fresh("telegram", json!({}), json!({ "token": "42:T" }));
    let me = json!({ "ok": true, "result": { "id": 42, "is_bot": true, "first_name": "Bot", "username": "ann_bot" } });
    let (requests, end) = steps("telegram", &settings, &[me.clone(), json!({ "ok": true, "result": true })]);
    assert_eq!(requests[0]["url"], "https://api.telegram.org/bot42:T/getMe");
    assert_eq!(requests[1]["url"], "https://api.telegram.org/bot42:T/setWebhook");
    assert_eq!(requests[1]["body"]["url"], HOOK.replace("/x/", "/telegram/"));
    assert_eq!(requests[1]["body"]["secret_token"], "5ec2e7");
    let config = object(json!({ "botId": "42", "username": "ann_bot" }));
    assert_eq!(end, Provision::Done { config, secrets: object(json!({ "webhookSecret": "5ec2e7" })) });

    // Set up again, it keeps its secret: Telegram may use it before we know that the change is kept.
    let again = fresh("telegram", json!({}), json!({ "token": "42:U", "webhookSecret": "01d5ec" }));
    let (requests, end) = steps("telegram", &again, &[me.clone(), json!({ "ok": true, "result": true })]);
    assert_eq!(requests[1]["body"]["secret_token"], "01d5ec");
    let Provision::Done { secrets, .. } = end else { panic!("{end:?}") };
    assert_eq!(secrets, object(json!({ "webhookSecret": "01d5ec" })));

    let refused = json!({ "status": 400, "ok": false, "error_code": 400, "description": "Bad Request: bad webhook: HTTPS url must be provided for webhook" });
    let (_, end) = steps("telegram", &settings, &[me, refused]);
    let reason = "Telegram refuses: Bad Request: bad webhook: HTTPS url must be provided for webhook";
    assert_eq!(end, Provision::Refused(reason.to_owned()));
    let dead = json!({ "status": 401, "ok": false, "error_code": 401, "description": "Unauthorized" });
    assert_eq!(
        steps("telegram", &settings, &[dead]).1,
        Provision::Refused("Telegram refuses: Unauthorized".to_owned())
    );

    let info = |url: String| json!({ "ok": true, "result": { "url": url } });
    let ours = info(HOOK.replace("/x/", "/telegram/"));
    let (requests, _) = undone("telegram", &settings, &[ours, json!({ "ok": true })]);
    assert_eq!(requests[0]["url"], "https://api.telegram.org/bot42:T/getWebhookInfo");
    assert_eq!(requests[1]["url"], "https://api.telegram.org/bot42:T/deleteWebhook");
    for other in [info("https://somebody.else".into()), info(String::new()), json!({ "status": 401 })] {
        let (requests, end) = undone("telegram", &settings, &[other]);
        assert_eq!(requests.len(), 1, "what somebody else has set stays");
        assert!(matches!(end, Provision::Done { .. }), "{end:?}");
    }
}

#[test]
fn undoing_is_tried_again_only_for_trouble_that_passes() {
    let rate = json!({ "status": 400, "error": { "message": "(#4) limit", "code": 4 } });
    let dead = json!({ "status": 400, "error": { "message": "no", "code": 190 } });
    let secrets = json!({ "token": "42:T", "authToken": "t", "pageAccessToken": "EAA1" });
    let config = json!({ "accountSid": "AC1", "phoneNumberSid": "PN1", "appId": "151" });
    for kind in ["telegram", "twilio", "messenger"] {
        let settings = fresh(kind, config.clone(), secrets.clone());
        for passing in [json!({ "status": 500 }), json!({ "status": 503 }), json!({ "status": 429 })] {
            let (_, end) = undone(kind, &settings, std::slice::from_ref(&passing));
            assert!(matches!(end, Provision::Refused(_)), "{kind}: {end:?} after {passing}");
        }
        for over in [json!({ "status": 401 }), json!({ "status": 404 })] {
            let (_, end) = undone(kind, &settings, std::slice::from_ref(&over));
            assert!(matches!(end, Provision::Done { .. }), "{kind}: {end:?} after {over}");
        }
    }
    let settings = fresh("messenger", config, secrets);
    assert!(matches!(undone("messenger", &settings, &[rate]).1, Provision::Refused(_)));
    assert!(matches!(undone("messenger", &settings, &[dead]).1, Provision::Done { .. }));
}

#[test]
fn messenger_subscribes_the_page() {
    let secrets = json!({ "pageAccessToken": "EAAtoken123", "appSecret": "meta-app-secret" });
    let settings = fresh("messenger", json!({ "appId": "151" }), secrets);
    let yes = json!({ "success": true });
    let (requests, end) =
        steps("messenger", &settings, &[json!({ "id": "123", "name": "Page" }), yes.clone(), yes.clone()]);
    let urls: Vec<&str> =
        requests.iter().filter_map(|request| request["url"].as_str()?.split('?').next()).collect();
    let base = "https://graph.facebook.com/v23.0";
    assert_eq!(
        urls,
        [format!("{base}/me"), format!("{base}/123/subscribed_apps"), format!("{base}/151/subscriptions")],
        "the app's callback serves its other pages, too: it is touched last"
    );
    let form = requests[2]["body"].to_string();
    for field in [
        "object=page",
        "callback_url=https://hub.example.com/hooks/messenger/",
        "access_token=151|meta-app-secret",
    ] {
        assert!(form.contains(field), "{field} in {form}");
    }
    assert!(requests[1]["body"].to_string().contains("subscribed_fields=messages,messaging_postbacks"));
    let config = object(json!({ "pageId": 123, "pageName": "Page", "appId": "151" }));
    assert_eq!(end, Provision::Done { config: config.clone(), secrets: Map::new() });

    let error = json!({ "status": 400, "error": { "message": "Invalid OAuth access token.", "code": 190 } });
    let reason = "Meta refuses: 190: Invalid OAuth access token.";
    assert_eq!(steps("messenger", &settings, &[error]).1, Provision::Refused(reason.to_owned()));

    let error =
        json!({ "status": 400, "error": { "message": "Malformed access token EAAtoken123", "code": 190 } });
    let reason = "Meta refuses: 190: Malformed access token …";
    assert_eq!(steps("messenger", &settings, &[error]).1, Provision::Refused(reason.to_owned()));

    let settings = Settings { config, ..settings };
    let (requests, _) = undone("messenger", &settings, &[yes]);
    assert_eq!(requests[0]["method"], "DELETE");
    assert!(
        requests[0]["url"]
            .as_str()
            .is_some_and(|url| url.starts_with(&format!("{base}/123/subscribed_apps?")))
    );
}

#[test]
fn the_callback_of_an_app_goes_to_a_page_that_stays() {
    let secrets =
        json!({ "pageAccessToken": "EAA1", "appSecret": "s", "registeredUrl": "https://old.example/h/1" });
    let leaving = fresh("messenger", json!({ "appId": "151", "pageId": 1 }), secrets.clone());
    let heir = Settings {
        hook_url: "https://hub.example.com/hooks/messenger/heir".to_owned(),
        ..fresh(
            "messenger",
            json!({ "appId": "151", "pageId": 2 }),
            json!({ "pageAccessToken": "EAA2", "appSecret": "s" }),
        )
    };
    let messenger = channel("messenger");
    assert!(messenger.is_heir(&leaving.account(), &heir.account()));
    for other in [
        fresh("messenger", json!({ "appId": "152" }), secrets.clone()),
        fresh("messenger", json!({}), secrets),
        fresh("messenger", json!({ "appId": "151" }), json!({ "pageAccessToken": "EAA2" })),
    ] {
        assert!(!messenger.is_heir(&leaving.account(), &other.account()), "{:?}", other.config);
    }
    let given = |answers: &[Value]| {
        walk(answers, |given| messenger.hand_over(&leaving.account(), &heir.account(), given))
    };
    let subscribed = |url: &str| {
        json!({ "data": [
            { "object": "user", "callback_url": leaving.hook_url, "active": true },
            { "object": "page", "callback_url": url, "active": true },
        ] })
    };
    let base = "https://graph.facebook.com/v23.0/151/subscriptions";
    for own in [leaving.hook_url.as_str(), "https://old.example/h/1"] {
        let (requests, end) = given(&[subscribed(own), json!({ "success": true })]);
        assert_eq!(requests[0]["url"], format!("{base}?access_token=151%7Cs"));
        assert_eq!((&requests[1]["method"], &requests[1]["url"]), (&json!("POST"), &json!(base)));
        assert!(
            requests[1]["body"]
                .to_string()
                .contains("callback_url=https://hub.example.com/hooks/messenger/heir")
        );
        assert!(matches!(end, Provision::Done { .. }), "{end:?}");
    }
    for left in [subscribed("https://somebody.else"), json!({ "data": [] }), json!({ "status": 401 })] {
        let (requests, end) = given(&[left]);
        assert_eq!(requests.len(), 1, "what is another's stays");
        assert!(matches!(end, Provision::Done { .. }), "{end:?}");
    }
    let unheard =
        json!({ "status": 400, "error": { "message": "(#2200) verification failed", "code": 2200 } });
    let (_, end) = given(&[subscribed(&leaving.hook_url), unheard]);
    assert!(matches!(end, Provision::Refused(_)), "it is tried again: {end:?}");
    assert!(matches!(given(&[json!({ "status": 503 })]).1, Provision::Refused(_)));
}

#[test]
fn a_sender_that_calls_one_address_has_a_name() {
    let name = |kind: &str, config: Value, secrets: Value| {
        channel(kind).sole_account(&fresh(kind, config, secrets).account())
    };
    assert_eq!(name("telegram", json!({}), json!({ "token": "42:T" })).as_deref(), Some("42"));
    assert_eq!(name("telegram", json!({}), json!({ "token": "none" })), None);
    assert_eq!(name("twilio", json!({ "phoneNumberSid": "PN1" }), json!({})).as_deref(), Some("PN1"));
    let both = json!({ "phoneNumberSid": "PN1", "messagingServiceSid": "MG1" });
    assert_eq!(name("twilio", both, json!({})).as_deref(), Some("MG1"));
    assert_eq!(name("messenger", json!({ "pageId": 1 }), json!({})), None, "pages are shared");
}

#[test]
fn what_was_set_at_a_former_address_of_ours_is_ours() {
    let old = "https://old.example/hooks/telegram/1";
    let mut settings = Settings::of("telegram");
    settings.secrets.insert("registeredUrl".to_owned(), old.into());
    let found = json!({ "ok": true, "result": { "url": old } });
    let (requests, _) = undone("telegram", &settings, &[found, json!({ "ok": true })]);
    assert_eq!(requests.len(), 2);
    let mut settings = Settings::of("twilio");
    settings.secrets.insert("registeredUrl".to_owned(), old.into());
    let (requests, _) = undone("twilio", &settings, &[json!({ "sms_url": old }), json!({})]);
    assert_eq!(requests.len(), 2);
    // Nor is it taken for what was there before us.
    let given = [
        (StatusCode::OK, json!({ "status": "active" })),
        (StatusCode::OK, json!({ "sms_url": old })),
        (StatusCode::OK, json!({})),
    ];
    let Provision::Done { secrets, .. } = channel("twilio").provision(&settings.account(), &given, "") else {
        panic!("done")
    };
    assert_eq!(secrets, Map::new());
}

#[test]
fn a_page_without_an_app_can_be_spoken_for_and_not_heard() {
    let settings = fresh("messenger", json!({}), json!({ "pageAccessToken": "EAAtoken123" }));
    let answers = [json!({ "id": "123", "name": "Page" }), json!({ "id": "151" })];
    let (requests, end) = steps("messenger", &settings, &answers);
    for (request, path) in requests.iter().zip(["/me?", "/app?"]) {
        let url = request["url"].as_str().unwrap_or_default();
        assert!(url.contains(path) && !url.contains("appsecret_proof"), "{url}");
    }
    let config = object(json!({ "pageId": 123, "pageName": "Page", "appId": "151" }));
    assert_eq!(end, Provision::Partly { config, caveat: "inbound cannot be verified" });
}

#[test]
fn a_number_of_twilio_gets_its_callbacks_back() {
    let settings =
        fresh("twilio", json!({ "accountSid": "AC1", "phoneNumberSid": "PN1" }), json!({ "authToken": "t" }));
    let ours = HOOK.replace("/x/", "/twilio/");
    let number = json!({
        "phone_number": "+15557654321", "sms_url": "https://old.example/sms", "sms_method": "GET",
        "status_callback": "", "sms_application_sid": "AP1", "capabilities": { "sms": true, "mms": true, "voice": true },
    });
    let active = json!({ "status": "active" });
    // The account's own word for its state is a text, so the test's status has to stand aside.
    let given = [(StatusCode::OK, active), (StatusCode::OK, number), (StatusCode::OK, json!({}))];
    let step = |count: usize| channel("twilio").provision(&settings.account(), &given[..count], "");
    let call = |step: Provision| match step {
        Provision::Call(plan) => shown(&plan),
        other => panic!("{other:?}"),
    };
    assert_eq!(call(step(0))["url"], "https://api.twilio.com/2010-04-01/Accounts/AC1.json");
    let numbers = "https://api.twilio.com/2010-04-01/Accounts/AC1/IncomingPhoneNumbers/PN1.json";
    assert_eq!(call(step(1))["url"], numbers);
    let change = call(step(2));
    assert_eq!((&change["method"], &change["url"]), (&json!("POST"), &json!(numbers)));
    // Its StatusCallback is for calls.
    let body = json!([format!("SmsUrl={ours}"), "SmsMethod=POST", "SmsApplicationSid="]);
    assert_eq!(change["body"], body);
    let Provision::Done { config, secrets } = step(3) else { panic!("done") };
    let capabilities = json!({ "sms": true, "mms": true, "voice": true });
    let wanted = json!({ "phoneNumber": "+15557654321", "mms": true, "capabilities": capabilities });
    assert_eq!(config, object(wanted));

    let mut settings = Settings::of("twilio");
    settings.secrets.extend(secrets);
    let (requests, _) = undone("twilio", &settings, &[json!({ "sms_url": ours }), json!({})]);
    let body = json!(["SmsUrl=https://old.example/sms", "SmsMethod=GET", "SmsApplicationSid=AP1"]);
    assert_eq!(requests[1]["body"], body);
    let (requests, _) = undone("twilio", &settings, &[json!({ "sms_url": "https://somebody.else" })]);
    assert_eq!(requests.len(), 1, "callbacks of somebody else stay");
    settings.secrets.remove("formerCallbacks");
    let (requests, _) = undone("twilio", &settings, &[json!({ "sms_url": ours }), json!({})]);
    assert_eq!(requests[1]["body"], json!(["SmsUrl="]), "after a crash nothing is known");
}

#[test]
fn a_service_of_twilio_is_kept_elsewhere() {
    let config = json!({ "accountSid": "AC1", "messagingServiceSid": "MG1" });
    let settings = fresh("twilio", config, json!({ "authToken": "t" }));
    let ours = HOOK.replace("/x/", "/twilio/");
    let given = [
        (StatusCode::OK, json!({ "status": "active" })),
        (StatusCode::OK, json!({ "use_inbound_webhook_on_number": true })),
    ];
    let Provision::Call(plan) = channel("twilio").provision(&settings.account(), &given, "") else {
        panic!("a call")
    };
    let shown = shown(&plan);
    assert_eq!(shown["url"], "https://messaging.twilio.com/v1/Services/MG1");
    let body = json!([
        format!("InboundRequestUrl={ours}"),
        "InboundMethod=POST",
        format!("StatusCallback={ours}"),
        "UseInboundWebhookOnNumber=false"
    ]);
    assert_eq!(shown["body"], body);
}

#[test]
fn a_service_that_turns_no_media_into_addresses_gets_addresses() {
    let config = json!({ "accountSid": "AC1", "messagingServiceSid": "MG1" });
    let settings = fresh("twilio", config, json!({ "authToken": "t" }));
    let done = |service: Value| {
        let given = [
            (StatusCode::OK, json!({ "status": "active" })),
            (StatusCode::OK, service),
            (StatusCode::OK, json!({})),
        ];
        match channel("twilio").provision(&settings.account(), &given, "") {
            Provision::Done { config, .. } => config,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(done(json!({ "mms_converter": false })), object(json!({ "mms": false })));
    assert_eq!(done(json!({ "mms_converter": true })), object(json!({})));
}

#[test]
fn what_is_missing_is_said() {
    for (kind, reason) in [
        ("telegram", "token is missing"),
        ("messenger", "pageAccessToken is missing"),
        ("twilio", "accountSid is not one of Twilio"),
    ] {
        let settings = fresh(kind, json!({}), json!({}));
        assert_eq!(steps(kind, &settings, &[]).1, Provision::Refused(reason.to_owned()));
    }
    let suspended = [(StatusCode::OK, json!({ "status": "suspended" }))];
    let end = channel("twilio").provision(&Settings::of("twilio").account(), &suspended, "");
    assert_eq!(end, Provision::Refused("the Twilio account is not active".to_owned()));
}

#[test]
fn every_call_goes_to_the_base_that_is_set() {
    for kind in ["twilio", "messenger", "telegram"] {
        let mut settings =
            Settings { base_url: Some("http://127.0.0.1:9000/".to_owned()), ..Settings::of(kind) };
        let account = settings.account();
        let mut plans: Vec<Plan> = Vec::new();
        for provision in [channel(kind).provision(&account, &[], "s"), channel(kind).withdraw(&account, &[])]
        {
            let Provision::Call(plan) = provision else { panic!("a call") };
            plans.push(plan);
        }
        plans.extend(channel(kind).activity(&account, to("1"), ActivityKind::TypingStart));
        plans.extend(channel(kind).ask_profile(&account, "1"));
        let text = super::support::outgoing(super::support::text("Hi", vec![]));
        plans.extend(channel(kind).render(&account, to("1"), &text).expect("a text").requests);
        for plan in plans {
            assert!(plan.url.starts_with("http://127.0.0.1:9000/"), "{kind}");
            assert!(!plan.url.contains("9000//"), "{kind}");
        }
        settings.base_url = None;
    }
}

#[test]
fn media_are_fetched() {
    let none = HeaderMap::new();
    let telegram = Settings::of("telegram");
    let fetch = |answer| channel("telegram").fetch(&telegram.account(), &json!({ "fileId": "A/2" }), answer);
    let MediaStep::Resolve(plan) = fetch(None) else { panic!("first its path") };
    assert_eq!(plan.url, "https://api.telegram.org/bot42:T/getFile?file_id=A%2F2");
    let found = answer(200, &none, r#"{"ok":true,"result":{"file_path":"photos/file_1.jpg"}}"#);
    let MediaStep::Get(plan) = fetch(Some(&found)) else { panic!("then the file") };
    assert_eq!(plan.url, "https://api.telegram.org/file/bot42:T/photos/file_1.jpg");
    let large =
        answer(400, &none, r#"{"ok":false,"error_code":400,"description":"Bad Request: file is too big"}"#);
    assert_eq!(fetch(Some(&large)), MediaStep::Gone("Bad Request: file is too big".to_owned()));
    let evil = answer(200, &none, r#"{"ok":true,"result":{"file_path":"../../bot1:X/logOut"}}"#);
    assert!(matches!(fetch(Some(&evil)), MediaStep::Gone(_)));

    let twilio = Settings::of("twilio");
    let get = |url: &str| channel("twilio").fetch(&twilio.account(), &json!({ "url": url }), None);
    let MediaStep::Get(plan) = get("https://api.twilio.com/2010-04-01/Accounts/AC1/Messages/MM1/Media/ME1")
    else {
        panic!()
    };
    assert_eq!(plan.headers, [("authorization", "Basic QUMxOjEyMzQ1".to_owned())]);
    for other in ["https://evil.example/x", "http://api.twilio.com/x", "https://eviltwilio.com/x", "x"] {
        assert!(matches!(get(other), MediaStep::Gone(_)), "{other}");
    }
    let base = "http://127.0.0.1:9000/twilio";
    let fake = Settings { base_url: Some(base.to_owned()), ..Settings::of("twilio") };
    let get = |url: &str| channel("twilio").fetch(&fake.account(), &json!({ "url": url }), None);
    for own in ["https://api.twilio.com/a/b?c".to_owned(), format!("{base}/a/b?c")] {
        assert!(matches!(get(&own), MediaStep::Get(plan) if plan.url == format!("{base}/a/b?c")), "{own}");
    }
    for other in [format!("{base}.evil/x"), format!("{base}8/x"), "http://127.0.0.1:9000/x".to_owned()] {
        assert!(matches!(get(&other), MediaStep::Gone(_)), "{other}");
    }

    let step = channel("messenger").fetch(
        &Settings::of("messenger").account(),
        &json!({ "url": "https://scontent.example/1.jpg" }),
        None,
    );
    assert!(
        matches!(step, MediaStep::Get(plan) if plan.url == "https://scontent.example/1.jpg" && plan.headers.is_empty())
    );
}

#[test]
fn messenger_tells_who_somebody_is() {
    let none = HeaderMap::new();
    let body = r#"{"first_name":"Ann","last_name":"B","profile_pic":"https://p.example/1.jpg","locale":"de_DE","id":"PSID1"}"#;
    let person = channel("messenger").read_profile(&answer(200, &none, body)).expect("a person");
    assert_eq!(person.display_name.as_deref(), Some("Ann B"));
    assert_eq!(
        (person.locale.as_deref(), person.avatar_url.as_deref()),
        (Some("de-DE"), Some("https://p.example/1.jpg"))
    );
    assert_eq!(channel("messenger").read_profile(&answer(400, &none, body)), None);
    assert_eq!(
        channel("messenger").ask_profile(&Settings::of("messenger").account(), "../me").map(|plan| plan.url),
        None
    );
}

#[test]
fn types_without_a_connector_have_none() {
    assert!(by_kind("viber").is_none() && by_kind("").is_none());
}
