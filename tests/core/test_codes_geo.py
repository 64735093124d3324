"""The map: every country has a place, and it is the right one."""

import math
import re
from pathlib import Path

import pytest
from django.conf import settings

from core.codes import COUNTRIES
from core.codes_geo import MAP_HEIGHT, MAP_WIDTH, POINTS, place_markers, position, project

LAND = Path(settings.BASE_DIR) / "static" / "img" / "land.svg"


def rings():
    """Return the rings of the land file as lists of points."""
    path = re.search(r' d="([^"]+)"', LAND.read_text()).group(1)
    for part in path.removesuffix("z").split("z"):
        start, rest = part[1:].split("l")
        x, y = map(int, start.split())
        points = [(x, y)]
        numbers = [int(number) for number in re.findall(r"-?\d+", rest)]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            points.append((x, y))
        yield points


def is_on_land(point):
    """Say whether `point` is in one of the rings, or within 6 units of their corners."""
    x, y = point
    inside = False
    for ring in rings():
        for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
            if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                inside = not inside
            if math.dist(point, (x1, y1)) < 6:
                return True
    return inside


def test_every_country_has_a_point_on_the_map():
    assert set(POINTS) == set(COUNTRIES)
    for country in set(COUNTRIES) - {"AQ"}:
        x, y = position(country)
        assert 0 < x < MAP_WIDTH
        assert 0 < y < MAP_HEIGHT


def test_the_projection_is_equal_earth():
    assert project(0, 0) == pytest.approx((500, 243.36), abs=0.01)
    assert project(0, 180)[0] == pytest.approx(1000)
    assert project(90, 0)[1] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    "country",
    ["AO", "AR", "AU", "BR", "CN", "CO", "CU", "DE", "EG", "ET", "ID", "IN", "JP", "KE", "MX",
     "MY", "MZ", "NG", "NZ", "PE", "RU", "SA", "SG", "TH", "TR", "US", "VN", "ZA"],
)  # fmt: skip
def test_countries_lie_on_the_land_that_is_drawn(country):
    assert is_on_land(position(country))


def test_the_open_sea_is_not_land():
    assert not is_on_land(project(-30, -120))


def test_markers_keep_their_order_and_lie_apart():
    markers = place_markers(
        [("BR", "ABC", "/a/", 1), ("XX", "Nowhere", "/x/", 1), ("BR", "EMBRAPA", "/b/", 2)]
    )

    assert [(marker.label, marker.url, marker.count) for marker in markers] == [
        ("ABC", "/a/", 1),
        ("EMBRAPA", "/b/", 2),
    ]
    first, second = ((int(marker.x), int(marker.y)) for marker in markers)
    assert first == tuple(round(number) for number in position("BR"))
    assert 14 <= math.dist(first, second) <= 16
