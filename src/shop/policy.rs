//! What the merchant decided for a shop.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use super::ShopError;
use super::book_policy::BookPolicy;
use super::stock_policy::StockPolicy;
use super::taxes::{self, Taxes};
use super::values::{count, day, days, language, odoo_id, share, word};
use crate::domain::vocabulary;

vocabulary! {
    /// What becomes of the tax that Etsy collects from the buyer and remits itself.
    EtsyTax {
        /// It is not the seller's money: the order leaves it out.
        LeftOut = "left_out",
        /// It stands on a line of its own, so that the order equals what the buyer paid.
        OwnLine = "own_line",
    }
}

vocabulary! {
    /// The state in which an order is left in Odoo.
    OrderState {
        /// Confirmed: stock is reserved.
        Sale = "sale",
        /// A quotation, for a person to confirm.
        Draft = "draft",
    }
}

vocabulary! {
    /// What happens to an order line whose product Odoo does not have.
    UnknownProduct {
        /// It is created, named after the listing.
        Create = "create",
        /// The line is booked on a placeholder product.
        Placeholder = "placeholder",
        /// The order waits for a person.
        Hold = "hold",
    }
}

vocabulary! {
    /// Whose value a field of a product has once the product is there.
    FieldOwner {
        /// Odoo's stays, whatever Etsy says.
        Odoo = "odoo",
        /// Etsy's is kept up to date.
        Etsy = "etsy",
    }
}

vocabulary! {
    /// What happens to an order whose receipt was cancelled on Etsy.
    CancelledReceipt {
        /// It is cancelled, unless something was delivered or invoiced.
        Cancel = "cancel",
        /// A person decides.
        Hold = "hold",
    }
}

vocabulary! {
    /// Whose partners in Odoo the buyers are.
    Partners {
        /// One partner per buyer, without a company, for all shops.
        Shared = "shared",
        /// Every company has its own partner for a buyer.
        Own = "own",
    }
}

vocabulary! {
    /// The keys of `etsy-odoo shop set NAME key=value`.
    PolicyKey {
        /// See [`EtsyTax`].
        EtsyTax = "etsy_tax",
        /// See [`OrderState`].
        OrderState = "order_state",
        /// See [`UnknownProduct`].
        UnknownProduct = "unknown_product",
        /// See [`CancelledReceipt`].
        CancelledReceipt = "cancelled_receipt",
        /// Who owns the name of a product.
        ProductName = "product_name",
        /// Who owns the description of a product.
        ProductDescription = "product_description",
        /// Who owns the SKU of a product.
        ProductSku = "product_sku",
        /// Who owns the sales price of a product.
        ProductPrice = "product_price",
        /// Receipts created before this day are not booked.
        OrdersFrom = "orders_from",
        /// Odoo's company.
        CompanyId = "company_id",
        /// See [`Partners`].
        Partners = "partners",
        /// The language of new partners, as Odoo names it.
        Language = "language",
        /// Odoo's warehouse.
        WarehouseId = "warehouse_id",
        /// Odoo's pricelist; it must be of the shop's currency.
        PricelistId = "pricelist_id",
        /// Odoo's sales team.
        TeamId = "team_id",
        /// Odoo's salesperson.
        SalespersonId = "salesperson_id",
        /// Odoo's payment term.
        PaymentTermId = "payment_term_id",
        /// Odoo's fiscal position.
        FiscalPositionId = "fiscal_position_id",
        /// Odoo's tags, separated by commas.
        TagIds = "tag_ids",
        /// See [`Taxes`].
        Taxes = "taxes",
        /// The tax of `taxes=included`; it must be included in the price.
        TaxId = "tax_id",
        /// The guard: more new orders than this in one plan are refused.
        GuardNewOrders = "guard_new_orders",
        /// The guard: a plan that changes a larger share of the orders there are is refused.
        GuardChangedShare = "guard_changed_share",
        /// How many days back receipts are read again, a page in each run and all of them with `--full`.
        RereadDays = "reread_days",
        /// From which day on the payment account's ledger is read.
        LedgerFrom = "ledger_from",
        /// Whose quantities hold.
        StockMaster = "stock_master",
        /// Which of Odoo's quantities counts.
        StockBasis = "stock_basis",
        /// Odoo's warehouses that ship for the shop, separated by commas.
        StockWarehouseIds = "stock_warehouse_ids",
        /// Units that are kept back of each product.
        StockBuffer = "stock_buffer",
        /// The share of the stock that the shop may offer.
        StockShare = "stock_share",
        /// Fewer than this are not offered at all.
        StockFloor = "stock_floor",
        /// More than this are not shown.
        StockCap = "stock_cap",
        /// When nothing is raised.
        StockFreeze = "stock_freeze",
        /// What happens to an offering that its seller changed on Etsy.
        StockConflict = "stock_conflict",
        /// What happens to a sold out listing when there is stock again.
        SoldOutListing = "sold_out_listing",
        /// The guard: a plan that takes a larger share of the listings to nothing is refused.
        GuardZeroedShare = "guard_zeroed_share",
        /// The guard: a plan that changes the quantities of a larger share of the listings is refused.
        GuardQuantityShare = "guard_quantity_share",
        /// What becomes of the entries for the books.
        Books = "books",
        /// Entries that are dated before this day are not made in Odoo.
        BooksFrom = "books_from",
        /// Odoo's journal for them, by its short code.
        BooksJournal = "books_journal",
        /// Which account is used for what, by their codes.
        Accounts = "accounts",
    }
}

