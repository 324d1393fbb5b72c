from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('places', '0015_place_periods'),
    ]

    operations = [
        ValidateConstraint(model_name='place', name='place_period_is_whole'),
    ]
