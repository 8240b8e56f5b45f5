"""Tables, all given as pandas DataFrames."""
