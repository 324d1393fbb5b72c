from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('places', '0036_blogs_tell_tags'),
    ]

    operations = [
        ValidateConstraint(model_name='placereading', name='place_reading_source_is_known'),
        ValidateConstraint(model_name='placetag', name='place_tag_source_is_known'),
        ValidateConstraint(model_name='tagreview', name='tag_review_source_is_known'),
    ]
