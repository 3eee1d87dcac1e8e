"""Talks to the kernel as a front end does, for tests/pester/Kernel.Tests.ps1.

Reads a list of requests as JSON from standard input, sends them one by one to a kernel of the name given, and
prints what came of each as a list of JSON. Requests: {"execute": code, "interrupt_after": seconds},
{"complete": code, "cursor": n}, {"is_complete": code}, {"inspect": code, "cursor": n}, {"restart": true},
{"kill_during": code}.
"""

import json
import sys
import threading
import time

from jupyter_client.manager import start_new_kernel

SECONDS = 90


def execute(manager, client, request):
    outputs = []

    def hook(message):
        kind, content = message["msg_type"], message["content"]
        if kind == "stream":
            outputs.append({"stream": content["name"], "text": content["text"], "at": time.monotonic() - begun})
        elif kind == "display_data":
            outputs.append({"display": content["data"]})
        elif kind == "error":
            outputs.append({"error": content["ename"], "message": content["evalue"], "trace": content["traceback"]})

    begun = time.monotonic()
    if "interrupt_after" in request:
        threading.Timer(request["interrupt_after"], manager.interrupt_kernel).start()
    reply = client.execute_interactive(request["execute"], timeout=SECONDS, output_hook=hook, allow_stdin=False)
    return {
        "status": reply["content"]["status"],
        "count": reply["content"].get("execution_count"),
        "outputs": outputs,
        "seconds": time.monotonic() - begun,
    }


def answer(client, number):
    while True:
        message = client.get_shell_msg(timeout=SECONDS)
        if message["parent_header"].get("msg_id") == number:
            return message["content"]


def main():
    requests = json.load(sys.stdin)
    results = []
    manager, client = start_new_kernel(kernel_name=sys.argv[1], startup_timeout=SECONDS)
    try:
        for request in requests:
            if "execute" in request:
                results.append(execute(manager, client, request))
            elif "complete" in request:
                results.append(answer(client, client.complete(request["complete"], request["cursor"])))
            elif "is_complete" in request:
                results.append(answer(client, client.is_complete(request["is_complete"])))
            elif "inspect" in request:
                results.append(answer(client, client.inspect(request["inspect"], request["cursor"])))
            elif "kill_during" in request:
                client.execute(request["kill_during"])
                time.sleep(1)
                manager.shutdown_kernel(now=True)
                results.append({"status": "killed"})
            elif "restart" in request:
                manager.restart_kernel(now=False)
                client.wait_for_ready(timeout=SECONDS)
                results.append({"status": "restarted"})
    finally:
        client.stop_channels()
        if manager.has_kernel:
            manager.shutdown_kernel(now=False)
    print(json.dumps(results))


main()
