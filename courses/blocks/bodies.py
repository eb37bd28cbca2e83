"""What a lesson and what an information page is made of. Editors see the groups by name, and in them this order."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from courses.blocks.arranging import MatchingBlock, OrderingBlock, ReflectionBlock
from courses.blocks.exercises import MultipleChoiceBlock, PollBlock, SingleChoiceBlock, StatementBlock
from courses.blocks.figures import FigureBlock
from courses.blocks.media import DownloadBlock, ImageBlock, VideoBlock
from courses.blocks.scenario import ScenarioBlock
from courses.blocks.text import AccordionBlock, BySideBlock, CalloutBlock, LegalNoteBlock, QuoteBlock, TextBlock

READING = _("Reading")
SEEING = _("Seeing and taking along")
EXERCISES = _("Exercises")


class InformationBody(blocks.StreamBlock):
    text = TextBlock(group=READING)
    callout = CalloutBlock(group=READING)
    quote = QuoteBlock(group=READING)
    legal_note = LegalNoteBlock(group=READING)
    accordion = AccordionBlock(group=READING)
    image = ImageBlock(group=SEEING)
    figure = FigureBlock(group=SEEING)
    video = VideoBlock(group=SEEING)
    download = DownloadBlock(group=SEEING)


class LessonBody(InformationBody):
    by_side = BySideBlock(group=READING)
    single_choice = SingleChoiceBlock(group=EXERCISES)
    multiple_choice = MultipleChoiceBlock(group=EXERCISES)
    statement = StatementBlock(group=EXERCISES)
    ordering = OrderingBlock(group=EXERCISES)
    matching = MatchingBlock(group=EXERCISES)
    reflection = ReflectionBlock(group=EXERCISES)
    poll = PollBlock(group=EXERCISES)
    scenario = ScenarioBlock(group=EXERCISES)
