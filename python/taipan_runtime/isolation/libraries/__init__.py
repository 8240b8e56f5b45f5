"""State of libraries by run: one module for each library."""
