// @ts-check
// The common parts of the pictures of a room: their style sheet, and sizes for a phone and for a wall.
import { html } from "./svg.js"

const STYLE = `
:host { display: block; }
.picture { color: var(--st-text-color); font-family: var(--st-font); font-size: 1em; }
.picture.hand { max-width: 40rem; }
.option { display: grid; grid-template-columns: 1.6em 1fr; gap: .1em .5em; align-items: center; margin: 0 0 var(--after, .7em); }
.option.bare { grid-template-columns: 1fr; }
.option b { grid-row: span 2; align-self: start; }
.option p { margin: 0; line-height: 1.3; }
.option.right p, .option.right b { color: var(--accent); font-weight: 650; }
.bars { display: grid; gap: .15em; }
.bar { display: flex; align-items: center; gap: .5em; font-size: max(.85em, var(--smallest, 0px)); line-height: 1.25; }
.bar i { display: block; height: 1.05em; min-width: 2px; border-radius: var(--radius-small); background: var(--quiet); transition: width .6s ease-out; }
.bar.first i { opacity: .45; }
.option.right .bar i { background: var(--accent); }
.bar span { white-space: nowrap; font-variant-numeric: tabular-nums; }
svg { display: block; width: 100%; height: auto; overflow: visible; font-family: var(--st-font); }
svg.wide { max-height: var(--highest, 58vh); }
svg.wide.tall { max-height: 68vh; }
svg text { fill: var(--st-text-color); }
.axis { stroke: var(--st-text-color); stroke-opacity: .45; }
.run { fill: none; stroke: var(--neutral); stroke-opacity: .5; stroke-width: 1.3; }
.band { fill: var(--neutral); fill-opacity: .22; }
.median { fill: none; stroke: var(--st-text-color); stroke-width: 2.5; stroke-dasharray: 7 4; }
.own { fill: none; stroke: var(--accent); stroke-width: 4; }
.expected { fill: var(--accent); fill-opacity: .14; }
.title { margin: 0 0 .4em; font-weight: 600; line-height: 1.3; }
.note { display: var(--note, block); margin: 0 0 .4em; line-height: 1.3; }
.legend { display: flex; flex-wrap: wrap; gap: .1em .5em; margin: 0 0 .4em; padding: 0; list-style: none; line-height: 1.3; }
.legend .sign { display: inline-block; width: 26px; height: 12px; margin-right: .25em; }
.scrolled { overflow-x: auto; }
.scrolled > svg { overflow: hidden; }
.box { fill: none; stroke: var(--st-text-color); stroke-opacity: .6; }
.arrow { fill: none; stroke: var(--st-text-color); stroke-opacity: .6; }
.tip { fill: var(--st-text-color); fill-opacity: .6; }
.hidden { visibility: hidden; }
.vote { fill: var(--quiet); }
.vote.first { fill-opacity: .35; }
@media (prefers-reduced-motion: reduce) { .bar i { transition: none; } }
`

/**
 * The element of a picture in `parent`, created if there is none. It is larger if it is `wide`, for a wall.
 * @param {Place} parent
 * @param {{ wide: import("./room_picture_charts.js").Wide }} data
 */
export function root(parent, { wide }) {
  /** @type {HTMLElement | null} */
  let place = parent.querySelector(".picture")
  if (!place) {
    place = html("div", { class: "picture" })
    parent.append(html("style", {}, STYLE), place)
  }
  place.style.fontSize = wide ? "var(--wall)" : "1rem"
  place.classList.toggle("hand", !wide) // on a wide screen, a picture is no larger than on a tablet
  return place
}

/**
 * The approximate width of the longest of `words`.
 * @param {string[]} words
 * @param {number} font
 */
export const widthOf = (words, font) => 0.56 * font * Math.max(...words.map((each) => each.length), 0)
