// @ts-check
// The connectivity diagram of both styles: draws a picture, highlights, pulls the box apart, and follows a run's clock.
import { focusOf } from "./diagram_focus.js"
import { Weights } from "./diagram_frames.js"
import { Morph } from "./diagram_morph.js"
import { save } from "./diagram_save.js"
import { Shell } from "./diagram_shell.js"
import { Side } from "./diagram_side.js"
import { ofEdge, ofNeuron, Tooltip } from "./diagram_tooltip.js"
import { onFont, reducedMotion, say } from "./dom.js"
import { playback } from "./playback.js"
import { html, set } from "./svg.js"
import { highlighted, onHighlight } from "./terms.js"
import { rendererOf } from "./view.js"

/** @import { Clock } from "./clock.js" */
/** @import { Data, Focus } from "./diagram_picture.js" */
/** @import { Hovered } from "./diagram_side.js" */

const PLAYS = 700 // milliseconds in view after which the box comes apart by itself
/** @type {Set<string>} */
const played = new Set() // diagrams whose box has come apart by itself on this page load
let made = 0

/** @implements {View<Data>} */
class Diagram {
  #id = `diagram-${++made}`
  /** @type {string[]} */
  #known = [] // the picture, the scale and the weights that are drawn, as JSON
  #order = -1 // of the highlighted neuron
  #chosen = ""
  #sentTurn = 0
  #width = 0
  #awaited = "" // the diagram that comes apart by itself when it is in view
  #family = ""
  /** @type {Side[]} */
  #sides = []
  /** @type {Weights | null} */
  #weights = null
  /** @type {Clock | null} */
  #clock = null
  /** @type {(() => void) | undefined} */
  #unsubscribe
  #tooltip = new Tooltip()
  #morph = this.#morphFrom(0)
  #component
  #shell
  #ends

  /** @param {Component<Data>} component */
  constructor(component) {
    this.#component = component
    this.#shell = new Shell(component.parentElement, this.#tooltip.node)
    const { pill, select, root, keep, sides } = this.#shell
    pill.addEventListener("click", () => this.#morph.turn())
    select.addEventListener("change", () => {
      const order = this.#picture.focusable.indexOf(select.value)
      if (order !== this.#order) this.#choose(order < 0 ? this.#order : order)
    })
    root.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.#tooltip.hide()
    })
    keep.addEventListener("click", () => this.#save())
    const resized = new ResizeObserver(() => {
      if (this.#sides.length && Math.abs(sides.getBoundingClientRect().width - this.#width) >= 1) this.#build()
    })
    resized.observe(sides)
    this.#ends = [
      () => resized.disconnect(),
      onHighlight(() => {
        this.#shell.soften()
        this.#paint()
      }),
      onFont(() => this.#build()),
    ]
  }

  get #picture() {
    return this.#component.data.picture
  }

  /** @param {Component<Data>} component */
  update(component) {
    this.#component = component
    const { data } = component
    const { picture, frames, run } = data
    const known = [picture, frames?.scale ?? null, [frames, run]].map((part) => JSON.stringify(part))
    const [another, rescaled, weights] = known.map((part, i) => part !== this.#known[i])
    const changed = another || rescaled // otherwise new weights only repaint edges and cells
    this.#known = known
    if (changed) this.#change(data)
    if (weights) this.#take(data)
    if (data.live && weights && !changed) this.#shell.soften()
    this.#follow()
    this.#shell.nameFormat(data.format)
    // A choice made here is newer than data that Python sent before it.
    if (data.turn >= this.#sentTurn) {
      this.#chosen = data.neuron
      this.#sentTurn = data.turn
    }
    this.#order = data.picture.focusable.indexOf(this.#chosen)
    this.#shell.select.value = this.#order < 0 ? "" : this.#chosen
    if (changed) this.#build()
    else this.#paint()
    this.#describeMorph()
    this.#describe()
    const plays = data.play && data.file !== this.#awaited && !played.has(data.file)
    if (plays && data.picture.morph.side !== null && !reducedMotion()) this.#play(data.file)
  }

  leave() {
    for (const end of this.#ends) end()
    this.#unsubscribe?.()
    this.#morph.stop()
  }

  /**
   * Takes another picture, or weights of another scale.
   * @param {Data} data
   */
  #change({ picture, frames }) {
    this.#sides = []
    this.#morph.stop()
    this.#morph = this.#morphFrom(this.#morph.goal && picture.morph.side !== null ? 1 : 0)
    this.#shell.describe(picture, frames)
  }

  /**
   * Takes other weights, and follows the clock of their run.
   * @param {Data} data
   */
  #take({ frames, run }) {
    this.#weights = frames ? new Weights(frames) : null
    this.#unsubscribe?.()
    this.#clock = frames && run ? playback(run) : null
    this.#unsubscribe = this.#clock?.subscribe(() => {
      if (!this.#sides.length) return
      this.#follow()
      this.#paint()
      this.#describe()
    })
  }

