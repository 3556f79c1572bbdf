//! What was meant and what was done.
