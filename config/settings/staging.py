"""The rehearsal of prod: the same settings, other addresses, and talkative logs."""

from common.logs import logging_settings

from .prod import *
from .environment import env

LOGGING = logging_settings(level=env.str("LOG_LEVEL", default="DEBUG"), as_json=True)
