//! How a login is kept, and how it ends.

use super::*;

#[tokio::test]
async fn two_processes_renew_once() {
    let office = Office::ready(1).await;
    expire_access(&office, &office.shops[0].name).await;
    let before = token_calls(&office).await;
    // the first holds the lock long enough for the second to find it held
    let late = Fault::LateAnswer { milliseconds: 700 };
    strike(&office, vec![FaultRule::nth("/oauth/token", 1, late)]);
    let (one, other) = tokio::join!(office.program.run("check"), office.program.run("check"));
    one.expect(0);
    other.expect(0);
    assert_eq!(token_calls(&office).await - before, 1);
}

#[tokio::test]
async fn trouble_at_the_token_endpoint_passes() {
    let office = Office::ready(1).await;
    let name = &office.shops[0].name;
    let revoked = r#"{"error":"invalid_grant","error_description":"refresh_token is revoked"}"#;
    for fault in [
        refusal(500, r#"{"error":"Server Error"}"#),
        Fault::ResetBefore,
        Fault::Html,
        // said of a token that is not: https://github.com/etsy/open-api/issues/549
        refusal(400, revoked),
    ] {
        expire_access(&office, name).await;
        strike(&office, vec![FaultRule::nth("/oauth/token", 1, fault.clone())]);
        let check = office.program.run("check").await.expect(0);
        expect_discretion(&office, name, &check.said).await;
    }
}

#[tokio::test]
async fn tokens_that_are_lost_are_not_lost_in_silence() {
    let office = Office::ready(2).await;
    let warehouse = office.warehouse().await;
    // the answer never arrives: Etsy has made a pair that nobody has
    let name = &office.shops[0].name;
    expire_access(&office, name).await;
    strike(&office, vec![FaultRule::nth("/oauth/token", 1, Fault::ResetAfter)]);
    let line = format!("plan --shop {name}");
    let mut endings = vec![office.program.run(&line).await.expect_one_error(78)];
    endings.push(office.program.run(&line).await.expect_one_error(78));
    strike(&office, Vec::new());
    // the process dies between Etsy's answer and the store
    let name = &office.shops[1].name;
    expire_access(&office, name).await;
    let shop = shop::find(&warehouse, name).await.unwrap();
    let session = lock_session(&warehouse, &key(), &shop).await.unwrap();
    session.begin_renewal(SystemClock.now()).await.unwrap();
    drop(session);
    revoke(&office, shop.id).await;
    endings.push(office.program.run(&format!("plan --shop {name}")).await.expect_one_error(78));
    for Ending { stderr, .. } in &endings {
        assert!(stderr.contains("are lost: a renewal that began at <moment>"), "{stderr}");
        assert!(stderr.contains("hint: ") && stderr.contains("etsy-odoo shop login "), "{stderr}");
    }
}

#[tokio::test]
async fn a_login_that_is_revoked_in_the_middle_ends_the_run_with_the_sentence() {
    let office = Office::ready(1).await;
    let name = office.shops[0].name.clone();
    let listings = "GET /v3/application/shops/{id}/listings";
    strike(&office, vec![FaultRule::nth("/listings", 1, Fault::Delay { milliseconds: 1_500 })]);
    let revoked = async {
        while calls(&office, listings).await == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        revoke(&office, office.shops[0].id).await;
    };
    let (plan, ()) = tokio::join!(office.program.run("plan"), revoked);
    let plan = plan.expect_one_error(78);
    assert!(plan.stderr.contains("refresh_token is revoked"), "{}", plan.stderr);
    let hint = format!("log the shop in again: `etsy-odoo shop login {name}` (on a server");
    assert!(plan.stderr.contains(&hint), "{}", plan.stderr);
    assert!(!plan.stderr.contains("are lost"), "{}", plan.stderr);
    let again = office.program.run("plan").await.expect_one_error(78);
    assert!(!again.stderr.contains("are lost"), "{}", again.stderr);
}

#[tokio::test]
async fn a_token_that_is_refused_twice_is_renewed_once() {
    let office = Office::ready(1).await;
    for (description, code) in [("invalid token", 78), ("access token is expired", 75)] {
        let body = format!(r#"{{"error":"invalid_token","error_description":"{description}"}}"#);
        strike(&office, vec![FaultRule::every("/receipts", 1, refusal(401, &body))]);
        let before = token_calls(&office).await;
        office.program.run("plan").await.expect_one_error(code);
        assert_eq!(token_calls(&office).await - before, 1, "{description}");
    }
    let body = r#"{"error":"invalid_token","error_description":"invalid token"}"#;
    strike(&office, vec![FaultRule::nth("/receipts", 1, refusal(401, body))]);
    office.program.run("plan").await.expect(2);
}

#[tokio::test]
async fn a_key_is_changed_for_all_shops_or_for_none() {
    let office = Office::ready(2).await;
    let (old, new, next) = (TOKEN_KEY, "1b".repeat(32), "2c".repeat(32));
    let (key, successor) = ("ETSY_ODOO_ETSY__TOKEN_KEY", "ETSY_ODOO_ETSY__NEW_TOKEN_KEY");
    let sealed = async || {
        let client = office.ours.client().await;
        let rows =
            client.query("select sealed from shop.token order by shop_id", &[]).await.unwrap();
        rows.iter().map(|row| row.get::<_, Vec<u8>>(0)).collect::<Vec<_>>()
    };
    let before = sealed().await;
    let line = "shop rotate-key";
    let mut said = String::new();
    for variables in
        [&[][..], &[(successor, old)], &[(successor, "hush")], &[(key, &next), (successor, &new)]]
    {
        let refused = office.program.run_with(line, variables).await.expect_one_error(78);
        said.push_str(&refused.said);
    }
    // one of two that does not open keeps both as they were
    let client = office.ours.client().await;
    let last = office.shops.iter().map(|shop| shop.id.0).max().unwrap();
    let spoil = "update shop.token set sealed = $1 where shop_id = $2";
    let good = before[1].clone();
    client.execute(spoil, &[&vec![7_u8; 60], &last]).await.unwrap();
    let half = office.program.run_with(line, &[(successor, &new)]).await.expect_one_error(78);
    said.push_str(&half.said);
    client.execute(spoil, &[&good, &last]).await.unwrap();
    assert_eq!(sealed().await, before);

    let both = [(successor, new.as_str())];
    office.program.run_with("check", &both).await.expect(0);
    let done = office.program.run_with(line, &both).await.expect(0);
    assert!(done.stdout.starts_with("2 shops are sealed with the new key now, 0 were before"));
    let again = office.program.run_with(line, &both).await.expect(0);
    assert!(again.stdout.starts_with("0 shops are sealed with the new key now, 2 were before"));
    said.push_str(&done.said);
    // with both keys set runs go on, and a renewal stays under the new one
    expire_access(&office, &office.shops[0].name).await;
    office.program.run_with("check", &both).await.expect(0);
    office.program.run_with("check", &[(key, &new)]).await.expect(0);
    office.program.run("check").await.expect(78);
    for secret in [new.as_str(), old, "hush", &next] {
        assert!(!said.contains(secret), "{said}");
    }
}

#[tokio::test]
async fn a_stored_pair_is_on_the_disk() {
    let office = Office::ready(1).await;
    let warehouse = office.warehouse().await;
    let shop = shop::find(&warehouse, &office.shops[0].name).await.unwrap();
    let client = office.ours.client().await;
    let default = client.query_one("show synchronous_commit", &[]).await.unwrap();
    assert_eq!(default.get::<_, &str>(0), "off", "or this shows nothing");
    let now = SystemClock.now();
    let written = "select pg_current_wal_insert_lsn()::text";
    let flushed = "select pg_current_wal_flush_lsn() > $1::text::pg_lsn";
    for store in [true, false, true, false] {
        let before: String = client.query_one(written, &[]).await.unwrap().get(0);
        let tokens = Tokens { access: "1.a".into(), refresh: "1.b".into(), access_expires_at: now };
        if store {
            store_tokens(&warehouse, &key(), shop.id, &tokens, now).await.unwrap();
        } else {
            let mut session = lock_session(&warehouse, &key(), &shop).await.unwrap();
            session.replace(tokens, now).await.unwrap();
            session.release().await;
        }
        let is_flushed: bool = client.query_one(flushed, &[&before]).await.unwrap().get(0);
        assert!(is_flushed);
    }
}

#[tokio::test]
async fn a_login_that_ends_soon_is_told_of_once_a_day() {
    let office = Office::ready(2).await;
    let (ending, paused) = (&office.shops[0].name, &office.shops[1].name);
    office.program.run(&format!("shop pause {paused}")).await.expect(0);
    let quiet = office.program.run("plan").await.expect(2);
    assert_eq!(quiet.stderr, "");
    for name in [ending, paused] {
        age_login(&office, name, 80).await;
    }
    let told = office.program.run("plan").await.expect(2);
    for name in [ending, paused] {
        let words = format!("connect it again with `etsy-odoo shop login {name}`");
        assert_eq!(told.stderr.matches(&words).count(), 1, "{}", told.stderr);
    }
    assert_eq!(told.stderr.lines().count(), 2, "{}", told.stderr);
    assert_eq!(office.program.run("plan").await.expect(2).stderr, "");
    let list = office.program.run("shop list").await.expect(0);
    let check = office.program.run("check").await.expect(0);
    assert_eq!(list.stdout.matches("ends in 10 days").count(), 2, "{}", list.stdout);
    assert_eq!(check.stdout.matches("ends in 10 days").count(), 2, "{}", check.stdout);
    age_login(&office, paused, 91).await;
    let list = office.program.run("shop list").await.expect(0);
    assert!(list.stdout.contains("ended; connect it again"), "{}", list.stdout);
    expire_access(&office, ending).await;
    let renewed = office.program.run("check").await.expect(0);
    assert!(renewed.unbroken().contains("its login is good for 90 days"), "{}", renewed.stdout);
}

/// An Etsy that lives in another hour.
#[tokio::test]
async fn a_clock_that_is_off_is_named_with_its_difference() {
    let office = Office::ready(1).await;
    let date = SystemClock.now() - TimeDelta::hours(3) - TimeDelta::minutes(5);
    let date = date.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    let answer = async move || ([("date", date)], r#"{"application_id": 1}"#);
    let router = axum::Router::new().fallback(answer);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v3", listener.local_addr().unwrap());
    let variables = [("ETSY_ODOO_ETSY__API_URL", url.as_str())];
    let check = tokio::select! {
        check = office.program.run_with("check", &variables) => check,
        ended = axum::serve(listener, router).into_future() => panic!("{ended:?}"),
    };
    let check = check.expect(78);
    let words =
        "FAIL  clock: this machine's clock is 3 h 5 min ahead of Etsy's hint: set the clock";
    assert!(check.unbroken().contains(words), "{}", check.stdout);
}

#[tokio::test]
async fn a_check_of_an_etsy_that_is_down_does_not_take_minutes() {
    let office = Office::ready(1).await;
    strike(&office, vec![FaultRule::every("/v3/application", 1, Fault::Html)]);
    let check = tokio::time::timeout(Duration::from_secs(25), office.program.run("check")).await;
    let check = check.unwrap().expect(75);
    assert!(check.unbroken().contains("FAIL  Etsy: cannot ping Etsy"), "{}", check.stdout);
    assert!(
        check.unbroken().contains("--    shop alderandoak: not asked, as Etsy could not be asked"),
        "{}",
        check.stdout
    );
    assert!(check.unbroken().contains("ok    Odoo"), "{}", check.stdout);
}
