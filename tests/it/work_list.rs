//! Golden transcripts of `products`: what a person sees who goes through the work list.

use serde_json::Value;

use crate::support::{Office, Program, transcript};

#[tokio::test]
async fn the_help_teaches_the_work_list() {
    let program = Program::new();
    let mut endings = vec![program.run("products --help").await.expect(0)];
    for command in ["list", "suggest", "link", "export", "import"] {
        endings.push(program.run(&format!("products {command} --help")).await.expect(0));
    }
    insta::assert_snapshot!("work_list_help", transcript(&endings));
}

/// The products of a list as JSON.
async fn listed(office: &Office, status: &str) -> Vec<Value> {
    let line = format!("--json products list --status {status}");
    let list = office.program.run(&line).await.expect(0);
    let list: Value = serde_json::from_str(&list.said).unwrap();
    assert_eq!(list.get("schema").unwrap(), "etsy-odoo/products/1");
    list.get("products").unwrap().as_array().unwrap().clone()
}

#[tokio::test]
async fn a_person_goes_through_the_work_list() {
    let office = Office::ready(1).await;
    let program = &office.program;
    let mut endings = vec![program.run("products list").await.expect_one_error(78)];
    program.run("plan").await.expect(2);
    let missing = listed(&office, "missing").await;
    let known = listed(&office, "matched").await;
    let is_mug = |row: &&Value| row["sku"].is_string();
    let sku = missing.iter().find(is_mug).unwrap()["sku"].as_str().unwrap().to_owned();
    let product = known.iter().find(is_mug).unwrap()["odoo"]["id"].to_string();
    let lines = [
        "products list".to_owned(),
        "products list --status shared,no_sku --limit 2".to_owned(),
        "products suggest --limit 2".to_owned(),
        format!("products link {sku} {product}"),
        format!("products link {sku} {product}"),
        format!("products show {sku}"),
        "products list --status linked".to_owned(),
        format!("products unlink {sku}"),
        format!("products unlink {sku}"),
        format!("products show {sku}"),
        "products export --out work.csv".to_owned(),
    ];
    for line in lines {
        let ending = program.run(&line).await.expect(0);
        assert_eq!(ending.stderr, "");
        assert!(ending.stdout.lines().all(|line| line.chars().count() <= 80), "{}", ending.stdout);
        endings.push(ending);
    }
    for ending in &endings {
        office.expect_discretion(&ending.said).await;
    }
    let exported = std::fs::read_to_string(program.path("work.csv")).unwrap();
    let told = format!("{}\n$ cat work.csv\n{exported}", transcript(&endings));
    insta::assert_snapshot!("work_list", told);
}

#[tokio::test]
async fn what_a_work_list_does_not_know_is_told() {
    let office = Office::ready(1).await;
    let program = &office.program;
    program.run("plan").await.expect(2);
    let missing = listed(&office, "missing").await;
    let key = |place: usize| missing[place]["product_key"].as_str().unwrap();
    program.write("letter.csv", "Dear all,\n");
    let table = format!(
        "product_key;sku;link_to\n{};;1\n{};;never\n;NO-SUCH;1\n{};;\n",
        key(0),
        key(1),
        key(2)
    );
    program.write("work.csv", &table);
    let endings = [
        program.run("products link NO-SUCH 1").await.expect_one_error(78),
        program.run(&format!("products link {} 987654", key(0))).await.expect_one_error(78),
        program.run("products show \u{1b}[2J").await.expect_one_error(78),
        program.run("products list --shop nobody").await.expect_one_error(78),
        program.run("products list --status lost").await.expect(78),
        program.run("products import nothing.csv").await.expect_one_error(78),
        program.run("products import letter.csv").await.expect_one_error(78),
        program.run("products import work.csv --dry-run").await.expect(3),
        program.run("products import work.csv").await.expect(3),
        program.run("--json products import work.csv").await.expect(3),
    ];
    assert!(endings.iter().all(|ending| !ending.said.contains('\u{1b}')));
    insta::assert_snapshot!("work_list_refusals", transcript(&endings));
    // good rows alone: changes, then nothing
    let table = format!("product_key,link_to\n{},1\n", key(1));
    program.write("good.csv", &table);
    program.run("products import good.csv --dry-run").await.expect(2);
    program.run("products import good.csv").await.expect(0);
    program.run("products import good.csv --dry-run").await.expect(0);
}
