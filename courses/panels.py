"""What editors see above a form, besides its fields."""

from typing import Any

from wagtail.admin.panels import Panel


class DroppedLessonsPanel(Panel):
    """Says which chosen lessons of a short route nobody sees, and why. Nothing when all of them are shown."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "courses/admin/dropped_lessons.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk) and bool(self._dropped())

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            return {**super().get_context_data(parent_context), "dropped": self._dropped()}

        def _dropped(self) -> list[str]:
            from courses.routes import dropped_lessons  # reads the model that has this panel

            return dropped_lessons(self.instance)
