"""Fetching a URL, guarded: public addresses only, each redirect checked, with limits on time and size.

Every name is resolved once, all its addresses are checked, and the connection goes to a checked address,
so that a name cannot answer differently the second time. Proxies of the environment are not used: behind
one, the checks would not hold.
"""

from __future__ import annotations

import io
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

from onrecord.errors import FetchError, UnreadableDocument
from onrecord.readers import Reader, Source, reader_for_media_type, reader_for_path
from onrecord.readers.base import too_large
from onrecord.settings import ReadOptions

if TYPE_CHECKING:
    import httpx

__all__ = ["Fetched", "fetch", "is_public"]

_UNTOLD = {"", "application/octet-stream", "binary/octet-stream", "text/x-web-markdown", "application/gzip"}
_UNTOLD |= {"application/json", "application/xml", "text/xml"}  # of several formats: the first bytes tell which
_REDIRECTS = {301, 302, 303, 307, 308}
# Networks of IPv6 that carry an IPv4 address inside, and how far its bits are from the right.
_CARRIERS = ((ip_network("64:ff9b::/96"), 0), (ip_network("64:ff9b:1::/48"), 0), (ip_network("2002::/16"), 80))
_ADDRESSES_TRIED = 3


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a URL gave: the bytes as a source under the final URL, and the reader that its type names."""

    source: Source
    reader: Reader | None


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet.

    >>> is_public("93.184.216.34"), is_public("::ffff:127.0.0.1"), is_public("169.254.169.254")
    (True, False, False)
    """
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        inner = found.ipv4_mapped or (found.teredo[1] if found.teredo else None) or _carried(found)
        if inner is not None:
            return is_public(str(inner))
        if found.is_site_local:
            return False
    return found.is_global and not found.is_multicast and not found.is_reserved


def _carried(address: IPv6Address) -> IPv4Address | None:
    for network, shift in _CARRIERS:
        if address in network:
            return IPv4Address((int(address) >> shift) & 0xFFFFFFFF)
    return None


def fetch(url: str, options: ReadOptions) -> Fetched:
    """The bytes behind ``url``.

    ``options.timeout`` (seconds) is for everything together; waiting for the name to be resolved and
    for the head of an answer can exceed it by as much again.

    Raises:
        FetchError: no http(s) URL, a private address, no answer, an error status, too many redirects.
        TooLarge: the body is over ``options.max_bytes``.
        UnreadableDocument: it is of a type that no reader reads.
    """
    import httpx

    deadline = time.monotonic() + options.timeout
    with httpx.Client(trust_env=False, follow_redirects=False, headers=_headers()) as client:
        address = url
        for _ in range(options.max_redirects + 1):
            with _answer(client, address, url, options, deadline) as (target, answer):
                if answer.status_code in _REDIRECTS and "location" in answer.headers:
                    try:
                        address = str(target.join(answer.headers["location"]))
                    except httpx.InvalidURL:
                        raise FetchError(url, "redirects to something that is no URL") from None
                    continue
                return _fetched(answer, str(target), options, deadline)
    raise FetchError(url, f"more than {options.max_redirects} redirects", "give the final address")


def _headers() -> dict[str, str]:
    from importlib.metadata import PackageNotFoundError, version

    try:
        number = version("onrecord")
    except PackageNotFoundError:
        number = "0"
    return {
        "User-Agent": f"onrecord/{number} (reads news articles for their attributed statements)",
        "Accept": "text/html, application/xhtml+xml, text/plain, text/markdown, application/jsonl, */*;q=0.1",
        "Accept-Language": "en",
    }


