// @ts-check
// The predictions of a task: one panel a style, or one for both if they agree.
import { say } from "./dom.js"
import { bytesOf } from "./numbers.js"
import { confusion } from "./predictions_confusion.js"
import { difference } from "./predictions_difference.js"
import { MARGINS } from "./predictions_panel.js"
import { scatter, strips } from "./predictions_points.js"
import { download, html, set, svg } from "./svg.js"

/** @import { Drawn, Task } from "./predictions_panel.js" */

const GAP = 14
const WIDEST = 250
const SAVE = "M12 4v10m-4-4l4 4l4-4M5 19h14"
const PANELS = { regression: scatter, binary: strips, multiclass: confusion }

/**
 * The tasks of the run named `run`, the epochs of its frames, both styles, and the colour of what both have in common.
 * @typedef {object} Data
 * @property {string} run
 * @property {number[]} frames
 * @property {{ title: string, colour: string }[]} styles
 * @property {string} both
 * @property {Task[]} tasks
 */

/**
 * @param {SVGSVGElement} picture
 * @param {string} name
 */
function save(picture, name) {
  const copy = /** @type {SVGSVGElement} */ (picture.cloneNode(true))
  const look = getComputedStyle(picture)
  const ground = look.getPropertyValue("--st-background-color").trim() || "#ffffff"
  set(copy, { xmlns: "http://www.w3.org/2000/svg", color: look.color, "font-family": look.fontFamily })
  copy.prepend(svg("rect", { width: "100%", height: "100%", fill: ground }))
  download(new Blob([new XMLSerializer().serializeToString(copy)], { type: "image/svg+xml" }), `${name}.svg`)
}

/** @param {Task} task */
function button(task) {
  const size = { width: 18, height: 18, viewBox: "0 0 24 24" }
  const look = { fill: "none", stroke: "currentColor", "stroke-width": 1.8, "aria-hidden": "true" }
  const icon = svg("svg", { ...size, ...look }, svg("path", { d: SAVE }))
  const label = `Save the predictions of ${task.title} as SVG`
  return html("button", { type: "button", title: "Save as SVG", "aria-label": label }, icon)
}

export class Card {
  /** @type {Drawn[]} */
  #parts = []
  #epoch = 0
  #task
  #data
  #truth
  #sides
  #picture

  /**
   * @param {Task} task
   * @param {Data} data
   */
  constructor(task, data) {
    this.#task = task
    this.#data = data
    this.#truth = bytesOf(task.truth)
    this.#sides = task.sides.map(bytesOf)
    this.#picture = svg("svg", { role: "img", "aria-label": task.alt })
    const keep = button(task)
    keep.addEventListener("click", () => {
      save(this.#picture, `two-heads-predictions-${task.name}-epoch-${this.#epoch}`)
    })
    const chip = html("span", { class: "chip", style: `background: ${task.hue}` })
    const head = html("header", {}, chip, html("h3", {}, task.title), keep)
    this.root = html("section", { class: "task", "data-task": task.name }, head)
    if (task.words) this.root.append(html("p", {}, task.words))
    this.root.append(this.#picture)
    if (task.kind === "binary") this.root.append(html("p", {}, "Filled: right. Hollow: wrong."))
  }

  /** Draws the panels as wide as the card. */
  build() {
    const { left, right, top, bottom } = MARGINS
    const task = this.#task
    const { styles, both, frames } = this.#data
    const width = this.root.clientWidth
    const side = Math.min((width - GAP - left - 3 * right) / 2, WIDEST)
    const widths = [side + left + right, side + 2 * right]
    const height = Math.round(side + top + bottom)
    set(this.#picture, { width, height })
    this.#parts = this.#sides.map((codes, i) =>
      PANELS[task.kind]({
        task,
        codes,
        truth: this.#truth,
        width: widths[i],
        height,
        first: i === 0,
        title: task.agree ? "Both sides" : styles[i].title,
        colour: task.agree ? styles.map(({ colour }) => colour) : [styles[i].colour],
        mark: task.agree ? both : styles[i].colour,
      }),
    )
    if (task.difference && task.range && Math.max(...task.difference) > 0) {
      const chart = { width: widths[1], height, differences: task.difference, range: task.range, frames }
      this.#parts.push(difference(chart))
    }
    this.#parts.forEach(({ group }, i) => set(group, { transform: `translate(${i * (widths[0] + GAP)} 0)` }))
    this.#picture.replaceChildren(...this.#parts.map(({ group }) => group))
  }

  /**
   * @param {Moment} moment
   * @param {number} shown
   */
  update(moment, shown) {
    this.#epoch = this.#data.frames[shown]
    const { score: name, scores } = this.#task
    this.#parts.forEach((part, i) => {
      part.update(moment, shown)
      if (!part.score) return
      const score = scores[i][shown]
      say(part.score, score ? `${name} ${score}` : `no ${name}: the targets do not vary`)
    })
  }
}
