# Three stages: one installs the locked packages, one makes the model, the last holds both and the code, and runs as nobody in particular.
ARG PYTHON_IMAGE=python:3.11-slim-bookworm
FROM ${PYTHON_IMAGE} AS packages
COPY requirements.txt /tmp/requirements.txt
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/requirements.txt

# The model of the search by meaning: made here, because a running container only reads it. Made anew when its maker changes.
FROM packages AS model
WORKDIR /app
COPY core/__init__.py core/
COPY core/running core/running
COPY search/__init__.py search/
COPY search/meaning search/meaning
RUN /opt/venv/bin/python -m search.meaning.making /opt/models

FROM ${PYTHON_IMAGE}
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings.production \
    FUNDUS_DATA_DIR=/data \
    FUNDUS_MODEL_DIR=/opt/models \
    XDG_CACHE_HOME=/opt/cache
# The folders of the volumes: a new volume takes owner and mode from here.
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin fundus \
    && useradd --uid 10002 --gid fundus --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin reader \
    && mkdir -p /data/media /data/static /reader && chown -R fundus:fundus /data \
    && chown reader:fundus /reader && chmod 750 /reader
COPY --from=packages /opt/venv /opt/venv
COPY --from=model /opt/models /opt/models
WORKDIR /app
# Named one by one: nothing of a developer's checkout gets in by accident.
COPY manage.py LICENSE ./
COPY static static
COPY templates templates
COPY config config
COPY core core
COPY accounts accounts
COPY media media
COPY vocabularies vocabularies
COPY content content
COPY directory directory
COPY library library
COPY events events
COPY news news
COPY people people
COPY search search
COPY visitors visitors
COPY exchange exchange
COPY home home
COPY demo demo
# Now, because the running container cannot write here.
RUN python -m compileall -q /app \
    && python -c "from search.analysis.lexicon import dictionary; [dictionary(code) for code in ('de', 'en', 'da')]"
USER fundus
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
CMD ["gunicorn", "--preload", "--workers=2", "--threads=4", "--bind=0.0.0.0:8000", "--worker-tmp-dir=/dev/shm", "--no-control-socket", "--limit-request-line=8190", "config.wsgi"]
