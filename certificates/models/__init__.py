from .certificate import Award, AwardMembership, Certificate, NumberSeries
from .programme import Programme

__all__ = ["Award", "AwardMembership", "Certificate", "NumberSeries", "Programme"]