  #follow() {
    if (!this.#weights) return
    const { epoch, live } = this.#component.data
    const still = this.#weights.follow(this.#clock, epoch)
    set(this.#shell.finding, { "aria-live": still && !live ? "polite" : "off" })
  }

  #build() {
    const { root, sides } = this.#shell
    const picture = this.#picture
    this.#family = getComputedStyle(root).fontFamily
    const shared = {
      id: this.#id,
      picture,
      family: this.#family,
      scale: this.#weights?.scale,
      focus: () => this.#focus(),
      ground: () => this.#shell.ground,
      choose: (/** @type {number} */ order) => this.#choose(order),
      hover: (/** @type {Side} */ side, /** @type {Hovered | null} */ found) => this.#hover(side, found),
    }
    sides.replaceChildren(...picture.sides.map(() => html("div")))
    const places = [...sides.children]
    this.#sides = places.map((place, s) => new Side(shared, s, Math.floor(place.getBoundingClientRect().width) || 300))
    this.#sides.forEach((side, s) => {
      places[s].append(side.root)
      if (s !== picture.morph.side) side.part(picture.sides[s].fused ? 0 : 1, false)
    })
    if (picture.morph.side !== null) this.#moved(this.#morph.t, false)
    this.#rove()
    this.#paint()
    this.#width = sides.getBoundingClientRect().width
  }

  #paint() {
    for (const side of this.#sides) side.paint(this.#weights?.of(side.index) ?? null)
  }

  /** @returns {Focus | null} */
  #focus() {
    return focusOf(this.#picture, highlighted(), this.#picture.focusable[this.#order])
  }

  #rove() {
    for (const side of this.#sides) side.rove(Math.max(this.#order, 0))
  }

  /**
   * Highlights a neuron, or none (-1) if it is highlighted already, and sends the choice to Python.
   * @param {number} order
   */
  #choose(order) {
    this.#order = order === this.#order ? -1 : order
    this.#chosen = this.#picture.focusable[this.#order] ?? ""
    this.#shell.select.value = this.#chosen
    this.#shell.soften()
    this.#rove()
    this.#paint()
    this.#describe()
    this.#sentTurn += 1
    this.#component.setStateValue("neuron", { neuron: this.#chosen, turn: this.#sentTurn })
  }

  /**
   * @param {Side} side
   * @param {Hovered | null} found
   */
  #hover(side, found) {
    if (!found) {
      this.#tooltip.hide()
      return
    }
    const [box, frame] = [side.root.getBoundingClientRect(), this.#shell.root.getBoundingClientRect()]
    const [x, y] = "neuron" in found ? [found.neuron.x, found.neuron.y - found.neuron.r] : found.at
    const lines =
      "neuron" in found
        ? ofNeuron(this.#picture, found.neuron, side.index)
        : ofEdge(this.#picture, found.edge, this.#weights?.of(side.index).shown(found.edge) ?? null)
    this.#tooltip.show(lines, [box.x - frame.x + x, box.y - frame.y + y], frame.width)
  }

  /** Writes the finding, with its epoch. */
  #describe() {
    const { finding, findings } = this.#picture
    const found = this.#order < 0 ? finding : findings[this.#order]
    const epoch = this.#weights?.epoch
    const after = epoch ? `After ${this.#component.data.unit} ${epoch}` : "Before training"
    say(this.#shell.finding, this.#weights ? `${after}: ${found}` : found)
  }

  #describeMorph() {
    this.#shell.describeMorph(this.#picture.morph, this.#morph.goal === 1)
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
    const { side } = this.#picture.morph
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
    seen.observe(this.#shell.sides)
  }

  #save() {
    const { finding, root, ground } = this.#shell
    const { format, file } = this.#component.data
    const look = { ground, text: getComputedStyle(root).color, family: this.#family }
    const drawn = this.#sides.map((side) => side.root)
    save(finding.textContent ?? "", drawn, look, format, file)
  }
}

/** @type {Renderer<Data>} */
export const diagram = rendererOf((component) => new Diagram(component))
