//! Products that people link by hand, and those that a person has to decide.

use etsy_odoo::domain::ShopId;
use etsy_odoo::journal::{LinkSource, NewLink, link_products, product_links};
use etsy_odoo::report::{
    self, ProductFilter, ProductList, ProductRow, ProductState, judge, load_products,
    odoo_products, read_worksheet, suggest, write_worksheet,
};
use etsy_odoo::sandbox::world::{Edit, Shelved};

use super::{
    a_listing_of_ours, decide, decisions, edit, expect_nothing_to_do, in_odoo, made_for, products,
    shelves,
};
use etsy_odoo::shop::UnknownProduct;

use crate::support::{House, Program};

/// Makes a product in Odoo, behind everybody's back, and gives its id.
async fn make(house: &House, name: &str, sku: Option<&str>) -> i32 {
    house
        .odoo_database
        .client()
        .await
        .query_one(
            "with template as (
                 insert into product_template (categ_id, uom_id, uom_po_id, type, is_storable, service_tracking, name,
                     list_price, active, tracking, sale_line_warn)
                 values (1, 1, 1, 'consu', true, 'no', jsonb_build_object('en_US', $1::text), 1, true, 'none',
                     'no-message')
                 returning id
             )
             insert into product_product (product_tmpl_id, default_code, active, combination_indices)
             select id, $2, true, '' from template
             returning id",
            &[&name, &sku],
        )
        .await
        .unwrap()
        .get(0)
}

async fn list(house: &House) -> ProductList {
    let shops: Vec<ShopId> = house.shops().await.iter().map(|shop| shop.id).collect();
    let staging = report::last_staging(&house.warehouse).await.unwrap();
    load_products(&house.warehouse, staging, &shops).await.unwrap()
}

async fn row(house: &House, sku: &str) -> ProductRow {
    list(house).await.find(sku).unwrap().clone()
}

async fn link(house: &House, sku: &str, product_id: Option<i32>) {
    let row = row(house, sku).await;
    let label = row.label();
    let link = NewLink { shop: row.shop.id, product_key: row.product_key, label, product_id };
    let said_by = if product_id.is_some() { LinkSource::Link } else { LinkSource::Unlink };
    let now = super::later(house);
    link_products(&house.warehouse, &[link], said_by, now).await.unwrap();
}

