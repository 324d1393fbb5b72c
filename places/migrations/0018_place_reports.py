import django.db.models.deletion
import uuid_utils.compat
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('places', '0017_place_event_ends'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FactConfidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fact', models.CharField(choices=[('hours', 'hours'), ('existence', 'existence'), ('price', 'price'), ('position', 'position'), ('name', 'name')], max_length=16)),
                ('confidence', models.FloatField()),
                ('reporters', models.PositiveIntegerField()),
                ('is_doubted', models.BooleanField()),
                ('last_seen_at', models.DateTimeField()),
                ('judged_at', models.DateTimeField()),
                ('place', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='confidences', to='places.place')),
            ],
            options={
                'verbose_name_plural': 'fact confidences',
                'constraints': [models.UniqueConstraint(fields=('place', 'fact'), name='fact_confidence_one_a_fact'), models.CheckConstraint(condition=models.Q(('fact__in', ['hours', 'existence', 'price', 'position', 'name'])), name='fact_confidence_fact_is_known'), models.CheckConstraint(condition=models.Q(('confidence__gte', 0), ('confidence__lte', 1)), name='fact_confidence_within_unit')],
            },
        ),
        migrations.CreateModel(
            name='PlaceReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('closed_now', 'closed_now'), ('closed_for_good', 'closed_for_good'), ('wrong_hours', 'wrong_hours'), ('wrong_price', 'wrong_price'), ('wrong_position', 'wrong_position'), ('wrong_name', 'wrong_name'), ('not_a_place', 'not_a_place'), ('other', 'other')], max_length=16)),
                ('status', models.CharField(choices=[('open', 'open'), ('accepted', 'accepted'), ('dismissed', 'dismissed'), ('withdrawn', 'withdrawn')], default='open', max_length=16)),
                ('seen_at', models.DateTimeField()),
                ('note', models.CharField(blank=True, default='', max_length=500)),
                ('weight', models.FloatField()),
                ('reported_at', models.DateTimeField()),
                ('said_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='places.place')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'open')), fields=('user', 'place', 'kind'), name='place_report_one_open_a_kind'), models.CheckConstraint(condition=models.Q(('kind__in', ['closed_now', 'closed_for_good', 'wrong_hours', 'wrong_price', 'wrong_position', 'wrong_name', 'not_a_place', 'other'])), name='place_report_kind_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('status', 'open')), models.Q(('ended_at__isnull', False), ('status__in', ['accepted', 'dismissed', 'withdrawn'])), _connector='OR'), name='place_report_ends_with_its_status'), models.CheckConstraint(condition=models.Q(('weight__gte', 0), ('weight__lte', 1)), name='place_report_weight_within_unit'), models.CheckConstraint(condition=models.Q(('said_at__gte', models.F('reported_at'))), name='place_report_said_in_order')],
            },
        ),
    ]
