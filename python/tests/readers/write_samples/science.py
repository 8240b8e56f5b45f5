"""Arrays and recordings.

Written by numpy and pickle (which alone write their formats), mat4py and hdf5storage (read by scipy and
h5py), PyTables (read by h5py), h5netcdf and scipy (read by netCDF4), fitsio (read by astropy), SimpleITK
(read by pydicom and nibabel), meshio (read by trimesh), PyVista (read by meshio) and dpkt (read by scapy).

"""

import pickle
from pathlib import Path

import dpkt
import fitsio
import h5netcdf
import hdf5storage
import joblib
import mat4py
import meshio
import numpy as np
import pandas as pd
import pyvista
import SimpleITK as sitk  # noqa: N813 - its usual name
import tables
from scipy.io import netcdf_file

GRID = np.arange(6, dtype=float).reshape(2, 3)
CORNERS = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], dtype=float)
FACES = np.array([[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]])


def write(folder: Path) -> None:
    np.save(folder / "sample.npy", GRID)
    np.savez_compressed(folder / "sample.npz", grid=GRID, names=np.array(["Zoë"]))
    mat4py.savemat(str(folder / "sample.mat"), {"grid": GRID.tolist(), "word": "hello"})
    variables = {"grid": GRID, "word": "hello", "flag": True, "inner": {"number": 7.0}, "parts": ["a", "bc"]}
    hdf5storage.savemat(str(folder / "matlab73.mat"), variables, format="7.3", oned_as="row")
    write_containers(folder)
    (folder / "sample.pickle").write_bytes(pickle.dumps({"name": "Zoë", "numbers": (1, 2)}))
    joblib.dump({"grid": GRID}, folder / "sample.joblib", compress=3)
    write_images(folder)
    mesh = meshio.Mesh(CORNERS, [("triangle", FACES)])
    for ending in ("stl", "obj", "ply"):
        mesh.write(folder / f"sample.{ending}")
    pyvista.PolyData(CORNERS, np.insert(FACES, 0, 3, axis=1)).cast_to_unstructured_grid().save(
        folder / "sample.vtk"
    )
    write_packets(folder)


def write_containers(folder: Path) -> None:
    with tables.open_file(folder / "sample.h5", "w") as file:
        file.create_array("/measurements", "grid", GRID, createparents=True)
    frame = pd.DataFrame({"count": [1, 2], "score": [1.5, 2.5]})
    frame.to_hdf(folder / "pandas.h5", key="people", format="fixed", mode="w")
    pd.DataFrame({"x": [1.0]}).to_hdf(folder / "pandas.h5", key="places", format="fixed")
    with h5netcdf.File(folder / "sample.nc", "w") as file:
        file.dimensions = {"row": 2, "column": 3}
        file.create_variable("grid", ("row", "column"), data=GRID)
    with netcdf_file(folder / "classic.nc", "w") as file:
        file.createDimension("row", 2)
        file.createVariable("heights", "f8", ("row",))[:] = [1.5, 2.5]
    (folder / "sample.fits").unlink(missing_ok=True)
    fitsio.write(str(folder / "sample.fits"), GRID)


def write_images(folder: Path) -> None:
    image = sitk.GetImageFromArray(np.arange(24, dtype=np.int16).reshape(2, 3, 4))
    sitk.WriteImage(image, folder / "sample.nii")
    sitk.WriteImage(image, folder / "sample.nii.gz")
    sitk.WriteImage(image[:, :, 0], folder / "sample.dcm")


def write_packets(folder: Path) -> None:
    udp = dpkt.udp.UDP(sport=5353, dport=53, data=b"hello")
    udp.ulen = len(udp)
    ip = dpkt.ip.IP(src=bytes([10, 0, 0, 1]), dst=bytes([10, 0, 0, 2]), p=dpkt.ip.IP_PROTO_UDP, data=udp)
    ip.len = len(ip)
    frame = bytes(dpkt.ethernet.Ethernet(src=b"\2\0\0\0\0\1", dst=b"\2\0\0\0\0\2", data=ip))
    for ending, kind in (("pcap", dpkt.pcap.Writer), ("pcapng", dpkt.pcapng.Writer)):
        with (folder / f"sample.{ending}").open("wb") as stream:
            kind(stream).writepkt(frame, ts=1767225600)
