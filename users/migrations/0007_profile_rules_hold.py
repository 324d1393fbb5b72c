from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """Reads every account once, beside those who write: no lock keeps them waiting."""

    dependencies = [
        ('users', '0006_profile_rules'),
    ]

    operations = [
        ValidateConstraint(model_name='user', name='user_privacy_level_known'),
        ValidateConstraint(model_name='user', name='user_locale_known'),
        ValidateConstraint(model_name='user', name='user_preferences_is_an_object'),
        ValidateConstraint(model_name='user', name='user_taste_says_who_made_it'),
    ]
