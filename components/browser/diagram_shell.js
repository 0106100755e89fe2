// @ts-check
// What surrounds both sides of the diagram: the finding, the buttons, the menu of neurons, and the legend.
import { neuronOf, titleOf } from "./diagram_focus.js"
import { STYLE } from "./diagram_style.js"
import { reducedMotion, say } from "./dom.js"
import { html, set, svg } from "./svg.js"

/** @import { Frames, Morph, Picture } from "./diagram_picture.js" */

const SAVE = "M12 4v10m-4-4l4 4l4-4M5 19h14"
const TOGETHER = "M7 4h10v16H7z"
const APART = "M7 3h10v7H7zM7 14h10v7H7z"
const SOFT = 250 // milliseconds

/** @param {string} path */
function icon(path, size = 20) {
  const stroke = { stroke: "currentColor", "stroke-width": 2, "stroke-linecap": "round", "stroke-linejoin": "round" }
  const box = { width: size, height: size, viewBox: "0 0 24 24", "aria-hidden": "true" }
  return svg("svg", box, svg("path", { d: path, fill: "none", ...stroke }))
}

export class Shell {
  finding = html("h2", { "aria-live": "polite" })
  keep = html("button", { class: "save", type: "button" }, icon(SAVE))
  sides = html("div", { class: "sides" })
  pill = html("button", { class: "pill", type: "button" })
  select = html("select", { "aria-label": "Highlight a neuron" })
  root = html("section", { class: "diagram" })
  #words = html("p", { role: "status" })
  #legend = html("p", { class: "legend" })

  /**
   * @param {Place} parent
   * @param {Element} tooltip
   */
  constructor(parent, tooltip) {
    const head = html("div", { class: "head" }, this.finding, this.keep)
    const choose = html("label", { class: "choose" }, "Highlight a neuron", this.select)
    const foot = html("div", { class: "foot" }, this.pill, this.#words, choose)
    // When the sides are below each other, the button is above them.
    const body = html("div", { class: "body" }, this.sides, foot)
    this.root.append(head, body, this.#legend, tooltip)
    parent.append(html("style", {}, STYLE), this.root)
  }

  /** The colour behind the diagram. */
  get ground() {
    return getComputedStyle(this.root).getPropertyValue("--st-background-color").trim() || "#ffffff"
  }

  /**
   * @param {Picture} picture
   * @param {Frames | undefined} frames
   */
  describe(picture, frames) {
    const options = picture.focusable.map((entry) => {
      const { group, index } = neuronOf(picture, entry)
      return html("option", { value: entry }, titleOf(picture.groups[group], index))
    })
    this.select.replaceChildren(html("option", { value: "" }, "none"), ...options)
    this.#legend.textContent = [...picture.legend, ...(frames?.legend ?? [])].join(" ")
  }

  /** @param {string} format */
  nameFormat(format) {
    const name = format.toUpperCase()
    set(this.keep, { title: `Save as ${name}`, "aria-label": `Save the diagram as ${name}` })
  }

  /**
   * Writes what the button does, and the sentence for before or after the morph.
   * @param {Morph} morph
   * @param {boolean} apart whether the box comes apart or has come apart
   */
  describeMorph(morph, apart) {
    const { pill } = this
    pill.hidden = morph.side === null
    const label = apart ? morph.together : morph.apart
    if (pill.title !== label) {
      pill.title = label
      pill.replaceChildren(icon(apart ? TOGETHER : APART, 16), label)
    }
    say(this.#words, apart ? morph.after : (reducedMotion() && morph.still) || morph.before)
  }

  /** Gives edges a short transition. While weights move there is none, because each frame changes the edges. */
  soften() {
    this.sides.classList.add("soft")
    setTimeout(() => this.sides.classList.remove("soft"), SOFT)
  }
}
