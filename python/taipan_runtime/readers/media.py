"""Pictures, sound, and the files of which only the path is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from .source import Source

GEO_TAGS = {33550, 33922, 34264, 34735}
"""TIFF tags of GeoTIFF 1.1: pixel scale, tie points, transformation, geo key directory."""
HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
"""Brands after `ftyp` at byte 8 of files that Pillow needs pillow-heif for."""


def give_path(source: Source, /) -> str:
    """Give the path, for types that have no form of their own in Python."""
    return source.path


def read_wav(source: Source, /, **options: Any) -> tuple[int, np.ndarray]:
    """Give `(rate, samples)`: samples a second, and an array. `options` are those of `wavfile.read`."""
    from scipy.io import wavfile

    return wavfile.read(source.path, **options)


def read_image(source: Source, /, **options: Any) -> Any:
    """Give the `PIL.Image.Image`, decoded; a TIFF with geo tags as the open rasterio dataset.

    `options` are those of `PIL.Image.open`, or of `rasterio.open`.
    """
    from PIL import Image

    start = source.start(64)
    if start[4:8] == b"ftyp" and start[8:12] in HEIF_BRANDS and b"avif" not in start:
        source.library("pillow_heif", "pillow-heif").register_heif_opener()
    image = Image.open(source.path, **({} if "driver" in options else options))
    if GEO_TAGS & set(getattr(image, "tag_v2", ())) and (
        rasterio := source.library_or_none("rasterio", "the picture without its place")
    ):
        image.close()
        return rasterio.open(source.path, **options)
    image.load()
    return image
