// @ts-check
// Predictions against targets: a card for each task, with one panel a style, or one for both if they agree.
import { say } from "./dom.js"
import { drawingOf } from "./drawing.js"
import { bytesOf } from "./numbers.js"
import { playback } from "./playback.js"
import { confusion, difference, MARGINS, points } from "./predictions_panel.js"
import { download, html, set, svg } from "./svg.js"
import { rendererOf } from "./view.js"

/** @import { Clock } from "./clock.js" */
/** @import { Drawn, Task } from "./predictions_panel.js" */

const GAP = 14
const WIDEST = 250
const SAVE = "M12 4v10m-4-4l4 4l4-4M5 19h14"
const PANELS = { regression: points, binary: points, multiclass: confusion }

const STYLE = `
  .tasks { display: grid; gap: var(--space-5) var(--space-8); grid-template-columns: repeat(auto-fill, minmax(min(100%, 400px), 1fr)); color: var(--st-text-color); font-family: var(--st-font); }
  .task { min-width: 0; }
  header { display: flex; align-items: center; gap: var(--space-2); min-height: 32px; }
  h3 { margin: 0; font-size: var(--font-body); font-weight: 600; overflow-wrap: anywhere; flex: 1; }
  .chip { width: 12px; height: 12px; border-radius: var(--radius-small); flex: none; forced-color-adjust: none; }
  p { margin: 2px 0 var(--space-2); font-size: var(--font-note); line-height: 1.45; }
  svg { display: block; overflow: visible; font-variant-numeric: tabular-nums; }
  .cell { transition: fill-opacity 0.15s; }
  button { border: 1px solid transparent; border-radius: var(--radius); background: none; color: inherit; padding: var(--space-1); cursor: pointer; line-height: 0; }
  button:hover { border-color: var(--st-border-color); background: var(--st-secondary-background-color); }
  button:focus-visible { outline: var(--focus); outline-offset: 2px; }
  @media (prefers-reduced-motion: reduce) { .cell { transition: none; } }`

/**
 * The tasks of the run named `run`, the epochs of its frames, both styles, and the colour of what both have in common.
 * @typedef {object} Data
 * @property {string} run
 * @property {number[]} frames
 * @property {{ title: string, colour: string }[]} styles
 * @property {string} both
 * @property {Task[]} tasks
 */

/** @param {Task} task */
function button(task) {
  const size = { width: 18, height: 18, viewBox: "0 0 24 24" }
  const look = { fill: "none", stroke: "currentColor", "stroke-width": 1.8, "aria-hidden": "true" }
  const icon = svg("svg", { ...size, ...look }, svg("path", { d: SAVE }))
  const label = `Save the predictions of ${task.title} as SVG`
  return html("button", { type: "button", title: "Save as SVG", "aria-label": label }, icon)
}

class Card {
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
    keep.onclick = () => {
      const fill = getComputedStyle(this.#picture).getPropertyValue("--st-background-color").trim() || "#ffffff"
      const ground = {
        margin: 0,
        head: 0,
        before: (/** @type {Attributes} */ size) => [svg("rect", { ...size, fill })],
      }
      const name = `two-heads-predictions-${task.name}-epoch-${this.#epoch}.svg`
      download(new Blob([drawingOf([this.#picture], ground)]), name)
    }
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

  /** @param {Moment} moment */
  update(moment) {
    const { shown } = moment
    this.#epoch = this.#data.frames[shown]
    const { score: name, scores } = this.#task
    this.#parts.forEach((part, i) => {
      part.update(moment)
      if (!part.score) return
      const score = scores[i][shown]
      say(part.score, score ? `${name} ${score}` : `no ${name}: the targets do not vary`)
    })
  }
}

/** @implements {View<Data>} */
class Predictions {
  /** @type {Card[]} */
  #cards = []
  /** @type {(() => void) | undefined} */
  #stop
  /** @type {Data | null} */
  #known = null
  /** @type {Clock | null} */
  #clock = null
  #width = 0
  #root = html("div", { class: "tasks" })
  #watch

  /** @param {Component<Data>} component */
  constructor({ parentElement }) {
    parentElement.append(html("style", {}, STYLE), this.#root)
    this.#watch = new ResizeObserver(() => {
      const now = this.#root.clientWidth
      if (!now || now === this.#width) return
      this.#width = now
      this.#build()
    })
    this.#watch.observe(this.#root)
  }

  /** @param {Component<Data>} component */
  update({ data }) {
    if (this.#known && JSON.stringify(this.#known) === JSON.stringify(data)) return
    this.#known = data
    this.#stop?.()
    this.#clock = playback(data.run)
    this.#cards = data.tasks.map((task) => new Card(task, data))
    this.#root.replaceChildren(...this.#cards.map(({ root }) => root))
    this.#width = this.#root.clientWidth
    if (this.#width) this.#build()
    this.#stop = this.#clock.subscribe(() => this.#follow())
  }

  leave() {
    this.#stop?.()
    this.#watch.disconnect()
  }

  #build() {
    for (const card of this.#cards) card.build()
    this.#follow()
  }

  #follow() {
    const clock = this.#clock
    if (!clock || !this.#cards.length || !this.#width || String(clock.frames) !== String(this.#known?.frames)) return
    for (const card of this.#cards) card.update(clock.between())
  }
}

/** @type {Renderer<Data>} */
export const predictions = rendererOf((component) => new Predictions(component))
