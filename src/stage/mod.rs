//! Makes the two sides congruent.
