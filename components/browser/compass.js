// @ts-check
// The compass of the lab: gradients and steps as arrows, and what each step does, in words from Python. In the plane of
// the gradients of A and B, the shadows of a third head and of the steps decide what they do to the losses of A and B.
// While the tip of B is dragged, the steps of two heads come from a table that Python computed, and the words are dimmed.
// Then Python gets the values and answers with exact steps, numbers and sentences.
import { fitting, gradients, handleOf, placed, placeLabels, regions, tabledStep, valuesAt } from "./compass_geometry.js"
import { STYLE } from "./compass_style.js"
import { onFont, reducedMotion } from "./dom.js"
import { clamp, radians } from "./numbers.js"
import { html, set, svg, widthOf } from "./svg.js"
import { Turns } from "./turns.js"
import { rendererOf } from "./view.js"

/** @import { Placed } from "./compass_geometry.js" */
/** @import { Data, Label, Step } from "./compass_types.js" */

const REST = 120 // milliseconds without a movement before the values are sent to Python
const FOOT = 62 // pixels below the origin
const TURN = 280 // milliseconds in which the picture takes its new scale after a drag
const CENTRE = { "text-anchor": "middle", "dominant-baseline": "central" }

/** @implements {View<Data>} */
class Compass {
  #tip = svg("g", { class: "tip" }, svg("circle", { r: 22, class: "reach" }), svg("circle", { r: 11, class: "ring" }))
  #letter = svg("text", CENTRE)
  #picture = svg("g")
  #plot = svg("svg", { class: "plot", role: "img" }, this.#picture, this.#tip)
  #hint = html("p", { class: "hint" })
  #frame = html("div", { class: "picture" }, this.#plot, this.#hint)
  #words = html("div", { class: "words", role: "status" })
  #root = html("section", { class: "compass" }, this.#frame, this.#words)
  /** @type {Data["values"]} */
  #values = { angle: "", ratio: "" }
  #turns = new Turns(() => this.#check())
  #timer = 0 // until the values are sent
  #dragged = false
  #scale = 0
  #fitting = 0 // the scale at which everything fits
  #running = 0
  #spoken = ""
  #component
  #ends

