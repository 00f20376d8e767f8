"""Encryption, keyed hashes and masks of personal data.

A token is `v1:key-id:cipher:nonce:ciphertext:tag`, parts base64url. The associated data names the
table, the field and the row, so a token cannot be moved to another place.
"""

import base64
import hashlib
import hmac
import os
import re
import secrets
import unicodedata
from binascii import b2a_base64
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

VERSION = "v1"
AES, SM4 = "aes-256-gcm", "sm4-gcm"
NONCE_BYTES, TAG_BYTES, SM4_KEY_BYTES = 12, 16, 16
ID_LENGTH, MOBILE_LENGTH = 18, 11
URL_SAFE = bytes.maketrans(b"+/", b"-_")
RESERVED_KEYS = frozenset({"lookup", "audit"})


class DecryptionError(Exception):
    """A stored token was changed, moved or written with an unknown key."""


def _algorithm(name: str, key: bytes) -> algorithms.AES | algorithms.SM4:
    if name == AES:
        return algorithms.AES(key)
    if name == SM4:
        return algorithms.SM4(key[:SM4_KEY_BYTES])
    raise DecryptionError(f"unknown cipher {name}")


def current_key_id() -> str:
    """The id of the key that encrypts new values: the first of the ring."""
    return next(name for name in settings.FIELD_KEYS if name not in RESERVED_KEYS)


def encrypt(text: str, *, context: str) -> str:
    """Encrypt `text` for the place named by `context` ("table.field.row-id")."""
    key_id, nonce = current_key_id(), secrets.token_bytes(NONCE_BYTES)
    cipher = Cipher(_algorithm(settings.FIELD_CIPHER, settings.FIELD_KEYS[key_id]), modes.GCM(nonce)).encryptor()
    cipher.authenticate_additional_data(context.encode())
    sealed = cipher.update(text.encode()) + cipher.finalize()
    parts = [base64.urlsafe_b64encode(part).decode() for part in (nonce, sealed, cipher.tag)]
    return ":".join([VERSION, key_id, settings.FIELD_CIPHER, *parts])


def sealer() -> Callable[[str, str], str]:
    """`encrypt(text, context)` for very many values in a row: keys and settings are looked up once, AES set up once."""
    if settings.FIELD_CIPHER != AES:
        return lambda text, context: encrypt(text, context=context)
    key_id = current_key_id()
    head, seal = f"{VERSION}:{key_id}:{AES}:", AESGCM(settings.FIELD_KEYS[key_id]).encrypt

    def sealed(text: str, context: str) -> str:
        nonce = os.urandom(NONCE_BYTES)
        token = seal(nonce, text.encode(), context.encode())
        return f"{head}{_base64(nonce)}:{_base64(token[:-TAG_BYTES])}:{_base64(token[-TAG_BYTES:])}"

    return sealed


def _base64(part: bytes) -> str:
    return b2a_base64(part, newline=False).translate(URL_SAFE).decode()


def decrypt(token: str, *, context: str) -> str:
    """The text behind `token`. Raises DecryptionError for anything but the very token written for `context`."""
    try:
        version, key_id, name, *parts = token.split(":")
        nonce, sealed, tag = (base64.urlsafe_b64decode(part) for part in parts)
        if version != VERSION or len(tag) != TAG_BYTES:
            raise DecryptionError("unknown token form")
        cipher = Cipher(_algorithm(name, settings.FIELD_KEYS[key_id]), modes.GCM(nonce, tag)).decryptor()
        cipher.authenticate_additional_data(context.encode())
        return (cipher.update(sealed) + cipher.finalize()).decode()
    except (ValueError, KeyError, InvalidTag) as error:
        raise DecryptionError(f"cannot decrypt {context}") from error


def key_of(token: str) -> str:
    """The id of the key a token was written with."""
    return token.split(":", 2)[1]


def normalised(text: str) -> str:
    """The one spelling under which a value is hashed: NFKC, no white space, upper case."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()


def lookup_hash(label: str, text: str) -> str:
    """Keyed hash (HMAC-SHA-256, hex) by which an encrypted value is found; empty for an empty value."""
    if not text:
        return ""
    return hmac.new(settings.FIELD_KEYS["lookup"], f"{label}\0{normalised(text)}".encode(), hashlib.sha256).hexdigest()


def mask_id_number(text: str) -> str:
    """`445381********1234`; anything that is not 18 characters keeps its last four only."""
    if len(text) == ID_LENGTH:
        return f"{text[:6]}********{text[-4:]}"
    return "*" * max(len(text) - 4, 4) + text[-4:] if text else ""


def mask_phone(text: str) -> str:
    """`138****1234`; a landline keeps its last two digits."""
    if len(text) == MOBILE_LENGTH and text.startswith("1"):
        return f"{text[:3]}****{text[-4:]}"
    return "*" * max(len(text) - 2, 4) + text[-2:] if text else ""


def mask_address(text: str) -> str:
    """Down to the village or street; the house is hidden."""
    found = re.match(r"(.*?(?:村|社区|街道|镇|乡|路|街))", text)
    return f"{found.group(1)} ****" if found else ("****" if text else "")


ID_IN_TEXT = re.compile(r"(?<![0-9A-Za-z])(\d{6})(\d{8})(\d{3}[0-9Xx])(?![0-9A-Za-z])")
PHONE_IN_TEXT = re.compile(r"(?<!\d)(1[3-9]\d)(\d{4})(\d{4})(?!\d)")
MASK_IN_TEXT = re.compile(r"\d{6}\*{8}\d{3}[0-9Xx]|1[3-9]\d\*{4}\d{4}")


def mask_text(text: str) -> str:
    """A story with every identity number and mobile number in it masked."""
    text = ID_IN_TEXT.sub(lambda found: mask_id_number(found.group(0)), text)
    return PHONE_IN_TEXT.sub(r"\1****\3", text)


class AmbiguousMaskError(Exception):
    """A mask stands for different numbers, and the text no longer says which is which."""


def unmask_text(text: str, original: str) -> str:
    """`text`, written over `mask_text(original)`, with the numbers of `original` back where their masks still stand.

    A mask that the original has not stays as typed. Raises AmbiguousMaskError (with the mask) when different numbers
    look the same masked and not all of them are left.
    """
    hidden: dict[str, list[str]] = {}
    for pattern in (ID_IN_TEXT, PHONE_IN_TEXT):
        for found in pattern.finditer(original):
            hidden.setdefault(mask_text(found.group(0)), []).append(found.group(0))
    for mask, numbers in hidden.items():
        if len(set(numbers)) > 1 and 0 < text.count(mask) != len(numbers):
            raise AmbiguousMaskError(mask)

    def back(found: re.Match[str]) -> str:
        numbers = hidden.get(found.group(0), [])
        return numbers.pop(0) if len(numbers) > 1 else next(iter(numbers), found.group(0))

    return MASK_IN_TEXT.sub(back, text)
