//! How a seller connects a shop.

use super::*;

#[tokio::test]
async fn a_seller_agrees_in_a_browser() {
    let office = unconnected(1).await;
    let shop = &office.shops[0];
    let login = begin(&office, &format!("shop login {} -vv", shop.name)).await;
    let choice = login.visit(login.page.as_str()).await;
    assert!(choice.0 == 200 && choice.1.contains("Which shop?"), "{choice:?}");
    let scope = login.page.query_pairs().find(|(name, _)| name == "scope").unwrap().1.into_owned();
    assert_eq!(scope, "listings_r shops_r transactions_r", "and nothing that writes");
    let shown = login.visit(&login.page_with(&format!("shop_id={}", shop.id))).await;
    assert!(shown.0 == 200 && shown.1.contains("You can close this window"), "{shown:?}");
    let page = login.page.clone();
    let (code, stdout, said) = login.end().await;
    assert_eq!((code, stdout), (Some(0), format!("{} is connected\n", shop.name)), "{said}");
    let opened = fs::read_to_string(office.program.path("opened")).unwrap();
    assert_eq!(opened.trim(), page.as_str());

    let show = office.program.run(&format!("shop show {}", shop.name)).await.expect(0);
    assert!(show.stdout.contains("listings_r, shops_r, transactions_r"), "{}", show.stdout);
    assert!(show.stdout.contains("good for 90 days without a run"), "{}", show.stdout);
    let check = office.program.run("check -vv").await.expect(0);
    assert!(
        check.unbroken().contains("granted listings_r, shops_r, transactions_r"),
        "{}",
        check.stdout
    );
    assert!(check.stdout.contains("ok    clock: agrees with Etsy's"), "{}", check.stdout);
    // the scopes that were asked for are enough
    let plan = office.program.run("plan -vv").await.expect(2);
    for said in [&said, &show.said, &check.said, &plan.said] {
        expect_discretion(&office, &shop.name, said).await;
    }
}

#[tokio::test]
async fn strangers_do_not_end_a_login_and_a_seller_can_decline() {
    let office = unconnected(1).await;
    let shop = &office.shops[0];
    let login = begin(&office, &format!("shop login {}", shop.name)).await;
    for (visit, status) in [
        (format!("{}?code=forged-code&state=forged", login.redirect_uri), 400),
        (login.redirect_uri.replace(PATH, "/favicon.ico"), 404),
        (login.redirect_uri.clone(), 400),
    ] {
        assert_eq!(login.visit(&visit).await.0, status, "{visit}");
    }
    let declined = login.visit(&login.page_with("deny=1")).await;
    assert!(declined.1.contains("not connected"), "{declined:?}");
    let (code, stdout, said) = login.end().await;
    assert_eq!((code, stdout.as_str()), (Some(78), ""), "{said}");
    assert!(said.contains("the login was declined: access_denied"), "{said}");
    assert!(said.contains("hint: nothing was stored"), "{said}");
    let show = office.program.run(&format!("shop show {}", shop.name)).await.expect(0);
    assert!(show.stdout.contains("not connected"), "{}", show.stdout);
}

#[tokio::test]
async fn the_seller_of_another_shop_is_refused() {
    let office = unconnected(2).await;
    let (asked, other) = (&office.shops[0], &office.shops[1]);
    let login = begin(&office, &format!("shop login {}", asked.name)).await;
    login.visit(&login.page_with(&format!("shop_id={}", other.id))).await;
    let (code, _, said) = login.end().await;
    assert_eq!(code, Some(78), "{said}");
    let words = format!("the seller who agreed owns shop {}, and `{}`", other.id, asked.name);
    assert!(said.contains(&words) && said.contains("nothing was stored"), "{said}");
    let line = format!("shop login {} --refresh-token-stdin", asked.name);
    let pasted = office.program.run_in(&line, &[], &other.refresh_token).await;
    let pasted = pasted.expect_one_error(78);
    assert!(pasted.said.contains(&words), "{}", pasted.said);
    let client = office.ours.client().await;
    let rows = client.query_one("select count(*) from shop.token", &[]).await.unwrap();
    assert_eq!(rows.get::<_, i64>(0), 0);
}

