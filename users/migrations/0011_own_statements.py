from django.db import migrations

from common.protection import RowSecurity


class Migration(migrations.Migration):
    """What people said of themselves is theirs alone, and the copies that they asked for."""

    dependencies = [('common', '0006_row_security'), ('users', '0010_banned')]

    operations = [
        RowSecurity('quizanswer'),
        RowSecurity('tastechange'),
        RowSecurity('userconsent'),
        RowSecurity('dataexport'),
    ]
