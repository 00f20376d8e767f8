"""Encryption of personal data, keyed hashes, masks."""

import base64
import hmac

import pytest

from core import privacy
from core.privacy import DecryptionError

PLACE = "roster_staff.id_number.8e9f"
ID_NUMBER = "445381198503021234"
HMAC_SM3 = "366e18a74f606071bf1f6c537100c3a1acb880c35b438634ab64c72812f49730"


@pytest.mark.parametrize("cipher", [privacy.AES, privacy.SM4])
@pytest.mark.parametrize("text", [ID_NUMBER, "榃滨镇 𣸣某", "一"])
def test_what_is_encrypted_is_read_again_in_its_own_place(settings, cipher, text):
    settings.FIELD_CIPHER = cipher

    token = privacy.encrypt(text, context=PLACE)

    assert privacy.decrypt(token, context=PLACE) == text
    assert text not in token
    assert token.split(":")[:3] == ["v1", "k1", cipher]


def test_the_same_text_never_gives_the_same_token():
    assert privacy.encrypt("x", context=PLACE) != privacy.encrypt("x", context=PLACE)


def test_a_token_moved_to_another_row_cannot_be_read():
    token = privacy.encrypt(ID_NUMBER, context=PLACE)

    with pytest.raises(DecryptionError, match="cannot decrypt"):
        privacy.decrypt(token, context="roster_staff.id_number.0000")


@pytest.mark.parametrize("part", [3, 4, 5], ids=["nonce", "ciphertext", "tag"])
def test_a_single_changed_bit_is_refused(part):
    parts = privacy.encrypt(ID_NUMBER, context=PLACE).split(":")
    raw = bytearray(base64.urlsafe_b64decode(parts[part]))
    raw[0] ^= 1
    parts[part] = base64.urlsafe_b64encode(raw).decode()

    with pytest.raises(DecryptionError):
        privacy.decrypt(":".join(parts), context=PLACE)


@pytest.mark.parametrize(
    "broken",
    ["", "v1:k1", "plain text", "v2:{rest}", "v1:gone:{tail}", "v1:k1:rot13:{parts}", "v1:k1:aes-256-gcm:a:b:c"],
)
def test_anything_else_is_refused_never_returned(broken):
    token = privacy.encrypt(ID_NUMBER, context=PLACE)
    rest, tail, parts = (token.split(":", cut)[cut] for cut in (1, 2, 3))

    with pytest.raises(DecryptionError):
        privacy.decrypt(broken.format(rest=rest, tail=tail, parts=parts), context=PLACE)


def test_a_short_tag_is_refused():
    parts = privacy.encrypt(ID_NUMBER, context=PLACE).split(":")
    parts[5] = base64.urlsafe_b64encode(base64.urlsafe_b64decode(parts[5])[:12]).decode()

    with pytest.raises(DecryptionError):
        privacy.decrypt(":".join(parts), context=PLACE)


def test_old_keys_still_read_and_the_first_key_writes(settings):
    old = privacy.encrypt(ID_NUMBER, context=PLACE)
    settings.FIELD_KEYS = {"k2": b"2" * 32} | settings.FIELD_KEYS

    new = privacy.encrypt(ID_NUMBER, context=PLACE)

    assert (privacy.key_of(old), privacy.key_of(new)) == ("k1", "k2")
    assert privacy.decrypt(old, context=PLACE) == privacy.decrypt(new, context=PLACE) == ID_NUMBER


def test_sm4_gcm_is_that_of_rfc_8998():
    key = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    plain = b"".join(bytes([byte]) * 8 for byte in (0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF, 0xEE, 0xAA))
    nonce = bytes.fromhex("00001234567800000000ABCD")
    associated = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")

    sealed = privacy.Sm4Gcm(key + b"\0" * 16).encrypt(nonce, plain, associated)

    assert sealed.hex().upper() == (
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
        "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
        "83DE3541E4C2B58177E065A9BF7B62EC"
    )
    assert privacy.Sm4Gcm(key).decrypt(nonce, sealed, associated) == plain


@pytest.mark.parametrize(("before", "after"), [(privacy.AES, privacy.SM4), (privacy.SM4, privacy.AES)])
def test_what_the_other_cipher_wrote_is_still_read(settings, before, after):
    settings.FIELD_CIPHER = before
    token = privacy.encrypt(ID_NUMBER, context=PLACE)
    settings.FIELD_CIPHER = after

    assert privacy.decrypt(token, context=PLACE) == ID_NUMBER
    assert privacy.encrypt(ID_NUMBER, context=PLACE).split(":")[2] == after


# ── keyed hashes ─────────────────────────────────────────────────────────────
FULL_WIDTH = {ord(char): ord(char) + 0xFEE0 for char in "0123456789X"}


@pytest.mark.parametrize(
    "written",
    ["44538119850302123x", " 4453 8119850302123X ", "44538119850302123X".translate(FULL_WIDTH)],
    ids=["small letter", "spaces", "full width"],
)
def test_one_number_however_written_has_one_hash(written):
    assert privacy.lookup_hash("id_number", written) == privacy.lookup_hash("id_number", "44538119850302123X")


