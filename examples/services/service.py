"""A paid service behind the gateway: it translates into German, word by word, at 0.05 a word.

Before it is asked, the gateway holds 1.00 and occupies one of the translations that the account may have under way.
The answer is out before the work begins; when it is done the service charges what it cost, or gives everything back.

    python3 service.py 9201
"""
import json
import sys
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tollgate_call import Call

GERMAN = {"good": "guten", "morning": "Morgen", "hello": "hallo", "world": "Welt"}
CENTS_PER_WORD = 5
WORDS_MAX = 20
# If this process dies, the account may have its next translation so much later.
UNDER_WAY_SECONDS_MAX = 600
PATH = "/v1/translations"

translations = {}


def work(id, words, call):
    known = all(word in GERMAN for word in words)
    cents = len(words) * CENTS_PER_WORD
    # "unreachable": a service that keeps its work on disk keeps call.url with it, and asks again later.
    outcome = call.charge(f"{cents // 100}.{cents % 100:02}") if known else call.release()
    # Nothing is given away that has not been paid.
    if known and outcome == "done":
        translations[id] = {"id": id, "state": "done", "translation": " ".join(GERMAN[word] for word in words)}
    else:
        translations[id] = {"id": id, "state": "failed"}
    call.end_lease(id)


class Service(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        words = self.rfile.read(int(self.headers["Content-Length"] or 0)).decode().split()
        if self.path != PATH:
            return self.answer(404)
        if len(words) > WORDS_MAX:
            return self.refuse(422, "tooLong", words=len(words), words_max=WORDS_MAX)
        id = str(uuid.uuid4())
        call = Call(self.headers["Tollgate-Call"])
        expires_at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + UNDER_WAY_SECONDS_MAX))
        if call.bind_lease(id, expires_at) != "done":
            return self.answer(503)
        translations[id] = {"id": id, "state": "working"}
        self.answer(202, translations[id], {"Tollgate-Price": "later"})
        threading.Thread(target=work, args=(id, words, call)).start()

    def do_GET(self):
        # The gateway lets pass only who asks for a translation of their own.
        translation = translations.get(self.path.removeprefix(f"{PATH}/"))
        return self.refuse(404, "notFound") if translation is None else self.answer(200, translation)

    def refuse(self, status, entry, **details):
        """By an entry of the API's contract: the gateway finds the words and the shape. It costs nothing."""
        self.answer(status, {**details, "status": status, "entry": entry}, {"Content-Type": "application/problem+json"})

    def answer(self, status, value=None, headers={}):
        body = b"" if value is None else json.dumps(value).encode()
        self.send_response(status)
        for name, text in {"Content-Type": "application/json", **headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass  # The gateway has the log.


ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 9201), Service).serve_forever()
