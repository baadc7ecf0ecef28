# Two stages: the first installs exactly what requirements.lock names, checked by hash; the second has nothing but that and the program.
# For an image that is the same byte for byte, name the base by its digest: --build-arg BASE=python:3.13-slim@sha256:…
ARG BASE=python:3.13-slim

FROM ${BASE} AS build
WORKDIR /build
RUN python -m venv --without-pip /opt/homefront
COPY requirements.lock ./
RUN python -m pip --python /opt/homefront/bin/python install --no-cache-dir --require-hashes --only-binary :all: -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY storage storage
COPY feeds feeds
COPY bot bot
# What builds the package is in the lock file as well, so nothing is fetched here.
RUN python -m pip --python /opt/homefront/bin/python install --no-cache-dir --no-deps --no-build-isolation --no-index .

FROM ${BASE}
RUN useradd --system --uid 10001 --no-create-home homefront && install -d -o 10001 -g homefront -m 700 /data
COPY --from=build /opt/homefront /opt/homefront
# Everything that the program writes is in /data and /tmp: the root file system can be read-only.
ENV PATH=/opt/homefront/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOMEFRONT_DATA_DIR=/data \
    HOMEFRONT_LISTEN=127.0.0.1:8080 \
    HOMEFRONT_LOG_FORMAT=json
USER 10001
WORKDIR /data
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["python", "-m", "bot.alive"]
ENTRYPOINT ["homefront"]
CMD ["run"]
