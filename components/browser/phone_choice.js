// @ts-check
// What a participant chooses or types: one option, several of them, or a number. Several options are one number, the
// sum of 2 ** position, as the room counts them.
import { html } from "./svg.js"

export const LETTERS = "ABCDEF"
const NO_NUMBER = "Type a number, such as 2, 0.5 or -3."
/** A text whose comma may separate thousands or decimals. */
const AMBIGUOUS = /^[-+]?[1-9]\d{0,2},\d{3}$/

/** @param {string} typed */
const plain = (typed) => typed.trim().replace("\u2212", "-")

/**
 * The positions that an answer chooses.
 * @param {number} mask
 */
export const positionsOf = (mask) => [...LETTERS].map((_, i) => i).filter((i) => mask & (1 << i))

/**
 * The answer after one option was chosen, or is no longer chosen.
 * @param {number | null} mask
 * @param {number} position
 * @param {boolean} chosen
 */
export const withOption = (mask, position, chosen) =>
  chosen ? (mask ?? 0) | (1 << position) : (mask ?? 0) & ~(1 << position)

/**
 * The number that somebody typed, with a decimal point or a decimal comma; null if the text is not a number, or if its
 * comma may separate thousands.
 * @param {string} typed
 */
export function numberOf(typed) {
  if (AMBIGUOUS.test(plain(typed))) return null
  const text = plain(typed).replace(",", ".")
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d{1,2})?$/i.test(text) ? Number(text) : null
}

/**
 * What to type in place of a text that `numberOf` does not take.
 * @param {string} typed
 */
export function numberHint(typed) {
  const text = plain(typed)
  if (!AMBIGUOUS.test(text)) return NO_NUMBER
  return `Write ${text.replace(",", "")} or ${text.replace(",", ".")}: ${text} can mean both.`
}

/**
 * An answer in words: "A", "A and C", or the number.
 * @param {Phone.Kind | undefined} kind
 * @param {number} value
 */
export function wordsOf(kind, value) {
  if (kind === "number") return String(value)
  if (kind !== "several") return LETTERS[value]
  const letters = positionsOf(value).map((i) => LETTERS[i])
  return letters.length < 2 ? letters.join("") : `${letters.slice(0, -1).join(", ")} and ${letters[letters.length - 1]}`
}

/**
 * Whether an answer is the right one, or in the right range (with its ends, to one part in 10⁹).
 * @param {number} value
 * @param {number | [number, number]} right
 */
export function isRight(value, right) {
  if (!Array.isArray(right)) return value === right
  const slack = 1e-9 * Math.max(Math.abs(right[0]), Math.abs(right[1]), 1e-12)
  return right[0] - slack <= value && value <= right[1] + slack
}

/**
 * The form of a question for a number. The button or Enter sends the number.
 * @param {number | null} chosen
 * @param {(value: number) => void} choose
 */
export function numberField(chosen, choose) {
  const look = { autocomplete: "off", inputmode: "decimal", maxlength: 20, name: "answer" }
  const field = html("input", { type: "text", value: chosen === null ? "" : String(chosen), ...look })
  const fault = html("p", { role: "alert", class: "bad", hidden: true })
  // The keyboard for numbers has no minus on some phones.
  const sign = html("button", { type: "button", class: "sign", "aria-label": "Change the sign" }, "+/−")
  sign.onclick = () => {
    field.value = field.value.startsWith("-") ? field.value.slice(1) : `-${field.value}`
    field.focus()
  }
  const form = html("form", { class: "number-field" })
  form.onsubmit = (event) => {
    event.preventDefault()
    const number = numberOf(field.value)
    fault.hidden = number !== null
    fault.textContent = numberHint(field.value)
    if (number !== null) choose(number)
  }
  const label = html("label", { class: "field" }, "Your answer, a number", field)
  form.append(label, html("div", { class: "number-buttons" }, sign, html("button", { type: "submit" }, "Send")), fault)
  return form
}

/**
 * Rebuilds `content`. What stands in its field for a number stays there.
 * @param {HTMLElement} content
 * @param {() => void} rebuild
 */
export function keepNumber(content, rebuild) {
  /** @returns {HTMLInputElement | null} */
  const find = () => content.querySelector(".number-field input")
  const before = find()
  rebuild()
  const after = find()
  if (before && after) after.value = before.value
}
