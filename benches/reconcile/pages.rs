//! Pages of receipts as Etsy answers them: the simulated Etsy's own, multiplied under new numbers.

use std::io::Write as _;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta};
use etsy_odoo::domain::{Clock, FixedClock, Window};
use etsy_odoo::etsy::{EtsyReader, EtsySettings, Limiter, Order, Query, ReceiptQuery, ReceiptTime};
use etsy_odoo::sandbox::etsy::{EtsyOptions, serve};
use etsy_odoo::sandbox::world::{World, WorldSize};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Mutex;
use xxhash_rust::xxh3::xxh3_64;

use crate::stand::{SHOP, Stand};

/// Receipts on a page, Etsy's ceiling.
pub(crate) const PER_PAGE: usize = 100;

/// What a receipt of a real shop weighs, descriptions of what was sold included.
const TYPICAL_BYTES: usize = 5_000;

/// Words that descriptions are made of.
const WORDS: &[&str] = &[
    "board",
    "walnut",
    "hand",
    "made",
    "small",
    "batch",
    "oiled",
    "with",
    "care",
    "ships",
    "flat",
    "please",
    "allow",
    "three",
    "days",
    "each",
    "piece",
    "is",
    "different",
    "grain",
    "and",
    "colour",
    "wipe",
    "dry",
    "&quot;gift&quot;",
    "wrapped",
    "on",
    "request",
    "measures",
    "twelve",
    "inches",
    "by",
    "eight",
    "\n\n",
];

/// Receipts that the simulated Etsy is asked for; the rest are these again under other numbers.
const TEMPLATES: usize = 1_000;

/// The numbers of one generation of copies lie this far from those of the one before.
const GENERATION: i64 = 100_000_000_000;

/// Stores pages of so many receipts as `snapshot` does. Returns their bytes as received.
pub(crate) fn store(stand: &Stand, receipts: usize) -> usize {
    stand.prepare("truncate snapshot.etsy_page");
    let mut templates = stand.runtime.block_on(fetch());
    for (number, template) in templates.iter_mut().enumerate() {
        lengthen(template, number);
    }
    assert!(templates.len() > TEMPLATES / 2, "the simulated shop has sold something");
    let run = stand.next_run();
    let moment = DateTime::from_timestamp(1_788_264_000, 0).unwrap();
    let mut bytes = 0;
    for page in 0..receipts.div_ceil(PER_PAGE) {
        let first = page * PER_PAGE;
        let rows = PER_PAGE.min(receipts - first);
        let results: Vec<Value> =
            (first..first + rows).map(|number| receipt(&templates, number)).collect();
        let body = json!({"count": receipts, "results": results}).to_string();
        bytes += body.len();
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(body.as_bytes()).unwrap();
        let zipped = encoder.finish().unwrap();
        let hash = i64::from_ne_bytes(xxh3_64(body.as_bytes()).to_ne_bytes());
        let (offset, count) = (i32::try_from(first).unwrap(), i32::try_from(receipts).unwrap());
        let until = moment + TimeDelta::days(1);
        let rows = i32::try_from(rows).unwrap();
        stand.runtime.block_on(async {
            let statement = include_str!("../../sql/snapshot/store_page.sql");
            let (run, shop, stream) = (&run.0, &SHOP.0, &"receipts");
            stand
                .client
                .execute(
                    statement,
                    &[
                        run, shop, stream, &moment, &until, &offset, &count, &rows, &moment,
                        &zipped, &hash,
                    ],
                )
                .await
                .unwrap();
        });
    }
    stand.prepare("vacuum (analyze) snapshot.etsy_page");
    bytes
}

/// Gives what was sold a description as long as sellers write them, until the receipt weighs what it would.
fn lengthen(receipt: &mut Value, number: usize) {
    let missing = TYPICAL_BYTES.saturating_sub(receipt.to_string().len());
    let mut description = String::new();
    let mut place = number;
    while description.len() < missing {
        place =
            place.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        description.push_str(WORDS.get((place >> 33) % WORDS.len()).unwrap());
        description.push(' ');
    }
    if let Some(line) = receipt.pointer_mut("/transactions/0") {
        *line.get_mut("description").unwrap() = json!(description);
    }
}

/// Receipts of the simulated Etsy, over its own wire.
async fn fetch() -> Vec<Value> {
    let now = DateTime::from_timestamp(1_788_264_000, 0).unwrap();
    let clock: Arc<dyn Clock> = Arc::new(FixedClock::at(now));
    let world = World::new(WorldSize { receipts: TEMPLATES, listings: 64, shops: 1, seed: 7 }, now);
    let (shop, token) = {
        let shop = world.shops().first().unwrap();
        (shop.shop_id, shop.access_token.clone())
    };
    let options = EtsyOptions::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let mut settings =
        EtsySettings::new(options.keystring.clone().into(), options.shared_secret.clone());
    settings.api_url = format!("http://{address}/v3");
    let limiter = Arc::new(Limiter::in_memory(settings.ceilings(), now));
    let reader = EtsyReader::new(&settings, limiter, Arc::clone(&clock)).unwrap();
    let mut receipts: Vec<Value> = Vec::new();
    let reading = async {
        loop {
            let query = ReceiptQuery {
                time: ReceiptTime::Created,
                window: Window::new(now - TimeDelta::days(400), now),
                was_canceled: Some(false),
                offset: u16::try_from(receipts.len()).unwrap(),
                order: Order::Ascending,
            };
            let page = reader.page(&token, shop, &Query::Receipts(query)).await.unwrap();
            let mut body: Value = serde_json::from_slice(&page.body).unwrap();
            let Some(Value::Array(rows)) = body.get_mut("results").map(Value::take) else { break };
            if rows.is_empty() {
                break;
            }
            receipts.extend(rows);
        }
    };
    tokio::select! {
        () = reading => {}
        ended = serve(listener, Arc::new(Mutex::new(world)), clock, options, std::future::pending()) => {
            ended.unwrap();
        }
    }
    receipts
}

/// The receipt of a number: a template with other ids.
fn receipt(templates: &[Value], number: usize) -> Value {
    let mut receipt = templates.get(number % templates.len()).unwrap().clone();
    let by = i64::try_from(number / templates.len()).unwrap() * GENERATION;
    let move_on = |row: &mut Value, fields: &[&str]| {
        for field in fields {
            let Some(id) = row.get(*field).and_then(Value::as_i64) else { continue };
            if let Some(place) = row.get_mut(*field) {
                *place = json!(id + by);
            }
        }
    };
    move_on(&mut receipt, &["receipt_id", "buyer_user_id"]);
    let lines = receipt.get_mut("transactions").and_then(Value::as_array_mut);
    for line in lines.into_iter().flatten() {
        move_on(line, &["transaction_id", "receipt_id", "buyer_user_id"]);
    }
    receipt
}
