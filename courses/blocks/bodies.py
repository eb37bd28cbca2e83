"""What a lesson and what an information page is made of."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from courses.blocks.arranging import MatchingBlock, OrderingBlock, ReflectionBlock
from courses.blocks.exercises import MultipleChoiceBlock, PollBlock, SingleChoiceBlock, StatementBlock
from courses.blocks.scenario import ScenarioBlock
from courses.blocks.text import CalloutBlock, FigureBlock, ImageBlock, QuoteBlock, TextBlock


class InformationBody(blocks.StreamBlock):
    text = TextBlock(group=_("Reading"))
    image = ImageBlock(group=_("Reading"))
    quote = QuoteBlock(group=_("Reading"))
    callout = CalloutBlock(group=_("Reading"))


class LessonBody(InformationBody):
    figure = FigureBlock(group=_("Reading"))
    single_choice = SingleChoiceBlock(group=_("Exercises"))
    multiple_choice = MultipleChoiceBlock(group=_("Exercises"))
    statement = StatementBlock(group=_("Exercises"))
    ordering = OrderingBlock(group=_("Exercises"))
    matching = MatchingBlock(group=_("Exercises"))
    reflection = ReflectionBlock(group=_("Exercises"))
    poll = PollBlock(group=_("Exercises"))
    scenario = ScenarioBlock(group=_("Exercises"))
