"""The operator's settings: environment variables named `TWOHEADS_` + the field's name in capitals.

`backend.config.environment` reads them, and describes each bad value in a sentence.
"""

from __future__ import annotations

import ipaddress
import os
import re
import tempfile
from pathlib import Path
from typing import Annotated, Any

from dask.system import CPU_COUNT
from pydantic import BeforeValidator, Field, SecretStr, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_Scheduler = Annotated[str, Field(pattern=r"^tls://[^\s/]+:\d+$", json_schema_extra={"words": "tls://host:port"})]
#: The most characters of a passphrase, which is typed into a field.
MOST_PASSPHRASE = 200
#: Spaces at its ends are lost when it is typed, and spaces alone would be known to everybody.
_Passphrase = Annotated[
    SecretStr,
    BeforeValidator(str.strip),
    Field(
        min_length=1,
        max_length=MOST_PASSPHRASE,
        json_schema_extra={"words": f"1 to {MOST_PASSPHRASE} characters besides spaces at its ends"},
    ),
]
_DATABASE = re.compile(r"postgres(ql)?://[^\s]+/[^\s/]+")
#: An https origin, or a server on the visitor's own machine, where an author tries a page before it is published.
_FRAME_ORIGIN = re.compile(
    r"https://(\*\.)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:\d{1,5})?|http://(localhost|127\.0\.0\.1)(:\d{1,5})?"
)

#: Where `TWOHEADS_WORKERS=recorded` finds what it answers with.
RECORDINGS = Path(__file__).parents[2] / "harness" / "recordings"
_HOST_NAME = re.compile(r"(\*\.)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]+")


PREFIX = "TWOHEADS_"


def variable(field: str) -> str:
    """The environment variable of a field of `Settings`. Some have no prefix: others read or set them, too."""
    prefix = "" if Settings.model_fields[field].validation_alias else PREFIX
    return prefix + field.upper()


def _state_dir() -> Path:
    return Path(tempfile.gettempdir()) / f"two-heads-{os.getuid()}"


