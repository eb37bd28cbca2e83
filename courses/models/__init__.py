from .law import LegalApproval, LegalReviewTask
from .learning import Answer, Enrolment, LessonProgress, Note
from .pages import Course, CoursePage, LessonChange, LessonPage, ModuleIndexPage
from .routes import ShortRoutePage

__all__ = [
    "Answer",
    "Course",
    "CoursePage",
    "Enrolment",
    "LegalApproval",
    "LegalReviewTask",
    "LessonChange",
    "LessonPage",
    "LessonProgress",
    "ModuleIndexPage",
    "Note",
    "ShortRoutePage",
]
