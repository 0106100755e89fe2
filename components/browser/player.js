// @ts-check
// The player of a run: play, step, scrub and speed. It moves the run's clock; the pictures follow it.
// The epoch is sent to Python only when the clock rests, so playing sends nothing over the WebSocket.
import { reducedMotion, say } from "./dom.js"
import { markers } from "./markers.js"
import { playback } from "./playback.js"
import { html, svg } from "./svg.js"
import { rendererOf } from "./view.js"

/** @import { Clock } from "./clock.js" */

const REPORT = 400 // milliseconds at rest before the epoch is sent to Python
const STYLE = `
  .player { display: flex; flex-wrap: wrap; align-items: center; gap: var(--space-1) var(--space-3); padding: var(--space-2) var(--space-3); box-sizing: border-box; border: 1px solid var(--st-border-color); border-radius: var(--radius);
    background: var(--over); color: var(--st-text-color); font-family: var(--st-font); font-size: var(--font-note); box-shadow: var(--shadow); }
  .buttons { display: flex; gap: 2px; }
  button { width: 36px; height: 36px; padding: 0; display: grid; place-items: center; border: 1px solid transparent; border-radius: var(--radius-round); background: none; color: inherit; cursor: pointer; }
  button:hover:enabled { background: var(--st-secondary-background-color); border-color: var(--st-border-color); }
  button:disabled { opacity: 0.4; cursor: default; }
  .play { background: var(--st-primary-color); color: var(--st-background-color); }
  .play:hover:enabled { background: var(--st-primary-color); filter: brightness(1.1); }
  :is(button, select, input):focus-visible { outline: var(--focus); outline-offset: 2px; }
  input { flex: 1 1 160px; min-width: 120px; margin: 0; height: 28px; accent-color: var(--st-primary-color); cursor: pointer; }
  .words { min-width: 8.5em; font-variant-numeric: tabular-nums; font-weight: 600; }
  select { font: inherit; height: 32px; color: inherit; background: var(--st-background-color); border: 1px solid var(--st-border-color); border-radius: var(--radius); padding: 0 var(--space-1); }
  svg { width: 20px; height: 20px; fill: currentColor; }
  @media (max-width: 560px) { input { order: 5; flex-basis: 100%; } .player { padding: var(--space-1) var(--space-2); } .words { flex: 1; min-width: 0; } }
  @media (pointer: coarse) { button { width: 44px; height: 44px; } input { height: 36px; } select { height: 40px; } }`
const ICONS = {
  play: "M8 5v14l11-7z",
  pause: "M6 5h4v14H6zm8 0h4v14h-4z",
  back: "M6 6h2v12H6zm12 0v12l-8-6z",
  forward: "M16 6h2v12h-2zM6 6l8 6-8 6z",
}
const SPEEDS = ["0.5", "1", "2", "4"]
const SPEED_NAMES = ["½×", "1×", "2×", "4×"]
let link = 0 // how many links the session had read when the player was drawn last
let speed = 1 // the one chosen last: the next run plays at it, too
const RESULTS =
  "[class*=st-key-curves-]:not(.st-key-curves-scale, [data-retained]), [class*=st-key-predictions], [class*=st-key-train-connectivity]"

/**
 * A run (`run`: its name), the epochs with weights (`frames`), how many epochs it has, at which it opens (null: the
 * last), whether it plays at once, the titles of the styles, what the titles of the curves say at each of the `frames`
 * (`markers.js`), and how many links of the page the session has read.
 * @typedef {object} Data
 * @property {string} run
 * @property {number[]} frames
 * @property {number} epochs
 * @property {number | null} epoch
 * @property {boolean} play
 * @property {string[]} titles
 * @property {string[][]} captions
 * @property {number} link
 */

