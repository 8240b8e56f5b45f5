"""Maps and tracks: GeoDataFrames where geopandas can be had, else the parsed content."""
