//! A proxy that loses calls, before and after they had their effect.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// What becomes of a call on its way to Odoo and back.
#[derive(Debug, Clone, Copy)]
enum Mishap {
    LostRequest,
    LostAnswer,
    BadGateway,
    Truncated,
}

/// Stands between us and Odoo, and loses one call in `one_in`; none at 0.
pub(super) struct Proxy {
    url: String,
    one_in: Arc<AtomicU32>,
    _task: JoinSet<()>,
}

impl Proxy {
    pub(super) async fn start(odoo_url: &str) -> Self {
        let place = odoo_url.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let one_in = Arc::new(AtomicU32::new(0));
        let odds = Arc::clone(&one_in);
        let mut task = JoinSet::new();
        task.spawn(async move {
            let mut calls = JoinSet::new();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let odds = odds.load(Ordering::Relaxed);
                let mishap = (odds > 0 && fastrand::u32(0..odds) == 0).then(|| {
                    let all = [
                        Mishap::LostRequest,
                        Mishap::LostAnswer,
                        Mishap::BadGateway,
                        Mishap::Truncated,
                    ];
                    all[fastrand::usize(0..all.len())]
                });
                calls.spawn(Self::pass_on(stream, place.clone(), mishap));
            }
        });
        Self { url, one_in, _task: task }
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    pub(super) fn lose_one_in(&self, calls: u32) {
        self.one_in.store(calls, Ordering::Relaxed);
    }

    async fn pass_on(mut ours: TcpStream, place: String, mishap: Option<Mishap>) {
        let mut request = Vec::new();
        loop {
            let mut chunk = [0; 8_192];
            let read = ours.read(&mut chunk).await.unwrap();
            request.extend_from_slice(&chunk[..read]);
            let text = String::from_utf8_lossy(&request);
            let complete = text
                .split_once("\r\n\r\n")
                .is_some_and(|(_, body)| serde_json::from_str::<serde_json::Value>(body).is_ok());
            if complete || read == 0 {
                break;
            }
        }
        if let Some(Mishap::LostRequest) = mishap {
            return;
        }
        let mut odoo = TcpStream::connect(place).await.unwrap();
        odoo.write_all(&request).await.unwrap();
        let mut answer = Vec::new();
        odoo.read_to_end(&mut answer).await.unwrap();
        let said = match mishap {
            None => answer,
            Some(Mishap::LostRequest | Mishap::LostAnswer) => return,
            Some(Mishap::BadGateway) => {
                b"HTTP/1.0 502 Bad Gateway\r\n\r\n<html>502</html>".to_vec()
            }
            Some(Mishap::Truncated) => answer[..answer.len() - 3].to_vec(),
        };
        ours.write_all(&said).await.unwrap();
    }
}
