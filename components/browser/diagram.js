// @ts-check
// The connectivity diagram of both styles: draws a picture, highlights, pulls the box apart, and follows a run's clock.
// Around both sides are the finding, the buttons, the menu of neurons, and the legend.
import { Morph } from "./diagram_boxes.js"
import { focusOf, neuronOf, titleOf, Weights } from "./diagram_focus.js"
import { Side } from "./diagram_side.js"
import { STYLE } from "./diagram_style.js"
import { onFont, reducedMotion, say } from "./dom.js"
import { bitmapOf, drawingOf, fileOf } from "./drawing.js"
import { clamp, short } from "./numbers.js"
import { playback } from "./playback.js"
import { download, html, set, svg } from "./svg.js"
import { highlighted, onHighlight } from "./terms.js"
import { Turns } from "./turns.js"
import { rendererOf } from "./view.js"

/** @import { Clock } from "./clock.js" */
/** @import { Data, Picture } from "./diagram_picture.js" */
/** @import { Edge, Hovered, Neuron } from "./diagram_side.js" */

const SAVE = "M12 4v10m-4-4l4 4l4-4M5 19h14"
const TOGETHER = "M7 4h10v16H7z"
const APART = "M7 3h10v7H7zM7 14h10v7H7z"
const SOFT = 250 // milliseconds
const PLAYS = 700 // milliseconds in view after which the box comes apart by itself
const MARGIN = 16 // pixels around a saved diagram
const HEAD = 26 // pixels of its title
const SCALE = 2 // pixels of a bitmap for each pixel of the page
/** @type {Set<string>} */
const played = new Set() // diagrams whose box has come apart by itself on this page load
let made = 0

/** @param {string} path */
function icon(path, size = 20) {
  const stroke = { stroke: "currentColor", "stroke-width": 2, "stroke-linecap": "round", "stroke-linejoin": "round" }
  const box = { width: size, height: size, viewBox: "0 0 24 24", "aria-hidden": "true" }
  return svg("svg", box, svg("path", { d: path, fill: "none", ...stroke }))
}

/** @implements {View<Data>} */
class Diagram {
  #id = `diagram-${++made}`
  /** @type {string[]} */
  #known = [] // the picture, the scale and the weights that are drawn, as JSON
  #chosen = "" // the highlighted neuron
  #width = 0
  #awaited = "" // the diagram that comes apart by itself when it is in view
  /** @type {Side[]} */
  #sides = []
  /** @type {Weights | null} */
  #weights = null
  /** @type {Clock | null} */
  #clock = null
  #unsubscribe = () => {}
  #finding = html("h2", { "aria-live": "polite" })
  #keep = html("button", { class: "save", type: "button" }, icon(SAVE))
  #places = html("div", { class: "sides" })
  #pill = html("button", { class: "pill", type: "button" })
  #words = html("p", { role: "status" })
  #select = html("select", { "aria-label": "Highlight a neuron" })
  #legend = html("p", { class: "legend" })
  #tooltip = html("div", { class: "tooltip", "aria-hidden": "true", hidden: "" })
  #root = html("section", { class: "diagram" })
  #morph = this.#morphFrom(0)
  #turns = new Turns(() => this.#check())
  #component
  #ends

