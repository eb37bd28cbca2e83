from .pages import HomePage, InformationPage

__all__ = ["HomePage", "InformationPage"]
