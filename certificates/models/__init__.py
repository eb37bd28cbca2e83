from .certificate import Award, AwardMembership, Certificate
from .programme import Programme

__all__ = ["Award", "AwardMembership", "Certificate", "Programme"]