  /** @param {Component<Data>} component */
  constructor(component) {
    this.#component = component
    this.#tip.append(this.#letter)
    component.parentElement.append(html("style", {}, STYLE), this.#root)
    this.#listen()
    const resized = new ResizeObserver(() => this.#draw())
    resized.observe(this.#frame)
    this.#ends = [() => resized.disconnect(), onFont(() => this.#draw()), this.#turns.leave]
  }

  get #data() {
    return this.#component.data
  }

  /** @param {Component<Data>} component */
  update(component) {
    this.#component = component
    const { label, hint, answer, sentences, notes, steps } = this.#data
    set(this.#plot, { "aria-label": label })
    this.#hint.textContent = hint
    const text = JSON.stringify([answer, sentences, notes, steps.map(({ key }) => key)])
    if (text !== this.#spoken) {
      this.#spoken = text
      const effects = sentences.map((parts, i) => effectOf(parts, steps[i]))
      const more = notes.map((note) => html("p", { class: "note" }, note))
      this.#words.replaceChildren(html("h2", {}, answer), html("ul", {}, ...effects), ...more)
    }
    this.#check()
  }

  leave() {
    clearTimeout(this.#timer)
    cancelAnimationFrame(this.#running)
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
      tip.setPointerCapture(event.pointerId)
      cancelAnimationFrame(this.#running)
      this.#running = 0
      this.#dragged = true
    }
    tip.onpointermove = (event) => {
      if (!this.#dragged) return
      const { left, top } = this.#plot.getBoundingClientRect()
      const { angle, ratio } = valuesAt([event.clientX - left, event.clientY - top], this.#place, this.#scale)
      const { largest } = this.#data
      const kept = clamp(ratio, 1 / largest, largest)
      this.#values = { angle: String(Math.round(angle)), ratio: String(Number(kept.toPrecision(3))) }
      clearTimeout(this.#timer)
      this.#timer = setTimeout(() => this.#send(), REST)
      this.#draw()
    }
    tip.onlostpointercapture = () => {
      this.#dragged = false
      this.#settle()
    }
  }

  #send() {
    this.#timer = 0
    this.#component.setStateValue("values", { ...this.#values, turn: this.#turns.next() })
  }

  /** After a drag the picture scales softly, so that everything fits. */
  #settle() {
    const [before, begun] = [this.#scale, performance.now()]
    const frame = (/** @type {number} */ time) => {
      const t = reducedMotion() ? 1 : clamp((time - begun) / TURN, 0, 1)
      this.#scale = before * (this.#fitting / before) ** (t * t * (3 - 2 * t))
      this.#running = t < 1 ? requestAnimationFrame(frame) : 0
      this.#draw()
    }
    frame(begun)
  }

  get #place() {
    const width = Math.floor(this.#frame.clientWidth)
    const height = Math.round(clamp(width * 0.78, 290, 440))
    return { width, height, origin: /** @type {Point} */ ([width / 2, height - FOOT]) }
  }

  #draw() {
    const { heads, values, steps, third } = this.#data
    const exact = this.#values.angle === values.angle && this.#values.ratio === values.ratio
    this.#root.classList.toggle("moving", !exact)
    this.#words.setAttribute("aria-busy", String(!exact))
    const place = this.#place
    const { width, height, origin } = place
    if (!width) return
    const [angle, ratio] = [Number(this.#values.angle), Number(this.#values.ratio)]
    // No table has the third head, or the steps of three.
    const shown = exact ? steps : third ? [] : steps.map((step) => stepAt(step, angle, ratio))
    const shadow = exact ? third : null
    const own = gradients(angle, ratio)
    const vectors = [...own, ...shown.map(({ at }) => at), ...(shadow ? [shadow] : [])]
    this.#fitting = fitting(vectors, [origin[0] - 40, origin[0] - 40, origin[1] - 54, FOOT - 16])
    if (!this.#dragged && !this.#running) this.#scale = this.#fitting
    const tipOf = (/** @type {number[]} */ vector) => placed(vector, origin, this.#scale)

    const arrows = [...own, ...(shadow ? [shadow] : [])].map((vector, i) => ({
      title: `head ${heads[i].name}`,
      colour: heads[i].colour,
      tip: tipOf(vector),
      width: 7,
    }))
    const drawn = shown.filter(({ still }) => !still).map((step) => ({ ...step, tip: tipOf(step.at), width: 3 }))
    drawn.sort((one, other) => Math.hypot(...other.at) - Math.hypot(...one.at))
    const handle = handleOf(arrows[1].tip, origin, angle)
    set(this.#tip, { transform: `translate(${handle[0]} ${handle[1]})`, style: `--hue: ${heads[1].colour}` })
    this.#letter.textContent = heads[1].name

    const { fontFamily } = getComputedStyle(this.#root)
    const wide = (/** @type {string} */ words) => widthOf(words, `600 13px ${fontFamily}`)
    const [a, b, ...more] = arrows
    const names = [
      headLabel(a.title, a.tip),
      headLabel(b.title, handle),
      ...more.map((arrow) => tipLabel(arrow, origin)),
    ]
    // With three heads, steps that differ may have one shadow, so their labels do not become one.
    const methods = drawn.map((step) => tipLabel(step, origin, heads.length === 2))
    const labels = placeLabels([...names, ...methods], wide, width, height, handle)
    const losses = wordsOfRegions(heads[0].name, heads[1].name)
    const tips = [...arrows, ...drawn].map(({ tip }) => tip)
    const places = regions(place, angle, [...tips, handle], labels, (region) => wide(losses[region]))
    set(this.#plot, { viewBox: `0 0 ${width} ${height}`, height })
    this.#picture.replaceChildren(
      ...[0, angle].map((bearing, i) => half(origin, radians(bearing), 2 * (width + height), heads[i].colour)),
      ...[...places].map(([region, [x, y]]) =>
        svg("text", { x, y, class: region === "11" ? "region both" : "region", ...CENTRE }, losses[region]),
      ),
      svg("path", {
        d: `M${origin[0] + 40} ${origin[1]}A40 40 0 0 0 ${placed(gradients(angle, 40)[1], origin, 1)}`,
        class: "arc",
      }),
      ...[...arrows, ...drawn].map((arrow) => arrowOf(origin, arrow)),
      svg("circle", { cx: origin[0], cy: origin[1], r: 4, class: "origin" }),
      ...labels.flatMap(labelOf),
    )
  }
}

/**
 * What happens in each part of the picture.
 * @param {string} a
 * @param {string} b
 * @returns {Record<string, string>}
 */
const wordsOfRegions = (a, b) => ({
  11: `${a}’s and ${b}’s losses fall`,
  10: `${a}’s loss falls, ${b}’s rises`,
  "01": `${a}’s loss rises, ${b}’s falls`,
  "00": `${a}’s and ${b}’s losses rise`,
})

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
 * @param {string} words
 * @param {Point} spot
 * @returns {Label}
 */
const headLabel = (words, [x, y]) => ({ words, x, y: y - 10, dx: 0, dy: 0.9 })

/**
 * @param {{ title: string, tip: Point }} arrow
 * @param {Point} origin
 * @param {boolean} [method] whether it becomes one with others of this tip
 * @returns {Label}
 */
function tipLabel({ title, tip: [x, y] }, [ox, oy], method = false) {
  const length = Math.hypot(x - ox, y - oy) || 1
  return { words: title, x, y, dx: (x - ox) / length, dy: (oy - y) / length, method }
}

/**
 * A label; a thin line leads from it to its tip if it had to move far from it.
 * @param {Placed} label
 */
function labelOf({ words, x, y, left, wide, middle }) {
  const text = svg("text", { x: left, y: middle, class: "label", "dominant-baseline": "central" }, words)
  const [nearX, nearY] = [clamp(x, left, left + wide), middle + (y > middle ? 9 : -9)]
  const far = Math.hypot(nearX - x, nearY - y) > 20
  return far ? [svg("path", { d: `M${x} ${y}L${nearX} ${nearY}`, class: "leader" }), text] : [text]
}

/**
 * An arrow with a casing in the page's colour. Its head is at most as long as the arrow. An arrow shorter than 3 pixels
 * is a dot.
 * @param {Point} from
 * @param {{ tip: Point, colour: string, width: number, dash?: string, title: string }} look
 */
function arrowOf([x, y], { tip: [tipX, tipY], colour, width, dash, title }) {
  const length = Math.hypot(tipX - x, tipY - y)
  const group = svg("g", {}, svg("title", {}, title))
  if (length < 3) {
    group.append(svg("circle", { cx: tipX, cy: tipY, r: 3.5, fill: colour, class: "head" }))
    return group
  }
  const [dx, dy] = [(tipX - x) / length, (tipY - y) / length]
  const head = Math.min(4 + 3 * width, length)
  const half = head * 0.42
  const [baseX, baseY] = [tipX - head * dx, tipY - head * dy]
  const shaft = `M${x} ${y}L${baseX + dx} ${baseY + dy}`
  const ends = `L${baseX - half * dy} ${baseY + half * dx}L${baseX + half * dy} ${baseY - half * dx}`
  group.append(
    svg("path", { d: shaft, class: "casing", "stroke-width": width + 2.5 }),
    svg("path", { d: shaft, class: "shaft", stroke: colour, "stroke-width": width, "stroke-dasharray": dash }),
    svg("path", { d: `M${tipX} ${tipY}${ends}Z`, fill: colour, class: "head" }),
  )
  return group
}

/**
 * The half-plane in which a head's loss falls.
 * @param {Point} origin
 * @param {number} bearing in radians
 * @param {number} far pixels to the ends of the area
 * @param {string} colour
 */
function half([x, y], bearing, far, colour) {
  const [nx, ny] = [far * Math.cos(bearing), -far * Math.sin(bearing)]
  const corners = [
    [x - ny, y + nx],
    [x - ny + nx, y + nx + ny],
    [x + ny + nx, y - nx + ny],
    [x + ny, y - nx],
  ]
  const area = svg("polygon", { points: corners.join(" "), fill: colour, "fill-opacity": 0.13 })
  return svg("g", {}, area, svg("path", { d: `M${corners[0]}L${corners[3]}`, stroke: colour, class: "edge" }))
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
