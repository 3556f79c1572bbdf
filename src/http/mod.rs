//! Manners of calling, knowing no vendor.
