"""HTTP for places: lists, one place, map tiles and tags. Anybody may ask; nothing is kept of it."""

from __future__ import annotations

from functools import cache
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from common.errors import DomainError, Kind
from common.languages import Bilingual
from common.limits import LimitedView, Rate, ViewLimit
from common.parameters import StrictSerializer, read_query
from common.rendering import JSONRenderer
from places.api import answers, serializers
from places.search import tiles
from places.search.detail import PlaceDetails
from places.search.selectors import search_and_count, search_places

READ_LIMIT = ViewLimit(scope="places", user=Rate(120), address=Rate(60), fails_open=True)
# A map that is dragged about asks for a dozen tiles at once.
TILE_LIMIT = ViewLimit(scope="tiles", user=Rate(1_200), address=Rate(1_200), fails_open=True)
TILE_KEPT = "public, max-age=600, stale-while-revalidate=3600"
GEOJSON = "application/geo+json"
MVT = "application/vnd.mapbox-vector-tile"


class TileNotFound(DomainError):
    """There is no tile of this address."""

    kind = Kind.NOT_FOUND
    code = "places/tile-not-found"
    detail = Bilingual(
        ko="그런 지도 조각이 없어요. 확대 단계는 {low}~{high}예요.",
        en="There is no such tile; zooms are {low} to {high}.",
    )


class GeoJSONRenderer(JSONRenderer):
    media_type = GEOJSON
    format = "geojson"


class TileRenderer(BaseRenderer):
    media_type = MVT
    format = "mvt"
    charset = None
    render_style = "binary"

    def render(self, data: Any, *_args: object, **_options: object) -> bytes:
        return bytes(data)


@cache
def details() -> PlaceDetails:
    """Return the service of this process: it keeps for a minute what cities tell."""
    return PlaceDetails()


class PlacesEndpoint(LimitedView):
    permission_classes = (AllowAny,)
    renderer_classes = (JSONRenderer, GeoJSONRenderer)
    limits = {"get": READ_LIMIT}

    @extend_schema(
        operation_id="places",
        parameters=[serializers.PlacesQuery],
        responses={
            (200, "application/json"): answers.PlacesAnswer,
            (200, GEOJSON): answers.PlaceFeatures,
        },
    )
    def get(self, request: Request) -> Response:
        """
        Return places: for `q` the likest names, then what it means; the nearest for `near`; else the best known.

        `next` reaches 1,000 places; `Accept: application/geo+json` gives GeoJSON.
        """
        said = read_query(request, serializers.PlacesQuery)
        search = serializers.to_search(said)
        facets = None
        if said.get("facets"):
            page, facets = search_and_count(search=search)
        else:
            page = search_places(search=search)
        following = None
        if page.next_offset is not None:
            cursor = serializers.write_cursor(page.next_offset)
            following = replace_query_param(request.build_absolute_uri(), "cursor", cursor)
        is_geojson = request.accepted_renderer.format == GeoJSONRenderer.format
        present = answers.present_features if is_geojson else answers.present_page
        answer = present(page=page, next_address=following)
        if facets is not None:
            answer["facets"] = answers.present_facets(facets, asked=said["facets"])
        return Response(answer)


class PlaceEndpoint(LimitedView):
    permission_classes = (AllowAny,)
    limits = {"get": READ_LIMIT}

    @extend_schema(operation_id="place", responses=answers.PlaceDetailAnswer)
    def get(self, request: Request, place_id: UUID) -> Response:
        """
        Return one place: its hours today, how full it is likely to be now, and who says so.

        The id of a place that became a part of another answers with that one, which `id` and `Content-Location` name.
        """
        read_query(request, StrictSerializer)
        detail = details().tell(public_id=place_id, now=timezone.now())
        address = reverse("place", args=[detail.place.public_id])
        headers = {} if detail.place.public_id == place_id else {"Content-Location": address}
        return Response(answers.present_detail(detail), headers=headers)


class TagsEndpoint(LimitedView):
    permission_classes = (AllowAny,)
    limits = {"get": READ_LIMIT}

    @extend_schema(operation_id="tags", responses=answers.TagsAnswer)
    def get(self, request: Request) -> Response:
        """Return what places are told apart by: categories and moods."""
        read_query(request, StrictSerializer)
        return Response(answers.present_tags())


class TileJsonEndpoint(LimitedView):
    permission_classes = (AllowAny,)
    limits = {"get": READ_LIMIT}

    @extend_schema(operation_id="places_tilejson", responses=answers.TileJson)
    def get(self, request: Request) -> Response:
        """Return where the vector tiles are, and what they hold."""
        read_query(request, StrictSerializer)
        root = request.build_absolute_uri("/")  # which would quote the braces
        fields = {
            "id": "String",
            "name_ko": "String",
            "name_en": "String",
            "category": "String",
            "cost_band": "String",
            "popularity": "Number",
        }
        return Response(
            {
                "tilejson": "3.0.0",
                "tiles": [f"{root}api/v1/places/tiles/{{z}}/{{x}}/{{y}}.mvt"],
                "minzoom": tiles.ZOOM_LOW,
                "maxzoom": tiles.ZOOM_HIGH,
                "attribution": " | ".join(map(escape, tiles.list_attributions())),  # shown as HTML
                "vector_layers": [{"id": tiles.LAYER, "fields": fields}],
            },
            headers={"Cache-Control": TILE_KEPT},
        )


class TileEndpoint(LimitedView):
    authentication_classes = ()
    permission_classes = (AllowAny,)
    renderer_classes = (TileRenderer,)
    limits = {"get": TILE_LIMIT}

    @extend_schema(
        operation_id="places_tile",
        responses={(200, MVT): OpenApiResponse(OpenApiTypes.BINARY, description="A vector tile.")},
        auth=[],
    )
    def get(self, request: Request, z: int, x: int, y: int) -> HttpResponse:
        """Return a vector tile of places, the best known where they are many."""
        read_query(request, StrictSerializer)
        if not tiles.exists(z=z, x=x, y=y):
            raise TileNotFound(low=tiles.ZOOM_LOW, high=tiles.ZOOM_HIGH)
        # DRF would take its type from an answer that is empty.
        return HttpResponse(
            tiles.make_tile(z=z, x=x, y=y), content_type=MVT, headers={"Cache-Control": TILE_KEPT}
        )
