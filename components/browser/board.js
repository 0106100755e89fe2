// @ts-check
// The board of a room on a wall: it follows the room as a phone does. The server sends all words.
import { say } from "./dom.js"
import { follow } from "./phone_follow.js"
import { BASE, connection } from "./phone_server.js"
import { countdown } from "./room_clock.js"
import { fit } from "./room_fit.js"
import { roomMorph } from "./room_morph.js"
import { html } from "./svg.js"

const LOST = "No connection. The board goes on by itself when the connection is back."

const place = /** @type {HTMLElement} */ (document.querySelector("main"))
const content = html("div")
const status = html("strong", { role: "status" })
const counts = html("span")
const clock = html("div")
/** @type {Phone.Board} */
let shown = { html: "", status: "", more: [], clock: null, waits: false }
let begun = ""

/** What the room does now. A screen reader reads it when it changes. */
function showStatus() {
  say(status, connection.reached ? shown.status : LOST)
  say(counts, shown.status && shown.more.join("\u2003"))
}

/** @param {Phone.Board} board */
function show(board) {
  if (board.html !== shown.html) {
    content.innerHTML = board.html
    /** @type {NodeListOf<HTMLElement>} */
    const morphs = content.querySelectorAll("[data-morph]")
    for (const morph of morphs) roomMorph(morph.attachShadow({ mode: "open" }), JSON.parse(morph.dataset.morph ?? ""))
    for (const code of content.querySelectorAll("pre code")) {
      const lines = (code.textContent ?? "").trimEnd().split("\n")
      code.replaceChildren(...lines.map((line) => html("span", {}, line || " "))) // the rest of a long line is indented
    }
    for (const link of content.querySelectorAll("a")) link.replaceWith(...link.childNodes) // nobody can press it
  }
  const [left, since] = board.clock ?? [0, ""]
  if (since !== begun) clock.replaceChildren(...(since ? [countdown(left, true)] : []))
  begun = since
  shown = board
  showStatus()
  fit(place)
}

/** @param {string} words */
function leave(words) {
  show({ ...shown, html: "", status: "", clock: null })
  content.replaceChildren(html("h1", { class: "alone" }, words))
}

const [, room] = location.pathname.split("/board/")
place.replaceChildren(content, html("footer", {}, status, counts, clock))
connection.changed = showStatus
addEventListener("resize", () => fit(place))
follow(`${room.replace("/", "")}/board?site=${encodeURIComponent(location.origin + BASE)}`, {
  show,
  changeOwn() {},
  leave,
})
