"""A small neighbourhood with enough open places for three cards."""

from uuid_utils.compat import uuid7

from places.models import City
from tests.builders.places import make_area, make_city, make_place

# name, category, metres north, metres east, most that it costs
_PLACES = (
    ("달빛다방", "cafe", 150, 50, 6000),
    ("고요한찻집", "cafe", -200, 120, 7000),
    ("새벽커피", "cafe", 300, -250, 5000),
    ("모퉁이카페", "cafe", -350, -300, 6500),
    ("골목갤러리", "gallery", 250, 200, 0),
    ("하얀전시실", "gallery", -120, -260, 5000),
    ("동네미술관", "museum", 420, -60, 4000),
    ("기억박물관", "museum", -420, 300, 3000),
    ("언덕공원", "park", 100, 450, 0),
    ("물길공원", "park", -300, -80, 0),
    ("작은서점", "bookstore", 60, -380, 0),
    ("두번째서점", "bookstore", -80, 400, 0),
    ("한그릇식당", "restaurant", 200, -120, 9000),
    ("집밥식당", "restaurant", -180, 240, 9500),
    ("옛우물터", "heritage", 350, 320, 0),
    ("성곽길", "heritage", -400, 60, 0),
)
_METRES_A_DEGREE = 111_195.0
_COSINE = 0.7928  # of the latitude

_CENTRE = (37.5563, 126.9236)


def make_neighbourhood() -> City:
    """Store 홍대 with sixteen places of eight categories around its centre."""
    city = make_city(data_version=f"test-{uuid7()}")  # names are read anew for each version
    make_area(city=city, aliases=["홍대입구", "Hongdae"])
    for name, category, north_m, east_m, cost in _PLACES:
        make_place(
            name=name,
            category=category,
            city=city,
            latitude=_CENTRE[0] + north_m / _METRES_A_DEGREE,
            longitude=_CENTRE[1] + east_m / (_METRES_A_DEGREE * _COSINE),
            cost_low=cost,
            cost_high=cost,
            cost_band="free" if cost == 0 else "low",
            cost_provenance="stated",
            stay_min=40,
            quality=0.6,
        )
    return city
