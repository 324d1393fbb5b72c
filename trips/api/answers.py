"""The shape of a recommendation, for the schema; the values come ready from the service."""

from typing import Any

from rest_framework import serializers

from engine.catalogue import CATEGORIES
from engine.types import CardKind, Mode, Provenance


class Position(serializers.Serializer[Any]):
    lat = serializers.FloatField()
    lon = serializers.FloatField()


class Evidence(serializers.Serializer[Any]):
    value = serializers.JSONField()
    words = serializers.ListField(child=serializers.CharField())
    spans = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField(), min_length=2, max_length=2),
        help_text="Half-open character offsets into the sentence",
    )
    confidence = serializers.FloatField(min_value=0, max_value=1)


class ResolvedArea(serializers.Serializer[Any]):
    id = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField()
    city = serializers.CharField()
    centre = Position()
    radius_m = serializers.FloatField()


class Assumed(serializers.Serializer[Any]):
    field = serializers.CharField()
    value = serializers.JSONField()  # null as well, which any value may be
    reason = serializers.CharField()
    text = serializers.CharField()


class Ignored(serializers.Serializer[Any]):
    text = serializers.CharField()
    span = serializers.ListField(child=serializers.IntegerField(), min_length=2, max_length=2)


class Interpretation(serializers.Serializer[Any]):
    """What was understood of the sentence: null, [] or {} where it says nothing."""

    time_budget_min = serializers.FloatField(allow_null=True)
    budget = serializers.IntegerField(allow_null=True)
    budget_band = serializers.CharField(allow_null=True)
    moods = serializers.ListField(child=serializers.CharField())
    categories = serializers.ListField(child=serializers.CharField())
    category_counts = serializers.DictField(child=serializers.IntegerField())
    mostly = serializers.ListField(child=serializers.CharField())
    meals = serializers.ListField(child=serializers.CharField())
    avoid = serializers.ListField(child=serializers.CharField())
    mode = serializers.CharField(allow_null=True)
    start_time = serializers.CharField(allow_null=True)
    end_time = serializers.CharField(allow_null=True)
    daypart = serializers.CharField(allow_null=True)
    day = serializers.CharField(allow_null=True)
    companions = serializers.CharField(allow_null=True)
    party_size = serializers.IntegerField(allow_null=True)
    indoor = serializers.BooleanField(allow_null=True)
    area = serializers.CharField(allow_null=True)
    max_stops = serializers.IntegerField(allow_null=True)
    low_walking = serializers.BooleanField(allow_null=True)
    needs = serializers.ListField(child=serializers.CharField())
    chains_wanted = serializers.BooleanField(allow_null=True)
    evidence = serializers.DictField(child=Evidence(many=True))
    area_resolved = ResolvedArea(allow_null=True)
    assumed = Assumed(many=True)
    ignored = Ignored(many=True)


class Part(serializers.Serializer[Any]):
    value = serializers.FloatField()
    weight = serializers.FloatField()


class Names(serializers.Serializer[Any]):
    ko = serializers.CharField()
    en = serializers.CharField()


