// @ts-check
// The connectivity diagram of both styles: draws a picture, highlights, pulls the box apart, and follows a run's clock.
// Around both sides are the finding, the buttons and the legend.
import { Morph } from "./diagram_boxes.js"
import { Weights } from "./diagram_focus.js"
import { Side } from "./diagram_side.js"
import { STYLE } from "./diagram_style.js"
import { reducedMotion, say, targetOf } from "./dom.js"
import { inlined } from "./drawing.js"
import { clamp } from "./numbers.js"
import { playback } from "./playback.js"
import { download, html, set, svg } from "./svg.js"
import { highlighted, onHighlight } from "./terms.js"
import { rendererOf } from "./view.js"

/** @import { Clock } from "./clock.js" */
/** @import { Data } from "./diagram_picture.js" */

const SAVE = "M12 4v10m-4-4l4 4l4-4M5 19h14"
const PLAYS = 700 // milliseconds in view after which the box comes apart by itself
const MARGIN = 16 // pixels around a saved diagram
const HEAD = 42 // pixels of its title
let made = 0

/** @implements {View<Data>} */
class Diagram {
  #id = `diagram-${++made}`
  #known = ["", "", "", ""] // the picture, the scale, the weights and the neuron that Python has sent, as JSON
  #chosen = "" // the highlighted neuron
  #width = 0
  #played = false
  /** @type {Side[]} */
  #sides = []
  /** @type {Weights | null} */
  #weights = null
  /** @type {Clock | null} */
  #clock = null
  #unsubscribe = () => {}
  #finding = html("h2", { "aria-live": "polite" })
  #keep = html("button", { class: "save", type: "button" })
  #places = html("div", { class: "sides" })
  #pill = html("button", { class: "pill", type: "button" })
  #words = html("p", { role: "status" })
  #foot = html("div", { class: "foot" })
  #legend = html("p", { class: "legend" })
  #tooltip = html("div", { class: "tooltip", "aria-hidden": "true", hidden: "" })
  #root = html("section", { class: "diagram" })
  #morph = this.#morphFrom(0)
  #component
  #ends

