"""The environment of the tests, set before Django's settings are read (loaded by ``-p`` in pyproject.toml)."""

import os

os.environ.setdefault("GELIJKOP_TESTING", "1")
os.environ.setdefault("SECRET_KEY", "only-for-tests")
os.environ.setdefault("DATABASE_URL", os.environ.get("TEST_DATABASE_URL", "sqlite://:memory:"))
os.environ.setdefault("CACHE_URL", "locmemcache://")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