/// The policy of one shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// See [`EtsyTax`].
    pub etsy_tax: EtsyTax,
    /// See [`OrderState`].
    pub order_state: OrderState,
    /// See [`UnknownProduct`].
    pub unknown_product: UnknownProduct,
    /// See [`CancelledReceipt`].
    pub cancelled_receipt: CancelledReceipt,
    /// Who owns the name of a product.
    pub product_name: FieldOwner,
    /// Who owns its description.
    pub product_description: FieldOwner,
    /// Who owns its SKU.
    pub product_sku: FieldOwner,
    /// Who owns its sales price.
    pub product_price: FieldOwner,
    /// Receipts created before this moment are not booked; nothing: from the shop's opening.
    pub orders_from: Option<DateTime<Utc>>,
    /// Odoo's company; nothing: the API user's.
    pub company_id: Option<i32>,
    /// See [`Partners`].
    pub partners: Partners,
    /// The language of new partners, as Odoo names it (`de_DE`); nothing: Odoo's default.
    pub language: Option<String>,
    /// Odoo's warehouse; nothing: the company's first.
    pub warehouse_id: Option<i32>,
    /// Odoo's pricelist; nothing: the first of the receipt's currency.
    pub pricelist_id: Option<i32>,
    /// Odoo's sales team; nothing: Odoo's default.
    pub team_id: Option<i32>,
    /// Odoo's salesperson; nothing: Odoo's default.
    pub salesperson_id: Option<i32>,
    /// Odoo's payment term; nothing: Odoo's default.
    pub payment_term_id: Option<i32>,
    /// Odoo's fiscal position; nothing: Odoo's default.
    pub fiscal_position_id: Option<i32>,
    /// Odoo's tags, in order; none: none are written.
    pub tag_ids: Vec<i32>,
    /// See [`Taxes`].
    pub taxes: Taxes,
    /// The tax of [`Taxes::Included`].
    pub tax_id: Option<i32>,
    /// The guard: the most new orders a plan may hold.
    pub guard_new_orders: i32,
    /// The guard: the largest share of existing orders a plan may change, 0 to 1.
    pub guard_changed_share: Decimal,
    /// How many days back receipts are read again: refunds and cancellations do not show otherwise.
    pub reread_days: i32,
    /// From which moment on the payment account's ledger is read; nothing: from the shop's first run.
    pub ledger_from: Option<DateTime<Utc>>,
    /// How quantities come about.
    pub stock: StockPolicy,
    /// How entries for the books come about.
    pub books: BookPolicy,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            etsy_tax: EtsyTax::LeftOut,
            order_state: OrderState::Sale,
            unknown_product: UnknownProduct::Create,
            cancelled_receipt: CancelledReceipt::Cancel,
            product_name: FieldOwner::Odoo,
            product_description: FieldOwner::Odoo,
            product_sku: FieldOwner::Odoo,
            product_price: FieldOwner::Odoo,
            orders_from: None,
            company_id: None,
            partners: Partners::Shared,
            language: None,
            warehouse_id: None,
            pricelist_id: None,
            team_id: None,
            salesperson_id: None,
            payment_term_id: None,
            fiscal_position_id: None,
            tag_ids: Vec::new(),
            taxes: Taxes::AsPaid,
            tax_id: None,
            guard_new_orders: 5000,
            guard_changed_share: Decimal::new(3, 1),
            reread_days: 60,
            ledger_from: None,
            stock: StockPolicy::default(),
            books: BookPolicy::default(),
        }
    }
}

