"""What the endpoints of the profile, the quiz and the taste take in and give out."""

from typing import Any

from rest_framework import serializers

from common.languages import Bilingual
from common.parameters import FiniteFloat, StrictInteger, StrictSerializer, StrictText
from engine.learning.stating import WORDS
from users.models import BudgetBand, Language, MobilityMode, PrivacyLevel
from users.services.profiling import known_zones
from users.services.questions import TIME_BUDGET_HIGH, TIME_BUDGET_LOW
from users.services.tasting import Base, Direction
from users.types import Role

UNKNOWN_ZONE = Bilingual(
    ko="IANA 시간대 이름이 아니에요. 예: Asia/Seoul",
    en="This is no name of an IANA time zone. Example: Asia/Seoul",
)
KINDS = ("category", "mood")


def refuse_unknown_zone(name: str, /) -> None:
    if name not in known_zones():
        raise serializers.ValidationError(str(UNKNOWN_ZONE), code="unknown_zone")


def _strength() -> FiniteFloat:
    return FiniteFloat(required=False, allow_null=True, min_value=-1, max_value=1)


class MoodStrengths(StrictSerializer):
    """Strengths of moods; null is what the quiz said."""

    quiet, lively, cozy, romantic = _strength(), _strength(), _strength(), _strength()
    vintage, modern, trendy, scenic = _strength(), _strength(), _strength(), _strength()
    nature, traditional, artsy, hidden = _strength(), _strength(), _strength(), _strength()


class CategoryStrengths(StrictSerializer):
    """Strengths of categories; null is what the quiz said."""

    cafe, dessert, restaurant, bar = _strength(), _strength(), _strength(), _strength()
    club, museum, gallery, heritage = _strength(), _strength(), _strength(), _strength()
    park, market, shop, bookstore = _strength(), _strength(), _strength(), _strength()
    theatre, activity, viewpoint, library = _strength(), _strength(), _strength(), _strength()


class PreferencesEdit(StrictSerializer):
    moods = MoodStrengths(required=False)
    categories = CategoryStrengths(required=False)


class ProfileEdit(StrictSerializer):
    """What is named is changed, exactly; what is not stays. null takes back what was said."""

    locale = serializers.ChoiceField(required=False, choices=Language.values)
    time_zone = StrictText(required=False, max_length=64, validators=[refuse_unknown_zone])
    time_budget_min = StrictInteger(
        required=False, allow_null=True, min_value=TIME_BUDGET_LOW, max_value=TIME_BUDGET_HIGH
    )
    budget_band = serializers.ChoiceField(
        required=False, allow_null=True, choices=BudgetBand.values
    )
    mobility_mode = serializers.ChoiceField(
        required=False, allow_null=True, choices=MobilityMode.values
    )
    privacy_level = serializers.ChoiceField(required=False, choices=PrivacyLevel.values)
    preferences = PreferencesEdit(
        required=False, help_text="Strengths from -1 (less of this) to 1 (more of this)"
    )


class StatedPreferences(serializers.Serializer[Any]):
    moods = serializers.DictField(child=serializers.FloatField(min_value=-1, max_value=1))
    categories = serializers.DictField(child=serializers.FloatField(min_value=-1, max_value=1))


class Profile(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    email = serializers.EmailField()
    roles = serializers.ListField(
        child=serializers.ChoiceField(choices=[role.value for role in Role])
    )
    locale = serializers.ChoiceField(choices=Language.values)
    time_zone = serializers.CharField()
    time_budget_min = serializers.IntegerField(allow_null=True)
    budget_band = serializers.ChoiceField(allow_null=True, choices=BudgetBand.values)
    mobility_mode = serializers.ChoiceField(allow_null=True, choices=MobilityMode.values)
    privacy_level = serializers.ChoiceField(choices=PrivacyLevel.values)
    preferences = StatedPreferences()
    push_opt_in = serializers.BooleanField()
    location_opt_in = serializers.BooleanField()
    onboarded_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()


class QuizChoice(serializers.Serializer[Any]):
    name = serializers.CharField()
    text = serializers.CharField()


class QuizQuestion(serializers.Serializer[Any]):
    name = serializers.CharField()
    text = serializers.CharField()
    choices = QuizChoice(many=True)


class QuizSheet(serializers.Serializer[Any]):
    version = serializers.CharField(help_text="To be sent with the answers")
    questions = QuizQuestion(many=True)


class QuizAnswers(StrictSerializer):
    version = StrictText(max_length=16, help_text="Of the quiz that is answered")
    answers = serializers.DictField(
        child=StrictText(max_length=32, allow_null=True),
        help_text="Each question by its name; null passes a question over",
    )


class TasteEdit(StrictSerializer):
    name = serializers.ChoiceField(choices=list(WORDS), help_text="A mood or a category")
    direction = serializers.ChoiceField(choices=[direction.value for direction in Direction])


class TasteReset(StrictSerializer):
    to = serializers.ChoiceField(
        choices=[base.value for base in Base],
        help_text="What the quiz said, or nothing at all",
    )


class TasteSources(serializers.Serializer[Any]):
    quiz = serializers.FloatField(required=False)
    edit = serializers.FloatField(required=False)


class TasteWord(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=KINDS)
    name = serializers.CharField()
    text = serializers.CharField()
    strength = serializers.FloatField(min_value=-1, max_value=1)
    sources = TasteSources(help_text="How much of the strength each source says")


class Taste(serializers.Serializer[Any]):
    version = serializers.IntegerField(help_text="Counts up with every change")
    summary = serializers.CharField(help_text="A sentence that says the taste")
    words = TasteWord(many=True, help_text="The strongest first")
    can_undo = serializers.BooleanField()


class TasteShift(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=KINDS)
    name = serializers.CharField()
    text = serializers.CharField()
    before = serializers.FloatField(min_value=0, max_value=1)
    after = serializers.FloatField(min_value=0, max_value=1)


class TasteChanged(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=KINDS)
    name = serializers.CharField()
    text = serializers.CharField()
    before = serializers.FloatField(min_value=-1, max_value=1)
    after = serializers.FloatField(min_value=-1, max_value=1)


class TasteEffect(serializers.Serializer[Any]):
    """How places of each kind are liked, as scoring has it: 0 not, 0.5 neither, 1 much."""

    up = TasteShift(many=True)
    down = TasteShift(many=True)


class EditedTaste(serializers.Serializer[Any]):
    taste = Taste()
    changed = TasteChanged(many=True)
    effect = TasteEffect()
