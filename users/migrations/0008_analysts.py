from django.db import migrations


def make_group(apps, schema_editor):
    apps.get_model('auth', 'Group').objects.get_or_create(name='analyst')


class Migration(migrations.Migration):
    """The group that makes an analyst. Back again it stays: people may be in it."""

    dependencies = [
        ('users', '0007_profile_rules_hold'),
    ]

    operations = [
        migrations.RunPython(make_group, migrations.RunPython.noop),
    ]
