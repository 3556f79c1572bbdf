//! Shops, their policies, their tokens at rest.
