"""Where countries lie on the portal's world map (`static/img/land.svg`).

The map is Natural Earth 1:50m land (public domain) in the Equal Earth projection (Šavrič, Patterson
and Jenny, 2018, doi:10.1080/13658816.2018.1504949), 1000 units wide, cut off at 59° S. It has
no borders; a country is one point, near the middle of its land.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

MAP_WIDTH = 1000
MAP_HEIGHT = 440  # units, just south of Cape Horn

# Degrees north and east, to about half a degree.
_POINTS = """
AD 42.5 1.6|AE 24 54|AF 34 66|AG 17.1 -61.8|AI 18.2 -63.1|AL 41 20|AM 40.3 45|AO -12.3 17.5
AQ -60 0|AR -35 -65|AS -14.3 -170.7|AT 47.5 14.5|AU -25 134|AW 12.5 -70|AX 60.2 20|AZ 40.4 47.7
BA 44.2 17.8|BB 13.2 -59.5|BD 24 90|BE 50.6 4.6|BF 12.3 -1.7|BG 42.7 25.3|BH 26 50.5|BI -3.4 29.9
BJ 9.5 2.3|BL 17.9 -62.8|BM 32.3 -64.8|BN 4.5 114.7|BO -17 -65|BQ 12.2 -68.3|BR -10.5 -52.5
BS 24.5 -77.5|BT 27.5 90.4|BV -54.4 3.4|BW -22.2 23.8|BY 53.5 28|BZ 17.2 -88.7|CA 58 -106
CC -12.2 96.9|CD -3 23.5|CF 6.6 20.7|CG -0.8 15.3|CH 46.8 8.2|CI 7.6 -5.6|CK -21.2 -159.8
CL -32 -71|CM 5.7 12.6|CN 35 103|CO 4 -73|CR 10 -84|CU 21.9 -79|CV 15.1 -23.6|CW 12.2 -69
CX -10.5 105.7|CY 35 33.2|CZ 49.8 15.5|DE 51 10.3|DJ 11.7 42.6|DK 56 9.5|DM 15.4 -61.4
DO 18.9 -70.5|DZ 28 2.6|EC -1.4 -78.4|EE 58.7 25.5|EG 26.5 29.8|EH 24.5 -13.5|ER 15.4 38.8
ES 40.2 -3.6|ET 8.6 39.6|FI 63 26.3|FJ -17.8 178|FK -51.7 -59.4|FM 6.9 158.2|FO 62 -6.9
FR 46.6 2.5|GA -0.6 11.8|GB 53.5 -1.8|GD 12.1 -61.7|GE 42.1 43.5|GF 4 -53.1|GG 49.5 -2.6
GH 7.9 -1.2|GI 36.1 -5.4|GL 72 -40|GM 13.4 -15.4|GN 10.4 -10.9|GP 16.2 -61.5|GQ 1.7 10.4
GR 39.3 22.5|GS -54.4 -36.8|GT 15.7 -90.3|GU 13.4 144.8|GW 12 -15|GY 4.8 -58.9|HK 22.4 114.1
HM -53.1 73.5|HN 14.8 -86.6|HR 45.2 15.9|HT 19 -72.6|HU 47.2 19.4|ID -2 113.5|IE 53.2 -8
IL 31.3 34.9|IM 54.2 -4.5|IN 22.5 79.5|IO -7.3 72.4|IQ 33 43.7|IR 32.5 54.3|IS 65 -18.6
IT 42.8 12.6|JE 49.2 -2.1|JM 18.1 -77.3|JO 31.2 36.6|JP 36.5 138.5|KE 0.5 37.9|KG 41.5 74.6
KH 12.7 105|KI 1.4 173|KM -12 43.8|KN 17.3 -62.7|KP 40.2 127.2|KR 36.4 127.9|KW 29.3 47.6
KY 19.3 -81.2|KZ 48.2 67.3|LA 19 102.6|LB 33.9 35.9|LC 13.9 -61|LI 47.1 9.6|LK 7.6 80.7
LR 6.4 -9.3|LS -29.6 28.3|LT 55.3 23.9|LU 49.8 6.1|LV 56.9 24.9|LY 27 18|MA 32 -6.3
MC 43.7 7.4|MD 47.2 28.5|ME 42.8 19.3|MF 18.1 -63.1|MG -19.4 46.7|MH 7.1 171.1|MK 41.6 21.7
ML 17.3 -3.5|MM 21.2 96.5|MN 46.8 103.1|MO 22.2 113.5|MP 15.2 145.7|MQ 14.7 -61
MR 20.3 -10.3|MS 16.7 -62.2|MT 35.9 14.4|MU -20.3 57.6|MV 3.7 73.4|MW -13.2 34.2|MX 23.9 -102.5
MY 3.9 102.2|MZ -17.3 35.5|NA -22.1 17.2|NC -21.3 165.5|NE 17.4 9.4|NF -29 168|NG 9.6 8.1
NI 12.8 -85|NL 52.2 5.5|NO 61.5 9|NP 28.2 83.9|NR -0.5 166.9|NU -19.1 -169.9|NZ -43.5 171.5
OM 20.6 56.1|PA 8.5 -80.1|PE -9.2 -74.4|PF -17.7 -149.4|PG -6.5 144|PH 15.5 121.2|PK 29.9 69.3
PL 52.1 19.4|PM 46.9 -56.3|PN -24.4 -128.3|PR 18.2 -66.5|PS 31.9 35.2|PT 39.6 -8|PW 7.5 134.6
PY -23.2 -58.4|QA 25.3 51.2|RE -21.1 55.5|RO 45.9 25|RS 44.2 20.8|RU 61 96|RW -2 30
SA 24.1 44.6|SB -9.6 160.2|SC -4.7 55.5|SD 16 30|SE 62 15.5|SG 1.4 103.8|SH -16 -5.7
SI 46.1 14.8|SJ 78.5 16|SK 48.7 19.5|SL 8.6 -11.8|SM 43.9 12.5|SN 14.4 -14.5|SO 5 45.7
SR 4.1 -55.9|SS 7.3 30.2|ST 0.2 6.6|SV 13.7 -88.9|SX 18 -63.1|SY 35 38.5|SZ -26.6 31.5
TC 21.8 -71.8|TD 15.3 18.6|TF -49.3 69.2|TG 8.5 1|TH 15.1 101|TJ 38.5 71|TK -9.2 -171.8
TL -8.8 125.9|TM 39.1 59.4|TN 34.1 9.6|TO -21.2 -175.2|TR 39.1 35.2|TT 10.4 -61.3|TV -7.5 178.7
TW 23.8 121|TZ -6.3 34.8|UA 49 31.4|UG 1.3 32.4|UM 19.3 166.6|US 39.5 -98.5|UY -32.8 -56
UZ 41.8 63.2|VA 41.9 12.5|VC 13.2 -61.2|VE 7.1 -66.2|VG 18.4 -64.6|VI 17.7 -64.8|VN 21.5 105
VU -16.2 167.6|WF -13.3 -176.2|WS -13.7 -172.1|YE 15.9 47.6|YT -12.8 45.2|ZA -29 24.8
ZM -13.5 27.8|ZW -19 29.9
"""
POINTS: dict[str, tuple[float, float]] = {
    code: (float(north), float(east))
    for code, north, east in (row.split() for row in _POINTS.replace("\n", "|").split("|") if row)
}

_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796  # of the projection
_NEAR = 15  # units; markers closer than this are pushed apart
_TURNS = 12  # directions tried around a taken place


@dataclass(frozen=True, slots=True)
class Marker:
    """A link on the map. `x` and `y` are text, so that no locale writes a decimal comma."""

    x: str
    y: str
    label: str
    url: str
    count: int


def project(north: float, east: float) -> tuple[float, float]:
    """Return a point of the map, in units from the top left corner, for degrees."""
    theta = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(north)))
    square = theta * theta
    sixth = square**3
    slope = 9 * _A4 * sixth * square + 7 * _A3 * sixth + 3 * _A2 * square + _A1
    x = 2 * math.sqrt(3) * math.radians(east) * math.cos(theta) / (3 * slope)
    y = theta * (_A4 * sixth * square + _A3 * sixth + _A2 * square + _A1)
    scale = MAP_WIDTH / 2 / _HALF_WIDTH
    return (x + _HALF_WIDTH) * scale, (_HALF_HEIGHT - y) * scale


_HALF_WIDTH = 2 * math.sqrt(3) * math.pi / (3 * _A1)
_POLE = math.pi / 3
_HALF_HEIGHT = _POLE * (_A4 * _POLE**8 + _A3 * _POLE**6 + _A2 * _POLE**2 + _A1)


def position(country: str) -> tuple[float, float] | None:
    """Return a country's point on the map, or None for a code without one."""
    point = POINTS.get(country)
    return None if point is None else project(*point)


