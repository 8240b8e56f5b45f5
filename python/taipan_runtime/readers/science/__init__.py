"""Arrays, measurements, recordings and models."""
