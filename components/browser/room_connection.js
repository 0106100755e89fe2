// @ts-check
// Says at once that a page has lost its connection, in place of the room's last status, and what becomes of an answer.
// The browser knows when its network is gone, and Streamlit when its own connection is. A server that cannot be reached
// is noticed by a request without a response (`room_follow.js`, which sends one after each press, too).
import { hostOf, say, targetOf } from "./dom.js"
import { html } from "./svg.js"
import { rendererOf } from "./view.js"

/** @typedef {{ words: string }} Data what a page without a connection says */

const ANSWERS = ".st-key-room-ask"
const STATUS = ".st-key-room-status, .st-key-room-host-status"
const LOOK = "margin:0;color:var(--st-text-color);font-family:var(--st-font);font-weight:600"
const AFTER = 1500 // milliseconds after a press

/** @type {Set<Connection>} */
const shown = new Set()
let reached = true
let ask = () => {}

/** Whether the last request reached the server, and the function that sends the next one. */
export const connection = {
  get reached() {
    return reached
  },
  /** @param {boolean} now */
  setReached(now) {
    reached = now
    look()
  },
  /** @param {() => void} next */
  setAsk(next) {
    ask = next
  },
}

function lost() {
  /** @type {HTMLElement | null} */
  const app = document.querySelector(":--app")
  const state = app?.dataset.testConnectionState ?? "CONNECTED"
  return !navigator.onLine || !reached || state !== "CONNECTED"
}

function look() {
  const now = lost()
  for (const view of shown) view.show(now)
}

function back() {
  if (!reached) ask()
  look()
}

addEventListener("offline", look)
addEventListener("online", back)
new MutationObserver(back).observe(document.documentElement, {
  subtree: true,
  attributeFilter: ["data-test-connection-state"],
})
document.addEventListener("click", (event) => {
  if (targetOf(event)?.closest(ANSWERS)) setTimeout(() => ask(), AFTER)
})

/** @implements {View<Data>} */
class Connection {
  #node = html("p", { role: "status", style: LOOK })
  #words = ""
  #status

  /** @param {Component<Data>} component */
  constructor({ parentElement }) {
    parentElement.append(this.#node)
    this.#status = hostOf(parentElement)?.closest(STATUS)
    shown.add(this)
  }

  /** @param {Component<Data>} component */
  update({ data }) {
    this.#words = data.words
    this.show(lost())
  }

  /** @param {boolean} now */
  show(now) {
    say(this.#node, now ? this.#words : "")
    this.#status?.toggleAttribute("data-lost", now)
  }

  leave() {
    shown.delete(this)
  }
}

/** @type {Renderer<Data>} */
export const roomConnection = rendererOf((component) => new Connection(component))
