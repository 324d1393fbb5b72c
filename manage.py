#!/usr/bin/env python
"""Run Django's commands with the settings of this checkout."""

import os
import sys

from django.core.management import execute_from_command_line

from common.acting import acting_as_system

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    # Whoever runs a command may see everything; a server that it starts serves in threads of its own.
    with acting_as_system():
        execute_from_command_line(sys.argv)
