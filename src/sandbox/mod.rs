//! The simulated Etsy and the simulated Odoo: stand-ins for trying things by hand, for `demo` and for tests.
//!
//! Both sides tell of one seeded [`world`]; both can be told to misbehave by a script of [`faults`]; a [`pair`] is both
//! at once. The room shares no code with the clients that it stands in for: a stand-in that shares its client's types
//! proves nothing.

pub mod etsy;
pub mod faults;
pub mod odoo;
pub mod pair;
pub mod world;
