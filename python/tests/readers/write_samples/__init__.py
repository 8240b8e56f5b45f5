"""Writers of the sample files, by family; run as `python -m write_samples FOLDER`."""