  /** @param {Component<Data>} component */
  constructor(component) {
    this.#component = component
    const head = html("div", { class: "head" }, this.#finding, this.#keep)
    const choose = html("label", { class: "choose" }, "Highlight a neuron", this.#select)
    const foot = html("div", { class: "foot" }, this.#pill, this.#words, choose)
    // When the sides are below each other, the button is above them.
    this.#root.append(head, html("div", { class: "body" }, this.#places, foot), this.#legend, this.#tooltip)
    component.parentElement.append(html("style", {}, STYLE), this.#root)
    this.#pill.onclick = () => this.#morph.turn()
    this.#select.onchange = () => this.#choose(this.#select.value)
    this.#keep.onclick = () => this.#save()
    const resized = new ResizeObserver(() => {
      if (this.#sides.length && Math.abs(this.#places.getBoundingClientRect().width - this.#width) >= 1) this.#build()
    })
    resized.observe(this.#places)
    const highlight = () => {
      this.#soften()
      this.#paint()
    }
    this.#ends = [() => resized.disconnect(), this.#turns.leave, onHighlight(highlight), onFont(() => this.#build())]
  }

  get #data() {
    return this.#component.data
  }

  /** @param {Component<Data>} component */
  update(component) {
    this.#component = component
    const { picture, frames, run, live, format, play, file } = this.#data
    const known = [picture, frames?.scale ?? null, [frames, run]].map((part) => JSON.stringify(part))
    const [another, rescaled, weights] = known.map((part, i) => part !== this.#known[i])
    const changed = another || rescaled // otherwise new weights only repaint edges and cells
    this.#known = known
    if (changed) this.#change()
    if (weights) this.#take()
    if (live && weights && !changed) this.#soften()
    this.#follow()
    const name = format.toUpperCase()
    set(this.#keep, { title: `Save as ${name}`, "aria-label": `Save the diagram as ${name}` })
    if (changed) this.#build()
    this.#check()
    this.#describeMorph()
    if (!play || file === this.#awaited || played.has(file) || picture.morph.side === null || reducedMotion()) return
    this.#play(file)
  }

  leave() {
    for (const end of this.#ends) end()
    this.#unsubscribe()
    this.#morph.stop()
  }

  /** Takes another picture, or weights of another scale. */
  #change() {
    const { picture, frames } = this.#data
    this.#sides = []
    this.#morph.stop()
    this.#morph = this.#morphFrom(this.#morph.goal && picture.morph.side !== null ? 1 : 0)
    const options = picture.focusable.map((entry) => {
      const { group, index } = neuronOf(picture, entry)
      return html("option", { value: entry }, titleOf(picture.groups[group], index))
    })
    this.#select.replaceChildren(html("option", { value: "" }, "none"), ...options)
    say(this.#legend, [...picture.legend, ...(frames?.legend ?? [])].join(" "))
  }

  /** Takes other weights, and follows the clock of their run. */
  #take() {
    const { frames, run } = this.#data
    this.#weights = frames ? new Weights(frames) : null
    this.#unsubscribe()
    this.#clock = frames && run ? playback(run) : null
    const follow = () => {
      if (!this.#sides.length) return
      this.#follow()
      this.#paint()
    }
    this.#unsubscribe = this.#clock?.subscribe(follow) ?? (() => {})
  }

  #follow() {
    const still = this.#weights?.follow(this.#clock, this.#data.epoch) ?? true
    set(this.#finding, { "aria-live": still && !this.#data.live ? "polite" : "off" })
  }

  /** Shows the neuron that Python has, unless a choice here is newer. */
  #check() {
    const { neuron, turn, picture } = this.#data
    if (this.#turns.counts(turn)) this.#chosen = neuron
    if (!picture.focusable.includes(this.#chosen)) this.#chosen = ""
    this.#select.value = this.#chosen
    this.#paint()
  }

  #build() {
    const { picture } = this.#data
    const { side: moving } = picture.morph
    const shared = {
      id: this.#id,
      picture,
      family: getComputedStyle(this.#root).fontFamily,
      scale: this.#weights?.scale,
      focus: () => focusOf(picture, highlighted(), this.#chosen),
      ground: () => this.#ground,
      choose: (/** @type {string} */ entry) => this.#choose(entry),
      hover: (/** @type {Side} */ side, /** @type {Hovered | null} */ found) => this.#hover(side, found),
    }
    const places = picture.sides.map(() => html("div"))
    this.#places.replaceChildren(...places)
    this.#sides = places.map((place, s) => new Side(shared, s, Math.floor(place.getBoundingClientRect().width) || 300))
    this.#sides.forEach((side, s) => {
      places[s].append(side.root)
      if (s !== moving) side.part(picture.sides[s].fused ? 0 : 1, false)
    })
    this.#moved(this.#morph.t, false)
    this.#paint()
    this.#width = this.#places.getBoundingClientRect().width
  }

  /** Colours both sides, and writes the finding with its epoch. */
  #paint() {
    const { picture, unit } = this.#data
    const weights = this.#weights
    for (const side of this.#sides) side.paint(weights?.of(side.index) ?? null)
    const found = picture.findings[picture.focusable.indexOf(this.#chosen)] ?? picture.finding
    const after = weights?.epoch ? `After ${unit} ${weights.epoch}` : "Before training"
    say(this.#finding, weights ? `${after}: ${found}` : found)
  }

  /** Gives edges a short transition. While weights move there is none, because each frame changes the edges. */
  #soften() {
    this.#places.classList.add("soft")
    setTimeout(() => this.#places.classList.remove("soft"), SOFT)
  }

  /** The colour behind the diagram. */
  get #ground() {
    return getComputedStyle(this.#root).getPropertyValue("--st-background-color").trim() || "#ffffff"
  }

  /**
   * Highlights a neuron, or none if it is highlighted already, and sends the choice to Python.
   * @param {string} entry
   */
  #choose(entry) {
    this.#chosen = entry === this.#chosen ? "" : entry
    this.#select.value = this.#chosen
    this.#soften()
    this.#paint()
    this.#component.setStateValue("neuron", { neuron: this.#chosen, turn: this.#turns.next() })
  }

  /**
   * Shows what the pointer is on: the facts of a neuron, or an edge with its weight.
   * @param {Side} side
   * @param {Hovered | null} found
   */
  #hover(side, found) {
    const tooltip = this.#tooltip
    tooltip.hidden = !found
    if (!found) return
    const { picture } = this.#data
    const [box, frame] = [side.root.getBoundingClientRect(), this.#root.getBoundingClientRect()]
    const [x, y] = "neuron" in found ? [found.neuron.x, found.neuron.y - found.neuron.r] : found.at
    const [first, ...lines] =
      "neuron" in found
        ? ofNeuron(picture, found.neuron, side.index)
        : ofEdge(picture, found.edge, this.#weights?.of(side.index).shown(found.edge) ?? null)
    tooltip.replaceChildren(html("strong", {}, first), ...lines.map((line) => html("div", {}, line)))
    const half = tooltip.offsetWidth / 2
    tooltip.style.left = `${clamp(box.x - frame.x + x, half, frame.width - half)}px`
    tooltip.style.top = `${box.y - frame.y + y}px`
  }

  /** Writes what the button does, and the sentence for before or after the morph. */
  #describeMorph() {
    const { morph } = this.#data.picture
    const apart = this.#morph.goal === 1 // the box comes apart or has come apart
    const pill = this.#pill
    pill.hidden = morph.side === null
    const label = apart ? morph.together : morph.apart
    if (pill.title !== label) {
      pill.title = label
      pill.replaceChildren(icon(apart ? TOGETHER : APART, 16), label)
    }
    say(this.#words, apart ? morph.after : (reducedMotion() && morph.still) || morph.before)
  }

  /** @param {0 | 1} start */
  #morphFrom(start) {
    return new Morph(start, (t, moving) => this.#moved(t, moving))
  }

  /**
   * @param {number} t
   * @param {boolean} moving
   */
  #moved(t, moving) {
    const { side } = this.#data.picture.morph
    if (side !== null) this.#sides[side].part(t, moving)
    this.#describeMorph()
  }

  /**
   * Pulls the box apart once, when it has come into view.
   * @param {string} file
   */
  #play(file) {
    this.#awaited = file
    const seen = new IntersectionObserver(
      ([entry]) => {
        if (!entry.isIntersecting) return
        seen.disconnect()
        const timer = setTimeout(() => {
          played.add(file)
          this.#morph.go(1)
        }, PLAYS)
        this.#ends.push(() => clearTimeout(timer))
      },
      { threshold: 0.6 },
    )
    this.#ends.push(() => seen.disconnect())
    seen.observe(this.#places)
  }

  /** Saves both sides below the finding as an SVG or PNG file, with the colours that they have on the page. */
  async #save() {
    const { format, file } = this.#data
    const { color, fontFamily } = getComputedStyle(this.#root)
    const look = {
      x: MARGIN,
      y: MARGIN + 14,
      fill: color,
      "font-family": fontFamily,
      "font-size": 16,
      "font-weight": 650,
    }
    const drawing = drawingOf(
      this.#sides.map(({ root }) => root),
      {
        margin: MARGIN,
        head: HEAD,
        before: (size) => [
          svg("rect", { ...size, fill: this.#ground }),
          svg("text", look, this.#finding.textContent ?? ""),
        ],
      },
    )
    const saved = format === "png" ? await bitmapOf(drawing, SCALE) : fileOf(drawing)
    download(saved, `${file}.${format}`)
  }
}

/**
 * @param {Picture} picture
 * @param {Neuron} neuron
 * @param {number} s the side
 */
function ofNeuron({ groups }, neuron, s) {
  const group = groups[neuron.group]
  const lines = [titleOf(group, neuron.index), ...group.about]
  if (group.layers.length) lines.push(`is one column of the kernel of layer ${group.layers[s]}`)
  if (neuron.pressable) lines.push("click to highlight its edges")
  return lines
}

/**
 * @param {Picture} picture
 * @param {Edge} edge
 * @param {number | null} weight null if no weights are shown
 */
function ofEdge({ groups }, edge, weight) {
  const ends = `${titleOf(groups[edge.source], edge.i)} → ${titleOf(groups[edge.target], edge.j)}`
  if (weight === null) return [ends, edge.lstm ? "four gate weights" : "one weight"]
  if (edge.lstm) return [ends, `root mean square of its four gate weights: ${short(weight)}`]
  return [ends, `weight ${short(weight, edge.head === null ? 2 : 3)}`]
}

/** @type {Renderer<Data>} */
export const diagram = rendererOf((component) => new Diagram(component))
