"""Pictures, sound and film.

Pictures by OpenCV, ffmpeg, tifffile, psd-tools and pillow-heif (all read by Pillow, heic by pillow-heif),
wav by the standard library (read by scipy), the rest by ffmpeg.
"""

import subprocess
import wave
from pathlib import Path

import cv2
import imageio_ffmpeg
import numpy as np
import pillow_heif
import psd_tools
import tifffile
from PIL import Image

PIXELS = np.zeros((12, 16, 3), dtype=np.uint8)
PIXELS[:, 8:] = (30, 20, 250)
SOUND = ("mp3", "flac", "ogg", "opus", "aac", "m4a", "wma", "aiff")
FILM = ("mp4", "avi", "mkv", "mov", "wmv", "flv", "webm", "m4v", "mpg")


def write(folder: Path) -> None:
    for ending in ("png", "jpg", "bmp", "tif", "webp", "avif"):
        if not cv2.imwrite(str(folder / f"sample.{ending}"), PIXELS):
            raise OSError(ending)
    for ending in ("gif", "ico"):
        run_ffmpeg(
            "-f", "lavfi", "-i", "color=red:s=16x12:d=0.1:r=10", "-frames:v", "1", folder / f"sample.{ending}"
        )
    picture = Image.fromarray(PIXELS[:, :, ::-1])
    psd_tools.PSDImage.frompil(picture).save(folder / "sample.psd")
    pillow_heif.from_pillow(Image.new("RGB", (64, 48), (250, 20, 30))).save(
        folder / "sample.heic", quality=50
    )
    write_geotiff(folder / "geotiff.tif")
    with wave.open(str(folder / "sample.wav"), "wb") as sound:
        sound.setnchannels(2)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(np.arange(200, dtype="<i2").tobytes())
    for ending in SOUND:
        run_ffmpeg(
            "-f", "lavfi", "-i", "sine=duration=0.2", "-b:a", "32k", "-ac", "1", folder / f"sample.{ending}"
        )
    for ending in FILM:
        source = "testsrc=size=64x48:rate=25:duration=0.2"
        run_ffmpeg("-f", "lavfi", "-i", source, "-pix_fmt", "yuv420p", folder / f"sample.{ending}")


def run_ffmpeg(*arguments: object) -> None:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", *map(str, arguments[:-1]), "-bitexact"]
    subprocess.run([*command, str(arguments[-1])], check=True)


def write_geotiff(place: Path) -> None:
    """Write heights around Zürich in WGS 84 (geo key 2048 = 4326)."""
    keys = (1, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, 4326)
    tags = [
        (33550, "d", 3, (0.1, 0.1, 0.0), True),
        (33922, "d", 6, (0.0, 0.0, 0.0, 8.0, 48.0, 0.0), True),
        (34735, "H", len(keys), keys, True),
    ]
    tifffile.imwrite(place, np.arange(12, dtype=np.uint16).reshape(3, 4), extratags=tags)
