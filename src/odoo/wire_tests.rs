//! The client against a server that misbehaves on a real socket.

use std::time::Duration;

use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use super::*;
use crate::domain::Trouble;

/// What the server does with one request.
enum Reply {
    /// An answer of Odoo, with this `result`.
    Result(Value),
    /// An answer of Odoo, with these fields beside the protocol's.
    Fields(Value),
    /// Any answer.
    Raw(String),
    /// The connection is closed after the request was read.
    Close,
    /// Nothing comes.
    Stall,
}

struct Server {
    url: String,
    bodies: mpsc::UnboundedReceiver<Value>,
    _task: tokio::task::JoinSet<()>,
}

impl Server {
    /// Serves one reply per request, in order.
    async fn serving(replies: Vec<Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (sender, bodies) = mpsc::unbounded_channel();
        let mut task = tokio::task::JoinSet::new();
        task.spawn(async move {
            let mut stalled = Vec::new();
            for reply in replies {
                let (mut stream, _) = listener.accept().await.unwrap();
                sender.send(read_request(&mut stream).await).unwrap();
                let text = match reply {
                    Reply::Result(result) => {
                        ok(&json!({"jsonrpc": "2.0", "id": 1, "result": result}))
                    }
                    Reply::Fields(mut fields) => {
                        fields["jsonrpc"] = json!("2.0");
                        ok(&fields)
                    }
                    Reply::Raw(text) => text,
                    Reply::Close => continue,
                    Reply::Stall => {
                        stalled.push(stream);
                        continue;
                    }
                };
                stream.write_all(text.as_bytes()).await.unwrap();
                stream.shutdown().await.unwrap();
            }
            // those connections stay open as long as the test lasts
            std::future::pending::<()>().await;
            drop(stalled);
        });
        Self { url, bodies, _task: task }
    }

    fn settings(&self) -> OdooSettings {
        OdooSettings {
            url: self.url.clone(),
            database: "shop".to_owned(),
            login: "bot".to_owned(),
            api_key: SecretString::from("hush-hush"),
            connections: 1,
            call_timeout: Duration::from_millis(300),
            chatter: Chatter::default(),
        }
    }
}

fn ok(body: &Value) -> String {
    // as Odoo answers: HTTP/1.0, no keep-alive
    format!("HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n{body}")
}

async fn read_request(stream: &mut TcpStream) -> Value {
    let mut bytes = Vec::new();
    loop {
        let mut chunk = [0; 4096];
        let read = stream.read(&mut chunk).await.unwrap();
        bytes.extend_from_slice(&chunk[..read]);
        let text = String::from_utf8_lossy(&bytes);
        if let Some((_, body)) = text.split_once("\r\n\r\n")
            && let Ok(body) = serde_json::from_str(body)
        {
            return body;
        }
        assert!(read > 0, "the request was cut short");
    }
}

/// The fault that a reply to the first call after the login is read as.
async fn fault_of(reply: Reply) -> Fault {
    let server = Server::serving(vec![Reply::Result(json!(2)), reply]).await;
    let writer = OdooWriter::connect(&server.settings()).await.unwrap();
    let error = writer.confirm(None, &[1]).await.unwrap_err();
    assert_eq!(error.to_string(), "could not confirm 1 orders");
    error.fault().unwrap().clone()
}

#[tokio::test]
async fn silence_after_sending_is_ambiguous() {
    let doubt = |fault| {
        let Fault::Ambiguous(doubt) = fault else { panic!("{fault:?}") };
        doubt
    };
    assert_eq!(doubt(fault_of(Reply::Close).await), Doubt::ConnectionLost);
    assert_eq!(doubt(fault_of(Reply::Stall).await), Doubt::Timeout(0));
    let bad_gateway = "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n";
    assert_eq!(doubt(fault_of(Reply::Raw(bad_gateway.to_owned())).await), Doubt::Status(502));
    let html = "HTTP/1.0 200 OK\r\n\r\n<html>back soon</html>";
    assert_eq!(doubt(fault_of(Reply::Raw(html.to_owned())).await), Doubt::Page);
    let short = "HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{\"jsonrpc\": \"2.0\", \"resu";
    assert_eq!(doubt(fault_of(Reply::Raw(short.to_owned())).await), Doubt::CutShort);
    let short = "HTTP/1.0 200 OK\r\n\r\n{\"jsonrpc\": \"2.0\", \"resu";
    assert_eq!(doubt(fault_of(Reply::Raw(short.to_owned())).await), Doubt::CutShort);
}

