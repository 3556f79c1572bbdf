//! The endpoint against prepared answers.

use std::collections::BTreeMap;

use secrecy::ExposeSecret as _;

use super::*;
use crate::domain::{Subject, SystemClock, Trouble};
use crate::http::scripted_server::{Reply, ScriptedServer};

fn endpoint(server: &ScriptedServer) -> TokenEndpoint {
    let settings = EtsySettings {
        token_url: server.url("/v3/public/oauth/token").to_string(),
        deadline: Duration::from_secs(5),
        ..EtsySettings::new("a-keystring".into(), "hush-secret".into())
    };
    TokenEndpoint::new(&settings, Arc::new(SystemClock)).unwrap()
}

async fn refused(status: u16, body: &str) -> EtsyError {
    let server = ScriptedServer::start(vec![Reply::json(status, body)]).await;
    let outcome = endpoint(&server).refresh(&"hush-old".into()).await;
    assert_eq!(server.seen().len(), 1, "a person's matter is not asked twice");
    outcome.unwrap_err()
}

#[tokio::test]
async fn a_refresh_token_is_turned_into_a_new_pair() {
    let body = r#"{"access_token": "812345678.new", "token_type": "Bearer", "expires_in": 3600,
                   "refresh_token": "812345678.hush-new"}"#;
    let server = ScriptedServer::start(vec![Reply::json(200, body)]).await;
    let pair = endpoint(&server).refresh(&"812345678.hush/old".into()).await.unwrap();
    assert_eq!(pair.access.expose_secret(), "812345678.new");
    assert_eq!(pair.refresh.expose_secret(), "812345678.hush-new");
    assert_eq!(pair.expires_in, Duration::from_hours(1));
    assert!(!format!("{pair:?}").contains("hush"));
    let seen = server.seen();
    assert_eq!(
        (seen[0].method.as_str(), seen[0].path_and_query.as_str()),
        ("POST", "/v3/public/oauth/token")
    );
    assert_eq!(
        seen[0].body,
        "grant_type=refresh_token&refresh_token=812345678.hush%2Fold&client_id=a-keystring",
        "the client id is the bare keystring"
    );
}

#[tokio::test]
async fn a_dead_refresh_token_needs_the_seller() {
    let body = r#"{"error": "invalid_grant", "error_description": "refresh_token is revoked"}"#;
    let error = refused(400, body).await;
    assert_eq!(
        error.to_string(),
        "Etsy does not renew the access: invalid_grant: refresh_token is revoked"
    );
    assert_eq!(error.advice().trouble, Trouble::NeedsPerson);
    assert!(error.advice().hint.unwrap().contains("shop login"));
    let body = r#"{"error": "invalid_token", "error_description": "refresh token is expired"}"#;
    assert!(matches!(refused(401, body).await, EtsyError::RefreshRefused { .. }));
}

#[tokio::test]
async fn a_wrong_keystring_is_no_matter_of_the_seller() {
    for body in [r#"{"error": "invalid_client"}"#, r#"{"error": "Invalid API key"}"#] {
        let error = refused(401, body).await;
        assert!(matches!(error, EtsyError::ClientRefused { .. }), "{error}");
        assert!(error.advice().hint.unwrap().contains("etsy.keystring"));
    }
}

#[tokio::test]
async fn trouble_on_the_other_side_is_tried_again() {
    let body = r#"{"access_token": "1.a", "token_type": "Bearer", "expires_in": 3600, "refresh_token": "1.b"}"#;
    let server = ScriptedServer::start(vec![
        Reply::json(500, r#"{"error": "Server Error"}"#),
        Reply::json(200, body),
    ])
    .await;
    let pair = endpoint(&server).refresh(&"1.old".into()).await.unwrap();
    assert_eq!(pair.refresh.expose_secret(), "1.b");
    assert_eq!(server.seen()[0].body, server.seen()[1].body);
}

#[tokio::test]
async fn the_page_asks_for_the_scopes_and_holds_no_secret() {
    let server = ScriptedServer::start(Vec::new()).await;
    let endpoint = endpoint(&server);
    let login = endpoint.authorization(&Scope::needed_for(Subject::ALL));
    let page = login.page();
    assert_eq!(page.origin().ascii_serialization(), "https://www.etsy.com");
    let asked: BTreeMap<_, _> = page.query_pairs().into_owned().collect();
    let expected = [
        ("response_type", "code"),
        ("client_id", "a-keystring"),
        ("redirect_uri", "http://localhost:3003/oauth/redirect"),
        ("scope", "listings_r listings_w shops_r transactions_r"),
        ("code_challenge_method", "S256"),
    ];
    for (name, value) in expected {
        assert_eq!(asked.get(name).map(String::as_str), Some(value), "{page}");
    }
    assert!(asked["state"].len() >= 16 && asked["code_challenge"].len() == 43, "{page}");
    assert!(!page.as_str().contains(login.verifier.secret()));
    let another = endpoint.authorization(&Scope::needed_for(Subject::ALL));
    assert_ne!(another.page(), page);
    assert!(!format!("{endpoint:?}{login:?}").contains("keystring"));
}

#[tokio::test]
async fn a_code_is_exchanged_with_its_verifier() {
    let body = r#"{"access_token": "812345678.a", "token_type": "Bearer", "expires_in": 3600,
                   "refresh_token": "812345678.b"}"#;
    let server = ScriptedServer::start(vec![Reply::json(200, body)]).await;
    let endpoint = endpoint(&server);
    let login = endpoint.authorization(&Scope::needed_for(&[]));
    let verifier = login.verifier.secret().clone();
    let pair = endpoint.exchange(&"hush-code".into(), &login).await.unwrap();
    assert_eq!(pair.access.expose_secret(), "812345678.a");
    let asked: BTreeMap<String, String> =
        serde_urlencoded::from_str(&server.seen()[0].body).unwrap();
    let expected = [
        ("grant_type", "authorization_code"),
        ("client_id", "a-keystring"),
        ("redirect_uri", "http://localhost:3003/oauth/redirect"),
        ("code", "hush-code"),
        ("code_verifier", verifier.as_str()),
    ];
    assert_eq!(asked, expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
    assert_eq!(server.seen()[0].header("authorization"), None);
}

#[tokio::test]
async fn a_code_that_is_not_taken_begins_the_login_again() {
    let body = r#"{"error": "invalid_grant", "error_description": "code has been used"}"#;
    let server = ScriptedServer::start(vec![Reply::json(400, body)]).await;
    let endpoint = endpoint(&server);
    let login = endpoint.authorization(&Scope::needed_for(&[]));
    let error = endpoint.exchange(&"hush-code".into(), &login).await.unwrap_err();
    assert!(matches!(error, EtsyError::CodeRefused { .. }), "{error}");
    assert_eq!(error.advice().trouble, Trouble::NeedsPerson);
    assert!(error.advice_for("acme").hint.unwrap().contains("shop login acme`"));
}

#[tokio::test]
async fn an_answer_without_tokens_is_told_without_its_body() {
    for (body, words) in [
        (r#"{"access_token": "hush", "token_type": "Bearer", "expires_in": 1}"#, "`refresh_token`"),
        (r#"{"access_token": 7, "token_type": "hush"}"#, "access_token"),
        (r#"["hush"]"#, "(whole)"),
    ] {
        let server = ScriptedServer::start(vec![Reply::json(200, body)]).await;
        let error = endpoint(&server).refresh(&"1.old".into()).await.unwrap_err();
        let told = format!("{error:?}: {}", std::error::Error::source(&error).unwrap());
        assert!(told.contains(words) && !told.contains("hush"), "{told}");
    }
}
