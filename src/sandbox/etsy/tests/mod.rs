//! The server as its callers see it.

mod changing;
mod granting;
mod manners;
mod money;
mod reading;
mod writing;

use chrono::{DateTime, Utc};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::Value;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use super::*;
use crate::domain::FixedClock;
use crate::sandbox::world::WorldSize;

fn noon() -> DateTime<Utc> {
    DateTime::from_timestamp(1_788_264_000, 0).unwrap()
}

fn unlimited() -> EtsyOptions {
    EtsyOptions { calls_per_second: None, calls_per_day: None, ..EtsyOptions::default() }
}

/// A running server and a caller with the rights of its first shop.
struct Running {
    base: String,
    client: Client,
    shop_id: i64,
    access_token: String,
    refresh_token: String,
    world: Arc<tokio::sync::Mutex<World>>,
    clock: Arc<FixedClock>,
    _stop: oneshot::Sender<()>,
    _server: JoinSet<Result<(), ServeError>>,
}

async fn run(options: EtsyOptions, receipts: usize) -> Running {
    let world = World::new(WorldSize { receipts, listings: 48, shops: 2, seed: 11 }, noon());
    let shop = &world.shops()[0];
    let shop_id = shop.shop_id.0;
    let access_token = shop.access_token.expose_secret().to_owned();
    let refresh_token = shop.refresh_token.expose_secret().to_owned();
    let world = Arc::new(tokio::sync::Mutex::new(world));
    let clock = Arc::new(FixedClock::at(noon()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let (stop, stopped) = oneshot::channel::<()>();
    let mut server = JoinSet::new();
    let dynamic: Arc<dyn Clock> = Arc::<FixedClock>::clone(&clock);
    server.spawn(serve(listener, Arc::clone(&world), dynamic, options, async {
        stopped.await.unwrap_or_default();
    }));
    let client = Client::new();
    Running {
        base,
        client,
        shop_id,
        access_token,
        refresh_token,
        world,
        clock,
        _stop: stop,
        _server: server,
    }
}

impl Running {
    fn call(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}{path}", self.base))
            .header("x-api-key", "sandbox-keystring:sandbox-secret")
            .bearer_auth(&self.access_token)
    }

    async fn get(&self, path: &str) -> (u16, Value) {
        answer(self.call(Method::GET, path)).await
    }

    /// The clock of the server, in epoch seconds.
    fn world_now(&self) -> i64 {
        self.clock.now().timestamp()
    }

    /// A path below the shop.
    fn shop(&self, path: &str) -> String {
        format!("/v3/application/shops/{}{path}", self.shop_id)
    }
}

async fn answer(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    (status, response.json().await.unwrap())
}
