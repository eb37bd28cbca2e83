from .learning import Answer, Enrolment, LessonProgress, Note
from .pages import Course, CoursePage, LessonChange, LessonPage, ModuleIndexPage

__all__ = [
    "Answer",
    "Course",
    "CoursePage",
    "Enrolment",
    "LessonChange",
    "LessonPage",
    "LessonProgress",
    "ModuleIndexPage",
    "Note",
]
