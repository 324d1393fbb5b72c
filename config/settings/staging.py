"""The rehearsal of prod: the same settings, other addresses, and talkative logs."""

from common.logs import logging_settings

from .environment import env
from .prod import *

LOGGING = logging_settings(level=env.str("LOG_LEVEL", default="DEBUG"), as_json=True)
