// @ts-check
// Tells the host at once that the connection is lost, in place of the room's last status.
import { lost, onConnection } from "./connection.js"
import { hostOf, say } from "./dom.js"
import { html } from "./svg.js"
import { rendererOf } from "./view.js"

/** @typedef {{ words: string }} Data what a page without a connection says */

const STATUS = ".st-key-room-host-status"
const LOOK = "margin:0;color:var(--st-text-color);font-family:var(--st-font);font-weight:600"

/** @implements {View<Data>} */
class Connection {
  #node = html("p", { role: "status", style: LOOK })
  #words = ""
  #status
  #end = onConnection(() => this.#show())

  /** @param {Component<Data>} component */
  constructor({ parentElement }) {
    parentElement.append(this.#node)
    this.#status = hostOf(parentElement)?.closest(STATUS)
  }

  /** @param {Component<Data>} component */
  update({ data }) {
    this.#words = data.words
    this.#show()
  }

  #show() {
    const now = lost()
    say(this.#node, now ? this.#words : "")
    this.#status?.toggleAttribute("data-lost", now)
  }

  leave() {
    this.#end()
  }
}

/** @type {Renderer<Data>} */
export const roomConnection = rendererOf((component) => new Connection(component))
