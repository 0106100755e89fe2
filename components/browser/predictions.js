// @ts-check
// Predictions against targets: a card for each task.
import { playback } from "./playback.js"
import { Card } from "./predictions_card.js"
import { html } from "./svg.js"
import { rendererOf } from "./view.js"

/** @import { Clock } from "./clock.js" */
/** @import { Data } from "./predictions_card.js" */

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
    const shown = clock.frames.indexOf(clock.shown)
    const moment = clock.resting ? { from: shown, to: shown, share: 0 } : clock.between()
    for (const card of this.#cards) card.update(moment, shown)
  }
}

/** @type {Renderer<Data>} */
export const predictions = rendererOf((component) => new Predictions(component))
