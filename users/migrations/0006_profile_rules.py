from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models.lookups import In


class Migration(migrations.Migration):
    """For what is written from now on; the rows that are there are looked at in the next one."""

    dependencies = [
        ('users', '0005_profile'),
    ]

    operations = [
        AddConstraintNotValid(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('privacy_level__in', ['exact', 'rough', 'private'])), name='user_privacy_level_known'),
        ),
        AddConstraintNotValid(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('locale__in', ['ko', 'en'])), name='user_locale_known'),
        ),
        AddConstraintNotValid(
            model_name='user',
            constraint=models.CheckConstraint(condition=In(models.Func(models.F('preferences'), function='jsonb_typeof', output_field=models.TextField()), ('object',)), name='user_preferences_is_an_object'),
        ),
        AddConstraintNotValid(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('taste__isnull', True), models.Q(('taste_encoder', ''), _negated=True), _connector='OR'), name='user_taste_says_who_made_it'),
        ),
    ]