def place_markers(places: Iterable[tuple[str, str, str, int]]) -> list[Marker]:
    """Return markers for (country, label, address, count), none on top of another.

    Several markers in one country, or in small neighbours, are set side by side; countries
    without a point are left out. The order is kept, which is also the order of the Tab key.
    """
    taken = _Taken()
    markers = []
    for country, label, url, count in places:
        wanted = position(country)
        if wanted is None:
            continue
        x, y = _free_place(wanted, taken)
        taken.add(x, y)
        markers.append(Marker(f"{x:.0f}", f"{y:.0f}", label, url, count))
    return markers


class _Taken:
    """The places that are taken, by squares of the map, so that looking near costs little."""

    def __init__(self) -> None:
        self._squares: dict[tuple[int, int], list[tuple[float, float]]] = {}

    def add(self, x: float, y: float) -> None:
        self._squares.setdefault(self._square(x, y), []).append((x, y))

    def is_near(self, x: float, y: float) -> bool:
        """Tell whether something lies closer to a point than markers may."""
        column, row = self._square(x, y)
        return any(
            math.dist((x, y), other) < _NEAR
            for across in (column - 1, column, column + 1)
            for down in (row - 1, row, row + 1)
            for other in self._squares.get((across, down), ())
        )

    def _square(self, x: float, y: float) -> tuple[int, int]:
        return int(x // _NEAR), int(y // _NEAR)


def _free_place(wanted: tuple[float, float], taken: _Taken) -> tuple[float, float]:
    for ring in range(6):
        for turn in range(_TURNS if ring else 1):
            angle = math.tau * turn / _TURNS
            x = wanted[0] + ring * _NEAR * math.cos(angle)
            y = wanted[1] + ring * _NEAR * math.sin(angle)
            if not taken.is_near(x, y):
                return x, y
    return wanted
