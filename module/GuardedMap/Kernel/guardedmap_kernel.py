"""The Jupyter side of the PowerShell kernel that GuardedMap's notebooks run in.

Jupyter starts this file; it starts one pwsh, and the two talk over a socket of their own on the loopback
interface, one JSON object to a line:

    Jupyter  <- ipykernel's wrapper kernel ->  this file  <- socket ->  host.ps1 (module/GuardedMap/Kernel)

Whatever cells and the programs they start print goes elsewhere (pwsh's standard output, which is shown as
well), so nothing that is printed can be taken for a message. The socket is for whoever brings the key that
only pwsh was given. An interrupt is passed on to pwsh, which stops the cell and keeps the session.
"""

import json
import os
import queue
import secrets
import selectors
import shutil
import socket
import subprocess
import sys
import threading
import time

from ipykernel.kernelapp import IPKernelApp
from ipykernel.kernelbase import Kernel

HERE = os.path.dirname(os.path.abspath(__file__))
START_SECONDS = 60
STOP_SECONDS = 10
LONGEST_HELLO = 4096
MOST_VISITORS = 16
CANNOT_STOP = (
    "The cell was interrupted, and is still in a call that PowerShell cannot stop. Wait until the call comes back, "
    "or restart the kernel, which loses what the cells have made.\n"
)


class NoPowerShell(Exception):
    """There is no PowerShell to run cells in. The message says where it was looked for."""


def find_pwsh(environment=None):
    """The command that starts pwsh, a list: $PWSH, then the PATH, then the one that installed the kernel."""
    environment = os.environ if environment is None else environment
    looked = []
    named = environment.get("PWSH")
    if named:
        found = shutil.which(named, path=environment.get("PATH"))
        if found:
            return [found]
        looked.append("$PWSH names '%s', which is no program" % named)
    else:
        looked.append("$PWSH is not set")
    found = shutil.which("pwsh", path=environment.get("PATH"))
    if found:
        return [found]
    looked.append("no pwsh is on the PATH (%s)" % (environment.get("PATH") or "which is empty"))
    installed = environment.get("GUARDEDMAP_KERNEL_PWSH")
    if installed:
        command = split_command(installed)
        if command is None:
            looked.append("GUARDEDMAP_KERNEL_PWSH is neither a program nor a JSON list of a program and its first arguments ('%s')" % installed)
        elif not shutil.which(command[0], path=environment.get("PATH")):
            looked.append("the pwsh that installed this kernel ('%s') is gone" % command[0])
        else:
            gone = [part for part in command[1:] if os.path.isabs(part) and not os.path.exists(part)]
            if not gone:
                return command
            looked.append("the pwsh that installed this kernel ('%s') is gone; if it was updated, install the kernel once more" % gone[0])
    raise NoPowerShell(
        "No PowerShell was found: %s. Install PowerShell 7.4 or later (https://aka.ms/powershell), put it on "
        "the PATH or name it in the environment variable PWSH, and restart the kernel." % "; ".join(looked)
    )


def split_command(text):
    """A program's path as it is, or a JSON list of a program and its first arguments: pwsh may be one that dotnet runs. None if it is neither."""
    if not text.startswith("["):
        return [text]
    try:
        command = json.loads(text)
    except ValueError:
        return None
    return command if command and all(isinstance(part, str) for part in command) else None


