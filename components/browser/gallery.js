// @ts-check
// A choice among pictures: one of them (radio buttons), or several (check boxes). Each has a title and a note below it.
import { html, set } from "./svg.js"
import { Turns } from "./turns.js"
import { rendererOf } from "./view.js"

const STYLE = `
  fieldset { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(11rem, calc(50% - 0.5rem)), 1fr));
    gap: 0.6rem; margin: 0; padding: 0; border: 0; font-family: var(--st-font); color: var(--st-text-color); }
  legend { padding: 0 0 0.4rem; font-size: var(--font-small); }
  label { position: relative; display: flex; flex-direction: column; gap: 0.35rem; padding: 0.5rem 0.6rem 0.55rem;
    box-sizing: border-box; border: 1px solid var(--line); border-radius: var(--radius);
    font-size: var(--font-small); line-height: 1.3; cursor: pointer; }
  label:hover { border-color: var(--accent); }
  label:has(:checked) { border-color: var(--accent); background: var(--accent-ground); }
  label:has(:focus-visible) { outline: var(--focus); outline-offset: 2px; }
  input { position: absolute; opacity: 0; inset: 0; width: 100%; height: 100%; margin: 0; cursor: pointer; }
  svg { display: block; width: 100%; height: var(--high); }
  svg path { fill: none; stroke-linecap: round; stroke-linejoin: round; vector-effect: non-scaling-stroke; }
  .note { font-size: var(--font-tiny); color: var(--quiet); }
  label:has(:checked) .title { font-weight: 650; }
  @media (forced-colors: active) { label:has(:checked) { border: 3px solid Highlight; } }
`

/** An option with its drawing, an SVG. @typedef {{ key: string, title: string, note: string, drawing: string }} Item */
/**
 * `high` is the height of a picture, as a CSS length. `turn` is the number of the last
 * choice that Python got. In a new session, numbers begin above all those of the session before.
 * @typedef {{ label: string, many: boolean, chosen: string[], items: Item[], high: string, turn: number }} Data
 */

/** @implements {View<Data>} */
class Gallery {
  #root = html("fieldset")
  #drawn = ""
  #turns = new Turns(() => this.#check())
  /** @type {Component<Data>} */
  #component

  /** @param {Component<Data>} component */
  constructor(component) {
    this.#component = component
    component.parentElement.replaceChildren(html("style", {}, STYLE), this.#root)
    this.#root.addEventListener("change", () => {
      const keys = this.#inputs.filter((input) => input.checked).map((input) => input.value)
      this.#component.setTriggerValue("chosen", { keys, turn: this.#turns.next() })
    })
  }

  get #inputs() {
    return [...this.#root.querySelectorAll("input")]
  }

  /** @param {Component<Data>} component */
  update(component) {
    this.#component = component
    const { label, many, items, high } = component.data
    set(this.#root, { role: many ? "group" : "radiogroup", "aria-label": label, style: `--high: ${high}` })
    const keys = JSON.stringify([label, many, items.map(({ key, title }) => [key, title])])
    if (keys !== this.#drawn) {
      this.#drawn = keys
      this.#root.replaceChildren(html("legend", {}, label), ...items.map((item) => this.#label(item, many)))
    }
    this.#root.querySelectorAll(".drawing").forEach((place, i) => {
      place.innerHTML = items[i].drawing
    })
    this.#check()
  }

  /** Shows what Python has, unless a choice here is newer. */
  #check() {
    const { chosen, turn } = this.#component.data
    if (!this.#turns.counts(turn)) return
    for (const input of this.#inputs) input.checked = chosen.includes(input.value)
  }

  leave() {
    this.#turns.leave()
  }

  /**
   * @param {Item} item
   * @param {boolean} many
   */
  #label({ key, title, note }, many) {
    const notes = note ? [html("span", { class: "note" }, note)] : []
    const input = html("input", { type: many ? "checkbox" : "radio", name: "choice", value: key })
    return html(
      "label",
      {},
      input,
      html("span", { class: "drawing" }),
      html("span", { class: "title" }, title),
      " ",
      ...notes,
    )
  }
}

/** @type {Renderer<Data>} */
export const gallery = rendererOf((component) => new Gallery(component))
