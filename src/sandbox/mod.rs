//! The simulated Etsy and the simulated Odoo.

pub mod odoo;
