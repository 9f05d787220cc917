"""Lays out the blocks of a form quickly."""

from django import template

from pages.admin import layout

register = template.Library()
register.simple_tag(layout.blocks, name="blocks")
