//! Says what a run found and did.
