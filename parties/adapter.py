from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """allauth's hooks: its pages and messages are ours."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """On a server the proxy before us appends the visitor's address; what stands before that anybody can write."""
        forwarded = request.headers.get("X-Forwarded-For", "")
        if settings.SECURE and forwarded:
            return forwarded.split(",")[-1].strip()
        return super().get_client_ip(request)

    def add_message(self, *args: object, **kwargs: object) -> None:
        """allauth's own messages say nothing that our pages do not say."""
