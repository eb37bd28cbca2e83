"""The site of the courses' tests, and a search index that works without migrations."""

import pytest
from django.db import connection
from django.db.migrations import RunSQL
from wagtail.search.models import IndexEntry

from tests.courses.conftest import course_page, first, index, person, second

__all__ = ["course_page", "first", "index", "person", "search_index", "second"]


@pytest.fixture
def search_index(db: None) -> None:
    """An empty index. On SQLite its full-text table and triggers come from a migration of Wagtail's, which tests do not run."""
    if connection.vendor != "sqlite":
        return
    from importlib import import_module

    operations = import_module("wagtail.search.migrations.0006_customise_indexentry").Migration.operations
    table = f"{IndexEntry._meta.db_table}_fts"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {table}")
        for operation in operations[-1].database_operations:
            assert isinstance(operation, RunSQL)
            cursor.execute(operation.sql)
        cursor.execute(f"DELETE FROM {IndexEntry._meta.db_table}")  # what was indexed before is not in the new table
