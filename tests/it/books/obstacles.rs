//! What stands in the way of an entry is said, its neighbours go through, and once it is gone the entry is made.

use chrono::TimeDelta;
use etsy_odoo::domain::{Clock as _, RunId};
use etsy_odoo::sandbox::world::LedgerOddity;
use etsy_odoo::shop::PolicyKey;

use super::{ACCOUNTS, entries, house, plan, set, those, want_drafts};
use crate::support::{Accounting, House};

/// Acts and holds of a plan, and what is said of the first that is held.
async fn stands(house: &House, run: RunId) -> (usize, usize, String) {
    let held = those(house, run, "hold").await;
    let reason = held.first().map(|(_, reason)| reason.clone()).unwrap_or_default();
    (those(house, run, "act").await.len(), held.len(), reason)
}

async fn planned(house: &House) -> (usize, usize, String) {
    house.clock.advance(TimeDelta::minutes(5));
    let run = plan(house).await;
    stands(house, run.id).await
}

#[tokio::test]
async fn what_odoo_lacks_is_named_and_when_it_is_there_nothing_waits() {
    let house = house(40, 1, 81).await;
    want_drafts(&house).await;
    let odoo = Accounting::of(&house).await.odoo;
    let (due, held, _) = planned(&house).await;
    assert!(due > 5 && held == 0, "{due} due, {held} held");
    let obstacles = [
        (
            "update account_account set deprecated = true where code_store ->> '1' = '620000'",
            "update account_account set deprecated = false where code_store ->> '1' = '620000'",
            "Odoo has no account 620000 in the shop's company, or it is deprecated",
            // an entry without fees needs no account for them
            false,
        ),
        (
            "update account_account set currency_id = (
                 select id from res_currency where name = 'CHF') where code_store ->> '1' = '101701'",
            "update account_account set currency_id = null where code_store ->> '1' = '101701'",
            "or of another currency",
            // the rest of a month has no payout
            false,
        ),
        (
            "update account_journal set type = 'sale' where code = 'MISC'",
            "update account_journal set type = 'general' where code = 'MISC'",
            "Odoo has no journal of type Miscellaneous with the short code MISC",
            true,
        ),
        (
            "update res_company set fiscalyear_lock_date = '2099-12-31'",
            "update res_company set fiscalyear_lock_date = null",
            "Odoo's books are locked up to 2099-12-31",
            true,
        ),
        (
            "insert into res_company (id, name, partner_id, currency_id, active, parent_path)
             select 9, 'Other', partner_id, currency_id, true, '9/' from res_company where id = 1",
            "delete from res_company where id = 9",
            "Odoo has several companies",
            true,
        ),
    ];
    for (broken, mended, words, is_for_all) in obstacles {
        odoo.batch_execute(broken).await.unwrap();
        let (acts, held, reason) = planned(&house).await;
        assert_eq!((acts + held, acts == 0), (due, is_for_all), "{words}");
        assert!(held > 0 && reason.contains(words), "{reason}");
        odoo.batch_execute(mended).await.unwrap();
        assert_eq!(planned(&house).await, (due, 0, String::new()), "{words}");
    }
    set(&house, &[(PolicyKey::CompanyId, "1")]).await;
    assert_eq!(planned(&house).await.0, due, "the company is named");
}

#[tokio::test]
async fn a_currency_that_odoo_cannot_convert_waits_and_the_others_do_not() {
    let house = house(90, 3, 83).await;
    want_drafts(&house).await;
    let odoo = Accounting::of(&house).await.odoo;
    let (due, held, _) = planned(&house).await;
    assert_eq!(held, 0);
    odoo.batch_execute(
        "create table kept_rate as select * from res_currency_rate; delete from res_currency_rate",
    )
    .await
    .unwrap();
    let (acts, held, reason) = planned(&house).await;
    assert!(acts > 0 && held > 0 && acts + held == due, "{acts} + {held} of {due}");
    assert!(reason.starts_with("Odoo has no rate for "), "{reason}");
    odoo.batch_execute("insert into res_currency_rate select * from kept_rate").await.unwrap();
    assert_eq!(planned(&house).await.0, due);
}

