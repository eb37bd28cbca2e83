from .learning import Answer, Enrolment, LessonProgress
from .pages import Course, CoursePage, LessonPage, ModuleIndexPage

__all__ = ["Answer", "Course", "CoursePage", "Enrolment", "LessonPage", "LessonProgress", "ModuleIndexPage"]
