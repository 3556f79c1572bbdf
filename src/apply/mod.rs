//! Does what a named plan says, within limits.
