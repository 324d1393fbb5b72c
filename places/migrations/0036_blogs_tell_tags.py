from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

# Going back: what only blogs said of a place is nobody's word then.
FORGET = [
    "DELETE FROM places_placetag WHERE source = 'blogs'",
    "DELETE FROM places_tagreview WHERE source = 'blogs'",
    "DELETE FROM places_placereading WHERE source = 'blogs'",
]


class Migration(migrations.Migration):

    dependencies = [
        ('places', '0035_drop_place_doubled_sounds'),
    ]

    operations = [
        # One word more is allowed: nothing is read under the lock, the next migration looks.
        migrations.RemoveConstraint(
            model_name='placereading',
            name='place_reading_source_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='placetag',
            name='place_tag_source_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='tagreview',
            name='tag_review_source_is_known',
        ),
        migrations.RunSQL(migrations.RunSQL.noop, FORGET),
        migrations.AlterField(
            model_name='placereading',
            name='source',
            field=models.CharField(choices=[('text', 'Text'), ('people', 'People'), ('blogs', 'Blogs'), ('image', 'Image')], max_length=16),
        ),
        migrations.AlterField(
            model_name='placetag',
            name='source',
            field=models.CharField(choices=[('lexicon', 'Lexicon'), ('model', 'Model'), ('people', 'People'), ('blogs', 'Blogs'), ('image', 'Image'), ('operator', 'Operator')], max_length=16),
        ),
        migrations.AlterField(
            model_name='tagreview',
            name='source',
            field=models.CharField(choices=[('lexicon', 'Lexicon'), ('model', 'Model'), ('people', 'People'), ('blogs', 'Blogs'), ('image', 'Image'), ('operator', 'Operator')], max_length=16),
        ),
        AddConstraintNotValid(
            model_name='placereading',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', ['text', 'people', 'blogs', 'image'])), name='place_reading_source_is_known'),
        ),
        AddConstraintNotValid(
            model_name='placetag',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', ['lexicon', 'model', 'people', 'blogs', 'image', 'operator'])), name='place_tag_source_is_known'),
        ),
        AddConstraintNotValid(
            model_name='tagreview',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', ['lexicon', 'model', 'people', 'blogs', 'image', 'operator'])), name='tag_review_source_is_known'),
        ),
    ]