impl PolicyKey {
    /// Finds a key, or names the nearest one.
    pub fn find(key: &str) -> Result<Self, ShopError> {
        key.parse().map_err(|_unknown| {
            let nearest = Self::ALL
                .iter()
                .map(|known| known.as_str())
                .min_by_key(|known| strsim::damerau_levenshtein(known, key))
                .unwrap_or_default();
            ShopError::Key { key: key.to_owned(), nearest }
        })
    }
}

impl Policy {
    /// Sets one key from the words of the command line. An empty value, where nothing is a value, unsets it.
    pub fn set(&mut self, key: PolicyKey, value: &str) -> Result<(), ShopError> {
        if self.stock.set(key, value)?.is_some() || self.books.set(key, value)?.is_some() {
            return Ok(());
        }
        match key {
            PolicyKey::EtsyTax => self.etsy_tax = word(key, value)?,
            PolicyKey::OrderState => self.order_state = word(key, value)?,
            PolicyKey::UnknownProduct => self.unknown_product = word(key, value)?,
            PolicyKey::CancelledReceipt => self.cancelled_receipt = word(key, value)?,
            PolicyKey::ProductName => self.product_name = word(key, value)?,
            PolicyKey::ProductDescription => self.product_description = word(key, value)?,
            PolicyKey::ProductSku => self.product_sku = word(key, value)?,
            PolicyKey::ProductPrice => self.product_price = word(key, value)?,
            PolicyKey::OrdersFrom => self.orders_from = day(key, value)?,
            PolicyKey::CompanyId => self.company_id = odoo_id(key, value)?,
            PolicyKey::Partners => self.partners = word(key, value)?,
            PolicyKey::Language => self.language = language(key, value)?,
            PolicyKey::WarehouseId => self.warehouse_id = odoo_id(key, value)?,
            PolicyKey::PricelistId => self.pricelist_id = odoo_id(key, value)?,
            PolicyKey::TeamId => self.team_id = odoo_id(key, value)?,
            PolicyKey::SalespersonId => self.salesperson_id = odoo_id(key, value)?,
            PolicyKey::PaymentTermId => self.payment_term_id = odoo_id(key, value)?,
            PolicyKey::FiscalPositionId => self.fiscal_position_id = odoo_id(key, value)?,
            PolicyKey::TagIds => self.tag_ids = taxes::tags(key, value)?,
            PolicyKey::Taxes => self.taxes = word(key, value)?,
            PolicyKey::TaxId => self.tax_id = odoo_id(key, value)?,
            PolicyKey::GuardNewOrders => self.guard_new_orders = count(key, value)?,
            PolicyKey::GuardChangedShare => self.guard_changed_share = share(key, value)?,
            PolicyKey::RereadDays => self.reread_days = days(key, value)?,
            PolicyKey::LedgerFrom => self.ledger_from = day(key, value)?,
            PolicyKey::StockMaster
            | PolicyKey::StockBasis
            | PolicyKey::StockWarehouseIds
            | PolicyKey::StockBuffer
            | PolicyKey::StockShare
            | PolicyKey::StockFloor
            | PolicyKey::StockCap
            | PolicyKey::StockFreeze
            | PolicyKey::StockConflict
            | PolicyKey::SoldOutListing
            | PolicyKey::GuardZeroedShare
            | PolicyKey::GuardQuantityShare
            | PolicyKey::Books
            | PolicyKey::BooksFrom
            | PolicyKey::BooksJournal
            | PolicyKey::Accounts => {}
        }
        Ok(())
    }

