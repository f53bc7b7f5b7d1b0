"""Text for tables that a spreadsheet may open: it must not be taken for a formula."""

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet may take the text for a formula."""
    return text.startswith(FORMULA)


def defused(text: str) -> str:
    """The text with an apostrophe before what would be a formula; `as_meant` takes it off again."""
    return f"'{text}" if is_formula(text.lstrip("'")) else text


def as_meant(text: str) -> str:
    """What `defused` was given."""
    return text[1:] if text.startswith("'") and is_formula(text.lstrip("'")) else text
