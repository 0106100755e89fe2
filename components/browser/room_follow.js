// @ts-check
// Follows a room: asks for a new run of the page when the room has another version than the one that is drawn.
//
// The server sends each new version on a stream. If a proxy holds streams back, the page asks for it every two seconds.
// All pages of a class would redraw at once, so each waits for a random time, and the server draws one after the other.
// A request for a run may be lost, and a stream may be dead although the browser shows it as open: the page checks both.
import { connection } from "./room_connection.js"
import { rendererOf } from "./view.js"

const SILENCE = 4000 // milliseconds without the first event after which the page asks; and between two checks
const ASK = 2000
const UNHEARD = 4000 // milliseconds without an answer after which the server cannot be reached
const QUIET = 15000 // milliseconds without news after which a check asks for the version

/**
 * The address of the room's versions ("": the visitor may not follow it), the version that is drawn, and milliseconds: those
 * within which the pages of a class draw a change, and those after which this one asks for a run again (0: never).
 * @typedef {{ path: string, version: number, spread: number, again: number }} Data
 */

/** @implements {View<Data>} */
class Follower {
  /** @type {EventSource | null} */
  #stream = null
  #path = ""
  #heard = false // whether the stream has sent anything
  #gone = false // whether the room is gone
  /** @type {number | null} the version that the page should show */
  #wanted = null
  #news = 0 // when the last version arrived
  #waiting = 0 // the timer of the next run
  #late = 0
  /** @type {(() => void)[]} */
  #timers = []
  #asking = 0
  #component

  /** @param {Component<Data>} component */
  constructor(component) {
    this.#component = component
  }

  /** @param {Component<Data>} component */
  update(component) {
    this.#component = component
    const { path, again } = component.data
    if (path !== this.#path) {
      this.leave()
      this.#path = path
      if (path) this.#begin() // without one, the visitor may not follow the room
    } else if (this.#wanted !== null) this.#learn(this.#wanted)
    clearInterval(this.#late)
    // An interval, because this is not called again if the next run sends the same data.
    if (again) this.#late = setInterval(() => this.#component.setTriggerValue("version", -1), again)
  }

  leave() {
    this.#stream?.close()
    for (const end of this.#timers) end()
    this.#timers = []
    clearInterval(this.#asking)
    clearTimeout(this.#waiting)
    clearInterval(this.#late)
    this.#waiting = 0
    this.#path = ""
    this.#wanted = null
  }

  #begin() {
    this.#heard = false
    this.#gone = false
    this.#news = Date.now()
    this.#open()
    const checking = setInterval(() => this.#check(), SILENCE)
    const opening = setInterval(() => this.#reconnect(), ASK)
    const silent = setTimeout(() => {
      if (!this.#heard) this.#asking = setInterval(() => this.#ask(), ASK)
    }, SILENCE)
    this.#timers = [() => clearInterval(checking), () => clearInterval(opening), () => clearTimeout(silent)]
    connection.setAsk(() => this.#ask())
  }

  /** A browser opens a lost stream again by itself, but not one that the server has refused. */
  #open() {
    this.#stream?.close()
    this.#stream = new EventSource(this.#path)
    // A stream that a proxy has ended is opened again, so its end does not mean that the connection is lost. The stream
    // of a room that is gone ends after it has said so.
    this.#stream.onerror = () => {
      if (!this.#gone) this.#ask()
    }
    this.#stream.onmessage = ({ data }) => {
      this.#heard = true
      connection.setReached(true)
      clearInterval(this.#asking)
      this.#learn(Number(data))
    }
  }

  #reconnect() {
    if (this.#stream?.readyState === EventSource.CLOSED) this.#open()
    if (!connection.reached) this.#ask()
  }

  #check() {
    if (this.#wanted !== null && this.#wanted > this.#component.data.version) this.#learn(this.#wanted)
    else if (Date.now() - this.#news > QUIET) this.#ask()
  }

  async #ask() {
    if (!this.#path) return
    try {
      const signal = AbortSignal.timeout(UNHEARD)
      const answer = await fetch(`${this.#path}?once`, { cache: "no-store", signal })
      connection.setReached(true)
      if (answer.ok) this.#learn(Number(await answer.text()))
      else if (answer.status === 404) this.#learn(0)
    } catch {
      if (this.#path) connection.setReached(false) // else the page has left the room
    }
  }

  /**
   * Takes the version that the server sent. 0 means that the room is gone.
   * @param {number} version
   */
  #learn(version) {
    this.#wanted = version
    this.#gone = version === 0
    this.#news = Date.now()
    if (this.#waiting || version === this.#component.data.version) return
    this.#waiting = setTimeout(() => {
      this.#waiting = 0
      if (this.#wanted === this.#component.data.version) return
      this.#component.setTriggerValue("version", this.#wanted || -1)
      if (!this.#wanted) this.#wanted = null
    }, Math.random() * this.#component.data.spread)
  }
}

/** @type {Renderer<Data>} */
export const roomFollow = rendererOf((component) => new Follower(component))
