//! Listings that are gone between the list that names them and the question what they offer: one of them makes Etsy refuse a
//! whole batch of a hundred.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use etsy_odoo::journal::Command;
use etsy_odoo::pipeline;
use etsy_odoo::sandbox::world::WorldSize;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::support::House;

const BATCH: &str = "/listings/batch/inventory";

/// Stands before the simulated Etsy, which does not know these listings any more.
struct Gate {
    etsy_url: String,
    gone: BTreeSet<i64>,
    client: reqwest::Client,
    /// How many ids each batch had.
    batches: Mutex<Vec<usize>>,
}

fn ids(uri: &Uri) -> Vec<i64> {
    let query = uri.query().unwrap().replace("%2C", ",");
    query.strip_prefix("listing_ids=").unwrap().split(',').map(|id| id.parse().unwrap()).collect()
}

async fn pass(State(gate): State<Arc<Gate>>, request: Request) -> Response {
    let uri = request.uri();
    if uri.path().ends_with(BATCH) {
        let ids = ids(uri);
        gate.batches.lock().unwrap().push(ids.len());
        if ids.iter().any(|id| gate.gone.contains(id)) {
            let words = r#"{"error":"Could not find a Listing"}"#;
            return (StatusCode::NOT_FOUND, words).into_response();
        }
    }
    let mut call = gate.client.get(format!("{}{uri}", gate.etsy_url));
    for name in ["x-api-key", "authorization"] {
        call = call.header(name, request.headers().get(name).unwrap());
    }
    let answer = call.send().await.unwrap();
    (answer.status(), answer.bytes().await.unwrap()).into_response()
}

/// Whatever is gone, all others are known with what they offer, by hardly more calls than halving takes.
#[tokio::test]
async fn one_listing_that_is_gone_does_not_keep_its_hundred() {
    for seed in 0..4_u64 {
        let size = WorldSize { receipts: 20, listings: 260, shops: 1, seed };
        let house =
            House::with(size, |options| options.etsy.offers_inventory_with_listings = false).await;
        let all: BTreeSet<i64> = {
            let world = house.pair.world.lock().await;
            world.shelves().iter().map(|shelved| shelved.listing_id).collect()
        };
        let mut dice = fastrand::Rng::with_seed(seed);
        let count = usize::try_from(seed * seed).unwrap();
        let gone: BTreeSet<i64> =
            dice.choose_multiple(all.iter().copied(), count).into_iter().collect();
        let gate = Arc::new(Gate {
            etsy_url: house.pair.etsy_url.clone(),
            gone: gone.clone(),
            client: reqwest::Client::new(),
            batches: Mutex::default(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(pass).with_state(Arc::clone(&gate));
        let mut server = JoinSet::new();
        server.spawn(async move { axum::serve(listener, router).await.unwrap() });
        let etsy = house.way_through(&url);
        let run = house.begin(Command::Snapshot).await;
        let mut reader = house.reader().await;
        let clock = house.clock.as_ref();
        pipeline::observe(&house.warehouse, &etsy, &mut reader, &run, clock).await.unwrap();
        pipeline::decide(&house.warehouse, &run).await.unwrap();
        let rows = house
            .ours
            .client()
            .await
            .query("select distinct listing_id from staging.etsy_offering", &[])
            .await
            .unwrap();
        let known: BTreeSet<i64> = rows.iter().map(|row| row.get(0)).collect();
        // those that are not for sale are known besides
        let missing: Vec<i64> = all.difference(&known).copied().collect();
        assert_eq!(missing, gone.iter().copied().collect::<Vec<_>>(), "seed {seed}");
        let batches = gate.batches.lock().unwrap().clone();
        assert!(batches.iter().all(|size| (1..=100).contains(size)), "{batches:?}");
        // five lists, the longest of three pages; a hundred is halved seven times, by two calls each
        let most = 7 + gone.len() * 2 * 7;
        assert!(batches.len() <= most, "seed {seed}: {} batches for {most}", batches.len());
    }
}
