"""Encryption, keyed hashes and masks of personal data.

A token is `v1:key-id:cipher:nonce:ciphertext:tag`, parts base64url. The associated data names the
table, the field and the row, so a token cannot be moved to another place.
"""

import re
import secrets
import unicodedata
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import lru_cache, partial
from itertools import accumulate

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hmac import HMAC
from django.conf import settings
from django.utils import timezone

from core.number_patterns import DASHED, ID_IN_TEXT, MASK_IN_TEXT, phones_in

VERSION = "v1"
AES, SM4 = "aes-256-gcm", "sm4-gcm"
NONCE_BYTES, TAG_BYTES, SM4_KEY_BYTES = 12, 16, 16
NONCE_LETTERS = 16  # of base64
NONCES_AT_ONCE = 500
ID_LENGTH, MOBILE_LENGTH = 18, 11
URL_SAFE, FROM_URL_SAFE = bytes.maketrans(b"+/", b"-_"), bytes.maketrans(b"-_", b"+/")
LINE_END = b"\n"  # which base64 puts behind every part
RESERVED_KEYS = frozenset({"lookup", "audit"})


class DecryptionError(Exception):
    """A stored token was changed, moved or written with an unknown key."""


class Sm4Gcm:
    """SM4-GCM (RFC 8998) with the shape of AESGCM: the tag stands at the end of what is sealed."""

    def __init__(self, key: bytes) -> None:
        self._algorithm = algorithms.SM4(key[:SM4_KEY_BYTES])

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        cipher = Cipher(self._algorithm, modes.GCM(nonce)).encryptor()
        cipher.authenticate_additional_data(associated_data)
        return cipher.update(data) + cipher.finalize() + cipher.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes) -> bytes:
        cipher = Cipher(self._algorithm, modes.GCM(nonce, data[-TAG_BYTES:])).decryptor()
        cipher.authenticate_additional_data(associated_data)
        return cipher.update(data[:-TAG_BYTES]) + cipher.finalize()


CIPHERS: dict[str, Callable[[bytes], AESGCM | Sm4Gcm]] = {AES: AESGCM, SM4: Sm4Gcm}


@lru_cache(maxsize=32)
def _cipher(name: str, key: bytes) -> AESGCM | Sm4Gcm:
    """Setting up a key costs more than a field: one object a key and cipher, kept as long as the key itself."""
    return CIPHERS[name](key)


def current_key_id() -> str:
    """The id of the key that encrypts new values: the first of the ring."""
    return next(name for name in settings.FIELD_KEYS if name not in RESERVED_KEYS)


def current_prefix() -> str:
    """How every token begins that is written now."""
    return f"{VERSION}:{current_key_id()}:{settings.FIELD_CIPHER}:"


def encrypt(text: str, *, context: str) -> str:
    """Encrypt `text` for the place named by `context` ("table.field.row-id")."""
    return sealer("", at_once=1)(text, context)


def sealer(place: str, at_once: int = NONCES_AT_ONCE) -> Callable[[str, str], str]:
    """`sealed(text, key)` encrypts very many values for the context `place` + key: what stays is looked up once.

    Random bytes are fetched for so many values together. Not to be carried into a forked process: a nonce serves once.
    """
    key_id, name = current_key_id(), settings.FIELD_CIPHER
    head, seal = f"{VERSION}:{key_id}:{name}:", _cipher(name, settings.FIELD_KEYS[key_id]).encrypt
    nonces = _nonces(at_once)

    def sealed(text: str, key: str) -> str:
        nonce = next(nonces)
        secret = seal(nonce, text.encode(), (place + key).encode())
        del text  # a value may be a whole file: no copy of it is held longer than it is needed
        parts = b2a_base64(nonce), b2a_base64(memoryview(secret)[:-TAG_BYTES]), b2a_base64(secret[-TAG_BYTES:])
        del secret
        whole = b":".join(parts)
        del parts
        return head + whole.translate(URL_SAFE, LINE_END).decode()

    return sealed


