//! Etsy as it is: wire types, OAuth, reader and writer.
