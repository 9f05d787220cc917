"""Which fields exist in English and in French; fallbacks are off, so neither language stands in for the other."""

from modeltranslation.translator import TranslationOptions, register

from . import rows


@register(rows.Page)
class PageTranslation(TranslationOptions):
    fields = ("title", "address", "description", "introduction")


@register(rows.PartnerOrganization)
class PartnerOrganizationTranslation(TranslationOptions):
    fields = ("name", "acronym", "website", "description")


@register(rows.TextSection)
class TextSectionTranslation(TranslationOptions):
    fields = ("heading", "body")


@register(rows.Objective)
class ObjectiveTranslation(TranslationOptions):
    fields = ("title", "body")


@register(rows.PartnerList)
class PartnerListTranslation(TranslationOptions):
    fields = ("heading", "introduction")


@register(rows.Figure)
class FigureTranslation(TranslationOptions):
    fields = ("alternative_text", "caption")


@register(rows.PageList)
class PageListTranslation(TranslationOptions):
    fields = ("heading",)
