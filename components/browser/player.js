// @ts-check
// The player of a run: play, or drag to an epoch. It moves the run's clock; the pictures follow it.
// The epoch is sent to Python only when the clock rests, so playing sends nothing over the WebSocket.
import { reducedMotion, say } from "./dom.js"
import { markers } from "./markers.js"
import { playback } from "./playback.js"
import { html, set, svg } from "./svg.js"
import { rendererOf } from "./view.js"

/** @import { Clock } from "./clock.js" */

const REPORT = 400 // milliseconds at rest before the epoch is sent to Python
const STYLE = `
  .player { display: flex; flex-wrap: wrap; align-items: center; gap: var(--space-1) var(--space-3); padding: var(--space-2) var(--space-3); box-sizing: border-box; border: 1px solid var(--st-border-color); border-radius: var(--radius);
    background: var(--over); color: var(--st-text-color); font-family: var(--st-font); font-size: var(--font-note); }
  button { width: 36px; height: 36px; padding: 0; display: grid; place-items: center; border: 1px solid transparent; border-radius: var(--radius-round); background: var(--st-primary-color); color: var(--st-background-color); cursor: pointer; }
  button:hover:enabled { filter: brightness(1.1); }
  button:disabled { opacity: 0.4; cursor: default; }
  :is(button, input):focus-visible { outline: var(--focus); outline-offset: 2px; }
  input { flex: 1 1 160px; min-width: 120px; margin: 0; height: 28px; accent-color: var(--st-primary-color); cursor: pointer; }
  .words { font-variant-numeric: tabular-nums; }
  svg { width: 20px; height: 20px; fill: currentColor; }
  @media (pointer: coarse) { button { width: 44px; height: 44px; } input { height: 36px; } }`
const PLAY = "M8 5v14l11-7z"
const PAUSE = "M6 5h4v14H6zm8 0h4v14h-4z"
let link = 0 // how many links the session had read when the player was drawn last

/**
 * A run (`run`: its name), the epochs or steps with weights (`frames`) with what is said at each of them, the epoch at
 * which it opens (null: the last), whether it plays at once, how many links of the page the session has read, and whether
 * the loss curves and predictions on the page are its own.
 * @typedef {object} Data
 * @property {string} run
 * @property {number[]} frames
 * @property {string[]} captions
 * @property {number | null} epoch
 * @property {boolean} play
 * @property {number} link
 * @property {boolean} curves
 */

/** @implements {View<Data>} */
class Player {
  /** @type {Clock | null} */
  #clock = null
  /** @type {Data} */
  #data
  #send = (/** @type {{ run: string, epoch: number, at: number }} */ _shown) => {}
  /** @type {(() => void)[]} */
  #stops = []
  #sentEpoch = 0
  #timer = 0
  #icon = svg("path")
  #play = html("button", { type: "button" }, svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, this.#icon))
  #scrub = html("input", { type: "range", min: 0, "aria-label": "Epoch" })
  #words = html("span", { class: "words" })

  /** @param {Component<Data>} component */
  constructor({ data, parentElement }) {
    this.#data = data
    const group = { class: "player", role: "group", "aria-label": "Player of the run" }
    parentElement.append(html("style", {}, STYLE), html("div", group, this.#play, this.#scrub, this.#words))
    this.#play.onclick = () => this.#clock?.toggle()
    this.#scrub.oninput = () => this.#clock?.set(this.#data.frames[Number(this.#scrub.value)])
  }

  /** @param {Component<Data>} component */
  update({ data, setStateValue }) {
    this.#send = (shown) => setStateValue("epoch", shown)
    const clock = playback(data.run)
    const another = clock !== this.#clock
    this.#data = data
    this.#clock = clock
    const first = clock.load(data.frames, data.epoch)
    if (!first && (another || link !== data.link)) clock.set(data.epoch ?? clock.last)
    if (another || link !== data.link) this.#sentEpoch = clock.shown // a step back must not write the link anew
    link = data.link
    if (another) {
      for (const stop of this.#stops) stop()
      this.#stops = [clock.subscribe((now) => this.#draw(now)), data.curves ? markers(clock) : () => {}]
    } else this.#draw(clock)
    if (!first || !data.play || reducedMotion()) return
    clock.set(0)
    clock.play()
  }

  leave() {
    clearTimeout(this.#timer)
    for (const stop of this.#stops) stop()
    this.#clock?.pause()
  }

  /** @param {Clock} clock */
  #draw(clock) {
    const { frames, captions } = this.#data
    const at = frames.indexOf(clock.shown)
    const label = clock.playing ? "Pause" : clock.ended ? "Play again" : "Play"
    set(this.#play, { "aria-label": label, title: label })
    set(this.#icon, { d: clock.playing ? PAUSE : PLAY })
    set(this.#scrub, { max: frames.length - 1, "aria-valuetext": captions[at] })
    this.#scrub.value = String(at)
    say(this.#words, captions[at])
    for (const each of [this.#play, this.#scrub]) each.disabled = frames.length < 2
    clearTimeout(this.#timer)
    if (!clock.playing && clock.shown !== this.#sentEpoch) this.#timer = setTimeout(() => this.#report(clock), REPORT)
  }

  /** @param {Clock} clock */
  #report(clock) {
    this.#sentEpoch = clock.shown
    // The time makes each report a new value: Streamlit does not report a value that is the same as the last one.
    this.#send({ run: this.#data.run, epoch: clock.shown, at: Date.now() })
  }
}

/** @type {Renderer<Data>} */
export const player = rendererOf((component) => new Player(component))
