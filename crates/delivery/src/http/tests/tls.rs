//! Connections with TLS to a sink with a certificate of its own.

use std::sync::Arc;

use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::sink::{Reply, Sink};
use super::*;

/// A sink that answers as `names`, and the issuer to trust.
async fn tls_sink(names: &[&str]) -> (Sink, CertificateDer<'static>) {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(names).unwrap();
    let key = PrivateKeyDer::Pkcs8(signing_key.serialize_der().into());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    (Sink::start_with(Some(acceptor), |_| Reply::ok("safe")).await, cert.der().clone())
}

fn trusting(root: CertificateDer<'static>) -> HttpConfig {
    HttpConfig { extra_roots: vec![root], ..HttpConfig::default() }
}

#[tokio::test]
async fn a_trusted_issuer_is_called_and_the_connection_kept() {
    let (sink, root) = tls_sink(&["hook.example"]).await;
    let (client, network) = client_with(trusting(root), Network::leading_to(sink.address));
    for _ in 0..3 {
        assert_eq!(client.send(post("https://hook.example/")).await.unwrap().body, "safe");
    }
    assert_eq!(network.dialed(), [format!("{PUBLIC}:443")]);
}

#[tokio::test]
async fn an_address_can_have_a_certificate() {
    let (sink, root) = tls_sink(&[PUBLIC]).await;
    let (client, _) = client_with(trusting(root), Network::leading_to(sink.address));
    assert_eq!(client.send(post(&format!("https://{PUBLIC}/"))).await.unwrap().body, "safe");
}

#[tokio::test]
async fn an_unknown_issuer_or_another_name_is_a_tls_error() {
    let (sink, root) = tls_sink(&["other.example"]).await;
    let (strangers, _) = client(Network::leading_to(sink.address));
    assert_eq!(kind_of(&strangers, post("https://hook.example/")).await, HttpErrorKind::Tls);
    let (misnamed, _) = client_with(trusting(root), Network::leading_to(sink.address));
    assert_eq!(kind_of(&misnamed, post("https://hook.example/")).await, HttpErrorKind::Tls);
    assert!(sink.seen().is_empty(), "nothing of the request may arrive");
}

#[tokio::test]
async fn a_server_without_tls_is_a_tls_error() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (client, _) = client(Network::leading_to(listener.local_addr().unwrap()));
    let answering = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        stream
    };
    let (kind, _stream) = tokio::join!(kind_of(&client, post("https://hook.example/")), answering);
    assert_eq!(kind, HttpErrorKind::Tls);
}

#[tokio::test]
async fn the_guard_stands_before_tls() {
    let (sink, root) = tls_sink(&["inside.example"]).await;
    let network = Network::default()
        .name("inside.example", &[&["192.168.0.1"]])
        .route("192.168.0.1", Route::Sink(sink.address));
    let (client, network) = client_with(trusting(root), network);
    assert_eq!(kind_of(&client, post("https://inside.example/")).await, HttpErrorKind::Refused);
    assert!(network.dialed().is_empty());
}

#[test]
fn an_extra_issuer_that_is_no_certificate_is_refused_at_the_start() {
    let config = trusting(CertificateDer::from(b"no certificate".to_vec()));
    assert!(HttpClient::new(config).is_err());
}
