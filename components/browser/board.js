// @ts-check
// The board of a room on a wall: it follows the room as a phone does. The server sends all words.
import { say } from "./dom.js"
import { BASE, connection, follow } from "./phone_server.js"
import { countdown } from "./room_clock.js"
import { fit } from "./room_fit.js"
import { html } from "./svg.js"

const LOST = "No connection. The board goes on by itself when the connection is back."

const place = /** @type {HTMLElement} */ (document.querySelector("main"))
const [content, footer] = place.children
const [status, counts, clock] = footer.children
/** @type {Phone.Board} */
let shown = { html: "", status: "", more: [], clock: null }
let begun = ""

/** What the room does now. A screen reader reads it when it changes. */
function showStatus() {
  say(status, connection.reached ? shown.status : LOST)
  say(counts, shown.status && shown.more.join("\u2003"))
}

/** @param {{ page: Phone.Board }} told */
function show({ page }) {
  if (page.html !== shown.html) {
    content.innerHTML = page.html
    for (const code of content.querySelectorAll("pre code")) {
      const lines = (code.textContent ?? "").trimEnd().split("\n")
      code.replaceChildren(...lines.map((line) => html("span", {}, line || " "))) // the rest of a long line is indented
    }
    for (const link of content.querySelectorAll("a")) link.replaceWith(...link.childNodes) // nobody can press it
  }
  const [left, since] = page.clock ?? [0, ""]
  if (since !== begun) clock.replaceChildren(...(since ? [countdown(left, true)] : []))
  begun = since
  shown = page
  showStatus()
  fit(place)
}

/** @param {string} words */
function leave(words) {
  show({ page: { ...shown, html: `<h1 class="alone">${words}</h1>`, status: "", clock: null } })
}

const [, room] = location.pathname.split("/board/")
connection.changed = showStatus
addEventListener("resize", () => fit(place))
follow(`${room.replace("/", "")}/board?site=${encodeURIComponent(location.origin + BASE)}`, show, leave)
