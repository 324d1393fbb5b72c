# One image for web, ws, worker, beat and the migration job; docker-compose.yml starts each.

FROM python:3.11-slim-bookworm AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /build
RUN python -m venv /opt/venv
COPY requirements.txt ./
RUN /opt/venv/bin/pip install --require-hashes -r requirements.txt


FROM python:3.11-slim-bookworm

# gdal-bin brings the GDAL, GEOS and PROJ that GeoDjango loads. No version: a release keeps one.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends gdal-bin \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin dongne

COPY --from=build /opt/venv /opt/venv
WORKDIR /srv/dongne
COPY . .

# The root file system may be read-only: what is written at run time goes to /tmp.
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    NUMBA_CACHE_DIR=/tmp/numba \
    DJANGO_SETTINGS_MODULE=config.settings.prod

# Collecting reads settings and opens no connection: these values are used here and nowhere else.
RUN SECRET_KEY="$(python -c 'import secrets; print(secrets.token_hex(40))')" \
    ALLOWED_HOSTS=build.invalid \
    TRUSTED_PROXY_COUNT=0 \
    DATABASE_URL=postgis://build:build@build.invalid/dongne \
    REDIS_CACHE_URL=redis://:build@build.invalid/0 \
    REDIS_BROKER_URL=redis://:build@build.invalid/1 \
    REDIS_CHANNELS_URL=redis://:build@build.invalid/2 \
    EMAIL_URL=smtp://build.invalid \
    python manage.py collectstatic --no-input

# Compiled here once, so that no container compiles at its start. Another kind of processor would.
RUN NUMBA_CACHE_DIR=/opt/kernels python -c 'from engine.planner.solving import warm; warm()' \
    && chmod -R a+rX /opt/kernels

USER 10001
EXPOSE 8000
ENTRYPOINT ["/srv/dongne/deploy/entrypoint.sh"]
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--blocking-threads", "8", "--blocking-threads-idle-timeout", "600", "--http", "1", "--http1-header-read-timeout", "10000", "--no-ws", "config.wsgi:application"]
