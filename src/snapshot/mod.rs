//! Takes evidence.