    /// Refuses keys that do not go together.
    pub fn check(&self) -> Result<(), ShopError> {
        if self.taxes == Taxes::Included && self.tax_id.is_none() {
            return Err(ShopError::TaxNotNamed);
        }
        self.books.check()
    }

    /// The tax that is put on a line that sells `product_key`: not on the tax that Etsy collects, which is nobody's price.
    pub fn tax_on(&self, product_key: &str) -> Option<i32> {
        self.tax_id
            .filter(|_named| self.taxes == Taxes::Included && product_key != "service_etsy_tax")
    }

    /// The keys and their values, in words; an unset one is empty.
    pub fn words(&self) -> Vec<(PolicyKey, String)> {
        let id = |id: Option<i32>| id.map(|id| id.to_string()).unwrap_or_default();
        let day = |moment: Option<DateTime<Utc>>| {
            moment.map(|moment| moment.format("%Y-%m-%d").to_string()).unwrap_or_default()
        };
        PolicyKey::ALL
            .iter()
            .map(|key| {
                let value = match key {
                    PolicyKey::EtsyTax => self.etsy_tax.to_string(),
                    PolicyKey::OrderState => self.order_state.to_string(),
                    PolicyKey::UnknownProduct => self.unknown_product.to_string(),
                    PolicyKey::CancelledReceipt => self.cancelled_receipt.to_string(),
                    PolicyKey::ProductName => self.product_name.to_string(),
                    PolicyKey::ProductDescription => self.product_description.to_string(),
                    PolicyKey::ProductSku => self.product_sku.to_string(),
                    PolicyKey::ProductPrice => self.product_price.to_string(),
                    PolicyKey::OrdersFrom => day(self.orders_from),
                    PolicyKey::CompanyId => id(self.company_id),
                    PolicyKey::Partners => self.partners.to_string(),
                    PolicyKey::Language => self.language.clone().unwrap_or_default(),
                    PolicyKey::WarehouseId => id(self.warehouse_id),
                    PolicyKey::PricelistId => id(self.pricelist_id),
                    PolicyKey::TeamId => id(self.team_id),
                    PolicyKey::SalespersonId => id(self.salesperson_id),
                    PolicyKey::PaymentTermId => id(self.payment_term_id),
                    PolicyKey::FiscalPositionId => id(self.fiscal_position_id),
                    PolicyKey::TagIds => taxes::tag_words(&self.tag_ids),
                    PolicyKey::Taxes => self.taxes.to_string(),
                    PolicyKey::TaxId => id(self.tax_id),
                    PolicyKey::GuardNewOrders => self.guard_new_orders.to_string(),
                    PolicyKey::GuardChangedShare => {
                        self.guard_changed_share.normalize().to_string()
                    }
                    PolicyKey::RereadDays => self.reread_days.to_string(),
                    PolicyKey::LedgerFrom => day(self.ledger_from),
                    PolicyKey::StockMaster
                    | PolicyKey::StockBasis
                    | PolicyKey::StockWarehouseIds
                    | PolicyKey::StockBuffer
                    | PolicyKey::StockShare
                    | PolicyKey::StockFloor
                    | PolicyKey::StockCap
                    | PolicyKey::StockFreeze
                    | PolicyKey::StockConflict
                    | PolicyKey::SoldOutListing
                    | PolicyKey::GuardZeroedShare
                    | PolicyKey::GuardQuantityShare => self.stock.words(*key).unwrap_or_default(),
                    PolicyKey::Books
                    | PolicyKey::BooksFrom
                    | PolicyKey::BooksJournal
                    | PolicyKey::Accounts => self.books.words(*key).unwrap_or_default(),
                };
                (*key, value)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests;
