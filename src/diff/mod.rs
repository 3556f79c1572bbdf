//! Compares the two sides, in SQL.
