from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('places', '0014_place_best_known'),
    ]

    operations = [
        migrations.AddField(
            model_name='place',
            name='valid_from',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='place',
            name='valid_until',
            field=models.DateField(blank=True, null=True),
        ),
        # Rows that are there have neither: nothing is read under the lock, the next migration looks.
        AddConstraintNotValid(
            model_name='place',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('valid_from__isnull', True), ('valid_until__isnull', True)), models.Q(('valid_from__isnull', False), ('valid_until__gte', models.F('valid_from'))), _connector='OR'), name='place_period_is_whole'),
        ),
    ]
