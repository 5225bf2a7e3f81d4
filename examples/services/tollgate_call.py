"""What a service may do with one call, at the address that came with it in Tollgate-Call. Standard library only.

Every method returns what became of it:
    "done"         it is so now
    "ended"        the call or the lease is over, by its deadline or by an earlier word
    "unknown"      there is none such
    "taken"        the id is that of another call's lease
    "unreachable"  the gateway did not answer; nobody knows what it heard, so ask again later
Twice has the effect of once. Any other answer is a mistake of the service, and raises.
"""
import http.client
import json
import time
import urllib.error
import urllib.parse
import urllib.request

ATTEMPT_SECONDS = 2
PAUSES_SECONDS = (0.1, 0.4, 1.6)
OUTCOMES = {404: "unknown", 409: "taken", 410: "ended"}

# The gateway is near; a proxy that the environment names is for the world outside.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Call:
    def __init__(self, url):
        # A service that strangers can reach must not be made to call whatever they name.
        if urllib.parse.urlsplit(url).hostname not in ("127.0.0.1", "::1", "localhost"):
            raise ValueError(f"Tollgate-Call is {url!r}; it must be an address on loopback")
        self.url = url

    def charge(self, amount):
        """amount: a decimal text, "0.25"."""
        return self._ask("charge", amount=amount)

    def release(self):
        return self._ask("release")

    def bind_lease(self, id, expires_at):
        """expires_at: "2026-12-21T00:00:00Z"; None: until it is ended."""
        return self._ask("lease", id=id, expiresAt=expires_at)

    def renew_lease(self, id, expires_at):
        return self._ask("renew", lease=id, expiresAt=expires_at)

    def end_lease(self, id):
        return self._ask("release", lease=id)

    def _ask(self, action, **facts):
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}/{action}", json.dumps(facts).encode(), headers)
        for pause in (*PAUSES_SECONDS, None):
            try:
                with _opener.open(request, timeout=ATTEMPT_SECONDS):
                    return "done"
            except urllib.error.HTTPError as error:
                error.close()
                if error.code in OUTCOMES:
                    return OUTCOMES[error.code]
                if error.code < 500:
                    raise
            except (OSError, http.client.HTTPException):
                pass
            if pause is not None:
                time.sleep(pause)
        return "unreachable"
