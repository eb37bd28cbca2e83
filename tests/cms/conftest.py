"""The site with a module of tests/courses, for what this app shows of learning."""

from tests.courses.conftest import course_page, index

__all__ = ["course_page", "index"]
