//! Odoo's RPC as it is: wire types, faults, the writer.
