import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('places', '0020_place_tags'),
    ]

    operations = [
        migrations.CreateModel(
            name='CountedVisit',
            fields=[
                ('key', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('date', models.DateField()),
            ],
            options={
                'indexes': [models.Index(fields=['date'], name='counted_visit_date')],
            },
        ),
        migrations.CreateModel(
            name='RefusedVisit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.CharField(max_length=120)),
                ('line', models.PositiveIntegerField()),
                ('reason', models.CharField(max_length=48)),
                ('refused_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('file', 'line'), name='refused_visit_one_a_line')],
            },
        ),
        migrations.CreateModel(
            name='CongestionProfile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day_class', models.CharField(choices=[('weekday', 'weekday'), ('weekend', 'weekend')], max_length=8)),
                ('visits', models.PositiveIntegerField()),
                ('factors', django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), size=None)),
                ('waits', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(null=True), size=None)),
                ('computed_at', models.DateTimeField()),
                ('place', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='congestion', to='places.place')),
            ],
            options={
                'indexes': [models.Index(fields=['-computed_at'], name='congestion_profile_newest')],
                'constraints': [models.UniqueConstraint(fields=('place', 'day_class'), name='congestion_profile_one_a_class'), models.CheckConstraint(condition=models.Q(('day_class__in', ['weekday', 'weekend'])), name='congestion_profile_class_is_known'), models.CheckConstraint(condition=models.Q(('visits__gte', 10)), name='congestion_profile_of_ten_at_least'), models.CheckConstraint(condition=django.db.models.lookups.Exact(models.Func(models.F('factors'), function='cardinality', output_field=models.IntegerField()), 24), name='congestion_profile_has_its_hours'), models.CheckConstraint(condition=django.db.models.lookups.Exact(models.Func(models.F('waits'), function='cardinality', output_field=models.IntegerField()), 24), name='congestion_profile_waits_by_the_hour')],
            },
        ),
        migrations.CreateModel(
            name='KindCongestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('category', models.CharField(choices=[('cafe', 'cafe'), ('dessert', 'dessert'), ('restaurant', 'restaurant'), ('bar', 'bar'), ('club', 'club'), ('museum', 'museum'), ('gallery', 'gallery'), ('heritage', 'heritage'), ('park', 'park'), ('market', 'market'), ('shop', 'shop'), ('bookstore', 'bookstore'), ('theatre', 'theatre'), ('activity', 'activity'), ('viewpoint', 'viewpoint'), ('library', 'library')], max_length=16)),
                ('day_class', models.CharField(choices=[('weekday', 'weekday'), ('weekend', 'weekend')], max_length=8)),
                ('places', models.PositiveIntegerField()),
                ('visits', models.PositiveIntegerField()),
                ('shares', django.contrib.postgres.fields.ArrayField(base_field=models.FloatField(), size=None)),
                ('strength', models.FloatField()),
                ('computed_at', models.DateTimeField()),
                ('city', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='places.city', to_field='slug')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('city', 'category', 'day_class'), name='kind_congestion_one_a_class'), models.CheckConstraint(condition=django.db.models.lookups.Exact(models.Func(models.F('shares'), function='cardinality', output_field=models.IntegerField()), 24), name='kind_congestion_has_its_hours'), models.CheckConstraint(condition=models.Q(('strength__gt', 0)), name='kind_congestion_has_a_strength')],
            },
        ),
        migrations.CreateModel(
            name='PlaceCongestionDaily',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date', models.DateField()),
                ('hour_profile', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveIntegerField(), size=None)),
                ('visitors_count', models.PositiveIntegerField()),
                ('stays_count', models.PositiveIntegerField(default=0)),
                ('stays_min', models.PositiveIntegerField(default=0)),
                ('is_complete', models.BooleanField(default=False)),
                ('wait_time_estimate', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('place', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='congestion_days', to='places.place')),
            ],
            options={
                'indexes': [models.Index(fields=['date'], name='place_congestion_daily_date')],
                'constraints': [models.UniqueConstraint(fields=('place', 'date'), name='place_congestion_daily_one_a_day'), models.CheckConstraint(condition=django.db.models.lookups.Exact(models.Func(models.F('hour_profile'), function='cardinality', output_field=models.IntegerField()), 24), name='place_congestion_daily_has_its_hours'), models.CheckConstraint(condition=models.Q(('stays_count__lte', models.F('visitors_count'))), name='place_congestion_daily_stays_are_visits'), models.CheckConstraint(condition=models.Q(('wait_time_estimate__isnull', True), models.Q(('is_complete', True), ('wait_time_estimate__lte', 240)), _connector='OR'), name='place_congestion_daily_wait_is_honest')],
            },
        ),
    ]