class Settings(BaseSettings):
    """The settings, immutable. Raises pydantic's ValidationError."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, env_ignore_empty=True, allow_inf_nan=False)

    # Workers. Without a scheduler's address the server starts its own, on loopback.
    scheduler: _Scheduler | None = None
    tls_ca: Path | None = None
    tls_cert: Path | None = None
    tls_key: Path | None = None
    workers: int = Field(CPU_COUNT, ge=1, le=256, description="worker processes of the embedded cluster")
    recordings: Path | None = Field(
        None, description="a folder of recorded results, which jobs get in place of workers; only for tests"
    )
    record: bool = Field(False, description="measure and record what has no recording")
    workers_yield: bool = Field(True, description="workers run only while nothing else needs the cores")
    worker_memory_mb: int = Field(3000, ge=1000, description="a worker above 95 % of this is stopped")

    # When a worker is renewed. It starts at 640 MB, and TensorFlow keeps 4 MB or more of every style ever traced.
    recycle_rss_mb: int = Field(1500, ge=800, description="renew an idle worker above this resident memory")
    recycle_traced: int = Field(120, ge=1, description="renew an idle worker after this many traced styles")

    # What survives a restart of the server, such as runs: SQLite in this folder or, with DATABASE_URL, PostgreSQL.
    state_dir: Path = Field(default_factory=_state_dir, description="a folder that the server may write to")
    ephemeral: bool = Field(False, description="runs and rooms are lost when the server restarts; the pages say so")
    database_url: SecretStr | None = Field(
        None, validation_alias="database_url", description="postgresql://user:password@host/database"
    )
    runs_days: float = Field(
        90, gt=0, description="runs that are not pinned, progress in lessons and visitors' own models are deleted then"
    )
    runs_count: int = Field(100_000, ge=1, description="saved runs of all visitors; whoever has most loses first")
    runs_mb: int = Field(4_000, ge=10, description="saved runs of all visitors together; whoever has most loses first")
    runs_per_visitor: int = Field(200, ge=1, description="saved runs of one visitor; the oldest are deleted")
    runs_per_visitor_mb: int = Field(100, ge=1, description="saved runs of one visitor together")

    # Lessons besides those that are shipped.
    lessons: Path | None = Field(None, description="a folder of lessons, a Markdown file each")

    lessons_scripts: Path | None = Field(
        None, description="the folder of lessons whose own scripts the workers may run"
    )
    lessons_participants: int = Field(
        30, ge=1, le=1000, description="people in a room whose runs `make lesson-check` wants ready in time"
    )

    # Rooms.
    rooms_passphrase: _Passphrase | None = Field(None, description="who opens a room has to know it")

    # Jobs.
    cancel_grace_seconds: float = Field(0.8, gt=0, le=60, description="time in which a cancelled job has to stop")
    drain_seconds: float = Field(5, ge=0, le=600, description="seconds that running jobs have to end after SIGTERM")
    seconds_per_job: float = Field(600, gt=0, description="a job that runs longer is stopped")
    parameters_per_model: int = Field(2_000_000, ge=100, description="a larger model is refused")
    queue_limit: int = Field(300, ge=1, description="jobs that may wait; more are refused")
    queue_per_visitor: int = Field(24, ge=1, description="jobs of one visitor that may wait")
    #: A hidden tab polls once a minute, and a visitor who lost the connection can resume the session for 300 s.
    abandoned_seconds: float = Field(300, ge=120, description="a job no page shows may be cancelled after this")
    keep_in_all: int = Field(300, ge=1, description="ended jobs kept for all visitors together")
    keep_mb: int = Field(100, ge=1, description="results kept for all visitors together")

    # The edge.
    forwarded_allow_ips: str = Field(
        "127.0.0.1,::1", validation_alias="forwarded_allow_ips", description="proxies that may name a visitor's address"
    )
    allowed_hosts: str = Field("", description="the host names that visitors may request; empty for any")
    frame_ancestors: str = Field("'none'", description="sites that may frame the app: origins, or 'self'")
    streamlit_metrics: bool = Field(False, description="open Streamlit's own /_stcore/metrics to everybody")
    metrics_host: str = Field("127.0.0.1", description="where Prometheus reads, with metrics_port")
    metrics_port: int | None = Field(None, ge=1, le=65535, description="no metrics without one")

    @field_validator("frame_ancestors")
    @classmethod
    def _valid_in_a_policy(cls, value: str) -> str:
        """A semicolon or a bare * here would weaken the rest of the content-security policy."""
        words = [f"'{word}'" if word in ("self", "none") else word for word in value.split()]
        bad = [word for word in words if word not in ("'self'", "'none'") and not _FRAME_ORIGIN.fullmatch(word)]
        if bad or ("'none'" in words and len(words) > 1):
            raise ValueError(
                "it takes none, or a list of self and https origins with spaces between (https://learn.example.org); "
                "to try a page, also http://localhost:8000"
            )
        return " ".join(words)

    @field_validator("forwarded_allow_ips")
    @classmethod
    def _proxies(cls, value: str) -> str:
        """uvicorn, which reads it, too, would trust nobody by a text that it does not understand."""
        try:
            for each in () if value == "*" else value.split(","):
                ipaddress.ip_network(each.strip())
        except ValueError:
            raise ValueError(
                "it takes *, or addresses and networks with commas between (10.0.0.7,192.168.0.0/16)"
            ) from None
        return value

    @field_validator("database_url")
    @classmethod
    def _postgresql(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _DATABASE.fullmatch(value.get_secret_value()):
            raise ValueError("it takes postgresql://user:password@host:port/database")
        return value

    @field_validator("allowed_hosts")
    @classmethod
    def _host_names(cls, value: str) -> str:
        if not all(_HOST_NAME.fullmatch(name) for name in value.split()):
            raise ValueError(
                "it takes host names without a port, with spaces between (heads.example.org *.example.org 127.0.0.1)"
            )
        return value.lower()

    @model_validator(mode="before")
    @classmethod
    def _recorded(cls, values: dict[str, Any]) -> dict[str, Any]:
        """`TWOHEADS_WORKERS=recorded` is one worker that answers with the recordings of this checkout."""
        if values.get("workers") != "recorded":
            return values
        return {"recordings": RECORDINGS} | values | {"workers": 1}

    @field_validator("tls_ca", "tls_cert", "tls_key")
    @classmethod
    def _safe_scheduler(cls, value: Path | None, others: ValidationInfo) -> Path | None:
        """Dask executes what it receives, so only the holder of a certificate may reach it, also on this machine."""
        if others.data.get("scheduler", "invalid") and (value is None or not value.is_file()):
            raise ValueError(f"it takes a file that exists, because {variable('scheduler')} is set")
        return value
