// @ts-check
// The votes of a room, before and after the discussion.
import { root } from "./room_style.js"
import { html } from "./svg.js"

/** @typedef {{ letter: string, text: string, right: boolean, rounds: number[] }} Option its votes in each round; its letter may be empty */
/** @typedef {{ options: Option[], totals: number[], wide: import("./room_picture_charts.js").Wide }} Data */

const WIDEST = 70 // percent of a bar

/**
 * @param {number} count
 * @param {number} round
 * @param {Option} option
 * @param {number[]} totals
 */
function barOf(count, round, { rounds }, totals) {
  const compared = rounds.length > 1
  const bar = html("i", { style: `width: ${(WIDEST * count) / Math.max(1, ...totals)}%` })
  const percent = Math.round((100 * count) / Math.max(totals[round], 1))
  const words = `${count} (${percent} %)${compared ? (round ? " after" : " before") : ""}`
  return html("div", { class: `bar ${compared && !round ? "first" : ""}` }, bar, html("span", {}, words))
}

/** @type {Renderer<Data>} */
export const roomVotes = ({ data, parentElement }) => {
  const options = data.options.map((option) => {
    const { letter, text, right, rounds } = option
    const bars = rounds.map((count, round) => barOf(count, round, option, data.totals))
    return html(
      "div",
      { class: `option ${right ? "right" : ""} ${letter ? "" : "bare"}` },
      ...(letter ? [html("b", {}, letter)] : []),
      html("p", {}, right ? `✓ ${text}` : text),
      html("div", { class: "bars" }, ...bars),
    )
  })
  root(parentElement, data).replaceChildren(...options)
  return undefined
}
