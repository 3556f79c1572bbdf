//! What is done about a listing that was seen again.