class PowerShell:
    """One pwsh process and the messages to and from it."""

    def __init__(self, environment=None):
        self.messages = queue.Queue()
        self._ids = 0
        environment = dict(os.environ if environment is None else environment)
        command = find_pwsh(environment)
        key = secrets.token_hex(16)
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as door:
            door.bind(("127.0.0.1", 0))
            door.listen(4)
            environment["GUARDEDMAP_KERNEL_CHANNEL"] = "%d:%s" % (door.getsockname()[1], key)
            environment["NO_COLOR"] = "1"
            # A group of its own: an interrupt is for the cell, and a signal to the process would end it.
            apart = {"creationflags": 0x200} if os.name == "nt" else {"start_new_session": True}
            self.process = subprocess.Popen(
                command + ["-NoLogo", "-NoProfile", "-NonInteractive", "-File", os.path.join(HERE, "host.ps1"),
                 "-Assembly", environment["GUARDEDMAP_KERNEL_ASSEMBLY"]],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, **apart
            )
            for name, pipe in (("stdout", self.process.stdout), ("stderr", self.process.stderr)):
                threading.Thread(target=self._pump, args=(name, pipe), daemon=True).start()
            self._lines = self._accept(door, key, " ".join(command))
        threading.Thread(target=self._read, daemon=True).start()

    def _accept(self, door, key, program):
        """Waits for whoever brings the key. All who knock are listened to at once: one that says nothing, or
        something else, keeps nobody waiting, and is sent away."""
        end = time.monotonic() + START_SECONDS
        connection = None
        with selectors.DefaultSelector() as knocking:
            door.setblocking(False)
            knocking.register(door, selectors.EVENT_READ)
            while connection is None and time.monotonic() < end and self.process.poll() is None:
                for at, _ in knocking.select(0.2):
                    if at.fileobj is door:
                        self._let_speak(door, knocking)
                    else:
                        connection = self._hear(at.fileobj, at.data, key, knocking) or connection
            for at in list(knocking.get_map().values()):
                if at.fileobj is not door:
                    at.fileobj.close()
        if connection is not None:
            connection.setblocking(True)
            self._connection = connection
            return connection.makefile("r", encoding="utf-8", newline="\n")
        ended = self.process.poll()
        self.process.kill()
        self.process.wait()
        raise NoPowerShell(
            "PowerShell ('%s') was started and did not become ready%s. It printed: %s" % (
                program,
                "" if ended is None else " but ended with exit code %s" % ended,
                self.printed() or "nothing",
            )
        )

    @staticmethod
    def _let_speak(door, knocking):
        try:
            visitor, _ = door.accept()
        except OSError:
            return
        visitor.setblocking(False)
        silent = [at.fileobj for at in knocking.get_map().values() if at.fileobj is not door]
        if len(silent) >= MOST_VISITORS:
            knocking.unregister(silent[0])
            silent[0].close()
        knocking.register(visitor, selectors.EVENT_READ, bytearray())

    @staticmethod
    def _hear(visitor, said, key, knocking):
        """The connection, if the line that has come is the right one; None if there is no line yet, or a wrong one."""
        try:
            block = visitor.recv(LONGEST_HELLO)
        except BlockingIOError:
            return None
        except OSError:
            block = b""
        said += block
        if block and b"\n" not in said and len(said) <= LONGEST_HELLO:
            return None
        knocking.unregister(visitor)
        if is_hello(bytes(said), key):
            return visitor
        visitor.close()
        return None

    def printed(self):
        """What pwsh has printed that nobody has been shown."""
        text = ""
        try:
            while True:
                message = self.messages.get(timeout=0.2)
                text += message.get("text", "")
        except queue.Empty:
            return text.strip()

    def _pump(self, name, pipe):
        while True:
            block = pipe.read1(65536)
            if not block:
                return
            self.messages.put({"type": "stream", "name": name, "text": block.decode("utf-8", "replace")})

    def _read(self):
        try:
            for line in self._lines:
                self.messages.put(json.loads(line))
        except (OSError, ValueError):
            pass
        self.messages.put({"type": "gone"})

    def send(self, message):
        """Sends a message and gives its number."""
        self._ids += 1
        self._connection.sendall((json.dumps(dict(message, id=self._ids)) + "\n").encode("utf-8"))
        return self._ids

    def close(self):
        """Ends the process: it goes when the connection is gone, and is killed when it does not."""
        try:
            self._connection.shutdown(socket.SHUT_RDWR)
            self._connection.close()
        except OSError:
            pass
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class GuardedMapKernel(Kernel):
    """PowerShell cells, pictures included."""

    implementation = "GuardedMap"
    implementation_version = "0.1"
    banner = "PowerShell with GuardedMap"
    language_info = {
        "name": "PowerShell",
        "mimetype": "text/x-powershell",
        "file_extension": ".ps1",
        "pygments_lexer": "powershell",
        "codemirror_mode": "powershell",
    }

    _pwsh = None

    def pwsh(self):
        """The session, begun by the first request; begun anew when it has ended."""
        if self._pwsh is None:
            self._pwsh = PowerShell()
        return self._pwsh

    def ask(self, message, show=None):
        """Sends a request and waits for its answer, showing what comes before. An interrupt is passed on."""
        pwsh = self.pwsh()
        number = pwsh.send(message)
        patience = None
        while True:
            try:
                answer = pwsh.messages.get(timeout=patience)
            except KeyboardInterrupt:
                pwsh.send({"type": "interrupt"})
                patience = STOP_SECONDS
                continue
            except queue.Empty:
                patience = None
                answer = {"type": "stream", "name": "stderr", "text": CANNOT_STOP}
            if answer["type"] == "gone":
                code = pwsh.process.wait()
                printed = pwsh.printed()
                self._pwsh = None
                raise NoPowerShell(
                    "PowerShell has ended with exit code %s, and with it what the cells had made.%s The next cell "
                    "begins a new session." % (code, " It printed: %s" % printed if printed else "")
                )
            if answer["type"] == "done" and answer.get("id") == number:
                # Programs print on a way of their own, which may be a little longer.
                while show is not None and not pwsh.messages.empty():
                    show(pwsh.messages.get())
                return answer
            if show is not None:
                show(answer)

    def do_execute(self, code, silent, store_history=True, user_expressions=None, allow_stdin=False, **_):
        def show(message):
            if silent:
                return
            if message["type"] == "stream":
                self.send_response(self.iopub_socket, "stream", {"name": message["name"], "text": message["text"]})
            elif message["type"] == "display":
                self.send_response(self.iopub_socket, "display_data", {"data": message["data"], "metadata": {}})

        if not code.strip():
            return self.ok()
        try:
            answer = self.ask({"type": "execute", "code": code}, show)
        except NoPowerShell as problem:
            return self.error(silent, "NoPowerShell", str(problem), [str(problem)])
        if "failed" in answer:
            return self.error(silent, "KernelFailed", answer["failed"], [answer["failed"]])
        if answer["status"] == "interrupted":
            text = "The cell was interrupted. What it had done until then is kept."
            return self.error(silent, "Interrupted", text, [text])
        if answer["status"] == "error":
            return self.error(silent, answer["ename"], answer["evalue"], answer["traceback"])
        return self.ok()

    def ok(self):
        return {"status": "ok", "execution_count": self.execution_count, "payload": [], "user_expressions": {}}

    def error(self, silent, name, text, trace):
        content = {"ename": name, "evalue": text, "traceback": trace}
        if not silent:
            self.send_response(self.iopub_socket, "error", content)
        return dict(content, status="error", execution_count=self.execution_count)

    def do_complete(self, code, cursor_pos):
        empty = {"status": "ok", "matches": [], "cursor_start": cursor_pos, "cursor_end": cursor_pos, "metadata": {}}
        try:
            answer = self.ask({"type": "complete", "code": code, "cursor": utf16(code, cursor_pos)})
        except NoPowerShell:
            return empty
        if "failed" in answer:
            return empty
        return dict(
            empty,
            matches=answer["matches"],
            cursor_start=points(code, answer["start"]),
            cursor_end=points(code, answer["end"]),
        )

    def do_is_complete(self, code):
        try:
            status = self.ask({"type": "is_complete", "code": code}).get("status", "unknown")
        except NoPowerShell:
            status = "unknown"
        return {"status": status, "indent": "    "} if status == "incomplete" else {"status": status}

    def do_inspect(self, code, cursor_pos, detail_level=0, omit_sections=()):
        try:
            text = self.ask({"type": "inspect", "code": code, "cursor": utf16(code, cursor_pos)}).get("text")
        except NoPowerShell:
            text = None
        return {"status": "ok", "found": bool(text), "data": {"text/plain": text} if text else {}, "metadata": {}}

    def do_shutdown(self, restart):
        if self._pwsh is not None:
            self._pwsh.close()
            self._pwsh = None
        return {"status": "ok", "restart": restart}


def is_hello(line, key):
    """True for the one line that pwsh begins with: {"type":"hello","key":"..."}. It may be anybody's bytes."""
    if not line.endswith(b"\n") or len(line) > LONGEST_HELLO:
        return False
    try:
        hello = json.loads(line.decode("utf-8"))
        brought = hello.get("key") if isinstance(hello, dict) else None
        # Compared as bytes, since text that is not ASCII cannot be compared in constant time.
        return isinstance(brought, str) and secrets.compare_digest(brought.encode("utf-8"), key.encode("utf-8"))
    except (ValueError, RecursionError):
        return False


def utf16(text, position):
    """Where a place counted in code points is, counted as .NET counts."""
    return len(text[:position].encode("utf-16-le")) // 2


def points(text, position):
    """The other way round."""
    return len(text.encode("utf-16-le")[: 2 * position].decode("utf-16-le", "ignore"))


if __name__ == "__main__":
    IPKernelApp.launch_instance(kernel_class=GuardedMapKernel, argv=sys.argv[1:])
