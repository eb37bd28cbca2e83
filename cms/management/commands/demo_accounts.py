from django.core.management.base import BaseCommand, CommandParser

from parties.demo import ACCOUNTS


class Command(BaseCommand):
    help = "Prints where the demo runs and with which accounts one can look."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--address", required=True)

    def handle(self, *args: object, address: str, **options: object) -> None:
        self.stdout.write(f"\n  Gelijkop runs on {address}  (Ctrl-C ends it)\n")
        self.stdout.write(f"  A tour of ten minutes: {address}/demo/   Its mail: {address}/demo/postbus/\n\n")
        self.stdout.write(f"  Sign in on {address}/inloggen/ as one of these:\n")
        for account in ACCOUNTS:
            self.stdout.write(f"    {account.email:<30} {account.description}\n")
        self.stdout.write("\n")
