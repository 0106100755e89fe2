// @ts-check
// The compass of the lab: gradients and steps as arrows, sliders, and what each step does, in words from Python.
// While something moves, the steps of two heads come from a table that Python computed, and the words are dimmed. When
// the movement ends, Python gets the values and answers with exact steps, numbers and sentences.
import { Plane } from "./compass_plane.js"
import { SliderView, textOf } from "./compass_slider.js"
import { Space } from "./compass_space.js"
import { STYLE } from "./compass_style.js"
import { tabledStep } from "./compass_table.js"
import { wordsOf } from "./compass_words.js"
import { onFont } from "./dom.js"
import { clamp, short } from "./numbers.js"
import { html, set, svg } from "./svg.js"
import { rendererOf } from "./view.js"

/** @import { Data, Picture, Shown, Step } from "./compass_types.js" */

const REST = 120 // milliseconds without a movement before the values are sent to Python

/** @implements {View<Data>} */
class Compass {
  #plot = svg("svg", { class: "plot", role: "group" })
  #frame = html("div", { class: "picture" }, this.#plot)
  #hint = html("p", { class: "hint" })
  #list = html("div", { class: "sliders" })
  #words = html("div", { class: "words", role: "status" })
  #root = html("section", { class: "compass" }, this.#frame, this.#list, this.#words)
  /** @type {Picture | null} */
  #picture = null
  /** @type {Map<string, SliderView>} */
  #sliders = new Map()
  /** @type {Record<string, string>} */
  #values = {}
  /** @type {boolean | undefined} whether the picture has a third head */
  #third
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
    const other = this.#third !== data.third
    // Values that changed here are newer than data that Python sent before it got them.
    const newer = !other && (this.#waiting || data.turn < this.#sentTurn)
    if (!newer) {
      this.#sentTurn = Math.max(this.#sentTurn, data.turn)
      this.#values = { ...data.values }
    }
    if (other) this.#begin(data)
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
   * Begins anew with or without a third head: another picture and other sliders.
   * @param {Data} data
   */
  #begin({ third, sliders }) {
    this.#third = third
    this.#picture?.leave()
    this.#picture = null
    this.#plot.classList.toggle("space", third)
    const rest = () => this.#rest()
    this.#sliders = new Map(
      sliders.map((slider) => {
        const move = (/** @type {number} */ value) => this.#move({ [slider.key]: value })
        return [slider.key, new SliderView(slider, move, rest)]
      }),
    )
    this.#list.replaceChildren(...[...this.#sliders.values()].map(({ root }) => root))
  }

  /**
   * Takes new values of sliders and tips.
   * @param {Record<string, number>} changes
   */
  #move(changes) {
    for (const slider of this.#data.sliders) {
      if (slider.key in changes) this.#values[slider.key] = textOf(slider, changes[slider.key])
    }
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
    return Object.entries(this.#data.values).every(([key, text]) => this.#values[key] === text)
  }

  #update() {
    for (const [key, slider] of this.#sliders) slider.show(Number(this.#values[key]))
    const exact = this.#exact
    this.#root.classList.toggle("moving", !exact)
    this.#plot.classList.toggle("stale", !exact && this.#data.third)
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
    const steps = exact || data.third ? data.steps : data.steps.map((step) => stepAt(step, angle, ratio))
    const { fontFamily: family } = getComputedStyle(this.#root)
    /** @type {Shown} */
    const shown = { ...data, steps, angle, ratio, length: short(ratio, 3), width, height, family }
    this.#picture ??= data.third ? new Space(this.#plot, shown) : this.#plane(shown)
    this.#picture.show(shown)
  }

  /** @param {Shown} shown */
  #plane(shown) {
    return new Plane(
      this.#plot,
      shown,
      (values) => this.#move(values),
      () => this.#rest(),
    )
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
