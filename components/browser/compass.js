// @ts-check
// The compass of the lab: gradients and steps as arrows, and what each step does, in words from Python.
// While something moves, the steps of two heads come from a table that Python computed, and the words are dimmed. When
// the movement ends, Python gets the values and answers with exact steps, numbers and sentences.
import { Plane } from "./compass_plane.js"
import { STYLE } from "./compass_style.js"
import { tabledStep } from "./compass_table.js"
import { wordsOf } from "./compass_words.js"
import { onFont } from "./dom.js"
import { clamp, short } from "./numbers.js"
import { html, set, svg } from "./svg.js"
import { rendererOf } from "./view.js"

/** @import { Data, Shown, Step } from "./compass_types.js" */

const REST = 120 // milliseconds without a movement before the values are sent to Python

/** @implements {View<Data>} */
class Compass {
  #plot = svg("svg", { class: "plot", role: "group" })
  #frame = html("div", { class: "picture" }, this.#plot)
  #hint = html("p", { class: "hint" })
  #words = html("div", { class: "words", role: "status" })
  #root = html("section", { class: "compass" }, this.#frame, this.#words)
  /** @type {Plane | null} */
  #picture = null
  /** @type {Data["values"]} */
  #values = { angle: "", ratio: "" }
  #sentTurn = 0
  #timer = 0
  #waiting = false
  #width = 0
  #spoken = ""
  #component
  #ends

  /** @param {Component<Data>} component */
  constructor(component) {
    this.#component = component
    this.#frame.append(this.#hint)
    component.parentElement.append(html("style", {}, STYLE), this.#root)
    const resized = new ResizeObserver(() => {
      if (this.#width !== Math.floor(this.#frame.clientWidth)) this.#update()
    })
    resized.observe(this.#plot)
    this.#ends = [() => resized.disconnect(), onFont(() => this.#update())]
  }

  get #data() {
    return this.#component.data
  }

  /** @param {Component<Data>} component */
  update(component) {
    this.#component = component
    const { data } = component
    // Values that changed here are newer than data that Python sent before it got them.
    if (!this.#waiting && data.turn >= this.#sentTurn) {
      this.#sentTurn = Math.max(this.#sentTurn, data.turn)
      this.#values = { ...data.values }
    }
    set(this.#plot, { "aria-label": data.label })
    this.#hint.textContent = data.hint
    this.#speak()
    this.#update()
  }

  leave() {
    clearTimeout(this.#timer)
    for (const end of this.#ends) end()
    this.#picture?.leave()
  }

  /**
   * Takes a new angle and ratio: the nearest that there are, whole degrees and three significant digits.
   * @param {{ angle: number, ratio: number }} values
   */
  #move({ angle, ratio }) {
    const { largest } = this.#data
    const kept = clamp(ratio, 1 / largest, largest)
    this.#values = { angle: String(Math.round(clamp(angle, 0, 180))), ratio: String(Number(kept.toPrecision(3))) }
    this.#update()
    clearTimeout(this.#timer)
    this.#waiting = true
    this.#timer = setTimeout(() => this.#rest(), REST)
  }

  /** Sends the values to Python, unless its data are for these values already. */
  #rest() {
    clearTimeout(this.#timer)
    this.#waiting = false
    if (this.#exact && this.#data.turn >= this.#sentTurn) return
    this.#sentTurn += 1
    this.#component.setStateValue("values", { ...this.#values, turn: this.#sentTurn })
  }

  /** Whether the data from Python are for the present values. */
  get #exact() {
    const { angle, ratio } = this.#data.values
    return this.#values.angle === angle && this.#values.ratio === ratio
  }

  #update() {
    const exact = this.#exact
    this.#root.classList.toggle("moving", !exact)
    this.#words.setAttribute("aria-busy", String(!exact))
    this.#draw(exact)
  }

  /** @param {boolean} exact */
  #draw(exact) {
    const width = Math.floor(this.#frame.clientWidth)
    if (!width) return
    const height = Math.round(clamp(width * 0.78, 290, 440))
    if (this.#width !== width) set(this.#plot, { viewBox: `0 0 ${width} ${height}`, height })
    this.#width = width
    const data = this.#data
    const [angle, ratio] = [Number(this.#values.angle), Number(this.#values.ratio)]
    const { fontFamily: family } = getComputedStyle(this.#root)
    /** @type {Shown} */
    const shown = { ...data, ...this.#arrows(exact, angle, ratio), length: short(ratio, 3), width, height, family }
    this.#picture ??= new Plane(
      this.#plot,
      shown,
      (values) => this.#move(values),
      () => this.#rest(),
    )
    this.#picture.show(shown)
  }

  /**
   * What is drawn at an angle and a ratio. While they differ from those in Python, the steps of two heads come from the
   * table. The third head and the steps of three are not drawn: no table has them.
   * @param {boolean} exact
   * @param {number} angle
   * @param {number} ratio
   */
  #arrows(exact, angle, ratio) {
    const { steps, third } = this.#data
    if (exact) return { angle, ratio, steps, third }
    return { angle, ratio, steps: third ? [] : steps.map((step) => stepAt(step, angle, ratio)), third: null }
  }

  #speak() {
    const { answer, sentences, notes, steps } = this.#data
    const text = JSON.stringify([answer, sentences, notes, steps.map(({ key }) => key)])
    if (text === this.#spoken) return
    this.#spoken = text
    this.#words.replaceChildren(...wordsOf(this.#data))
  }
}

/**
 * A step at another angle and ratio, from the table; a step without a table is not drawn.
 * @param {Step} step
 * @param {number} angle
 * @param {number} ratio
 * @returns {Step}
 */
function stepAt(step, angle, ratio) {
  const at = tabledStep(step.key, angle, ratio)
  if (!at) return { ...step, still: true }
  return { ...step, at, still: Math.hypot(...at) < 1e-3 * Math.min(1, ratio) }
}

/** @type {Renderer<Data>} */
export const compass = rendererOf((component) => new Compass(component))