def column_sealer(place: str) -> Callable[[Sequence[str], Sequence[str]], list[str]]:
    """`sealed(texts, keys)` encrypts many values at once as `sealer` does one after the other; what is empty stays so.

    What is done to every letter is done to all of them together.
    """
    key_id, name = current_key_id(), settings.FIELD_CIPHER
    head, seal = f"{VERSION}:{key_id}:{name}:", _cipher(name, settings.FIELD_KEYS[key_id]).encrypt
    where = place.encode()

    def sealed(texts: Sequence[str], keys: Sequence[str]) -> list[str]:
        pool = secrets.token_bytes(NONCE_BYTES * len(texts))
        letters = b2a_base64(pool)  # twelve bytes are sixteen letters, with nothing left over
        nonces = [pool[start : start + NONCE_BYTES] for start in range(0, len(pool), NONCE_BYTES)]
        shown = [letters[start : start + NONCE_LETTERS] for start in range(0, len(letters) - 1, NONCE_LETTERS)]
        secret = [
            seal(nonce, text.encode(), where + key.encode()) if text else b""
            for nonce, text, key in zip(nonces, texts, keys, strict=True)
        ]
        bodies = [b2a_base64(one[:-TAG_BYTES]) for one in secret]
        tags = [b2a_base64(one[-TAG_BYTES:]) for one in secret]
        tokens = b" ".join(map(b":".join, zip(shown, bodies, tags, strict=True)))
        parts = tokens.translate(URL_SAFE, LINE_END).decode().split(" ")
        return [head + part if text else "" for part, text in zip(parts, texts, strict=False)]  # of no texts one part

    return sealed


# Unlike the standard library's own: strange letters are an error, and it takes a fifth of the time.
_from_base64 = partial(a2b_base64, strict_mode=True)


def _nonces(at_once: int) -> Iterator[bytes]:
    while True:
        pool = secrets.token_bytes(NONCE_BYTES * at_once)
        for start in range(0, len(pool), NONCE_BYTES):
            yield pool[start : start + NONCE_BYTES]


def decrypt(token: str, *, context: str) -> str:
    """The text behind `token`. Raises DecryptionError for anything but the very token written for `context`."""
    try:
        version, key_id, name, parts = token.split(":", 3)
        nonce, sealed, tag = map(_from_base64, parts.encode().translate(FROM_URL_SAFE).split(b":"))
        if version != VERSION or len(tag) != TAG_BYTES:
            raise DecryptionError("unknown token form")
        return _cipher(name, settings.FIELD_KEYS[key_id]).decrypt(nonce, sealed + tag, context.encode()).decode()
    except (ValueError, KeyError, InvalidTag) as error:
        raise DecryptionError(f"cannot decrypt {context}") from error


def key_of(token: str) -> str:
    """The id of the key a token was written with."""
    return token.split(":", 2)[1]


def normalised(text: str) -> str:
    """The one spelling under which a value is hashed: NFKC, no white space, upper case."""
    if text.isascii() and text.isalnum():  # nearly every number
        return text.upper()
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()


def lookup_hash(label: str, text: str) -> str:
    """Keyed hash (FIELD_HASH, 64 hex digits) by which an encrypted value is found; empty for an empty value."""
    return hasher(label)(text)


def hasher(label: str) -> Callable[[str], str]:
    """`lookup_hash(label, text)` for very many values in a row: key and settings are looked up once."""
    begun = _mac(settings.FIELD_HASH, settings.FIELD_KEYS["lookup"], label)

    def hashed(text: str) -> str:
        if not text:
            return ""
        mac = begun.copy()
        mac.update(normalised(text).encode())
        return mac.finalize().hex()

    return hashed


def column_hasher(label: str) -> Callable[[Sequence[str]], list[str]]:
    """`hasher` for many values at once: whether they must be normalised is seen of all of them together."""
    begun, hashed = _mac(settings.FIELD_HASH, settings.FIELD_KEYS["lookup"], label), hasher(label)

    def all_hashed(texts: Sequence[str]) -> list[str]:
        together = "".join(texts)
        if not (together.isascii() and together.isalnum() and all(texts)):
            return list(map(hashed, texts))
        found: list[str] = []
        for text in texts:
            mac = begun.copy()
            mac.update(text.upper().encode())
            found.append(mac.finalize().hex())
        return found

    return all_hashed


@lru_cache(maxsize=32)
def _mac(name: str, key: bytes, label: str) -> HMAC:
    """An HMAC that has taken in the key and the label; to be copied, as setting one up costs more than a value."""
    mac = HMAC(key, HASHES[name]())
    mac.update(f"{label}\0".encode())
    return mac


