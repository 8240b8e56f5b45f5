//! The test server by itself: it takes what Discord takes, and nothing else.
