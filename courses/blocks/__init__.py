from .bodies import InformationBody, LessonBody

__all__ = ["InformationBody", "LessonBody"]
