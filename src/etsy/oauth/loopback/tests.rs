//! Browsers of all kinds at the door.

use oauth2::{CsrfToken, PkceCodeVerifier};
use secrecy::ExposeSecret as _;

use super::*;

fn waiting() -> Arc<Authorization> {
    Arc::new(Authorization {
        page: "https://www.etsy.com/oauth/connect".parse().unwrap(),
        state: CsrfToken::new("ours".to_owned()),
        verifier: PkceCodeVerifier::new("hush".to_owned()),
    })
}

/// A port that was free a moment ago.
async fn free() -> RedirectUri {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    RedirectUri::parse(&format!("http://localhost:{port}/oauth/redirect")).unwrap()
}

async fn visit(redirect: &RedirectUri, path_and_query: &str) -> (u16, String) {
    let base = redirect.as_str().trim_end_matches("/oauth/redirect");
    let answer = reqwest::Client::new().get(format!("{base}{path_and_query}")).send().await;
    let answer = answer.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test]
async fn strangers_are_turned_away_until_the_seller_comes() {
    let redirect = free().await;
    let loopback = Loopback::listen(&redirect).await.unwrap();
    let login = waiting();
    let browser = async {
        assert_eq!(visit(&redirect, "/favicon.ico").await.0, 404);
        assert_eq!(visit(&redirect, "/oauth/redirect").await.0, 400);
        let foreign = visit(&redirect, "/oauth/redirect?code=theirs&state=theirs").await;
        assert!(foreign.0 == 400 && foreign.1.contains("another login"), "{foreign:?}");
        visit(&redirect, "/oauth/redirect?code=hush-code&state=ours").await
    };
    let (code, shown) = tokio::join!(loopback.wait(&login, Duration::from_mins(1)), browser);
    assert_eq!(code.unwrap().expose_secret(), "hush-code");
    assert!(shown.0 == 200 && shown.1.contains("You can close this window"), "{shown:?}");
    assert!(!shown.1.contains("hush"));
}

#[tokio::test]
async fn a_seller_can_say_no() {
    let redirect = free().await;
    let loopback = Loopback::listen(&redirect).await.unwrap();
    let login = waiting();
    let browser = visit(&redirect, "/oauth/redirect?error=access_denied&state=ours");
    let (code, shown) = tokio::join!(loopback.wait(&login, Duration::from_mins(1)), browser);
    let error = code.unwrap_err();
    assert_eq!(error.to_string(), "the login was declined: access_denied");
    assert!(shown.1.contains("not connected"), "{shown:?}");
}

#[tokio::test]
async fn a_browser_that_holds_its_line_keeps_nobody() {
    let redirect = free().await;
    let loopback = Loopback::listen(&redirect).await.unwrap();
    let silent = tokio::net::TcpStream::connect(redirect.ports()[0]).await.unwrap();
    let login = waiting();
    let browser = visit(&redirect, "/oauth/redirect?code=hush-code&state=ours");
    let waited = async { tokio::join!(loopback.wait(&login, Duration::from_mins(1)), browser) };
    let (code, _) = tokio::time::timeout(Duration::from_secs(20), waited).await.unwrap();
    assert_eq!(code.unwrap().expose_secret(), "hush-code");
    drop(silent);
}

#[tokio::test]
async fn nobody_is_waited_for_in_vain() {
    let redirect = free().await;
    let loopback = Loopback::listen(&redirect).await.unwrap();
    let taken = Loopback::listen(&redirect).await.unwrap_err();
    assert!(matches!(taken, EtsyError::Port { .. }), "{taken}");
    let patience = Duration::from_millis(50);
    let error = loopback.wait(&waiting(), patience).await.unwrap_err();
    assert!(matches!(error, EtsyError::NobodyCame { .. }), "{error}");
    let five = EtsyError::NobodyCame { patience: Duration::from_mins(5) };
    assert_eq!(five.to_string(), "nobody agreed in the browser within 5 minutes");
    let elsewhere = RedirectUri::parse("https://example.com/back").unwrap();
    assert!(!elsewhere.is_here() && redirect.is_here());
    let error = Loopback::listen(&elsewhere).await.unwrap_err();
    assert!(matches!(error, EtsyError::NoLoopback), "{error}");
}
