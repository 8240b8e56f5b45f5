//! Rows for arrays, measurements, pickles and maps.

use super::super::{file_type::FileType, kind::Kind};

const OCTETS: &str = "application/octet-stream";

pub(super) static ROWS: &[FileType] = &[
    FileType::new("npy", Kind::Scientific, OCTETS, &["npy"]),
    FileType::new("npz", Kind::Scientific, "application/zip", &["npz"]),
    // Since version 7.3 a `.mat` is HDF5 inside. (`.m` is MATLAB's code and stands there.)
    FileType::new("matlab", Kind::Scientific, "application/x-matlab-data", &["mat"]),
    FileType::new("hdf5", Kind::Scientific, "application/x-hdf5", &["h5", "hdf", "hdf5"]),
    // Version 4 of netCDF is HDF5 inside.
    FileType::new("netcdf", Kind::Scientific, "application/x-netcdf", &["nc"]),
    FileType::new("fits", Kind::Scientific, "application/fits", &["fits", "fts"]),
    FileType::new("pickle", Kind::Scientific, OCTETS, &["pickle", "pkl"]),
    FileType::new("joblib", Kind::Scientific, OCTETS, &["joblib"]),
    FileType::new("dicom", Kind::Scientific, "application/dicom", &["dcm", "dicom"]),
    FileType::new("nifti", Kind::Scientific, OCTETS, &["nii"]),
    FileType::new("vtk", Kind::Scientific, "application/x-vtk", &["vtk"]),
    FileType::new("mesh", Kind::Scientific, "model/ply", &["stl", "obj", "ply"])
        .other_mimes(&[("stl", "model/stl"), ("obj", "model/obj")]),
    FileType::new("pcap", Kind::Scientific, "application/vnd.tcpdump.pcap", &["pcap", "pcapng"])
        .other_mimes(&[("pcapng", "application/x-pcapng")]),
    FileType::new("geojson", Kind::Geo, "application/geo+json", &["geojson"]),
    FileType::new("shapefile", Kind::Geo, "application/vnd.shp", &["shp"]),
    // The files beside a `.shp`: its index and its attributes. A `.dbf` can also stand alone, as a dBASE table.
    FileType::new("shapefile_part", Kind::Geo, "application/vnd.dbf", &["shx", "dbf"])
        .other_mimes(&[("shx", "application/vnd.shx")]),
    FileType::new("kml", Kind::Geo, "application/vnd.google-earth.kml+xml", &["kml"]),
    FileType::new("kmz", Kind::Geo, "application/vnd.google-earth.kmz", &["kmz"]),
    FileType::new("gpx", Kind::Geo, "application/gpx+xml", &["gpx"]),
    FileType::new("gml", Kind::Geo, "application/gml+xml", &["gml"]),
];
