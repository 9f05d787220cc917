"""Dates et nombres en français canadien (Guide de rédaction du contenu de Canada.ca, 4.6 à 4.8)."""

# Only Django itself uses these two. Its formats cannot say « 1er », which sentences of ours do: `pages.local_time`.
DATE_FORMAT = "Y-m-d"
TIME_FORMAT = "G\xa0\\h\xa0i"
DATETIME_FORMAT = "Y-m-d H:i"
YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "j\xa0F"
SHORT_DATE_FORMAT = "Y-m-d"
SHORT_DATETIME_FORMAT = "Y-m-d H:i"
DATE_INPUT_FORMATS = ["%Y-%m-%d"]
DATETIME_INPUT_FORMATS = ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S"]
DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "\xa0"
NUMBER_GROUPING = 3
