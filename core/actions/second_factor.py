"""The second factor: taken up, asked for, its recovery codes, given up, reset by an admin."""

import secrets
from base64 import b32decode, b32encode
from binascii import Error as BadBase32
from datetime import timedelta
from hmac import compare_digest

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone
from django_otp.oath import hotp

from core.access import require
from core.actions import audit
from core.actions.sessions import end_all_sessions
from core.errors import Refused
from core.hashers import OneTimeArgon2
from core.models import RecoveryCode, SecondFactor, User
from core.rules import needs_second_factor

SECRET_BYTES = 20
STEP_SECONDS, DIGITS, STEPS_OFF = 30, 6, 1
TRIES = 5
CODES, CODE_BYTES = 8, 10  # 80 bits each
WRONG = "验证码不对。看一眼手机上现在的 6 位数字，也请核对手机的时间。"


def new_secret() -> str:
    """A fresh secret as an authenticator takes it: 160 bits in base32."""
    return b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


@transaction.atomic
def enrol(*, user: User, secret: str, code: str) -> list[str]:
    """Take up the authenticator that shows `code` for `secret`; returns the recovery codes, shown once.

    Raises Refused when the code is not the one of the moment, or when there is a factor already.
    """
    if SecondFactor.objects.select_for_update().filter(user=user).exists():
        raise Refused("已经启用了动态验证码。", hint="换手机请先停用，或请管理员重置。")
    step = _matching_step(_key(secret), code, after=0)
    if not step:
        raise Refused(WRONG, field="code")
    factor = SecondFactor.objects.create(user=user, secret=secret, confirmed_at=timezone.now(), last_step=step)
    codes = _new_codes(factor)
    audit.record("factor.enrol", by=user, subject=user)
    return codes


def answer(*, user: User, code: str) -> bool:
    """Whether `code` is right: the authenticator's of the moment, once, or an unused recovery code.

    Raises Refused while the factor is locked, by the fifth wrong one in a row too. Effects: what was used is used up;
    audit.
    """
    with transaction.atomic():
        factor = SecondFactor.objects.select_for_update(of=("self",)).get(user=user)
        _not_locked(factor)
        kind = _use(factor, code)
        if kind:
            factor.failures = 0
        else:
            _count_failure(factor)
        factor.save(update_fields=["last_step", "failures", "locked_until"])
        audit.record("factor.answer", by=user, subject=user, success=bool(kind), detail={"kind": kind})
    if not kind:
        _not_locked(factor)  # the last wrong one says at once that nothing helps for a while
    return bool(kind)


@transaction.atomic
def renew_recovery_codes(*, user: User) -> list[str]:
    """Recovery codes in place of the old ones, shown once."""
    factor = SecondFactor.objects.select_for_update(of=("self",)).get(user=user)
    codes = _new_codes(factor)
    audit.record("factor.recovery_codes", by=user, subject=user)
    return codes


@transaction.atomic
def give_up(*, user: User) -> None:
    """Stop being asked. Raises Refused for a role that must be asked."""
    if needs_second_factor(user):
        raise Refused("您的角色必须用动态验证码登录，不能停用。", hint="换手机请管理员重置，再登记新手机。")
    SecondFactor.objects.filter(user=user).delete()
    audit.record("factor.give_up", by=user, subject=user)


@transaction.atomic
def reset(*, user_id: int, reason: str, by: User) -> User:
    """Take a lost authenticator off an account; the password stays. Every session of the account ends.

    Raises NotAllowed, Refused without a reason, for one's own account, or when there is none.
    """
    require(by, "core.manage_accounts", message="动态验证码由管理员重置。")
    user = User.objects.select_for_update().get(pk=user_id)
    if user.pk == by.pk:
        raise Refused("不能重置自己的动态验证码。", hint="请另一位管理员办。")
    if not reason.strip():
        raise Refused("请写明怎样核实了是本人。", field="reason")
    if not SecondFactor.objects.filter(user=user).delete()[0]:
        raise Refused(f"账号「{user.username}」没有启用动态验证码。", hint="不用重置。")
    end_all_sessions(user)
    audit.record("factor.reset", by=by, subject=user, detail={"reason": reason.strip()})
    return user


# ── inside ───────────────────────────────────────────────────────────────────


def _not_locked(factor: SecondFactor) -> None:
    now = timezone.now()
    if factor.locked_until and factor.locked_until > now:
        minutes = int((factor.locked_until - now).total_seconds() // 60) + 1
        raise Refused(f"连续输错 {TRIES} 次，验证码暂停。", hint=f"请 {minutes} 分钟后再试。", field="code")


def _count_failure(factor: SecondFactor) -> None:
    factor.failures += 1
    if factor.failures >= TRIES:
        factor.failures = 0
        factor.locked_until = timezone.now() + timedelta(minutes=settings.TOTP_LOCK_MINUTES)


def _use(factor: SecondFactor, code: str) -> str:
    """Use the code up; what kind it was, or nothing."""
    tidy = "".join(code.split()).upper()
    if tidy.isascii() and tidy.isdecimal() and len(tidy) == DIGITS:
        step = _matching_step(_key(factor.secret), tidy, after=factor.last_step)
        factor.last_step = step or factor.last_step
        return "authenticator" if step else ""
    return "recovery" if _use_recovery_code(factor, tidy.replace("-", "")) else ""


def _matching_step(key: bytes, code: str, *, after: int) -> int:
    """The step of time whose code it is, one step off at most and later than the last one used; 0 for none."""
    now = int(timezone.now().timestamp()) // STEP_SECONDS
    tidy = "".join(code.split())
    for step in range(now - STEPS_OFF, now + STEPS_OFF + 1):
        if step > after and compare_digest(f"{hotp(key, step, DIGITS):0{DIGITS}}".encode(), tidy.encode()):
            return step
    return 0


def _key(secret: str) -> bytes:
    try:
        return b32decode(secret)
    except BadBase32 as error:
        raise Refused("登记页放得太久了。", hint="请重新打开这一页，再扫一次。") from error


def _use_recovery_code(factor: SecondFactor, code: str) -> bool:
    for kept in factor.recovery_codes.filter(used_at=None):
        if OneTimeArgon2().verify(code, kept.code_hash):
            kept.used_at = timezone.now()
            kept.save(update_fields=["used_at"])
            return True
    return False


def _new_codes(factor: SecondFactor) -> list[str]:
    factor.recovery_codes.all().delete()
    codes = [b32encode(secrets.token_bytes(CODE_BYTES)).decode() for _ in range(CODES)]
    kept = [make_password(code, hasher=OneTimeArgon2()) for code in codes]
    RecoveryCode.objects.bulk_create(RecoveryCode(factor=factor, code_hash=code_hash) for code_hash in kept)
    return ["-".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in codes]
