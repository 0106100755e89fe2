"""What tests of several packages of the backend share: both kinds of database."""

from tests.builders.storage import both_kinds

storage = both_kinds
