// @ts-check
// A slider of the compass, with its value and its help.
import { clamp, short } from "./numbers.js"
import { html } from "./svg.js"

/** @import { Slider } from "./compass_types.js" */

/** @type {Record<string, number>} */
const KEYS = {
  ArrowRight: 1,
  ArrowUp: 1,
  ArrowLeft: -1,
  ArrowDown: -1,
  PageUp: 10,
  PageDown: -10,
  Home: -1e4,
  End: 1e4,
}

/**
 * The nearest value that a slider may have, as text: whole degrees, or a ratio with three significant digits.
 * @param {Slider} slider
 * @param {number} value
 */
export function textOf({ low, high, log }, value) {
  const kept = clamp(value, low, high)
  return String(Number(log ? kept.toPrecision(3) : Math.round(kept)))
}

export class SliderView {
  #slider
  #value = 0
  #output
  #input

  /**
   * @param {Slider} slider
   * @param {(value: number) => void} move takes a new value
   * @param {() => void} rest says that the visitor has let go
   */
  constructor(slider, move, rest) {
    this.#slider = slider
    const { key, label, help, low, high, log } = slider
    const name = `slider-${key}`
    const scaled = (/** @type {number} */ value) => (log ? Math.log10(value) : value)
    const range = { type: "range", step: "any", min: scaled(low), max: scaled(high) }
    const input = html("input", { id: name, ...range })
    this.#input = input
    this.#output = html("output", { for: name })
    const words = html("span", { "aria-hidden": "true" }, help)
    const look = { class: "help", type: "button", "aria-label": `${label}: help. ${help}` }
    const head = html("div", {}, html("label", { for: name }, label), html("button", look, "?", words))
    this.root = html("div", { class: "slider" }, head, this.#output, input)
    input.addEventListener("input", () => move(log ? 10 ** Number(input.value) : Number(input.value)))
    input.addEventListener("change", rest)
    input.addEventListener("keydown", (event) => {
      const count = KEYS[event.key]
      if (!count || event.ctrlKey || event.metaKey || event.altKey) return
      event.preventDefault()
      const by = clamp(count, log ? -100 : -1e4, log ? 100 : 1e4)
      move(log ? this.#value * 10 ** (0.05 * by) : Math.round(this.#value) + by)
    })
  }

  /** @param {number} value */
  show(value) {
    const { log } = this.#slider
    this.#value = value
    this.#input.value = String(log ? Math.log10(value) : value)
    this.#output.textContent = log ? short(value, 3) : `${short(value, 4)}°`
    this.#input.setAttribute("aria-valuetext", this.#output.textContent)
  }
}
