"""What is a section called on the page?"""

from django import template

from applications.papers import SECTION_TITLES

register = template.Library()


@register.filter
def section_title(name: str) -> str:
    return SECTION_TITLES.get(name, name)
