"""The part of Taipan that runs inside Python."""
