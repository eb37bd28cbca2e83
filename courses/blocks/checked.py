"""What an editor left out or got wrong in a block, said in the editor's words at the field where it can be mended."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError


class CheckedBlock(blocks.StructBlock):
    """``needed``: why a field may not stay empty, by its name. ``complaints``: what else is not right."""

    needed: ClassVar[Mapping[str, Any]] = {}

    def complaints(self, value: blocks.StructValue) -> dict[str, Any]:
        """A sentence by the name of its field. Fields may still be empty here, or hold what Django refuses."""
        return {}

    def clean(self, value: blocks.StructValue) -> blocks.StructValue:
        errors: dict[str, Exception] = {}
        cleaned = value
        try:
            cleaned = super().clean(value)
        except StructBlockValidationError as caught:
            errors = dict(caught.block_errors)
        for name, sentence in self.needed.items():
            if getattr(errors.get(name), "code", None) == "required":
                errors[name] = ValidationError(sentence, code="required")
        for name, sentence in self.complaints(cleaned).items():
            errors.setdefault(name, ValidationError(sentence))
        if errors:
            raise StructBlockValidationError(errors)
        return cleaned
