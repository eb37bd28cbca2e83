"""Fixtures that many tests share, the Hypothesis profiles, and what happens where a tool is not on the machine."""

import ctypes.util
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.road.looks import axe
from tests.running import browser_type_launch_args, groundwork, running_site, visitor

__all__ = [
    "axe",
    "browser_type_launch_args",
    "groundwork",
    "running_site",
    "visitor",
]  # one site for all the tests with a browser

NODE_PACKAGES = Path(__file__).parent / "node" / "node_modules"
TOOLS = {
    "node": lambda: shutil.which("node") is not None and (NODE_PACKAGES / "ical.js").is_dir(),
    "java": lambda: shutil.which("java") is not None and (NODE_PACKAGES / "vnu-jar").is_dir(),
    "libical": lambda: ctypes.util.find_library("ical") is not None,
    "khal": lambda: shutil.which("khal") is not None,
    "dovecot": lambda: shutil.which("dovecot", path="/usr/sbin:/usr/bin") is not None,
    "vobject": lambda: Path("/usr/lib/python3/dist-packages/vobject").is_dir(),
}
REQUIRE_TOOLS = os.environ.get("REQUIRE_TOOLS") == "1"

# Steps in all: examples times steps an example for a state machine.
quiet = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]
settings.register_profile("ci", max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=quiet)
settings.register_profile("deep", max_examples=200, stateful_step_count=50, deadline=None, suppress_health_check=quiet)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for name, present in TOOLS.items():
        marked = [item for item in items if item.get_closest_marker(name)]
        if not marked or present():
            continue
        if REQUIRE_TOOLS:
            raise pytest.UsageError(f"{len(marked)} tests need {name}, which is not on this machine.")
        for item in marked:
            item.add_marker(pytest.mark.skip(reason=f"needs {name}, which is not on this machine"))


@pytest.fixture(autouse=True)
def _own_folders(settings: object, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nothing that a test writes lands in var/."""
    folder = tmp_path_factory.mktemp("var")
    settings.VAR_DIR = folder  # type: ignore[attr-defined]
    settings.MAIL_DIR = folder / "mail"  # type: ignore[attr-defined]
    settings.MEDIA_ROOT = folder / "media"  # type: ignore[attr-defined]
    settings.STATIC_ROOT = folder  # type: ignore[attr-defined] # WhiteNoise warns where there is none


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    from django.core.cache import cache

    cache.clear()
