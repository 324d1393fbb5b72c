"""What a test needs to run a part of the service in processes of its own."""

from urllib.parse import quote

from django.db import connection


def url_of_test_database() -> str:
    """Return the address under which other processes find this test's database."""
    found = connection.settings_dict
    password = f":{quote(found['PASSWORD'], safe='')}" if found["PASSWORD"] else ""
    who = f"{found['USER']}{password}@" if found["USER"] else ""
    return f"postgis://{who}{found['HOST']}:{found['PORT']}/{found['NAME']}"
