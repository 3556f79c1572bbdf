//! Ids as Etsy gives them: ever larger, with gaps, and wider than 32 bits.

/// The last id of each sort.
#[derive(Debug, Clone)]
pub(super) struct Ids {
    user: i64,
    shop: i64,
    profile: i64,
    listing: i64,
    product: i64,
    offering: i64,
    receipt: i64,
    transaction: i64,
    shipping: i64,
}

impl Ids {
    pub(super) fn new() -> Self {
        Self {
            user: 5_812_345_000,
            shop: 61_234_000,
            profile: 214_455_667_000,
            listing: 4_712_345_000,
            product: 21_876_543_000,
            offering: 23_456_789_000,
            receipt: 4_512_345_000,
            transaction: 5_512_345_000,
            shipping: 1_312_345_678_000,
        }
    }

    pub(super) fn user(&mut self) -> i64 {
        next(&mut self.user, 400)
    }

    pub(super) fn shop(&mut self) -> i64 {
        next(&mut self.shop, 9_000)
    }

    pub(super) fn profile(&mut self) -> i64 {
        next(&mut self.profile, 900)
    }

    pub(super) fn listing(&mut self) -> i64 {
        next(&mut self.listing, 700)
    }

    pub(super) fn product(&mut self) -> i64 {
        next(&mut self.product, 300)
    }

    pub(super) fn offering(&mut self) -> i64 {
        next(&mut self.offering, 300)
    }

    pub(super) fn receipt(&mut self) -> i64 {
        next(&mut self.receipt, 90)
    }

    pub(super) fn transaction(&mut self) -> i64 {
        next(&mut self.transaction, 40)
    }

    pub(super) fn shipping(&mut self) -> i64 {
        next(&mut self.shipping, 500)
    }
}

/// The gaps look irregular and cost no throw of the dice.
fn next(last: &mut i64, widest_gap: i64) -> i64 {
    *last += 1 + last.wrapping_mul(7_919).rem_euclid(widest_gap);
    *last
}
