# Two Heads in one container, on Linux x86-64 or arm64:
#   docker build --tag two-heads .
#   docker run --rm --init --read-only --tmpfs /tmp --volume two-heads:/state --publish 127.0.0.1:8501:8501 two-heads
#
# With `--env TWOHEADS_ALLOWED_HOSTS=heads.example.org` it serves visitors under that name alone.
#
# Behind a package mirror, lend two files of yours to the build; neither stays in the image:
#   docker build --secret id=pip_conf,src=pip.conf --secret id=ca_bundle,src=ca-certificates.crt --tag two-heads .
#
# `make image` builds it and tries what it built.

FROM python:3.13-slim AS build

# binutils is here for `strip`. Nothing is compiled: every package comes as a wheel.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends binutils \
    && rm -rf /var/lib/apt/lists/*

COPY requirements.txt /

# What is taken out again, in MB with the pins of today, and why nothing misses it:
#   TensorFlow's C++ headers, 287, and symbol tables, 251 with uvloop's, which only a debugger reads
#   libclang, 61, which TensorFlow lists and never loads
#   Arrow's clients for Flight and S3, 49, and headers, 6: here Arrow holds tables in memory
#   the front ends of pydeck and Plotly for Jupyter, 28; the packages' own tests, 35; pip, 13
RUN --mount=type=secret,id=pip_conf,target=/etc/pip.conf \
    --mount=type=secret,id=ca_bundle,target=/etc/ssl/certs/ca-certificates.crt \
    python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --no-compile --only-binary :all: --requirement /requirements.txt \
    && /venv/bin/pip uninstall --yes libclang pip
WORKDIR /venv/lib/python3.13/site-packages
RUN find tensorflow uvloop -type f -name '*.so*' -exec strip --strip-unneeded {} + \
    && rm -r tensorflow/include pyarrow/include pyarrow/*flight* pyarrow/*s3* pydeck/nbextension plotly/labextension \
    && find . -type d '(' -name tests -o -name __pycache__ ')' -prune -exec rm -r {} +

# Bytecode of what is imported, 70 MB of the 170 that all of it would take. A read-only root cannot write it later, and
# without it each worker starts 5 s of work later. An import also fails here if too much was taken out above.
RUN /venv/bin/python -c "import cryptography.x509, distributed, keras, nbformat, pandas, plotly.graph_objects, pyarrow, \
    pydantic_settings, pydot, streamlit.web.cli"


FROM python:3.13-slim

RUN useradd --uid 10001 --user-group --no-log-init --no-create-home --home-dir /tmp --shell /usr/sbin/nologin twoheads \
    && install --directory --mode 1777 /state
COPY --from=build /venv /venv
WORKDIR /app
COPY . .
RUN python -m compileall -q .

# Written to are /tmp, and /state: the list of runs, for the page after a restart. HOME is for libraries that look for
# their settings there. A proxy reaches a published port from the bridge's address, whatever that is; all that is taken
# of what it forwards is whether the visitor came by https.
VOLUME /state
ENV PATH="/venv/bin:$PATH" \
    HOME=/tmp \
    FORWARDED_ALLOW_IPS=* \
    TWOHEADS_STATE_DIR=/state \
    PORT=8501 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    STREAMLIT_SERVER_ADDRESS=0.0.0.0 \
    TF_CPP_MIN_LOG_LEVEL=3

ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Two Heads" \
      org.opencontainers.image.description="Multi-task heads in Keras: Sequential and Functional side by side, drawn, trained and tested" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.base.name="docker.io/library/python:3.13-slim"

# By number, so that Kubernetes can see that it is not root.
USER 10001:10001
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 CMD ["python", "-I", "-S", "deploy/healthcheck.py"]

# The variables are checked first. Then the shell fills in $PORT and becomes Streamlit, which so gets the signals itself.
CMD ["sh", "-c", "ADDRESS= python -m backend.config.environment && exec streamlit run app.py --server.port=\"${PORT:-8501}\""]
