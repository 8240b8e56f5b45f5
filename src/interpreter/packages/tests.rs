//! Installations from the real index, with small wheels.