@contextmanager
def _answer(
    client: httpx.Client, address: str, asked: str, options: ReadOptions, deadline: float
) -> Iterator[tuple[httpx.URL, httpx.Response]]:
    """One request to one checked address; yields the URL and the answer, its body still to be read."""
    import httpx

    target = _target(address, asked)
    addresses = _resolved(target, asked, options)
    for number, ip in enumerate(addresses, 1):
        request = client.build_request(
            "GET",
            target.copy_with(host=ip),
            headers={"Host": target.netloc.decode("ascii")},
            extensions={"sni_hostname": target.raw_host.decode("ascii")},  # also what the certificate is checked for
            timeout=_left(deadline, asked, options),
        )
        try:
            answer = client.send(request, stream=True)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            if number == len(addresses):
                raise FetchError(asked, f"no connection to {target.host}: {error}") from None
            continue
        except httpx.TimeoutException:
            raise _too_slow(asked, options) from None
        except httpx.HTTPError as error:
            raise FetchError(asked, f"the request failed: {error}") from None
        try:
            yield target, answer
        except httpx.TimeoutException:
            raise _too_slow(asked, options) from None
        except httpx.HTTPError as error:
            raise FetchError(asked, f"the answer broke off: {error}") from None
        finally:
            answer.close()
        return


def _target(address: str, asked: str) -> httpx.URL:
    import httpx

    try:
        target = httpx.URL(address)
    except (httpx.InvalidURL, ValueError) as error:
        raise FetchError(asked, f"not a URL: {error}") from None
    via = "" if address == asked else f", where it redirects to ({address})"
    if target.scheme not in ("http", "https") or not target.host:
        raise FetchError(asked, f"only http and https URLs with a host are fetched{via}")
    if target.userinfo:
        raise FetchError(asked, f"a URL with a user name in it is not fetched{via}")
    return target


def _resolved(target: httpx.URL, asked: str, options: ReadOptions) -> list[str]:
    """The addresses of the host, all of which must be public."""
    port = target.port or (443 if target.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(target.raw_host.decode("ascii").strip("[]"), port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchError(asked, f"the host {target.host} is not found: {error}") from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not options.allow_private:
        for address in addresses:
            if not is_public(address):
                what = f"{target.host} is at {address}, which is no public address"
                raise FetchError(asked, what, "--allow-private (allow_private) lets it pass")
    return addresses[:_ADDRESSES_TRIED]


def _left(deadline: float, asked: str, options: ReadOptions) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise _too_slow(asked, options)
    return left


def _too_slow(asked: str, options: ReadOptions) -> FetchError:
    return FetchError(asked, f"no full answer within {options.timeout:g} seconds", "raise timeout or ONRECORD_TIMEOUT")


def _fetched(answer: httpx.Response, url: str, options: ReadOptions, deadline: float) -> Fetched:
    """Check status and type, then read the body up to the limit."""
    if not answer.is_success:
        raise FetchError(url, f"the server answered {answer.status_code} {answer.reason_phrase}".rstrip())
    kind = answer.headers.get("content-type", "")
    reader = _reader(url, kind)
    size = answer.headers.get("content-length", "")
    if size.isdecimal() and int(size) > options.max_bytes:
        raise too_large(url, options)
    body = bytearray()
    for chunk in answer.iter_bytes():
        body += chunk
        if len(body) > options.max_bytes:
            raise too_large(url, options)
        _left(deadline, url, options)
    return Fetched(Source(io.BytesIO(bytes(body)), url, url, answer.charset_encoding), reader)


def _reader(url: str, kind: str) -> Reader | None:
    """The reader for the declared type; None leaves it to sniffing, where the type says nothing."""
    name = kind.partition(";")[0].strip().lower()
    by_path = reader_for_path(url.partition("?")[0].partition("#")[0])
    if name in _UNTOLD:
        return by_path
    reader = reader_for_media_type(name)
    if reader is None:
        readable = "HTML, plain text, Markdown, JSON Lines, ninjs, NITF, RSS, Atom, PDF, WARC"
        raise UnreadableDocument(
            url, f"the server sends {name}, which no reader reads", f"there are readers for {readable}"
        )
    # servers send Markdown and JSON Lines as text/plain
    return by_path if name == "text/plain" and by_path is not None and by_path.name != "html" else reader