def test_hashes_differ_by_kind_by_value_and_by_key(settings):
    first = privacy.lookup_hash("id_number", ID_NUMBER)

    assert len({first, privacy.lookup_hash("phone", ID_NUMBER), privacy.lookup_hash("id_number", "1")}) == 3
    settings.FIELD_KEYS = settings.FIELD_KEYS | {"lookup": b"other" + b"\0" * 27}
    assert privacy.lookup_hash("id_number", ID_NUMBER) != first


def test_sm3_hashes_are_those_of_the_standard(settings):
    """HMAC-SM3 of key 0x01…0x20, worked out with another implementation (openssl)."""
    settings.FIELD_HASH = "hmac-sm3"
    settings.FIELD_KEYS = settings.FIELD_KEYS | {"lookup": bytes(range(1, 33))}

    assert privacy.lookup_hash("id_number", ID_NUMBER) == HMAC_SM3


def test_nothing_has_no_hash():
    assert privacy.lookup_hash("phone", "") == ""


# ── masks ────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (ID_NUMBER, "445381********1234"),
        ("44538119850302123X", "445381********123X"),
        ("12345", "****2345"),
        ("445381850302123", "***********2123"),
        ("", ""),
    ],
)
def test_an_identity_number_shows_its_place_and_its_last_four(text, shown):
    assert privacy.mask_id_number(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [("13812345678", "138****5678"), ("3912345", "*****45"), ("0766-3912345", "**********45"), ("", "")],
)
def test_a_telephone_number_hides_its_middle(text, shown):
    assert privacy.mask_phone(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("罗定市太平镇石牌村委会三组12号", "罗定市太平镇 ****"),
        ("人民路3号", "人民路 ****"),
        ("某处", "****"),
        ("", ""),
    ],
)
def test_an_address_hides_the_house(text, shown):
    assert privacy.mask_address(text) == shown


def test_numbers_in_a_story_are_hidden_and_nothing_else():
    story = f"张某（{ID_NUMBER}）欠款48000元，电话13812345678，单号138123456789，案号2023-0001"

    assert privacy.mask_text(story) == (
        "张某（445381********1234）欠款48000元，电话138****5678，单号138123456789，案号2023-0001"
    )


@pytest.mark.parametrize("text", ["a13812345678b", "电话:13812345678。", "13812345678、13812345678"])
def test_numbers_beside_letters_and_marks_are_hidden_too(text):
    assert "13812345678" not in privacy.mask_text(text)


def test_a_sealer_uses_no_nonce_twice_however_many_values_it_seals():
    sealed = privacy.sealer("", at_once=3)
    nonces = [sealed("同", "a.b.1").split(":")[3] for _ in range(10)]

    assert len(set(nonces)) == 10


def test_letters_that_a_token_cannot_have_are_not_passed_over():
    token = privacy.encrypt("x", context="a.b.1")
    head, _, tag = token.rpartition(":")

    with pytest.raises(privacy.DecryptionError):
        privacy.decrypt(f"{head}:!{tag}", context="a.b.1")


def test_a_hash_is_the_standard_librarys_own_hmac(settings):
    expected = hmac.new(settings.FIELD_KEYS["lookup"], b"phone\x0013800000001", "sha256").hexdigest()

    assert privacy.hasher("phone")("138 0000 0001") == privacy.lookup_hash("phone", "13800000001") == expected


@pytest.mark.parametrize("cipher", ["aes-256-gcm", "sm4-gcm"])
def test_a_sealer_writes_the_tokens_that_encrypt_writes(settings, cipher):
    settings.FIELD_CIPHER = cipher
    token = privacy.sealer("")("445381199001010011", "roster_staff.id_number.1")
    assert privacy.decrypt(token, context="roster_staff.id_number.1") == "445381199001010011"
    assert token.split(":")[:3] == privacy.encrypt("x", context="y").split(":")[:3]
    with pytest.raises(privacy.DecryptionError):
        privacy.decrypt(token, context="roster_staff.id_number.2")


@pytest.mark.parametrize("cipher", ["aes-256-gcm", "sm4-gcm"])
def test_a_column_is_sealed_as_its_values_are_one_by_one(settings, cipher):
    settings.FIELD_CIPHER = cipher
    texts, keys = ["𠮷村1号", "", "x" * 5000, "同", "同"], list("abcde")

    tokens = privacy.column_sealer("roster_staff.phone.")(texts, keys)

    opened = [
        privacy.decrypt(token, context=f"roster_staff.phone.{key}") if token else ""
        for token, key in zip(tokens, keys, strict=True)
    ]
    assert opened == texts
    assert [token.split(":")[:3] for token in tokens if token] == [privacy.encrypt("x", context="y").split(":")[:3]] * 4
    assert len({token.split(":")[3] for token in tokens if token}) == 4
    with pytest.raises(privacy.DecryptionError):
        privacy.decrypt(tokens[3], context="roster_staff.phone.e")


def test_an_empty_column_is_sealed_to_nothing():
    assert privacy.column_sealer("a.b.")([], []) == []
    assert privacy.column_sealer("a.b.")(["", ""], ["1", "2"]) == ["", ""]


@pytest.mark.parametrize("texts", [["13800000001", "445381199001010011"], ["", "x", "\uff11 0"], ["abc", ""], []])
def test_many_hashes_at_once_are_those_made_one_by_one(texts):
    assert privacy.column_hasher("phone")(texts) == [privacy.lookup_hash("phone", text) for text in texts]
