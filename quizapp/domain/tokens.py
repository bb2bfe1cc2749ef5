"""Names and keys that nobody can guess."""

from base64 import urlsafe_b64encode
from random import Random


def token(random: Random, bits: int) -> str:
    """`bits` random bits as letters that are safe in a URL: 22 for 128, 43 for 256."""
    return urlsafe_b64encode(random.randbytes(bits // 8)).decode().rstrip("=")