class Place(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()
    names = Names()
    category = serializers.ChoiceField(choices=list(CATEGORIES))
    category_name = serializers.CharField()
    location = Position()
    address = serializers.CharField(allow_blank=True)
    moods = serializers.ListField(child=serializers.CharField())


class Hours(serializers.Serializer[Any]):
    status = serializers.ChoiceField(
        choices=["known", "doubted", "assumed"],
        help_text="`doubted`: visitors found them to be wrong; the stop keeps to the usual ones, too",
    )
    # The metaclass takes the declared field off the class, where `source` is an option of every field.
    source = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    as_of = serializers.DateField(allow_null=True)
    doubted_on = serializers.DateField(
        allow_null=True, help_text="When a visitor last found them to be wrong"
    )


class Node(serializers.Serializer[Any]):
    """One stop. Whoever is early waits before `arrive`."""

    place = Place()
    arrive = serializers.DateTimeField()
    leave = serializers.DateTimeField()
    stay_min = serializers.FloatField()
    travel_min = serializers.FloatField()
    travel_m = serializers.FloatField()
    wait_min = serializers.FloatField()
    cost_low = serializers.IntegerField()
    cost_high = serializers.IntegerField()
    cost_source = serializers.ChoiceField(choices=[source.value for source in Provenance])
    hours = Hours()
    reported_closed_on = serializers.DateField(
        allow_null=True, help_text="When visitors last reported that the place is closed for good"
    )
    open_until = serializers.DateTimeField(allow_null=True)
    score = serializers.FloatField()
    score_parts = serializers.DictField(child=Part())
    reasons = serializers.ListField(child=serializers.CharField())
    alternatives = Place(many=True)


class Leg(serializers.Serializer[Any]):
    """The way to a stop, or after the last one to the end."""

    mode = serializers.ChoiceField(choices=[mode.value for mode in Mode])
    travel_min = serializers.FloatField()
    travel_m = serializers.FloatField()
    is_estimate = serializers.BooleanField(help_text="No router told its time")
    follows_streets = serializers.BooleanField(help_text="Else the line is straight")
    polyline = serializers.CharField(help_text="Encoded polyline, five decimals")


class CardParts(serializers.Serializer[Any]):
    nodes = serializers.FloatField(help_text="The sum of the scores of the stops")
    penalties = serializers.DictField(child=Part())


class Card(serializers.Serializer[Any]):
    """One trip. `score` = `score_parts.nodes` − Σ value · weight of the penalties."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=[kind.value for kind in CardKind])
    title = serializers.CharField()
    score = serializers.FloatField()
    score_parts = CardParts()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    duration_min = serializers.FloatField()
    cost_low = serializers.IntegerField()
    cost_high = serializers.IntegerField()
    currency = serializers.CharField()
    distance_m = serializers.FloatField()
    mode = serializers.ChoiceField(choices=[mode.value for mode in Mode])
    slack_min = serializers.FloatField()
    end_travel_min = serializers.FloatField()
    end_travel_m = serializers.FloatField()
    polyline = serializers.CharField(help_text="Encoded polyline of all legs, five decimals")
    legs = Leg(many=True)
    proven_optimal = serializers.BooleanField()
    nodes = Node(many=True)
    explanation = serializers.ListField(child=serializers.CharField())
    trade_offs = serializers.ListField(child=serializers.CharField())
    warnings = serializers.ListField(child=serializers.CharField())


class NearestArea(serializers.Serializer[Any]):
    id = serializers.CharField()
    name = serializers.CharField()
    centre = Position()
    distance_m = serializers.FloatField()


class WhyFewer(serializers.Serializer[Any]):
    code = serializers.CharField()
    values = serializers.DictField(child=serializers.JSONField())
    detail = serializers.CharField()
    nearest_area = NearestArea(allow_null=True)


class Relaxation(serializers.Serializer[Any]):
    """The smallest single change that helps."""

    code = serializers.CharField()
    values = serializers.DictField(child=serializers.JSONField())
    detail = serializers.CharField()


class Recommendation(serializers.Serializer[Any]):
    interpretation = Interpretation()
    cards = Card(many=True)
    why_fewer = WhyFewer(allow_null=True)
    relaxation = Relaxation(allow_null=True)
    context_hash = serializers.CharField()
    cached = serializers.BooleanField()
    took_ms = serializers.FloatField()


class WhyNot(serializers.Serializer[Any]):
    """The rule that keeps a place out of a trip, or what outscored it."""

    code = serializers.CharField(help_text="The rule, `outscored`, `on_the_card`, …")
    values = serializers.DictField(
        child=serializers.JSONField(),
        help_text="What the rule measured; `by` is the id of the stop that it would replace",
    )
    detail = serializers.CharField()
