//! Shops and what they sell.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::dice::Dice;
use super::ids::Ids;
use super::nouns::{
    LISTING_RUNS, Listing, ListingState, OnProperty, Product, Profiles, PropertyValue, Shop,
};
use super::trades::{Choice, MATERIAL, PATTERNS, SIZE, TRADES, Trade};
use crate::domain::{Currency, ShopId};

/// Days of trade that a world starts with.
pub(super) const DAYS_OF_TRADE: i64 = 180;
const DAY: i64 = 86_400;

/// What the listings of a shop are, in turn, so that small shops have some of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Plain,
    OneProperty,
    TwoProperties,
    Digital,
    WithoutSku,
    SharedSku,
    SoldOut,
    Draft,
    Inactive,
    Expired,
    Removed,
    Personalised,
}

const KINDS: &[Kind] = &[
    Kind::Plain,
    Kind::TwoProperties,
    Kind::OneProperty,
    Kind::Digital,
    Kind::WithoutSku,
    Kind::SharedSku,
    Kind::SoldOut,
    Kind::Personalised,
    Kind::Draft,
    Kind::Inactive,
    Kind::Removed,
    Kind::Expired,
    Kind::TwoProperties,
    Kind::Plain,
    Kind::OneProperty,
    Kind::Plain,
];

/// The shops of a new world, in turn of dollars, euros and yen.
pub(super) fn open_shops(number: usize, now: DateTime<Utc>, ids: &mut Ids) -> Vec<Shop> {
    let mut shops = Vec::with_capacity(number);
    for (index, trade) in TRADES.iter().cycle().take(number).enumerate() {
        // The codes above are capital letters, so none is left out.
        if let Ok(currency) = trade.currency.parse() {
            shops.push(open(index, trade, currency, now, ids));
        }
    }
    shops
}

fn open(
    index: usize,
    trade: &Trade,
    currency: Currency,
    now: DateTime<Utc>,
    ids: &mut Ids,
) -> Shop {
    let round = index / TRADES.len();
    let (name, title) =
        trade.shops.iter().cycle().nth(round).copied().unwrap_or(("Shop", "A shop"));
    let again = round / trade.shops.len().max(1);
    let user_id = ids.user();
    let age = TimeDelta::days(DAYS_OF_TRADE + 200);
    Shop {
        shop_id: ShopId(ids.shop()),
        user_id,
        name: if again == 0 { name.to_owned() } else { format!("{name}{}", again + 1) },
        title: title.to_owned(),
        currency,
        decimals: trade.decimals,
        country_iso: trade.country,
        created: now.checked_sub_signed(age).unwrap_or(now),
        access_token: format!("{user_id}.sandbox-access-0").into(),
        refresh_token: format!("{user_id}.sandbox-refresh-0").into(),
        profiles: Profiles {
            shipping: ids.profile(),
            return_policy: ids.profile(),
            readiness_state: ids.profile(),
        },
    }
}

/// Lists goods in all shops, in turn.
pub(super) fn list_goods(
    number: usize,
    shops: &[Shop],
    now: DateTime<Utc>,
    dice: &mut Dice,
    ids: &mut Ids,
) -> Vec<Listing> {
    let mut listings: Vec<Listing> = Vec::with_capacity(number);
    let mut skus: Vec<String> = Vec::new();
    for number in 0..number {
        let shop = number % shops.len().max(1);
        let round = number / shops.len().max(1);
        let kind = KINDS.iter().cycle().nth(round).copied().unwrap_or(Kind::Plain);
        if let Some(owner) = shops.get(shop) {
            let mut maker = Maker { owner, shop, number, kind, now: now.timestamp(), dice, ids };
            let listing = maker.make(&skus);
            if kind == Kind::Plain {
                skus.extend(listing.products.iter().map(|product| product.sku.clone()));
            }
            listings.push(listing);
        }
    }
    listings
}

struct Maker<'a> {
    owner: &'a Shop,
    shop: usize,
    number: usize,
    kind: Kind,
    now: i64,
    dice: &'a mut Dice,
    ids: &'a mut Ids,
}