#[tokio::test]
async fn a_closed_port_had_no_effect() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let settings = OdooSettings { url, ..Server::serving(vec![]).await.settings() };
    let error = OdooWriter::connect(&settings).await.unwrap_err();
    assert!(matches!(error.fault(), Some(Fault::NotSent(why)) if why.contains("refused")));
    assert_eq!(error.advice().trouble, Trouble::TryAgain);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let moved = "HTTP/1.1 301 Moved\r\nLocation: /web\r\nContent-Length: 0\r\n\r\n";
    let fault = fault_of(Reply::Raw(moved.to_owned())).await;
    assert_eq!(fault, Fault::NotOdoo(301));
    assert_eq!(fault.advice().trouble, Trouble::NeedsPerson);
}

#[tokio::test]
async fn a_wrong_key_is_told_apart() {
    let server = Server::serving(vec![Reply::Result(json!(false))]).await;
    let error = OdooWriter::connect(&server.settings()).await.unwrap_err();
    assert_eq!(error.fault(), Some(&Fault::AccessDenied));
    assert_eq!(error.advice().trouble, Trouble::NeedsPerson);
    assert!(!format!("{:?} {error:?}", server.settings()).contains("hush"));
}

#[tokio::test]
async fn a_method_that_returns_nothing_succeeds() {
    let nothing = Reply::Fields(json!({"id": 1}));
    let mut server = Server::serving(vec![Reply::Result(json!(2)), nothing]).await;
    let writer = OdooWriter::connect(&server.settings()).await.unwrap();
    writer.cancel(&[4, 5]).await.unwrap();
    server.bodies.recv().await.unwrap();
    let call = server.bodies.recv().await.unwrap();
    let arguments = call["params"]["args"].as_array().unwrap();
    assert_eq!(arguments[3..5], [json!("sale.order"), json!("action_cancel")]);
    assert_eq!(arguments[5], json!([[4, 5]]));
    assert_eq!(arguments[6]["context"]["disable_cancel_warning"], json!(true));
}

#[tokio::test]
async fn a_load_creates_what_is_missing_and_no_more() {
    let rejected = json!({"ids": false, "messages": [
        {"type": "error", "record": 1, "rows": {"from": 1, "to": 1}, "field": "name",
         "message": "Missing required value for the field 'Name' (name)"}]});
    let replies = vec![
        Reply::Result(json!(2)),
        Reply::Result(rejected),
        Reply::Result(json!({"ids": [11, 13], "messages": [], "nextrow": 0})),
    ];
    let mut server = Server::serving(replies).await;
    let writer = OdooWriter::connect(&server.settings()).await.unwrap();
    let products: Vec<ProductRecord> = (1..=3)
        .map(|number| ProductRecord {
            external_id: format!("etsy.sku_{number}"),
            name: "Mug".to_owned(),
            is_service: false,
            sku: None,
            list_price: rust_decimal::Decimal::TEN,
            listing_id: None,
            variant_key: String::new(),
            description: None,
            tag_id: None,
        })
        .collect();
    let sheet = Sheet::products(&products);
    let Load::Rejected(messages) = writer.load(&sheet, &[0, 1, 2]).await.unwrap() else {
        panic!("it was not rejected")
    };
    assert_eq!(messages[0].record, Some(1));
    assert_eq!(writer.load(&sheet, &[0, 2]).await.unwrap(), Load::Loaded(vec![11, 13]));

    server.bodies.recv().await.unwrap();
    let first = server.bodies.recv().await.unwrap();
    let context = &first["params"]["args"][6]["context"];
    assert_eq!((&context["mode"], &context["noupdate"]), (&json!("update"), &json!(true)));
    assert_eq!(context["tz"], json!("UTC"));
    let second = server.bodies.recv().await.unwrap();
    let rows = second["params"]["args"][5][1].as_array().unwrap();
    let sent: Vec<&Value> = rows.iter().map(|row| &row[0]).collect();
    assert_eq!(sent, [&json!("etsy.sku_1"), &json!("etsy.sku_3")]);
}

#[tokio::test]
async fn the_version_is_read() {
    let answer = json!({"server_version": "18.0-20250421",
        "server_version_info": [18, 0, 0, "final", 0, ""]});
    let server = Server::serving(vec![Reply::Result(answer)]).await;
    let version = OdooRpc::new(&server.settings()).unwrap().version().await.unwrap();
    assert_eq!((version.text.as_str(), version.major), ("18.0-20250421", Some(18)));
}
