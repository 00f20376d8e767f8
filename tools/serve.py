"""`make run`: web, worker and beat in one terminal, with plain words when that is not possible."""

import os
import signal
import socket
import subprocess
import threading
import time
from types import FrameType

from tools import processes
from tools.places import BIN, ROOT, VAR, StepError, environment, say

HOST = "127.0.0.1"
STARTS_WITHIN = 60.0
STOPS_WITHIN = 15.0
TICK = 0.2
GONE_WITHIN = STOPS_WITHIN + processes.PATIENCE + 5.0  # honcho's patience, then that with what it left behind
STOPPED_BY_HAND = {130, 143, -signal.SIGINT, -signal.SIGTERM, -signal.SIGHUP}


def port_is_free(port: int) -> bool:
    """Whether a server may listen on the port."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError:
            return False
    return True


def make_room(port: int) -> None:
    """Refuse a second start, clear what a killed start left behind, refuse a port that others use.

    A start that was asked to stop and is on its way is waited for.
    """
    _let_the_last_one_go()
    left = processes.orphans()
    if left:
        names = "、".join(f"{process.part}（进程 {process.pid}）" for process in left)
        say(f"上次没有正常停下，还留着 {names}，先把它们停掉")
        processes.end(left)
    processes.forget()
    if not port_is_free(port):
        raise StepError(f"端口 {port} 被别的程序占着。换一个再来：make run PORT={port + 1}")


def _let_the_last_one_go() -> None:
    """Return when no starter runs; wait for one that is stopping. Raises StepError for one that is not."""
    patient_until, told = time.monotonic() + GONE_WITHIN, False
    while running := processes.alive(processes.STARTER):
        if not processes.is_stopping(running):
            raise StepError(f"已经在运行（进程 {running.pid}）。直接打开网页即可；要重来，先在那个窗口按 Ctrl-C。")
        if time.monotonic() > patient_until:
            raise StepError(f"上次的还没有停完（进程 {running.pid}）。过一会儿再来；一直停不下的，结束这个进程。")
        if not told:
            say("上次的正在停下，等它停完")
            told = True
        time.sleep(TICK)


def serve(port: int) -> int:
    """Start honcho and wait for it; 0 when it was stopped by hand."""
    processes.remember_starter()
    own = {"PORT": str(port), "RUN_DIR": str(processes.FOLDER), "BIN": str(BIN), "VAR_DIR": str(VAR)}
    command = [str(BIN / "honcho"), "-e", os.devnull, "-f", "Procfile", "start"]
    with subprocess.Popen(command, cwd=ROOT, env=environment(own)) as honcho:
        threading.Thread(target=_tell_when_ready, args=(port, honcho), daemon=True).start()
        code = _wait(honcho)
    processes.end(processes.orphans())
    processes.forget()
    return 0 if code in STOPPED_BY_HAND else code


def _wait(honcho: "subprocess.Popen[bytes]") -> int:
    """Wait for honcho, passing signals on; one that does not stop (its terminal is gone) is ended after a while."""
    asked = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        asked.set()
        processes.note_stopping()
        honcho.terminate()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    patience = STOPS_WITHIN
    while honcho.poll() is None:
        time.sleep(TICK)
        patience -= TICK if asked.is_set() else 0
        if patience <= 0:
            honcho.kill()
            return -signal.SIGINT
    return honcho.returncode


def _tell_when_ready(port: int, honcho: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and honcho.poll() is None:
        with socket.socket() as client:
            if client.connect_ex((HOST, port)) == 0:
                say(f"可以用了：http://{HOST}:{port}　演示账号在登录页上　停下按 Ctrl-C")
                return
        time.sleep(0.2)
    if honcho.poll() is None:
        say(f"{STARTS_WITHIN:.0f} 秒还没有应答，请看上面的输出")


def port_from_environment() -> int:
    """PORT, 8000 without one."""
    text = os.environ.get("PORT", "8000")
    if not text.isdigit() or not 0 < int(text) <= 65535:  # noqa: PLR2004 (the last port there is)
        raise StepError(f"PORT={text} 不是端口号，应在 1—65535 之间。")
    return int(text)
