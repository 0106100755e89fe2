# Two Heads in one container, on Linux x86-64 or arm64:
#   docker build --tag two-heads .
#   docker run --rm --init --read-only --tmpfs /tmp --volume two-heads:/state --publish 127.0.0.1:8501:8501 two-heads
#
# With `--env TWOHEADS_ALLOWED_HOSTS=heads.example.org` it serves visitors only under that name.
#
# Behind a package mirror, pass two files to the build. Neither stays in the image:
#   docker build --secret id=pip_conf,src=pip.conf --secret id=ca_bundle,src=ca-certificates.crt --tag two-heads .
#
# `make image` builds the image and tries it.

FROM python:3.13-slim AS build

# binutils provides `strip`. Nothing is compiled, because every package is a wheel.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends binutils \
    && rm -rf /var/lib/apt/lists/*

COPY requirements.txt /

# What is removed again, in MB with the present pins, and why the app does not need it:
#   TensorFlow's C++ headers, 287, and symbol tables, 251 with uvloop's, which only a debugger reads
#   libclang, 61, which TensorFlow requires but never loads
#   Arrow's clients for Flight and S3, 49, and headers, 6: here Arrow only holds tables in memory
#   the Jupyter front ends of pydeck and Plotly, 28; the packages' own tests, 35; pip, 13
RUN --mount=type=secret,id=pip_conf,target=/etc/pip.conf \
    --mount=type=secret,id=ca_bundle,target=/etc/ssl/certs/ca-certificates.crt \
    python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --no-compile --only-binary :all: --requirement /requirements.txt \
    && /venv/bin/pip uninstall --yes libclang pip
WORKDIR /venv/lib/python3.13/site-packages
RUN find tensorflow uvloop -type f -name '*.so*' -exec strip --strip-unneeded {} + \
    && rm -r tensorflow/include pyarrow/include pyarrow/*flight* pyarrow/*s3* pydeck/nbextension plotly/labextension \
    && find . -type d '(' -name tests -o -name __pycache__ ')' -prune -exec rm -r {} +

# Compiles the modules that the app imports to bytecode: 70 MB of the 170 for all modules. A read-only root cannot write it
# later, and without it each worker needs 5 s more work to start. The imports also fail here if too much was removed above.
RUN /venv/bin/python -c "import cryptography.x509, distributed, keras, nbformat, pandas, plotly.graph_objects, pyarrow, \
    pydantic_settings, pydot, streamlit.web.cli"


FROM python:3.13-slim

RUN useradd --uid 10001 --user-group --no-log-init --no-create-home --home-dir /tmp --shell /usr/sbin/nologin twoheads \
    && install --directory --mode 1777 /state
COPY --from=build /venv /venv
WORKDIR /app
COPY . .
RUN python -m compileall -q .

# The app writes to /tmp, and its database (runs, predictions, rooms, files of visitors) to /state. Libraries look for
# their settings in HOME. A proxy reaches a published port from the bridge's address, which is private, but not known
# here. So the app trusts private addresses to name a visitor's address and scheme (`X-Forwarded-*`). With `*`, anybody
# could pretend to have another address, and limits count by address.
VOLUME /state
ENV PATH="/venv/bin:$PATH" \
    HOME=/tmp \
    FORWARDED_ALLOW_IPS=127.0.0.1,::1,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7 \
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

# A number, so that Kubernetes can see that the user is not root.
USER 10001:10001
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 CMD ["python", "-I", "-S", "deploy/healthcheck.py"]

# Checks the variables first. Then the shell fills in $PORT and is replaced by Streamlit, so that signals reach Streamlit.
CMD ["sh", "-c", "ADDRESS= python -m backend.config.environment && exec streamlit run app.py --server.port=\"${PORT:-8501}\""]