/** @param {string} path */
const icon = (path) => svg("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, svg("path", { d: path }))

/**
 * @param {keyof typeof ICONS} name
 * @param {string} label
 * @param {string} title
 */
const button = (name, label, title) =>
  html("button", { type: "button", class: name, "aria-label": label, title }, icon(ICONS[name]))

/** @param {Place} parent */
function parts(parent) {
  const back = button("back", "To an earlier epoch", "Back (←)")
  const play = button("play", "Play", "Play (space)")
  const forward = button("forward", "To a later epoch", "Forward (→)")
  const scrub = html("input", { type: "range", min: 0, step: "any", "aria-label": "Epoch" })
  const words = html("span", { class: "words" })
  const choices = SPEEDS.map((value, i) => html("option", { value }, SPEED_NAMES[i]))
  const speeds = html("select", { "aria-label": "Speed", title: "Speed" }, ...choices)
  const buttons = html("div", { class: "buttons" }, back, play, forward)
  const group = { class: "player", role: "group", "aria-label": "Player of the run" }
  const root = html("div", group, buttons, scrub, words, speeds)
  parent.append(html("style", {}, STYLE), root)
  return { back, play, forward, scrub, words, speeds, root }
}

/** @implements {View<Data>} */
class Player {
  /** @type {Clock | null} */
  #clock = null
  /** @type {Data} */
  #data
  #send = (/** @type {{ run: string, epoch: number, at: number }} */ _shown) => {}
  /** @type {(() => void)[]} */
  #stops = []
  /** @type {number | null} */
  #sentEpoch = null
  #timer = 0
  #scrubbing = false
  #parts

  /** @param {Component<Data>} component */
  constructor({ data, parentElement }) {
    this.#data = data
    this.#parts = parts(parentElement)
    const { back, play, forward, scrub, speeds, root } = this.#parts
    back.onclick = () => this.#clock?.step(-1)
    forward.onclick = () => this.#clock?.step(1)
    play.onclick = () => this.#toggle()
    speeds.onchange = () => {
      speed = Number(speeds.value)
      if (this.#clock) this.#clock.speed = speed
    }
    scrub.oninput = () => {
      this.#scrubbing = true
      this.#clock?.set(scrub.value)
    }
    const settle = () => this.#settle()
    scrub.onchange = scrub.onpointerup = scrub.onpointercancel = scrub.onblur = settle
    root.onkeydown = (event) => this.#pressed(event)
  }

  /** @param {Component<Data>} component */
  update({ data, setStateValue }) {
    this.#send = (shown) => setStateValue("epoch", shown)
    const before = this.#data
    this.#data = data
    if (this.#clock && before.run === data.run && String(before.titles) === String(data.titles)) {
      this.#clock.load(data.frames)
      if (link !== data.link) this.#goTo(this.#clock, data.epoch)
      link = data.link
      this.#draw(this.#clock)
      return
    }
    for (const stop of this.#stops) stop()
    const clock = playback(data.run)
    this.#clock = clock
    clock.speed = speed
    const first = clock.load(data.frames, data.epoch)
    if (first) this.#sentEpoch = clock.shown
    else this.#goTo(clock, data.epoch)
    link = data.link
    this.#stops = [clock.subscribe((now) => this.#draw(now)), markers(clock, data.titles, () => this.#data.captions)]
    if (first && data.play && !reducedMotion()) {
      clock.set(0)
      clock.play()
    }
  }

  /**
   * Shows the epoch of a link, or the last one. A step back must not write the link anew.
   * @param {Clock} clock
   * @param {number | null} epoch
   */
  #goTo(clock, epoch) {
    this.#sentEpoch = epoch ?? clock.last
    clock.set(this.#sentEpoch)
    clock.settle()
  }

  leave() {
    clearTimeout(this.#timer)
    for (const stop of this.#stops) stop()
    this.#clock?.pause()
  }

  /** @param {Clock} clock */
  #draw(clock) {
    const { back, play, forward, scrub, words, speeds } = this.#parts
    const { shown, last, playing, frames } = clock
    const sentence = shown === 0 ? "Before training" : `After epoch ${shown} of ${this.#data.epochs}`
    scrub.max = String(last)
    if (!this.#scrubbing) scrub.value = String(clock.epoch)
    scrub.setAttribute("aria-valuetext", sentence)
    say(words, sentence)
    const label = playing ? "Pause" : clock.epoch >= last ? "Play again" : "Play"
    if (play.getAttribute("aria-label") !== label) {
      play.setAttribute("aria-label", label)
      play.title = `${label} (space)`
      play.replaceChildren(icon(playing ? ICONS.pause : ICONS.play))
    }
    for (const each of [back, play, forward, scrub]) each.disabled = frames.length < 2
    speeds.value = String(clock.speed)
    this.#report(clock)
  }

  /** @param {Clock} clock */
  #report(clock) {
    clearTimeout(this.#timer)
    if (clock.playing || this.#scrubbing || clock.shown === this.#sentEpoch) return
    this.#timer = setTimeout(() => {
      this.#sentEpoch = clock.shown
      // The time makes each report a new value: Streamlit does not report a value that is the same as the last one.
      this.#send({ run: this.#data.run, epoch: clock.shown, at: Date.now() })
    }, REPORT)
  }

  #settle() {
    if (!this.#scrubbing) return
    this.#scrubbing = false
    this.#clock?.settle()
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    const clock = this.#clock
    const { target, key } = event
    if (!clock || clock.frames.length < 2 || event.ctrlKey || event.metaKey || event.altKey) return
    if (target === this.#parts.speeds || (key === " " && target instanceof HTMLButtonElement)) return
    /** @type {Record<string, () => void>} */
    const acts = {
      " ": () => this.#toggle(),
      ArrowRight: () => clock.step(1),
      ArrowUp: () => clock.step(1),
      ArrowLeft: () => clock.step(-1),
      ArrowDown: () => clock.step(-1),
      Home: () => clock.set(0),
      End: () => clock.set(clock.last),
    }
    if (!acts[key]) return
    event.preventDefault()
    acts[key]()
  }

  /** Plays or pauses. A picture of the run has to be on the screen: on a phone, the player is in view before them. */
  #toggle() {
    this.#clock?.toggle()
    const pictures = [...document.querySelectorAll(RESULTS)]
    const seen = pictures.some((each) => {
      const { top, bottom, height } = each.getBoundingClientRect()
      return height > 0 && Math.min(bottom, window.innerHeight) - Math.max(top, 0) >= height / 2
    })
    if (this.#clock?.playing && !seen) pictures[0]?.scrollIntoView({ block: "nearest" })
  }
}

/** @type {Renderer<Data>} */
export const player = rendererOf((component) => new Player(component))