impl Maker<'_> {
    fn make(&mut self, known_skus: &[String]) -> Listing {
        let is_digital = self.kind == Kind::Digital;
        let (title, sku) = self.name(known_skus);
        let (on_property, products) = self.products(&sku);
        let state = self.state();
        let created = self.now - DAY * (DAYS_OF_TRADE + self.dice.between(5, 150));
        let updated = self.now - self.dice.between(DAY, 100 * DAY);
        let state_changed = if state == ListingState::Active { created } else { updated };
        let renewed = updated - self.dice.between(0, 20 * DAY);
        Listing {
            id: self.ids.listing(),
            shop: self.shop,
            title,
            description: "Small-batch item.".to_owned(),
            state,
            is_digital,
            is_personalizable: self.kind == Kind::Personalised,
            has_entities: self.dice.percent(60),
            on_property,
            products,
            created,
            updated,
            state_changed,
            ending: renewed + LISTING_RUNS,
        }
    }

    fn trade(&self) -> Option<&'static Trade> {
        TRADES.iter().cycle().nth(self.shop)
    }

    fn name(&mut self, known_skus: &[String]) -> (String, String) {
        let Some(trade) = self.trade() else {
            return (String::new(), String::new());
        };
        let number = self.number;
        if self.kind == Kind::Digital {
            // Most downloads carry no SKU.
            let sku = if self.dice.percent(40) { format!("DL-{number:04}") } else { String::new() };
            return (format!("{} {number}", self.dice.word(trade.downloads)), sku);
        }
        let (title, prefix) = self.dice.pick(trade.goods).copied().unwrap_or_default();
        let own_sku = format!("{prefix}-{number:04}");
        let sku = if self.kind == Kind::WithoutSku {
            String::new()
        } else if self.kind == Kind::SharedSku {
            self.dice.pick(known_skus).cloned().unwrap_or(own_sku)
        } else {
            own_sku
        };
        (format!("{title} No. {number}"), sku)
    }

    fn state(&self) -> ListingState {
        match self.kind {
            Kind::SoldOut => ListingState::SoldOut,
            Kind::Draft => ListingState::Draft,
            Kind::Inactive => ListingState::Inactive,
            Kind::Expired => ListingState::Expired,
            Kind::Removed => ListingState::Removed,
            Kind::Plain
            | Kind::OneProperty
            | Kind::TwoProperties
            | Kind::Digital
            | Kind::WithoutSku
            | Kind::SharedSku
            | Kind::Personalised => ListingState::Active,
        }
    }

    /// Every combination of the values of the listing's properties.
    fn combinations(&mut self) -> Vec<Vec<(i64, &'static str, Choice)>> {
        let of = |property: (i64, &'static str, &'static [Choice])| {
            property.2.iter().map(move |choice| (property.0, property.1, *choice))
        };
        let values = 2 + self.dice.below(2);
        if self.kind == Kind::TwoProperties {
            let sizes = |material| of(SIZE).take(2).map(move |size| vec![material, size]);
            of(MATERIAL).take(values).flat_map(sizes).collect()
        } else if self.kind == Kind::OneProperty {
            of(SIZE).take(values).map(|size| vec![size]).collect()
        } else {
            vec![Vec::new()]
        }
    }

    fn products(&mut self, sku: &str) -> (OnProperty, Vec<Product>) {
        let combinations = self.combinations();
        let on_property = self.on_property();
        let base_price = self.price();
        let mut quantities: BTreeMap<Vec<i64>, i64> = BTreeMap::new();
        let mut products = Vec::with_capacity(combinations.len());
        for (index, combination) in combinations.iter().enumerate() {
            let on = |properties: &[i64]| -> Vec<Choice> {
                let varies = combination.iter().filter(|value| properties.contains(&value.0));
                varies.map(|value| value.2).collect()
            };
            let pool = on(&on_property.quantity).iter().map(|choice| choice.0).collect();
            let drawn = self.quantity(index);
            let surcharge: i64 = on(&on_property.price).iter().map(|choice| choice.0 % 10).sum();
            let mut full_sku = vec![sku];
            full_sku.extend(on(&on_property.sku).iter().map(|choice| choice.2));
            products.push(Product {
                id: self.ids.product(),
                earlier_id: self.ids.product(),
                offering_id: self.ids.offering(),
                sku: if sku.is_empty() { String::new() } else { full_sku.join("-") },
                property_values: combination.iter().map(property_value).collect(),
                quantity: *quantities.entry(pool).or_insert(drawn),
                price: base_price + surcharge * self.trade().map_or(1, |trade| trade.prices.2) * 10,
                is_enabled: true,
                readiness_state_id: (self.kind != Kind::Digital)
                    .then_some(self.owner.profiles.readiness_state),
            });
        }
        (on_property, products)
    }

    fn on_property(&mut self) -> OnProperty {
        let (price, quantity, sku) = self.dice.pick(PATTERNS).copied().unwrap_or_default();
        let varies = |property: i64| {
            self.kind == Kind::TwoProperties
                || (self.kind == Kind::OneProperty && property == SIZE.0)
        };
        let narrowed = |properties: &[i64]| -> Vec<i64> {
            properties.iter().copied().filter(|property| varies(*property)).collect()
        };
        OnProperty {
            price: narrowed(price),
            quantity: narrowed(quantity),
            sku: narrowed(sku),
            readiness_state: Vec::new(),
        }
    }

    fn price(&mut self) -> i64 {
        let (low, high, step) = self.trade().map_or((100, 100, 1), |trade| trade.prices);
        // Downloads are cheap.
        let high = if self.kind == Kind::Digital { high / 8 } else { high };
        low + self.dice.between(0, (high - low) / step) * step
    }

    /// The first variant is never empty, some of the others are.
    fn quantity(&mut self, index: usize) -> i64 {
        match (self.kind, index) {
            (Kind::SoldOut, _) => 0,
            (Kind::Digital, _) => 999,
            (_, 0) => self.dice.between(3, 60),
            (_, _) if self.dice.percent(15) => 0,
            (_, _) => self.dice.between(1, 40),
        }
    }
}

fn property_value(
    &(property_id, name, (value_id, value, _)): &(i64, &'static str, Choice),
) -> PropertyValue {
    PropertyValue {
        property_id,
        property_name: name.to_owned(),
        scale_id: None,
        value_ids: vec![value_id],
        values: vec![value.to_owned()],
    }
}