#[tokio::test]
async fn what_is_unknown_waits_unless_an_account_is_named_for_it() {
    let house = house(40, 1, 85).await;
    let without = ACCOUNTS.replace("suspense:101402,", "");
    want_drafts(&house).await;
    set(&house, &[(PolicyKey::Accounts, &without)]).await;
    {
        let mut world = house.pair.world.lock().await;
        let shop = world.shops()[0].shop_id;
        world.plant(shop, LedgerOddity::UnheardType, house.clock.now()).unwrap();
    }
    // the month in which it happened has to be over
    house.clock.advance(TimeDelta::days(40));
    let (acts, held, reason) = planned(&house).await;
    assert!(acts > 5, "its neighbours go through");
    assert_eq!(held, 1, "{reason}");
    assert!(reason.contains("no account is named for suspense"), "{reason}");
    set(&house, &[(PolicyKey::Accounts, ACCOUNTS)]).await;
    assert_eq!(planned(&house).await, (acts + 1, 0, String::new()));
}

#[tokio::test]
async fn a_balance_that_does_not_follow_and_a_gap_hold_their_own_entry_only() {
    let house = house(40, 1, 87).await;
    want_drafts(&house).await;
    let (due, _, _) = planned(&house).await;
    {
        let mut world = house.pair.world.lock().await;
        let shop = world.shops()[0].shop_id;
        world.plant(shop, LedgerOddity::BrokenChain, house.clock.now()).unwrap();
    }
    house.clock.advance(TimeDelta::days(40));
    let (acts, held, reason) = planned(&house).await;
    assert!(acts >= due, "{acts} of {due}");
    assert_eq!(held, 1, "{reason}");
    assert!(reason.contains("do not follow from its amounts"), "{reason}");
    let accounting = Accounting::of(&house).await;
    let run = plan(&house).await;
    let middle = entries(&house, run.id).await.entries[acts / 2].clone();
    accounting
        .ours
        .execute(
            "insert into snapshot.ledger_gap (shop_id, gap_from, gap_until)
             select entry.shop_id, entry.first_at, entry.first_at + interval '1 second'
             from staging.book_entry as entry where entry.run_id = $1 and 'etsy.' || entry.entry_key = $2",
            &[&run.id.0, &middle.external_id],
        )
        .await
        .unwrap();
    let with_gap = entries(&house, run.id).await.entries;
    let stopped: Vec<&str> = with_gap
        .iter()
        .filter(|entry| entry.obstacle.is_some_and(|obstacle| obstacle.as_str() == "gap"))
        .map(|entry| entry.external_id.as_str())
        .collect();
    assert_eq!(stopped, [middle.external_id.as_str()]);
}

#[tokio::test]
async fn only_what_is_over_is_made_and_only_from_the_first_day_on() {
    let house = house(60, 1, 89).await;
    want_drafts(&house).await;
    let run = plan(&house).await;
    let all = entries(&house, run.id).await.entries;
    let (due, open): (Vec<_>, Vec<_>) =
        all.iter().partition(|entry| entry.standing.as_str() == "due");
    assert!(open.len() <= 1, "one month is not over");
    for entry in &open {
        assert!(entry.dated_on >= house.clock.now().date_naive(), "{entry:?}");
        assert!(entry.settlement_id.is_none());
    }
    let start = due[due.len() / 2].dated_on;
    set(&house, &[(PolicyKey::BooksFrom, &start.to_string())]).await;
    let (acts, held, _) = planned(&house).await;
    let expected = due.iter().filter(|entry| entry.dated_on >= start).count();
    assert_eq!((acts, held), (expected, 0));
    // the month ends, and something may still come until the account was read past its end
    house.clock.advance(TimeDelta::days(31));
    let (later, _, _) = planned(&house).await;
    assert!(later >= expected + open.len(), "{later} of {expected}");
}
