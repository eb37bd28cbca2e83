"""What the field component needs to know of a bound field: its kind, and its widget with the right classes."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.forms import BoundField, DecimalField, FloatField, widgets
from django.forms.boundfield import BoundWidget
from django.utils.safestring import SafeString

TEXTBOX = "utrecht-textbox utrecht-textbox--html-input"
CSS = {
    "textbox": TEXTBOX,
    "file": TEXTBOX,
    "parts": TEXTBOX,
    "textarea": "utrecht-textarea utrecht-textarea--html-textarea",
    "select": "utrecht-select utrecht-select--html-select",
    "checkbox": "utrecht-checkbox utrecht-checkbox--html-input utrecht-checkbox--custom utrecht-custom-checkbox",
    "checkboxes": "utrecht-checkbox utrecht-checkbox--html-input utrecht-checkbox--custom utrecht-custom-checkbox",
    "radios": "utrecht-radio-button utrecht-radio-button--html-input",
}
INVALID = {
    "textbox": " utrecht-textbox--invalid",
    "file": " utrecht-textbox--invalid",
    "parts": " utrecht-textbox--invalid",
    "textarea": " utrecht-textarea--invalid",
    "select": " utrecht-select--invalid",
    "checkbox": " utrecht-custom-checkbox--invalid",
    "checkboxes": " utrecht-custom-checkbox--invalid",
    "radios": " utrecht-radio-button--invalid",
}


@dataclass(frozen=True)
class FieldView:
    """A field as the template draws it. ``kind`` is a key of ``CSS`` or 'hidden'."""

    kind: str
    id: str
    anchor: str
    label: str
    help_text: str
    errors: Sequence[str]
    described_by: str
    control: SafeString | str = ""
    options: Sequence[BoundWidget] = field(default_factory=tuple)


def kind_of(bound: BoundField) -> str:
    widget = bound.field.widget
    if bound.is_hidden:
        return "hidden"
    for kind, types in (
        ("checkboxes", widgets.CheckboxSelectMultiple),  # before radios, of which it is a subclass
        ("radios", widgets.RadioSelect),
        ("checkbox", widgets.CheckboxInput),
        ("select", widgets.Select),
        ("textarea", widgets.Textarea),
        ("file", widgets.FileInput),
        ("parts", (widgets.MultiWidget, widgets.SelectDateWidget)),
    ):
        if isinstance(widget, types):
            return kind
    return "textbox"


def typed_widget(bound: BoundField) -> widgets.Widget:
    """The widget to draw. A number is asked for as text: a browser empties `type="number"` when 'six' comes back."""
    widget = bound.field.widget
    if not isinstance(widget, widgets.NumberInput):
        return widget
    mode = "decimal" if isinstance(bound.field, (DecimalField, FloatField)) else "numeric"
    own = {name: value for name, value in widget.attrs.items() if name not in ("min", "max", "step")}
    return widgets.TextInput(attrs={"inputmode": mode, **own})


def field_view(bound: BoundField) -> FieldView:
    """The view of one bound field; ids follow Django's (`<id>_helptext`, `<id>_error`)."""
    kind = kind_of(bound)
    ids = [f"{bound.auto_id}_error"] * bool(bound.errors) + [f"{bound.auto_id}_helptext"] * bool(bound.help_text)
    described_by = " ".join(ids)
    attrs: dict[str, str | bool] = {}
    if kind != "hidden":
        own = bound.field.widget.attrs.get("class", "")
        attrs["class"] = CSS[kind] + INVALID[kind] * bool(bound.errors) + (f" {own}" if own else "")
    several = kind in ("radios", "checkboxes")
    # With `required` the design system draws an empty field as wrong before anybody typed in it.
    bound.form.use_required_attribute = False
    if bound.field.required and kind not in ("hidden", "radios", "checkboxes"):
        attrs["aria-required"] = "true"
    if described_by and not several:
        attrs["aria-describedby"] = described_by
    if bound.errors:
        attrs["aria-invalid"] = "true"
    options: Sequence[BoundWidget] = ()
    control: SafeString | str = ""
    if several:
        if bound.field.disabled:
            attrs["disabled"] = True
        if kind == "radios":
            attrs.pop("aria-invalid", None)  # ARIA allows it on a group of radios, not on one of them
        widget = bound.field.widget
        options = [
            BoundWidget(widget, data, bound.form.renderer)
            for data in widget.subwidgets(bound.html_name, bound.value(), attrs={"id": bound.auto_id, **attrs})
        ]
    else:
        control = bound.as_widget(widget=typed_widget(bound), attrs=attrs)
    if kind == "hidden":
        anchor = ""
    elif several or kind == "parts":
        anchor = f"{bound.auto_id}_0"
    else:
        anchor = bound.auto_id
    return FieldView(
        kind=kind,
        id=bound.auto_id,
        anchor=anchor,
        label=str(bound.label),
        help_text=str(bound.help_text),
        errors=[str(error) for error in bound.errors],
        described_by=described_by,
        control=control,
        options=options,
    )
