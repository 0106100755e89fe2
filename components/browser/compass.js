// @ts-check
// The compass of the lab: gradients and steps as arrows, and what each step does, in words from Python. In the plane of
// the gradients of A and B, the shadows of a third head and of the steps decide what they do to the losses of A and B.
// While the tip of B moves, the steps of two heads come from a table that Python computed, and the words are dimmed.
// Then Python gets the values and answers with exact steps, numbers and sentences.
import { fitting, gradients, handleOf, labelAt, placed, spread, tabledStep, valuesAt } from "./compass_geometry.js"
import { STYLE } from "./compass_style.js"
import { reducedMotion } from "./dom.js"
import { clamp, radians } from "./numbers.js"
import { html, set, svg } from "./svg.js"
import { Turns } from "./turns.js"
import { rendererOf } from "./view.js"

/** @import { Data, Step } from "./compass_types.js" */

const REST = 120 // milliseconds without a movement before the values are sent to Python
const FOOT = 62 // pixels below the origin
const EASE = 0.2 // of the way to its new scale that the picture goes in each frame after a drag
const CENTRE = { "text-anchor": "middle", "dominant-baseline": "central" }
/** What a key does to the tip of B: degrees, and a factor of its length. @type {Record<string, [number, number]>} */
const KEYS = { ArrowLeft: [5, 1], ArrowRight: [-5, 1], ArrowUp: [0, 1.1], ArrowDown: [0, 1 / 1.1] }

/** @implements {View<Data>} */
class Compass {
  #tip = svg("g", { class: "tip", role: "slider", tabindex: 0, "aria-valuemin": 0, "aria-valuemax": 180 })
  #picture = svg("g", { role: "img" })
  #plot = svg("svg", { class: "plot" }, this.#picture, this.#tip)
  #legend = html("p", { class: "hint" })
  #hint = html("p", { class: "hint" })
  #frame = html("div", { class: "picture" }, this.#plot, this.#legend, this.#hint)
  #words = html("div", { class: "words", role: "status" })
  #root = html("section", { class: "compass" }, this.#frame, this.#words)
  /** @type {Data["values"]} */
  #values = { angle: 0, ratio: 1 }
  #turns = new Turns(() => this.#check())
  #timer = 0 // until the values are sent
  #dragged = false
  #settles = false // whether the picture takes a new scale after a drag
  #scale = 0
  #spoken = ""
  #component
  #ends

