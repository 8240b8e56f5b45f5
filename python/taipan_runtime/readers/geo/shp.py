"""The shapes of a shapefile as GeoJSON geometries. Source: "ESRI Shapefile Technical Description", July 1998.

Heights and measures are left out: X and Y stand at the same place in all variants of a shape.
"""

from __future__ import annotations

import struct
from itertools import pairwise
from typing import Any

HEADER_BYTES = 100
FILE_CODE = 9994
LENGTH_PLACE = 24
"""Where the header says the file's length, in words of two bytes like all lengths here."""
RECORD_HEADER = struct.Struct(">II")
POINT, LINES, POLYGON, POINTS = 1, 3, 5, 8
VARIANTS = 10
"""Shape 11 is shape 1 with heights, shape 21 the same with measures, and so on."""

Position = tuple[float, float]


def read_shapes(content: bytes) -> list[dict[str, Any] | None]:
    """Give one geometry for each record, None for an empty one."""
    if len(content) < HEADER_BYTES or struct.unpack_from(">I", content)[0] != FILE_CODE:
        message = "it does not begin as a shapefile does"
        raise ValueError(message)
    if len(content) < 2 * struct.unpack_from(">I", content, LENGTH_PLACE)[0]:
        message = "it is cut short"
        raise ValueError(message)
    shapes, at = [], HEADER_BYTES
    while at + RECORD_HEADER.size < len(content):
        _number, words = RECORD_HEADER.unpack_from(content, at)
        at += RECORD_HEADER.size
        try:
            shapes.append(_shape(content[at : at + 2 * words]))
        except struct.error as error:
            message = f"shape {len(shapes) + 1} is cut short"
            raise ValueError(message) from error
        at += 2 * words
    return shapes


def _shape(record: bytes) -> dict[str, Any] | None:
    kind = struct.unpack_from("<i", record)[0] % VARIANTS
    if kind == POINT:
        return {"type": "Point", "coordinates": struct.unpack_from("<2d", record, 4)}
    if kind == POINTS:
        count = struct.unpack_from("<i", record, 36)[0]
        return {"type": "MultiPoint", "coordinates": _positions(record, 40, count)}
    if kind not in {LINES, POLYGON}:
        return None
    part_count, point_count = struct.unpack_from("<2i", record, 36)
    starts = [*struct.unpack_from(f"<{part_count}i", record, 44), point_count]
    positions = _positions(record, 44 + 4 * part_count, point_count)
    parts = [positions[first:last] for first, last in pairwise(starts)]
    if kind == LINES:
        return _one_or_many("LineString", parts)
    return _one_or_many("Polygon", _polygons(parts))


def _positions(record: bytes, at: int, count: int) -> list[Position]:
    numbers = struct.unpack_from(f"<{2 * count}d", record, at)
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def _one_or_many(kind: str, parts: list[Any]) -> dict[str, Any]:
    if len(parts) == 1:
        return {"type": kind, "coordinates": parts[0]}
    return {"type": f"Multi{kind}", "coordinates": parts}


def _polygons(rings: list[list[Position]]) -> list[list[list[Position]]]:
    """Put each hole (anticlockwise) to the outer ring (clockwise) that surrounds it."""
    outers = [[ring] for ring in rings if _twice_area(ring) <= 0]
    holes = [ring for ring in rings if _twice_area(ring) > 0]
    if not outers:  # written by a program that does not care which way round
        return [[ring] for ring in rings]
    for hole in holes:
        around = next((polygon for polygon in outers if _inside(hole[0], polygon[0])), outers[-1])
        around.append(hole)
    return outers


def _twice_area(ring: list[Position]) -> float:
    """Give twice the signed area: negative when the ring runs clockwise."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring))


def _inside(position: Position, ring: list[Position]) -> bool:
    """Count the edges that a line to the right of `position` crosses."""
    x, y = position
    inside = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside
