"""Eyes for the browser tests: who opens the page, what the browser complains of, and what people cannot read or reach."""

from typing import Any, Self

from playwright.sync_api import Browser, ConsoleMessage, Page, Request

PHONE = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2, "has_touch": True}
DESK = {"viewport": {"width": 1280, "height": 800}}
PATIENCE_MS = 20_000
"""A loaded machine."""

_WATCH = """
addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
window.seen = { frames: [], skeleton: null, words: {} };
new MutationObserver((changes) => {
  for (const { target } of changes) if (target.id === "stage") {
    window.seen.skeleton ??= performance.now();
    window.seen.frames.push(Number(target.dataset.seq));
  }
  const headline = document.querySelector(".headline")?.textContent;
  if (headline && document.querySelector(".board").dataset.mood === "gesture") window.seen.words[headline] ??= Date.now() / 1000;
}).observe(document, { subtree: true, childList: true, characterData: true, attributeFilter: ["data-seq"] });
"""
"""Notes when a skeleton was drawn first (ms since the page was asked for), which frames, and when each gesture stood there that counts (s since 1970)."""

_POOR_CONTRAST = r"""() => {
  const channels = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const light = (colour) => {
    const [r, g, b] = colour.map((value) => value / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const over = ([r, g, b, a = 1], below) => [r, g, b].map((value, n) => value * a + below[n] * (1 - a));
  const ground = (element) => {
    const own = channels(getComputedStyle(element).backgroundColor);
    const below = (own[3] ?? 1) === 1 && own.length ? [0, 0, 0] : element.parentElement ? ground(element.parentElement) : [255, 255, 255];
    return over(own, below);
  };
  const poor = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    const text = texts.currentNode.textContent.trim();
    if (!text || !element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) || element.closest("[disabled], script, option")) continue;
    const below = ground(element);
    const [one, other] = [light(over(channels(getComputedStyle(element).color), below)), light(below)].sort((a, b) => b - a);
    const ratio = (one + 0.05) / (other + 0.05);
    if (ratio < 4.5) poor.push(`${ratio.toFixed(2)}: ${text.slice(0, 60)}`);
  }
  return poor;
}"""


class Visitor:
    """Somebody with a browser of their own.

    Args:
        browser: to open a window in.
        url: of the page.
        context: size, colours and so on, as playwright has them; a phone by default.

    Attributes:
        page: as they see it.
        complaints: what the browser's log says: errors, and requests to anybody but the page's own server.
        expected: pieces of text in complaints that the test brings about itself.
    """

    def __init__(self, browser: Browser, url: str, **context: object) -> None:
        self._url = url
        self._said: list[str] = []
        self.expected: list[str] = []
        self._context = browser.new_context(**({} if "viewport" in context else PHONE), **context)  # type: ignore[arg-type]
        self._context.add_init_script(_WATCH)
        self._context.on("request", self._asked)
        self.page: Page = self._context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.page.on("console", self._logged)
        self.page.on("pageerror", lambda error: self._said.append(str(error)))
        self.page.goto(url)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def complaints(self) -> list[str]:
        """What was said and not expected."""
        return [said for said in self._said if not any(piece in said for piece in self.expected)]

    def close(self) -> None:
        """Close the browser's window."""
        self._context.close()

    def _logged(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._said.append(f"{message.type}: {message.text} {message.location.get('url', '')}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self._url, "blob:", "data:")):
            self._said.append(f"asked somebody else: {request.url}")


def poor_contrast(page: Page) -> list[str]:
    """Return texts that stand out from their ground by less than 4.5 to 1, as WCAG 2.2 counts it."""
    poor: list[str] = page.evaluate(_POOR_CONTRAST)
    return poor


def overflow(page: Page) -> int:
    """Return by how many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


def seen(page: Page) -> dict[str, Any]:
    """Return what ``_WATCH`` noted."""
    noted: dict[str, Any] = page.evaluate("window.seen")
    return noted


def hide(page: Page, *, hidden: bool) -> None:
    """Have the page believe that its tab is behind another: a browser without a screen never hides one."""
    page.evaluate(
        """(hidden) => {
          Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
          Object.defineProperty(document, "visibilityState", { value: hidden ? "hidden" : "visible", configurable: true });
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )
