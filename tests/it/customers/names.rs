//! Names as people write them.

use etsy_odoo::domain::Clock as _;

use super::{due, shipping};
use crate::support::House;

#[tokio::test(flavor = "multi_thread")]
async fn a_name_stays_as_it_was_written_if_it_can_be_read() {
    let long = "Maria ".repeat(60);
    let cut: String = long.chars().take(199).chain(['…']).collect();
    let names = [
        ("Dana Whitlock", Some("Dana Whitlock")),
        ("ann van der BERG", Some("ann van der BERG")),
        ("佐藤 花子", Some("佐藤 花子")),
        ("فاطمة المنصوري", Some("فاطمة المنصوري")),
        ("Zoë 🌸", Some("Zoë 🌸")),
        ("Müller & Söhne GmbH", Some("Müller & Söhne GmbH")),
        ("Robert'); drop table res_partner;--", Some("Robert'); drop table res_partner;--")),
        ("=HYPERLINK(\"x\")", Some("=HYPERLINK(\"x\")")),
        ("Ann\nBuyer", Some("Ann Buyer")),
        (long.as_str(), Some(cut.as_str())),
        ("", None),
        ("   ", None),
        ("🌸🌸", None),
    ];
    let house = House::new(40, 14, 1, 31).await;
    let receipts = due(&house).await;
    for (receipt, (name, _)) in receipts.iter().zip(&names) {
        house.pair.world.lock().await.rename(*receipt, name, house.clock.now());
    }
    house.clock.advance(chrono::TimeDelta::minutes(2));
    house.run().await;
    let (checked, mut withheld) = (receipts.iter().zip(&names), 0);
    for (receipt, (name, expected)) in checked {
        let buyer = {
            let world = house.pair.world.lock().await;
            let known = world.receipts().iter().find(|known| known.receipt_id == *receipt);
            let known = known.unwrap();
            // the buyer's own partner has the name of the first receipt
            withheld += usize::from(known.address.is_none());
            known.address.is_some().then_some(known.buyer_user_id)
        };
        let Some(buyer) = buyer else { continue };
        let made_up = format!("Etsy buyer {buyer}");
        let row = shipping(&house, *receipt).await;
        assert_eq!(row.get::<_, String>("name"), expected.unwrap_or(&made_up), "{name}");
    }
    assert!(withheld < 4, "{withheld} addresses are withheld");
}
