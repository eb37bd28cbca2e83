"""Wagtail's and Django's admin without their own screens for people, groups and ways to sign in.

Those would write past the actions: a person deleted there leaves the ledger with rows of nobody, a group given there is
no role, and a second factor could be read. People are changed in /beheer/ and in their own details.
"""

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from wagtail.users.apps import WagtailUsersAppConfig


class Admin(AdminConfig):
    default = False

    def ready(self) -> None:
        super().ready()
        from allauth.account.models import EmailAddress
        from allauth.mfa.models import Authenticator
        from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
        from django.contrib.auth.models import Group
        from django_tasks_db.models import DBTaskResult  # tells at which moment whose certificate was made
        from filer.models import FolderPermission  # asks for groups

        admin.site.unregister(
            [
                Authenticator,
                DBTaskResult,
                EmailAddress,
                FolderPermission,
                Group,
                SocialAccount,
                SocialApp,
                SocialToken,
            ]
        )


class WagtailUsers(WagtailUsersAppConfig):
    user_viewset = group_viewset = "wagtail.admin.viewsets.base.ViewSet"  # one without pages