  /** @param {Component<Data>} component */
  constructor(component) {
    this.#component = component
    component.parentElement.append(html("style", {}, STYLE), this.#root)
    this.#listen()
    const resized = new ResizeObserver(() => this.#draw())
    resized.observe(this.#frame)
    this.#ends = [() => resized.disconnect(), this.#turns.leave]
  }

  get #data() {
    return this.#component.data
  }

  /** @param {Component<Data>} component */
  update(component) {
    this.#component = component
    const { heads, label, hint, answer, sentences, notes, steps } = this.#data
    set(this.#picture, { "aria-label": label })
    set(this.#tip, { "aria-label": `Tip of ${heads[1].name}`, style: `--hue: ${heads[1].colour}` })
    this.#hint.textContent = hint
    const text = JSON.stringify([answer, sentences, notes, steps.map(({ key }) => key)])
    if (text !== this.#spoken) {
      this.#spoken = text
      const effects = sentences.map((parts, i) => effectOf(parts, steps[i]))
      const more = notes.map((note) => html("p", { class: "note" }, note))
      this.#words.replaceChildren(html("h2", {}, answer), html("ul", {}, ...effects), ...more)
      const grounds = heads.slice(0, 2).map(({ name, colour }) => {
        const sample = html("i", { style: `background: ${colour}` })
        return html("span", {}, sample, `${name}’s loss falls`)
      })
      this.#legend.replaceChildren(...grounds)
    }
    this.#check()
  }

  leave() {
    clearTimeout(this.#timer)
    for (const end of this.#ends) end()
  }

  /** Shows the values that Python has, unless those here are newer. */
  #check() {
    const { turn, values } = this.#data
    if (!this.#timer && this.#turns.counts(turn)) this.#values = { ...values }
    this.#draw()
  }

  #listen() {
    const tip = this.#tip
    tip.onpointerdown = (event) => {
      if (event.button) return
      event.preventDefault()
      tip.focus({ preventScroll: true })
      tip.setPointerCapture(event.pointerId)
      this.#dragged = true
    }
    tip.onpointermove = (event) => {
      if (!this.#dragged) return
      const { left, top } = this.#plot.getBoundingClientRect()
      const { angle, ratio } = valuesAt([event.clientX - left, event.clientY - top], this.#place, this.#scale)
      this.#move(angle, ratio)
    }
    tip.onlostpointercapture = () => {
      this.#dragged = false
      this.#settles = true
      this.#draw()
    }
    tip.onkeydown = (event) => {
      const [turn, factor] = KEYS[event.key] ?? []
      if (!turn && !factor) return
      event.preventDefault()
      this.#move(clamp(this.#values.angle + turn, 0, 180), this.#values.ratio * factor)
    }
  }

  /**
   * Moves the tip of B, and sends the values once it rests.
   * @param {number} angle
   * @param {number} ratio
   */
  #move(angle, ratio) {
    const { largest } = this.#data
    const kept = clamp(ratio, 1 / largest, largest)
    this.#values = { angle: Math.round(angle), ratio: Number(kept.toPrecision(3)) }
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#timer = 0
      this.#component.setStateValue("values", { ...this.#values, turn: this.#turns.next() })
    }, REST)
    this.#draw()
  }

  get #place() {
    const width = Math.floor(this.#frame.clientWidth)
    const height = Math.round(clamp(width * 0.78, 290, 440))
    return { width, height, origin: /** @type {Point} */ ([width / 2, height - FOOT]) }
  }

  #draw() {
    const { heads, values, steps, third } = this.#data
    const { angle, ratio } = this.#values
    const exact = angle === values.angle && ratio === values.ratio
    this.#root.classList.toggle("moving", !exact)
    this.#words.setAttribute("aria-busy", String(!exact))
    const place = this.#place
    const { width, height, origin } = place
    if (!width) return
    // No table has the third head, or the steps of three.
    const shown = exact ? steps : third ? [] : steps.map((step) => stepAt(step, angle, ratio))
    const own = [...gradients(angle, ratio), ...(exact && third ? [third] : [])]
    const vectors = [...own, ...shown.map(({ at }) => at)]
    const fits = fitting(vectors, [origin[0] - 40, origin[0] - 40, origin[1] - 54, FOOT - 16])
    this.#rescale(fits)
    const tipOf = (/** @type {number[]} */ vector) => placed(vector, origin, this.#scale)

    const arrows = own.map((vector, i) => ({ ...heads[i], tip: tipOf(vector), width: 7 }))
    const drawn = shown.filter(({ still }) => !still).map((step) => ({ ...step, tip: tipOf(step.at), width: 3 }))
    drawn.sort((one, other) => Math.hypot(...other.at) - Math.hypot(...one.at))
    const handles = arrows.map(({ tip }) => handleOf(tip, origin))
    const rings = arrows.map(({ name, colour }, i) => ringOf(name, colour, handles[i]))
    this.#tip.replaceChildren(svg("circle", { cx: handles[1][0], cy: handles[1][1], r: 22, class: "reach" }), rings[1])
    set(this.#tip, { "aria-valuenow": angle, "aria-valuetext": `${angle}°, length ${ratio}` })

    // Methods with one tip have one label. With three heads, steps that differ may have one shadow.
    /** @type {Map<string, { words: string, tip: Point }>} */
    const tips = new Map()
    for (const { title, tip } of drawn) {
      const at = third ? title : String(tip.map((each) => Math.round(each / 4)))
      const before = tips.get(at)
      tips.set(at, { words: before ? `${before.words} = ${title}` : title, tip })
    }
    const labels = [...tips.values()].map(({ words, tip }) => labelAt(words, tip, place))
    set(this.#plot, { viewBox: `0 0 ${width} ${height}`, height })
    this.#picture.replaceChildren(
      ...[0, angle].map((bearing, i) => half(origin, radians(bearing), 2 * (width + height), heads[i].colour)),
      svg("path", {
        d: `M${origin[0] + 40} ${origin[1]}A40 40 0 0 0 ${placed(gradients(angle, 40)[1], origin, 1)}`,
        class: "arc",
      }),
      ...[...arrows, ...drawn].map((arrow) => arrowOf(origin, arrow)),
      svg("circle", { cx: origin[0], cy: origin[1], r: 4, class: "origin" }),
      ...rings.filter((_, i) => i !== 1),
      ...spread(labels, handles).map(({ words, left, y }) =>
        svg("text", { x: left, y, class: "label", "dominant-baseline": "central" }, words),
      ),
    )
  }

  /**
   * The scale stays while the tip is dragged. Then it becomes softly that at which everything fits.
   * @param {number} fits
   */
  #rescale(fits) {
    if (this.#dragged) return
    const far = this.#settles && !reducedMotion() && Math.abs(Math.log(fits / this.#scale)) > 0.01
    this.#scale = far ? this.#scale * (fits / this.#scale) ** EASE : fits
    this.#settles = far
    if (far) requestAnimationFrame(() => this.#draw())
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

/**
 * The name of a head in a ring beyond its tip.
 * @param {string} name
 * @param {string} colour
 * @param {Point} place
 */
function ringOf(name, colour, [x, y]) {
  const ring = svg("circle", { cx: x, cy: y, r: 11, class: "ring", stroke: colour })
  return svg("g", { class: "name" }, ring, svg("text", { x, y, ...CENTRE }, name))
}

/**
 * An arrow with a casing in the page's colour. Its head is at most as long as the arrow.
 * @param {Point} from
 * @param {{ tip: Point, colour: string, width: number, dash?: string }} look
 */
function arrowOf([x, y], { tip: [tipX, tipY], colour, width, dash }) {
  const length = Math.hypot(tipX - x, tipY - y)
  const head = Math.min(4 + 3 * width, length)
  const half = head * 0.42
  const shaft = `M0 0H${length - head + 1}`
  const turned = `translate(${x} ${y}) rotate(${(Math.atan2(tipY - y, tipX - x) * 180) / Math.PI})`
  return svg(
    "g",
    { transform: turned },
    svg("path", { d: shaft, class: "casing", "stroke-width": width + 2.5 }),
    svg("path", { d: shaft, class: "shaft", stroke: colour, "stroke-width": width, "stroke-dasharray": dash }),
    svg("path", { d: `M${length} 0l${-head} ${half}v${-2 * half}Z`, fill: colour, class: "head" }),
  )
}

/**
 * The half-plane in which a head's loss falls.
 * @param {Point} origin
 * @param {number} bearing in radians
 * @param {number} far pixels to the ends of the area
 * @param {string} colour
 */
function half([x, y], bearing, far, colour) {
  const turned = `translate(${x} ${y}) rotate(${(-bearing * 180) / Math.PI})`
  const area = svg("rect", { y: -far, width: far, height: 2 * far, fill: colour, "fill-opacity": 0.13 })
  return svg("g", { transform: turned }, area, svg("path", { d: `M0 ${-far}V${far}`, stroke: colour, class: "edge" }))
}

/** @param {Step} step */
function sample({ colour, dash }) {
  const line = { d: "M1 10H23", fill: "none", stroke: colour, "stroke-width": 3, "stroke-dasharray": dash }
  const head = { d: "M34 10L22 4.5V15.5Z", fill: colour }
  return svg("svg", { viewBox: "0 0 34 20", "aria-hidden": "true" }, svg("path", line), svg("path", head))
}

/**
 * What a step does, in words, with a sample of its arrow.
 * @param {[text: string, kind: string][]} parts
 * @param {Step} step
 */
function effectOf(parts, step) {
  const words = parts.map(([text, kind]) => (kind ? html("strong", { class: kind }, text) : text))
  return html("li", {}, sample(step), html("span", {}, ...words))
}

/** @type {Renderer<Data>} */
export const compass = rendererOf((component) => new Compass(component))