/// The products in Odoo that sales of this SKU are booked on, and how many lines of each.
async fn booked_on(house: &House, sku: &str) -> Vec<(i32, i64)> {
    let transactions: Vec<String> = {
        let world = house.pair.world.lock().await;
        let lines = world.receipts().iter().flat_map(|receipt| &receipt.lines);
        lines
            .filter(|line| line.sku.as_deref() == Some(sku))
            .map(|line| line.transaction_id.to_string())
            .collect()
    };
    let rows = house
        .odoo_database
        .client()
        .await
        .query(
            "select product_id, count(*) from sale_order_line where x_etsy_transaction_id = any($1)
             group by product_id order by product_id",
            &[&transactions],
        )
        .await
        .unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

async fn buy(house: &House, many: usize) {
    let now = super::later(house);
    house.pair.world.lock().await.buy(many, now);
}

/// The reason for which a product is held, of the one that is.
async fn held(house: &House) -> String {
    let (run, planned) = house.plan().await;
    let mut held: Vec<_> = decisions(house, run.id)
        .await
        .into_iter()
        .filter(|(_, decision, ..)| decision == "hold")
        .collect();
    assert_eq!(held.len(), 1, "{planned:?} {held:?}");
    held.remove(0).3
}

#[tokio::test]
async fn a_link_counts_from_the_next_run_on_and_can_be_undone() {
    let house = House::new(0, 24, 1, 5).await;
    house.run().await;
    let listing = a_listing_of_ours(&house, true).await;
    let sku = listing.skus[0].as_str();
    let ours = made_for(&house, listing.listing_id).await.id;
    let theirs = make(&house, "By hand", Some("OTHER")).await;
    expect_nothing_to_do(&house).await;
    let count = products(&house).await.len();

    link(&house, sku, Some(theirs)).await;
    let waiting = row(&house, sku).await;
    assert_eq!((waiting.state, waiting.is_waiting), (ProductState::Linked, true));
    assert_eq!(waiting.odoo.unwrap().name.as_deref(), Some("By hand"));
    buy(&house, 60).await;
    let (_, planned) = house.run().await;
    assert_eq!(planned.holds, 0);
    let linked = row(&house, sku).await;
    assert_eq!((linked.state, linked.is_waiting), (ProductState::Linked, false));
    let on_theirs = booked_on(&house, sku).await;
    assert!(matches!(on_theirs.as_slice(), [(id, _)] if *id == theirs), "{on_theirs:?}");
    expect_nothing_to_do(&house).await;

    link(&house, sku, None).await;
    assert_eq!(row(&house, sku).await.state, ProductState::Unlinked);
    buy(&house, 60).await;
    house.run().await;
    let found = row(&house, sku).await;
    assert_eq!((found.state, found.odoo.unwrap().id), (ProductState::Matched, ours));
    // orders of before stay on the product that they were booked on
    let on_both = booked_on(&house, sku).await;
    assert_eq!(on_both.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [ours, theirs]);
    assert_eq!(on_both[1], on_theirs[0]);
    assert_eq!(products(&house).await.len(), count);
    let said = product_links(&house.warehouse, &found.product_key).await.unwrap();
    let said: Vec<_> = said.iter().map(|link| (link.product_id, link.said_by)).collect();
    assert_eq!(said, [(None, LinkSource::Unlink), (Some(theirs), LinkSource::Link)]);
    expect_nothing_to_do(&house).await;
}

#[tokio::test]
async fn a_link_to_a_product_that_is_archived_or_gone_holds_and_finds_no_other() {
    let house = House::new(0, 24, 1, 5).await;
    house.run().await;
    let listing = a_listing_of_ours(&house, true).await;
    let sku = listing.skus[0].as_str();
    let theirs = make(&house, "By hand", None).await;
    house.plan().await;
    link(&house, sku, Some(theirs)).await;
    in_odoo(&house, &format!("update product_product set active = false where id = {theirs}"))
        .await;
    let key = row(&house, sku).await.product_key;
    assert_eq!(
        held(&house).await,
        format!(
            "the product for SKU {sku} is archived in Odoo; unarchive it, or link another one (`etsy-odoo products link {key} ID`)"
        )
    );
    assert_eq!(row(&house, sku).await.state, ProductState::Archived);

    in_odoo(&house, &format!("delete from product_product where id = {theirs}")).await;
    assert_eq!(
        held(&house).await,
        format!(
            "SKU {sku} is linked by hand to product {theirs}, which is not in Odoo any more; link another one \
             (`etsy-odoo products link {key} ID`), or none (`etsy-odoo products unlink {key}`)"
        )
    );
    let gone = row(&house, sku).await;
    assert_eq!((gone.state, gone.odoo.unwrap().id), (ProductState::Gone, theirs));
    // its orders wait for a person too, and are booked on no other product
    buy(&house, 60).await;
    house.run().await;
    assert_eq!(booked_on(&house, sku).await, []);
    link(&house, sku, None).await;
    let (_, planned) = house.run().await;
    assert_eq!(planned.holds, 0);
    let ours = made_for(&house, listing.listing_id).await.id;
    assert!(matches!(booked_on(&house, sku).await.as_slice(), [(id, _)] if *id == ours));
    expect_nothing_to_do(&house).await;
}

/// A SKU that one listing alone has and that Odoo does not know.
async fn a_sku_of_its_own(house: &House) -> Shelved {
    let shelves = shelves(house).await;
    let there = products(house).await;
    let uses = |sku: &str| shelves.iter().flat_map(|one| &one.skus).filter(|it| *it == sku).count();
    let is_unknown = |sku: &str| there.values().all(|product| product.sku.as_deref() != Some(sku));
    let fits = |one: &&Shelved| matches!(one.skus.as_slice(), [sku] if !sku.is_empty() && uses(sku) == 1 && is_unknown(sku));
    shelves.iter().find(fits).cloned().unwrap()
}

#[tokio::test]
async fn what_is_ambiguous_or_missing_is_on_the_work_list_with_suggestions() {
    let house = House::new(0, 24, 1, 5).await;
    decide(&house, |policy| policy.unknown_product = UnknownProduct::Hold).await;
    let listing = a_sku_of_its_own(&house).await;
    let sku = listing.skus[0].as_str();
    house.plan().await;
    let missing = row(&house, sku).await;
    assert_eq!(missing.state, ProductState::Missing);

    // somebody typed it twice, and once more in another way
    let twins = [make(&house, "Twin", Some(sku)).await, make(&house, "Twin", Some(sku)).await];
    let typed = sku.to_lowercase().replace('-', " ");
    let third = make(&house, &listing.title, Some(&typed)).await;
    let (run, _) = house.plan().await;
    let key = row(&house, sku).await.product_key;
    let told = decisions(&house, run.id).await;
    let (_, decision, _, reason) = told.iter().find(|(it, ..)| *it == key).unwrap();
    assert_eq!(decision, "hold");
    assert_eq!(
        *reason,
        format!(
            "2 products in Odoo answer to SKU {sku}; choose one (`etsy-odoo products suggest {key}`, then \
             `etsy-odoo products link {key} ID`), or archive or renumber all but one"
        )
    );
    let known = list(&house).await;
    let ambiguous = known.find(&key).unwrap();
    assert_eq!((ambiguous.state, ambiguous.copies), (ProductState::Ambiguous, 2));
    let open = known.chosen(&[]);
    assert!(open.iter().any(|row| row.product_key == key));
    assert!(open.iter().all(|row| row.state.is_open()));
    let there = odoo_products(&house.warehouse, known.staging, None).await.unwrap();
    let suggested = suggest(&[ambiguous], &there, &known.taken()).remove(0);
    let ids: Vec<i32> = suggested.iter().map(|one| one.product_id).collect();
    assert_eq!(ids, [twins[0], twins[1], third]);

    link(&house, sku, Some(twins[1])).await;
    let (run, _) = house.plan().await;
    assert!(decisions(&house, run.id).await.iter().all(|(it, ..)| *it != key));
    let linked = row(&house, sku).await;
    assert_eq!((linked.state, linked.odoo.unwrap().id), (ProductState::Linked, twins[1]));
    let known = list(&house).await;
    assert!(known.chosen(&[ProductFilter::NoSku]).iter().all(|row| row.sku.is_none()));
    assert_eq!(known.chosen(&[ProductFilter::All]).len(), known.rows.len());
    let counted: i64 = known.counts().values().sum();
    assert_eq!(usize::try_from(counted).unwrap(), known.rows.len());
}

#[tokio::test]
async fn a_product_that_is_linked_twice_is_shared() {
    let house = House::new(0, 32, 2, 5).await;
    house.run().await;
    let listing = a_listing_of_ours(&house, true).await;
    let ours = made_for(&house, listing.listing_id).await.id;
    house.plan().await;
    // another key, of another shop
    let known = list(&house).await;
    let is_free = |row: &&ProductRow| {
        row.shop.id != listing.shop_id && row.sku.is_some() && row.listings == 1 && row.keys == 1
    };
    let other = known.rows.iter().find(is_free).unwrap().sku.clone().unwrap();
    link(&house, &other, Some(ours)).await;
    expect_nothing_to_do(&house).await;
    for sku in [listing.skus[0].as_str(), &other] {
        let row = row(&house, sku).await;
        assert_eq!((row.keys, row.listings), (2, 2), "{row:?}");
        assert!(row.fits(ProductFilter::Shared));
    }
    let key = row(&house, &other).await.product_key;
    let known = list(&house).await;
    let sharers = known.sharers(ours, &key);
    assert_eq!(sharers.len(), 1);
    assert_eq!(sharers[0].sku.as_ref(), Some(&listing.skus[0]));
}

/// A key that is linked elsewhere does not use the product that it would be by the rules, and a link takes a product from
/// nobody: the listing that a product was made for keeps it when its SKU is a new one.
#[tokio::test]
async fn a_link_takes_a_product_from_nobody() {
    let house = House::new(0, 24, 1, 5).await;
    house.run().await;
    let listing = a_listing_of_ours(&house, true).await;
    let sku = listing.skus[0].clone();
    let ours = made_for(&house, listing.listing_id).await;
    let theirs = make(&house, "By hand", None).await;
    let other = a_listing_apart(&house, &listing).await;
    edit(&house, other.listing_id, [Edit::Sku(0, sku.clone())]).await;
    house.run().await;
    link(&house, &sku, Some(theirs)).await;
    edit(&house, listing.listing_id, [Edit::Sku(0, "NEW-1".to_owned())]).await;
    let count = products(&house).await.len();
    house.run().await;
    assert_eq!(products(&house).await.len(), count, "a second product was made");
    assert_eq!(row(&house, "NEW-1").await.odoo.unwrap().id, ours.id);
    assert_eq!(row(&house, &sku).await.odoo.unwrap().id, theirs);
    // also when the other one is linked to that very product
    link(&house, &sku, Some(ours.id)).await;
    house.run().await;
    assert_eq!(products(&house).await.len(), count);
    let (new, old) = (row(&house, "NEW-1").await, row(&house, &sku).await);
    assert_eq!((new.odoo.unwrap().id, old.odoo.unwrap().id), (ours.id, ours.id));
    assert_eq!((new.keys, old.keys), (2, 2));
}

async fn a_listing_apart(house: &House, from: &Shelved) -> Shelved {
    let shelves = shelves(house).await;
    let fits = |one: &&Shelved| one.listing_id != from.listing_id && one.skus.len() == 1;
    shelves.iter().find(fits).cloned().unwrap()
}

#[tokio::test]
async fn the_ids_that_etsy_gave_before_are_remembered() {
    let house = House::new(0, 24, 1, 5).await;
    house.plan().await;
    let listing = a_sku_of_its_own(&house).await;
    let ids = async || -> Vec<(i64, i64)> {
        let statement = "select etsy_product_id, etsy_offering_id from staging.etsy_offering where listing_id = $1";
        let client = house.ours.client().await;
        let rows = client.query(statement, &[&listing.listing_id]).await.unwrap();
        rows.iter().map(|row| (row.get(0), row.get(1))).collect()
    };
    let earlier = async || -> Vec<(i64, i64)> {
        let statement = "select etsy_product_id, etsy_offering_id from staging.earlier_offering_id
                         where listing_id = $1 order by replaced_in_run";
        let client = house.ours.client().await;
        let rows = client.query(statement, &[&listing.listing_id]).await.unwrap();
        rows.iter().map(|row| (row.get(0), row.get(1))).collect()
    };
    let mut all = Vec::new();
    for price in [5_100, 5_200] {
        all.extend(ids().await);
        edit(&house, listing.listing_id, [Edit::Price(0, price)]).await;
        house.plan().await;
    }
    assert_eq!(all.len(), 2);
    assert_eq!(earlier().await, all);
    assert!(!all.contains(&ids().await[0]));
    // another title is no write of the inventory
    edit(&house, listing.listing_id, [Edit::Title("Another title".to_owned())]).await;
    house.plan().await;
    assert_eq!(earlier().await, all);
    let key = row(&house, &listing.skus[0]).await.product_key;
    let places = report::product_places(&house.warehouse, &key).await.unwrap();
    assert_eq!((places.len(), places[0].earlier_ids), (1, 2));
    assert_eq!(places[0].name, "Another title");
}

/// A person links 500 at once, some of them badly, by the program.
#[tokio::test]
async fn five_hundred_are_linked_at_once() {
    let house = House::new(0, 1_250, 1, 5).await;
    decide(&house, |policy| policy.unknown_product = UnknownProduct::Hold).await;
    house.plan().await;
    let first: i32 = make(&house, "Bulk 0", None).await;
    in_odoo(
        &house,
        "with template as (
             insert into product_template (categ_id, uom_id, uom_po_id, type, is_storable, service_tracking, name,
                 list_price, active, tracking, sale_line_warn)
             select 1, 1, 1, 'consu', true, 'no', jsonb_build_object('en_US', 'Bulk ' || number), 1, true, 'none',
                 'no-message'
             from generate_series(1, 520) as number
             returning id
         )
         insert into product_product (product_tmpl_id, default_code, active, combination_indices)
         select id, null, true, '' from template",
    )
    .await;
    house.plan().await;
    let known = list(&house).await;
    let open = known.chosen(&[]);
    assert!(open.len() >= 500, "{}", open.len());

    let program = Program::new();
    program.write("etsy-odoo.toml", &format!("[database]\nurl = \"{}\"\n", house.ours.url()));
    program.run("products export --out work.csv").await.expect(0);
    let exported = std::fs::read_to_string(program.path("work.csv")).unwrap();
    let mut reader = csv_rows(&exported);
    assert_eq!(reader.len(), open.len() + 1);
    let link_to = reader[0].iter().position(|name| name == "link_to").unwrap();
    for (number, cells) in reader.iter_mut().skip(1).take(500).enumerate() {
        cells[link_to] = (first + i32::try_from(number).unwrap()).to_string();
    }
    reader[7][link_to] = "the blue one".to_owned();
    reader[12][link_to] = "999999".to_owned();
    program.write("work.csv", &csv_text(&reader));
    let tried = program.run("products import work.csv --dry-run").await.expect(3);
    assert!(tried.stdout.starts_with("498 would be linked, 0 would be unlinked, 0 as before, "));
    assert_eq!(list(&house).await, known);
    let imported = program.run("products import work.csv").await.expect(3);
    assert!(imported.stdout.contains("line 8, link_to: `the blue one`"), "{}", imported.stdout);
    assert!(imported.stdout.contains("line 13, link_to: Odoo has no product 999999"));
    let again = program.run("products import work.csv").await.expect(3);
    assert!(again.stdout.starts_with("0 linked, 0 unlinked, 498 as before, "), "{}", again.stdout);

    let (run, _) = house.plan().await;
    let linked = list(&house).await;
    let by_hand = linked.chosen(&[ProductFilter::Linked]);
    assert_eq!(by_hand.len(), 498);
    assert!(by_hand.iter().all(|row| row.state == ProductState::Linked && !row.is_waiting));
    assert_eq!(decisions(&house, run.id).await.len(), open.len() - 498);
    // what is linked is exported as it is, and read again it changes nothing
    let mut bytes = Vec::new();
    write_worksheet(&by_hand, &vec![Vec::new(); by_hand.len()], &mut bytes).unwrap();
    let sheet = read_worksheet(&bytes).unwrap();
    let ids = sheet.product_ids();
    let there = odoo_products(&house.warehouse, linked.staging, Some(&ids)).await.unwrap();
    let judged = judge(&sheet, &linked, &there);
    assert_eq!((judged.links.len(), judged.unchanged, judged.bad.len()), (0, 498, 0));
}

fn csv_rows(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn csv_text(rows: &[Vec<String>]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}
