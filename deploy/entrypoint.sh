#!/bin/sh
# Brings the planner's machine code, compiled when the image was built, to where numba may write.
set -eu

if [ ! -d "$NUMBA_CACHE_DIR" ]; then
    cp -r /opt/kernels "$NUMBA_CACHE_DIR"
fi
exec "$@"