  /** @param {Component<Data>} component */
  constructor(component) {
    this.#component = component
    const icon = { width: 20, height: 20, viewBox: "0 0 24 24", "aria-hidden": "true" }
    this.#keep.append(svg("svg", icon, svg("path", { d: SAVE, class: "icon" })))
    const head = html("div", { class: "head" }, this.#finding, this.#keep)
    this.#foot.append(this.#pill, this.#words)
    // When the sides are below each other, the button is above them.
    this.#root.append(head, html("div", { class: "body" }, this.#places, this.#foot), this.#legend, this.#tooltip)
    component.parentElement.append(html("style", {}, STYLE), this.#root)
    this.#pill.onclick = () => this.#morph.turn()
    this.#keep.onclick = () => this.#save()
    this.#listen()
    const resized = new ResizeObserver(([{ contentRect }]) => {
      if (this.#sides.length && Math.abs(contentRect.width - this.#width) >= 1) this.#build()
    })
    resized.observe(this.#places)
    this.#ends = [() => resized.disconnect(), onHighlight(() => this.#highlight())]
  }

  get #data() {
    return this.#component.data
  }

  /** @param {Component<Data>} component */
  update(component) {
    this.#component = component
    const { picture, frames, run, play, neuron } = this.#data
    this.#root.classList.toggle("simple", picture.simple)
    const known = [picture, frames?.scale ?? null, [frames, run], neuron].map((part) => JSON.stringify(part))
    const [another, rescaled, weights, linked] = known.map((part, i) => part !== this.#known[i])
    this.#known = known
    const entries = picture.groups.flatMap(({ name, findings }) => findings.map((_, i) => `${name}:${i}`))
    if (linked) this.#chosen = neuron // otherwise a choice here is newer
    if (!entries.includes(this.#chosen)) this.#chosen = ""
    if (weights) this.#take()
    if (another || rescaled) {
      this.#morph.stop()
      this.#morph = this.#morphFrom(this.#morph.goal && picture.morph.side !== null ? 1 : 0)
      say(this.#legend, frames ? `${picture.legend} ${frames.legend}` : picture.legend)
      this.#build()
    } else if (linked) this.#highlight()
    this.#follow()
    const label = "Save the diagram as SVG"
    set(this.#keep, { title: label, "aria-label": label })
    // With reduced motion, the box is apart at once after a vote, and a link leaves it together.
    if (play && picture.morph.side !== null && (picture.simple || !reducedMotion())) this.#play()
  }

  leave() {
    for (const end of this.#ends) end()
    this.#unsubscribe()
    this.#morph.stop()
  }

  /** What is below the pointer or has the focus is described, and a press on a neuron highlights it. */
  #listen() {
    const places = this.#places
    const choose = (/** @type {Event} */ event) => {
      const entry = targetOf(event)?.closest("[data-entry]")?.getAttribute("data-entry")
      if (!entry) return
      event.preventDefault()
      this.#chosen = entry === this.#chosen ? "" : entry
      this.#highlight()
      this.#component.setStateValue("neuron", this.#chosen)
    }
    places.onclick = choose
    places.onkeydown = (event) => {
      if (event.key === "Enter" || event.key === " ") choose(event)
    }
    places.onpointerover = (event) => this.#describe(targetOf(event), event)
    places.onpointerleave = () => this.#describe(null)
    places.addEventListener("focusin", (event) => this.#describe(targetOf(event)))
    places.addEventListener("focusout", () => this.#describe(null))
  }

  /**
   * Shows the words of an element above it, or above the pointer if it is there.
   * @param {Element | null} target
   * @param {PointerEvent} [pointer]
   */
  #describe(target, pointer) {
    const tooltip = this.#tooltip
    const words = this.#sides.map((side) => side.describe(target)).join("")
    tooltip.hidden = !words
    if (!target || !words) return
    say(tooltip, words)
    const [box, frame] = [target.getBoundingClientRect(), this.#root.getBoundingClientRect()]
    const { clientX, clientY } = pointer ?? { clientX: box.x + box.width / 2, clientY: box.y }
    const half = tooltip.offsetWidth / 2
    tooltip.style.left = `${clamp(clientX - frame.x, half, frame.width - half)}px`
    tooltip.style.top = `${clientY - frame.y}px`
  }

  /** Takes other weights, and follows the clock of their run. */
  #take() {
    const { frames, run } = this.#data
    this.#weights = frames ? new Weights(frames) : null
    this.#unsubscribe()
    this.#clock = frames && run ? playback(run) : null
    this.#unsubscribe = this.#clock?.subscribe(() => this.#follow()) ?? (() => {})
  }

  /** Shows the weights of the epoch of the clock. While they move, nobody is told each epoch. */
  #follow() {
    const still = this.#weights?.follow(this.#clock) ?? true
    set(this.#finding, { "aria-live": still && !this.#data.live ? "polite" : "off" })
    this.#places.classList.toggle("playing", this.#clock !== null)
    this.#paint()
  }

  #build() {
    const { picture } = this.#data
    const { side: moving } = picture.morph
    const places = picture.sides.map(() => html("div"))
    this.#places.replaceChildren(...places)
    this.#sides = places.map((place, s) => {
      const width = Math.floor(place.getBoundingClientRect().width) || 300
      const side = new Side(picture, s, width, this.#weights !== null, `${this.#id}-${s}`)
      if (s !== moving) side.part(picture.sides[s].box ? 0 : 1, false)
      return side
    })
    this.#moved(this.#morph.t, false)
    this.#highlight()
    this.#paint()
    places.forEach((place, s) => {
      place.append(this.#sides[s].root)
    }) // now, so that no look is a transition
    this.#width = this.#places.getBoundingClientRect().width
  }

  /** Highlights the part of a term or the chosen neuron. */
  #highlight() {
    for (const side of this.#sides) side.focus(highlighted(), this.#chosen)
    this.#tell()
  }

  /** Colours both sides, and writes the finding with its epoch. */
  #paint() {
    this.#sides.forEach((side, s) => side.paint(this.#weights?.of(s) ?? null, this.#ground))
    this.#tell()
  }

  /** Writes the finding on the chosen neuron or on all of them, with the epoch of the weights. */
  #tell() {
    const { picture, unit } = this.#data
    const [, name, index] = /^(.*):(\d+)$/.exec(this.#chosen) ?? []
    const group = picture.groups.find((each) => each.name === name)
    const found = group?.findings[Number(index)] ?? picture.finding
    const epoch = this.#weights?.epoch
    const after = epoch ? `After ${unit} ${epoch}: ` : "Before training: "
    say(this.#finding, this.#weights ? after + found : found)
  }

  /** The colour behind the diagram. */
  get #ground() {
    return getComputedStyle(this.#root).getPropertyValue("--st-background-color").trim() || "#ffffff"
  }

  /** @param {0 | 1} start */
  #morphFrom(start) {
    return new Morph(start, (t, moving) => this.#moved(t, moving))
  }

  /**
   * Shows the box at the time `t`, what the button does, and the sentence for before or after the morph.
   * @param {number} t
   * @param {boolean} moving
   */
  #moved(t, moving) {
    const { side, before, after } = this.#data.picture.morph
    if (side !== null) this.#sides[side].part(t, moving)
    const apart = this.#morph.goal === 1 // the box comes apart or has come apart
    this.#pill.hidden = side === null
    set(this.#foot, { hidden: side === null && !before ? "" : null })
    say(this.#pill, apart ? "Put it together" : "Pull the box apart")
    say(this.#words, apart ? after : before)
  }

  /** Pulls the box apart once, when it has come into view. */
  #play() {
    if (this.#played) return
    this.#played = true
    const seen = new IntersectionObserver(
      ([entry]) => {
        if (!entry.isIntersecting) return
        seen.disconnect()
        const timer = setTimeout(() => this.#morph.go(1), PLAYS)
        this.#ends.push(() => clearTimeout(timer))
      },
      { threshold: 0.6 },
    )
    this.#ends.push(() => seen.disconnect())
    seen.observe(this.#places)
  }

  /** Saves both sides below the finding as an SVG file, with the colours that they have on the page. */
  #save() {
    const { color, fontFamily } = getComputedStyle(this.#root)
    const { width, height } = this.#sides[0].root.viewBox.baseVal
    const size = { width: MARGIN + this.#sides.length * (width + MARGIN), height: HEAD + height + MARGIN }
    const look = { x: MARGIN, y: 28, fill: color, "font-family": fontFamily, "font-size": 16, "font-weight": 650 }
    const drawing = svg(
      "svg",
      { xmlns: "http://www.w3.org/2000/svg", ...size },
      svg("rect", { ...size, fill: this.#ground }),
      svg("text", look, this.#finding.textContent ?? ""),
      ...this.#sides.map(({ root }, s) => set(inlined(root), { x: MARGIN + s * (width + MARGIN), y: HEAD })),
    )
    const text = new XMLSerializer().serializeToString(drawing)
    download(new Blob([text], { type: "image/svg+xml" }), `${this.#data.file}.svg`)
  }
}

/** @type {Renderer<Data>} */
export const diagram = rendererOf((component) => new Diagram(component))
