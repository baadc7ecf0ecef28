# Two stages: the first installs exactly what requirements.lock names, the second has nothing but that and the program.
FROM python:3.13-slim AS build
WORKDIR /build
RUN python -m venv /opt/homefront
COPY requirements.lock .
RUN /opt/homefront/bin/pip install --no-cache-dir --require-hashes -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY storage storage
COPY feeds feeds
COPY bot bot
RUN /opt/homefront/bin/pip install --no-cache-dir --no-deps .

FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home homefront && install -d -o homefront -g homefront -m 700 /data
COPY --from=build /opt/homefront /opt/homefront
ENV PATH=/opt/homefront/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    HOMEFRONT_DATA_DIR=/data
USER homefront
WORKDIR /data
VOLUME /data
ENTRYPOINT ["homefront"]
CMD ["run"]