#[tokio::test]
async fn an_address_can_be_pasted_where_there_is_no_browser() {
    let office = unconnected(1).await;
    let shop = &office.shops[0];
    let mut login = begin(&office, &format!("shop login {} --no-browser", shop.name)).await;
    let client = Client::builder().redirect(redirect::Policy::none()).build().unwrap();
    let page = login.page_with(&format!("shop_id={}", shop.id));
    let answer = client.get(page).send().await.unwrap();
    let address = answer.headers()["location"].to_str().unwrap().to_owned();
    let foreign = format!("{}?code=forged-code&state=forged", login.redirect_uri);
    let mut stdin = login.child.stdin.take().unwrap();
    for line in ["what is this?", &foreign, &address] {
        stdin.write_all(format!("{line}\n").as_bytes()).await.unwrap();
    }
    drop(stdin);
    let (code, stdout, said) = login.end().await;
    assert_eq!((code, stdout), (Some(0), format!("{} is connected\n", shop.name)), "{said}");
    assert!(said.contains("There is no code in that"), "{said}");
    assert!(said.contains("belongs to another login"), "{said}");
    assert!(!office.program.path("opened").exists());
    expect_discretion(&office, &shop.name, &said).await;
}

#[tokio::test]
async fn a_paste_that_ends_or_a_redirect_elsewhere_is_told() {
    let office = unconnected(1).await;
    let name = &office.shops[0].name;
    let line = format!("shop login {name} --no-browser");
    let nothing = office.program.run(&line).await.expect(78);
    assert!(nothing.stderr.contains("there was nothing on stdin"), "{}", nothing.stderr);
    let uri = "ETSY_ODOO_ETSY__REDIRECT_URI";
    let line = format!("shop login {name}");
    let elsewhere = [(uri, "https://example.com/back")];
    let elsewhere = office.program.run_with(&line, &elsewhere).await.expect_one_error(78);
    assert!(elsewhere.stderr.contains("--no-browser"), "{}", elsewhere.stderr);
    let wrong = [(uri, "http://example.com:3003/back")];
    let wrong = office.program.run_with(&line, &wrong).await.expect_one_error(78);
    assert!(wrong.stderr.contains("`etsy.redirect_uri` must be"), "{}", wrong.stderr);
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let uri_taken = format!("http://127.0.0.1:{}/", taken.local_addr().unwrap().port());
    let taken = office.program.run_with(&line, &[(uri, &uri_taken)]).await.expect_one_error(75);
    assert!(taken.stderr.contains("cannot be listened on"), "{}", taken.stderr);
}

#[tokio::test]
async fn a_login_that_may_too_little_is_named() {
    let office = unconnected(1).await;
    let shop = &office.shops[0];
    let login = begin(&office, &format!("shop login {}", shop.name)).await;
    let narrow = login.page.as_str().replace("listings_r+shops_r+transactions_r", "shops_r");
    assert_ne!(narrow, login.page.as_str());
    login.visit(&format!("{narrow}&shop_id={}", shop.id)).await;
    let (code, _, said) = login.end().await;
    assert_eq!(code, Some(78), "{said}");
    let words = format!("the login of shop `{}` lacks listings_r, transactions_r", shop.name);
    assert!(said.contains(&words), "{said}");
    let check = office.program.run("check").await.expect(78);
    assert!(check.unbroken().contains(&words), "{}", check.stdout);
    let again = format!("`etsy-odoo shop login {}`", shop.name);
    assert!(check.unbroken().contains(&again), "{}", check.stdout);
    let plan = office.program.run("plan").await.expect_one_error(78);
    assert!(plan.stderr.contains("insufficient_scope: Insufficient scope"), "{}", plan.stderr);
    assert!(plan.stderr.contains(&again), "{}", plan.stderr);
}

#[tokio::test]
async fn a_shop_that_pushes_quantities_may_write() {
    let office = unconnected(1).await;
    let shop = &office.shops[0];
    let reading = begin(&office, &format!("shop login {}", shop.name)).await;
    reading.visit(&reading.page_with(&format!("shop_id={}", shop.id))).await;
    assert_eq!(reading.end().await.0, Some(0));
    office.program.run("check").await.expect(0);

    let set = format!("shop set {} stock_master=odoo", shop.name);
    office.program.run(&set).await.expect(0);
    let check = office.program.run("check").await.expect(78);
    let words = format!(
        "the login of shop `{}` lacks listings_w, which quantities are pushed with",
        shop.name
    );
    assert!(check.unbroken().contains(&words), "{}", check.stdout);
    for way in [format!("`etsy-odoo shop login {}`", shop.name), "stock_master=none".to_owned()] {
        assert!(check.unbroken().contains(&way), "{}", check.stdout);
    }

    let writing = begin(&office, &format!("shop login {}", shop.name)).await;
    let scope = writing.page.query_pairs().find(|(name, _)| name == "scope").unwrap().1;
    assert_eq!(scope, "listings_r listings_w shops_r transactions_r");
    drop(scope);
    writing.visit(&writing.page_with(&format!("shop_id={}", shop.id))).await;
    assert_eq!(writing.end().await.0, Some(0));
    office.program.run("check").await.expect(0);
}
