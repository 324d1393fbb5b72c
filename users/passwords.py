"""What a password is, before it is hashed."""

import unicodedata


def normalise_password(password: str, /) -> str:
    """
    Return the one spelling under which a password is hashed, checked and judged.

    The same keys give other code points on other systems (Hangul in jamo on macOS, full-width digits
    of an input method): NFKC, as NIST SP 800-63B-4, 3.1.1.2, asks.
    """
    return unicodedata.normalize("NFKC", password)
