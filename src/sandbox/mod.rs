//! The simulated Etsy and the simulated Odoo.
