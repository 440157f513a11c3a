//! What the guard lets through, judged by what was asked and dialed.

use super::sink::{Reply, Sink};
use super::*;

#[tokio::test]
async fn the_connection_goes_to_the_address_that_was_checked() {
    let sink = Sink::start(|_| Reply::ok("")).await;
    let (client, network) = client(Network::leading_to(sink.address));
    assert_eq!(client.send(post("http://hook.example:8080/a")).await.unwrap().status, 200);
    assert_eq!(network.asked(), ["hook.example"]);
    assert_eq!(network.dialed(), [format!("{PUBLIC}:8080")]);
}

#[tokio::test]
async fn names_that_only_lead_inside_are_refused_before_any_packet() {
    for inside in
        ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd00::1", "::ffff:192.168.0.1", "64:ff9b::a00:1"]
    {
        let network = Network::default().name("inside.example", &[&[inside, "0.0.0.0"]]);
        let (client, network) = client(network);
        let error = client.send(post("https://inside.example/")).await.unwrap_err();
        assert_eq!(error.kind, HttpErrorKind::Refused, "{inside}");
        assert!(!error.to_string().contains(inside), "the address behind a name stays ours: {error}");
        assert!(network.dialed().is_empty(), "{inside}");
    }
}

#[tokio::test]
async fn of_mixed_addresses_only_public_ones_are_dialed() {
    let sink = Sink::start(|_| Reply::ok("")).await;
    let network = Network::leading_to(sink.address)
        .name("mixed.example", &[&["10.0.0.1", PUBLIC, "127.0.0.1"]])
        .route("10.0.0.1", Route::Sink(sink.address));
    let (client, network) = client(network);
    assert_eq!(client.send(post("http://mixed.example/")).await.unwrap().status, 200);
    assert_eq!(network.dialed(), [format!("{PUBLIC}:80")]);
}

#[tokio::test]
async fn a_name_that_turns_inside_is_refused_at_the_next_connection() {
    let sink = Sink::start(|_| Reply::Close(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".into())).await;
    let network = Network::leading_to(sink.address).name("turning.example", &[&[PUBLIC], &["127.0.0.1"]]);
    let (client, network) = client(network);
    assert_eq!(client.send(post("http://turning.example/")).await.unwrap().status, 200);
    assert_eq!(kind_of(&client, post("http://turning.example/")).await, HttpErrorKind::Refused);
    assert_eq!(network.asked().len(), 2);
    assert_eq!(network.dialed().len(), 1);
}

#[tokio::test]
async fn localhost_is_refused_at_delivery_too() {
    let network = Network::default().name("localhost", &[&["127.0.0.1", "::1"]]);
    let (client, network) = client(network);
    assert_eq!(kind_of(&client, post("http://localhost:8080/")).await, HttpErrorKind::Refused);
    assert!(network.dialed().is_empty());
}

#[tokio::test]
async fn public_literals_are_dialed_without_a_question() {
    let sink = Sink::start(|_| Reply::ok("")).await;
    let v6 = "2606:4700::1111";
    let (client, network) = client(Network::leading_to(sink.address).route(v6, Route::Sink(sink.address)));
    assert_eq!(client.send(post(&format!("http://{PUBLIC}/"))).await.unwrap().status, 200);
    assert_eq!(client.send(post(&format!("http://[{v6}]:81/"))).await.unwrap().status, 200);
    assert!(network.asked().is_empty());
    assert_eq!(network.dialed(), [format!("{PUBLIC}:80"), format!("[{v6}]:81")]);
    assert!(sink.seen()[1].text.contains(&format!("host: [{v6}]:81\r\n")), "{:?}", sink.seen());
}

#[tokio::test]
async fn redirects_are_answers() {
    let sink = Sink::start(|_| {
        Reply::head("HTTP/1.1 307 Temporary Redirect\r\nlocation: http://127.0.0.1/\r\ncontent-length: 0")
    })
    .await;
    let (client, network) = client(Network::leading_to(sink.address));
    let answer = client.send(post("http://hook.example/")).await.unwrap();
    assert_eq!(answer.status, 307);
    assert_eq!(answer.headers["location"], "http://127.0.0.1/");
    assert_eq!((sink.seen().len(), network.dialed().len()), (1, 1));
}

#[tokio::test]
async fn the_operator_can_open_the_guard() {
    let sink = Sink::start(|_| Reply::ok("")).await;
    let network = Network::default()
        .name("inside.example", &[&["10.0.0.1"]])
        .route("10.0.0.1", Route::Sink(sink.address))
        .route("127.0.0.1", Route::Sink(sink.address));
    let config = HttpConfig { allow_private: true, ..HttpConfig::default() };
    let (client, network) = client_with(config, network);
    assert_eq!(client.send(post("http://inside.example/")).await.unwrap().status, 200);
    assert_eq!(client.send(post("http://127.1/")).await.unwrap().status, 200);
    assert_eq!(network.dialed(), ["10.0.0.1:80", "127.0.0.1:80"]);
}

#[tokio::test]
async fn the_real_network_is_guarded_as_well() {
    let sink = Sink::start(|_| Reply::ok("")).await;
    let port = sink.address.port();
    let closed = HttpClient::new(HttpConfig::default()).unwrap();
    for host in ["127.0.0.1", "localhost", "0", "[::ffff:127.0.0.1]"] {
        assert_eq!(
            kind_of(&closed, post(&format!("http://{host}:{port}/"))).await,
            HttpErrorKind::Refused,
            "{host}"
        );
    }
    assert_eq!(sink.connections(), 0);
    let open = HttpClient::new(HttpConfig { allow_private: true, ..HttpConfig::default() }).unwrap();
    for host in ["127.0.0.1", "localhost"] {
        assert_eq!(open.send(post(&format!("http://{host}:{port}/"))).await.unwrap().status, 200, "{host}");
    }
    assert_eq!(sink.connections(), 2);
}

#[tokio::test]
async fn names_without_addresses_are_dns_errors() {
    let (client, network) = client(Network::default().name("empty.example", &[&[]]));
    assert_eq!(kind_of(&client, post("http://empty.example/")).await, HttpErrorKind::Dns);
    assert_eq!(kind_of(&client, post("http://unknown.example/")).await, HttpErrorKind::Dns);
    assert!(network.dialed().is_empty());
}
