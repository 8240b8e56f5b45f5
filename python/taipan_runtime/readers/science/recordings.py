"""`dcm dicom nii vtk stl obj ply pcap pcapng`: what instruments and models give, else the path.

Each is read by the library that people of its field use, which is installed on first use; where it cannot be
had, the path is given, and a line on stderr says so.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from taipan_runtime.readers.source import Source

PACKET_LAYERS = ("l2", "inet", "inet6", "dns")
"""What scapy needs to have imported to take packets apart; all of scapy would open sockets."""


def read_dicom(source: Source, /, **options: Any) -> Any:
    """Give the `pydicom.FileDataset`; `options` are those of `pydicom.dcmread`."""
    pydicom = source.library_or_none("pydicom", "its path")
    return pydicom.dcmread(source.path, **options) if pydicom else source.path


def read_nifti(source: Source, /, **options: Any) -> Any:
    """Give the nibabel image; `options` are those of `nibabel.load`."""
    nibabel = source.library_or_none("nibabel", "its path")
    return nibabel.load(source.path, **options) if nibabel else source.path


def read_vtk(source: Source, /, **options: Any) -> Any:
    """Give the `meshio.Mesh` of a VTK file; `options` are those of `meshio.vtk.read`."""
    # Not by `meshio.read`, which answers what it cannot read by ending the program.
    vtk = source.library_or_none("meshio.vtk", "its path")
    return vtk.read(source.path, **options) if vtk else source.path


def read_mesh(source: Source, /, **options: Any) -> Any:
    """Give the `trimesh.Trimesh` of an stl, obj or ply file (a `Scene` where it holds several parts).

    `options` are those of `trimesh.load`.
    """
    trimesh = source.library_or_none("trimesh", "its path")
    return trimesh.load(source.path, **options) if trimesh else source.path


def read_pcap(source: Source, /, **options: Any) -> Any:
    """Give scapy's `PacketList`; `options` are those of `scapy.utils.rdpcap`."""
    scapy = source.library_or_none("scapy.utils", "its path")
    if scapy is None:
        return source.path
    for layer in PACKET_LAYERS:
        importlib.import_module(f"scapy.layers.{layer}")
    return scapy.rdpcap(source.path, **options)
