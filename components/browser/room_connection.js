// @ts-check
// Says at once that the host's page has lost its connection, in place of the room's last status. The browser knows when
// its network is gone, and Streamlit when its own connection is.
import { hostOf, say } from "./dom.js"
import { html } from "./svg.js"
import { rendererOf } from "./view.js"

/** @typedef {{ words: string }} Data what a page without a connection says */

const STATUS = ".st-key-room-host-status"
const LOOK = "margin:0;color:var(--st-text-color);font-family:var(--st-font);font-weight:600"

/** @type {Set<Connection>} */
const shown = new Set()

/** Whether the page has no connection to the server: what it sends is lost. */
export function lost() {
  const state = document.querySelector(":--app")?.getAttribute(":--connection-state") ?? "CONNECTED"
  return !navigator.onLine || state !== "CONNECTED"
}

function look() {
  const now = lost()
  for (const view of shown) view.show(now)
}

addEventListener("offline", look)
addEventListener("online", look)
new MutationObserver(look).observe(document.documentElement, {
  subtree: true,
  attributeFilter: [":--connection-state"],
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
