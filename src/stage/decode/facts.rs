//! The shop, and what its listings refer to: kept for their names.

use super::Kept;
use crate::etsy::wire::{
    ProductionPartner, ReadinessState, ReturnPolicy, ShippingProfile, ShopFacts,
};
use crate::stage::border::{self, Fault};
use crate::stage::entity::Entity;
use crate::stage::sheet::{Sheet, Table};

const COLUMNS: i16 = 7;

impl<'text> Kept<'text> for ShopFacts<'text> {
    const ID: &'static str = "shop_id";

    fn id(&self) -> i64 {
        self.shop_id
    }

    fn write(&self, sheet: &mut Sheet) -> Result<(), Fault> {
        let name = border::text("shop_name", &self.shop_name)?;
        write_fact(Entity::Shop, self.shop_id, &format!("{name} ({})", self.currency_code), sheet);
        sheet.novelties.fields("shop", &self.unknown_fields);
        Ok(())
    }
}

impl<'text> Kept<'text> for ShippingProfile<'text> {
    const ID: &'static str = "shipping_profile_id";

    fn id(&self) -> i64 {
        self.shipping_profile_id
    }

    fn write(&self, sheet: &mut Sheet) -> Result<(), Fault> {
        let title = border::text("title", &self.title)?;
        write_fact(Entity::ShippingProfile, self.shipping_profile_id, &title, sheet);
        sheet.novelties.fields("shipping_profile", &self.unknown_fields);
        Ok(())
    }
}

impl<'text> Kept<'text> for ProductionPartner<'text> {
    const ID: &'static str = "production_partner_id";

    fn id(&self) -> i64 {
        self.production_partner_id
    }

    fn write(&self, sheet: &mut Sheet) -> Result<(), Fault> {
        let name = border::text("partner_name", &self.partner_name)?;
        write_fact(Entity::ProductionPartner, self.production_partner_id, &name, sheet);
        sheet.novelties.fields("production_partner", &self.unknown_fields);
        Ok(())
    }
}

impl<'text> Kept<'text> for ReadinessState<'text> {
    const ID: &'static str = "readiness_state_id";

    fn id(&self) -> i64 {
        self.readiness_state_id
    }

    fn write(&self, sheet: &mut Sheet) -> Result<(), Fault> {
        let state = border::word("readiness_state", &self.readiness_state)?;
        let days =
            border::text("processing_days_display_label", &self.processing_days_display_label)?;
        let name = format!("{} {days}", state.replace('_', " "));
        write_fact(Entity::ReadinessState, self.readiness_state_id, name.trim(), sheet);
        sheet.novelties.fields("readiness_state", &self.unknown_fields);
        if !["ready_to_ship", "made_to_order"].contains(&state.as_ref()) {
            sheet.novelties.word("readiness_state", "readiness_state", &state);
        }
        Ok(())
    }
}

impl<'text> Kept<'text> for ReturnPolicy<'text> {
    const ID: &'static str = "return_policy_id";

    fn id(&self) -> i64 {
        self.return_policy_id
    }

    fn write(&self, sheet: &mut Sheet) -> Result<(), Fault> {
        let what = match (self.accepts_returns, self.accepts_exchanges) {
            (true, true) => "returns and exchanges",
            (true, false) => "returns",
            (false, true) => "exchanges",
            (false, false) => "no returns, no exchanges",
        };
        let name = match self.return_deadline {
            Some(days) if !(0..=3_650).contains(&days) => {
                return Err(Fault::new("return_deadline", "is no number of days below ten years"));
            }
            Some(days) => format!("{what} within {days} days"),
            None => what.to_owned(),
        };
        write_fact(Entity::ReturnPolicy, self.return_policy_id, &name, sheet);
        sheet.novelties.fields("return_policy", &self.unknown_fields);
        Ok(())
    }
}

fn write_fact(entity: Entity, id: i64, name: &str, sheet: &mut Sheet) {
    let mark = sheet.mark(entity);
    let shop_id = sheet.origin.shop_id;
    let mut row = sheet.begin(Table::Reference, COLUMNS);
    row.int8(shop_id);
    row.text(entity.as_str());
    row.int8(id);
    row.text(name);
    sheet.seal(entity, mark);
    sheet.keep(entity, id, mark, None);
}