HASHES: dict[str, Callable[[], hashes.HashAlgorithm]] = {"hmac-sha256": hashes.SHA256, "hmac-sm3": hashes.SM3}


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


_ON_A_CARD = re.compile(r"(?:身份证?|证件|公民)[^，。；、\n]{0,8}\Z")
_WEIGHTS = tuple(2**power % 11 for power in range(17, 0, -1))
EARLIEST_BIRTH = date(1900, 1, 1)


def mask_text(text: str) -> str:
    """A story with every identity number and telephone number in it masked."""
    text = ID_IN_TEXT.sub(lambda found: mask_of(found) if is_of_a_person(found) else found.group(0), text)
    parts, end = [], 0
    for found in phones_in(text):
        parts += [text[end : found.start()], mask_of(found)]
        end = found.end()
    return "".join([*parts, text[end:]])


def mask_of(found: re.Match[str]) -> str:
    """How the number of a match of the two patterns looks masked."""
    mask = mask_id_number if found.re is ID_IN_TEXT else mask_phone
    return mask(number_of(found))


def is_of_a_person(found: re.Match[str]) -> bool:
    """Whether eighteen digits are an identity number and not a paper's, 445381-20230401-0012.

    Told by dashes alone: with them, words that say so, or a possible day of birth and the right last digit are asked
    for. Without them every such number is taken for a person's, also one mistyped.
    """
    if not DASHED.search(found.group(0)):
        return True
    if _ON_A_CARD.search(found.string, max(0, found.start() - 16), found.start()):
        return True
    number = number_of(found)
    try:
        born = date.fromisoformat(number[6:14])
    except ValueError:
        return False
    if not EARLIEST_BIRTH <= born <= timezone.localdate():
        return False
    check = "10X98765432"[sum(int(one) * by for one, by in zip(number, _WEIGHTS, strict=False)) % 11]
    return number[-1] == check


def numbers_in_text(text: str) -> list[re.Match[str]]:
    """The numbers of a text, identity numbers first; what lies inside one of these is no telephone number."""
    found = list(filter(is_of_a_person, ID_IN_TEXT.finditer(text)))
    inside = [one.span() for one in found]
    return found + [
        one for one in phones_in(text) if not any(start < one.end() and one.start() < end for start, end in inside)
    ]


def number_of(found: re.Match[str]) -> str:
    """The number of a match of the two patterns in usual digits: without gaps, 0766-3821234 with its area code."""
    if found.re is ID_IN_TEXT:
        return normalised("".join(found.groups()))
    said = found.groupdict()
    parts = [said.get(name) for name in ("mobile", "bare", "area", "framed", "local")]
    return "-".join(re.sub(r"\D", "", normalised(part)) for part in parts if part)


class AmbiguousMaskError(Exception):
    """A mask stands for different numbers, and the text no longer says which is which."""


def unmask_text(text: str, original: str) -> str:
    """`text`, written over `mask_text(original)`, with the numbers of `original` back where their masks still stand.

    A mask that the original has not stays as typed. What no longer is a number where it stands now, 3822333 of a row
    whose first was taken out, is called one, so that it stays masked. Raises AmbiguousMaskError (with the mask) when
    different numbers look the same masked and not all of them are left.
    """
    hidden: dict[str, list[re.Match[str]]] = {}
    for found in numbers_in_text(original):
        hidden.setdefault(mask_of(found), []).append(found)
    for mask, numbers in hidden.items():
        if len(set(map(number_of, numbers))) > 1 and 0 < text.count(mask) != len(numbers):
            raise AmbiguousMaskError(mask)
    pieces, called = MASK_IN_TEXT.split(text), {}
    for place in range(1, len(pieces), 2):  # every second one is a mask
        if numbers := hidden.get(pieces[place], []):
            found = numbers.pop(0) if len(numbers) > 1 else numbers[0]
            pieces[place], called[place] = found.group(0), "身份证" if found.re is ID_IN_TEXT else "电话"
    known = {one.start() for one in numbers_in_text("".join(pieces))}
    starts = accumulate(map(len, pieces), initial=0)
    return "".join(
        piece if start in known else called.get(place, "") + piece
        for place, (piece, start) in enumerate(zip(pieces, starts, strict=False))
    )
