"""Finds pages by their words, in one language at a time: the same pages in the same order on every database.

`words` and `text_lines` say what a text is found by, and `index` makes rows of that, which `pages.indexes`
keeps. `queries` reads what visitors type, `synonyms` adds what the glossary calls the same, `matching` finds and
ranks, `backend` asks the database, `highlighting` marks, `results` answers.
"""
