//! A network made up for tests: names and routes are invented, every real connection goes to a sink
//! on the loopback.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod exchange;
mod guarding;
mod limits;
pub(crate) mod sink;
mod spelling;
mod tls;

use std::collections::{HashMap, VecDeque};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};

use futures::future::{BoxFuture, FutureExt as _};
use tokio::net::TcpStream;

use super::*;

/// Where connections to an address end.
#[derive(Clone, Copy)]
enum Route {
    Sink(SocketAddr),
    Refused,
    Silence,
}

#[derive(Default)]
struct Network {
    /// What the name server says, one list for each time that it is asked; the last one stays.
    names: Mutex<HashMap<String, VecDeque<Vec<IpAddr>>>>,
    routes: HashMap<IpAddr, Route>,
    asked: Mutex<Vec<String>>,
    dialed: Mutex<Vec<SocketAddr>>,
}

impl Network {
    fn name(self, host: &str, answers: &[&[&str]]) -> Network {
        let answers = answers
            .iter()
            .map(|addresses| addresses.iter().map(|address| address.parse().unwrap()).collect())
            .collect();
        self.names.lock().unwrap().insert(host.to_owned(), answers);
        self
    }

    fn route(mut self, address: &str, route: Route) -> Network {
        self.routes.insert(address.parse().unwrap(), route);
        self
    }

    /// `hook.example` at a public address that leads to `sink`.
    fn leading_to(sink: SocketAddr) -> Network {
        Network::default().name("hook.example", &[&[PUBLIC]]).route(PUBLIC, Route::Sink(sink))
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    fn dialed(&self) -> Vec<String> {
        self.dialed.lock().unwrap().iter().map(ToString::to_string).collect()
    }
}

const PUBLIC: &str = "93.184.215.14";

struct Names(Arc<Network>);

impl Resolve for Names {
    fn resolve(&self, host: &str) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        self.0.asked.lock().unwrap().push(host.to_owned());
        let mut names = self.0.names.lock().unwrap();
        let answer = match names.get_mut(host) {
            Some(answers) if answers.len() > 1 => Ok(answers.pop_front().unwrap()),
            Some(answers) => Ok(answers.front().unwrap().clone()),
            None => Err(io::Error::other("no such name")),
        };
        async move { answer }.boxed()
    }
}

struct Routes(Arc<Network>);

impl Dial for Routes {
    fn dial(&self, address: SocketAddr) -> BoxFuture<'static, io::Result<TcpStream>> {
        self.0.dialed.lock().unwrap().push(address);
        match self.0.routes.get(&address.ip()) {
            Some(Route::Sink(sink)) => TcpStream::connect(*sink).boxed(),
            Some(Route::Silence) => futures::future::pending().boxed(),
            Some(Route::Refused) | None => {
                async { Err(io::Error::from(io::ErrorKind::ConnectionRefused)) }.boxed()
            }
        }
    }
}

fn client_with(config: HttpConfig, network: Network) -> (HttpClient, Arc<Network>) {
    let network = Arc::new(network);
    let (names, routes) = (Names(Arc::clone(&network)), Routes(Arc::clone(&network)));
    (HttpClient::with_network(config, Arc::new(names), Arc::new(routes)).unwrap(), network)
}

fn client(network: Network) -> (HttpClient, Arc<Network>) {
    client_with(HttpConfig::default(), network)
}

fn post(url: &str) -> RequestPlan {
    RequestPlan::post(Target::parse(url).unwrap(), "{}".into())
}

fn get(url: &str, bytes_max: usize) -> RequestPlan {
    RequestPlan::get(Target::parse(url).unwrap(), bytes_max)
}

async fn kind_of(client: &HttpClient, plan: RequestPlan) -> HttpErrorKind {
    client.send(plan).await.unwrap_err().kind
}
