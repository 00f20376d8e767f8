"""Which browser, in few words, from what it says of itself."""

import re

_BROWSERS = (
    ("微信", r"MicroMessenger/(\d+)"),
    ("360 浏览器", r"(?:QIHU 360\w*|360SE)(?:/(\d+))?"),
    ("奇安信浏览器", r"Qaxbrowser(?:/(\d+))?"),
    ("Edge", r"Edg\w*/(\d+)"),
    ("Firefox", r"Firefox/(\d+)"),
    ("Chrome", r"Chrom\w*/(\d+)"),
    ("Safari", r"Version/(\d+).*Safari"),
)
_SYSTEMS = (
    ("鸿蒙", r"HarmonyOS|OpenHarmony"),
    ("安卓", r"Android"),
    ("iPhone", r"iPhone|iPad"),
    ("Windows", r"Windows"),
    ("macOS", r"Mac OS X"),
    ("统信 UOS", r"\bUOS\b"),
    ("Linux", r"Linux"),
)
UNKNOWN = "不认得的浏览器"


def browser_name(user_agent: str) -> str:
    """`Edge 116，Windows`; what is not known is said so."""
    browser = next(
        (_with_version(name, found) for name, rule in _BROWSERS if (found := re.search(rule, user_agent))), ""
    )
    system = next((name for name, rule in _SYSTEMS if re.search(rule, user_agent)), "")
    return "，".join(filter(None, (browser or UNKNOWN, system)))


def _with_version(name: str, found: "re.Match[str]") -> str:
    return f"{name} {found.group(1)}" if found.group(1) else name
