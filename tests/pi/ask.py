"""Runs in the container: asks the page something, and prints the answer's status and first line; 0 where nobody answers.

python3 ask.py METHOD URL [TOKEN [JSON]]
"""

import sys
import urllib.error
import urllib.request

method, url, token, text = (*sys.argv[1:], "", "")[:4]
request = urllib.request.Request(url, text.encode() or None, {"Content-Type": "application/json"}, method=method)  # noqa: S310 - the test names it
if token:
    request.add_header("Authorization", f"Bearer {token}")
try:
    with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - likewise
        status, content = answer.status, answer.read()
except urllib.error.HTTPError as error:
    status, content = error.code, error.read()
except OSError as error:
    status, content = 0, str(error).encode()
line = content.decode().partition("\n")[0]
sys.stdout.write(f"{status} {line[:200]}\n")
