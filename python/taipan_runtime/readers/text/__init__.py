"""Plain text: finding out its encoding, and reading it."""
