//! What code prints arrives as it came, whole, live, and within limits.

mod encoding;
mod limits;
mod live;
mod order;
