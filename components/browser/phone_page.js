// @ts-check
// The parts of a participant's page, drawn from what the server sends.
import { isRight, LETTERS, numberField, positionsOf, withOption, wordsOf } from "./phone_choice.js"
import { countdown } from "./room_clock.js"
import { html, svg } from "./svg.js"

const SURE = "You may leave this out. If many are certain of a wrong answer, the host knows what to explain."
/** @type {[key: string, words: string][]} */
const PACES = [
  ["standard", "same as the room"],
  ["10", "ten times as long"],
  ["none", "no clock"],
]

/**
 * An element with HTML that the server has rendered from Markdown.
 * @param {"div" | "span"} name
 * @param {string} content
 */
function rich(name, content) {
  const node = html(name)
  node.innerHTML = content
  return node
}

/**
 * Sentences, and the picture below them.
 * @param {Phone.Part} part
 * @returns {HTMLElement[]}
 */
function partOf({ words, picture }) {
  return [...words.map((text) => rich("div", text)), ...(picture ? [rich("div", picture)] : [])]
}

/**
 * Draws the participant's own run once more above those of the class.
 * @param {HTMLElement} drawing
 * @param {number} mine its position
 */
function showOwn(drawing, mine) {
  const runs = [...drawing.querySelectorAll(".run")]
  const lines = runs.flatMap((path) => path.getAttribute("d")?.split(" ") ?? [])
  drawing.querySelector(".median")?.after(svg("path", { class: "own", d: lines[mine] }))
}

/**
 * The question with its options, as fields while it is asked.
 * @param {Phone.Question} question
 * @param {{ option: number | null, sure: string }} chosen
 * @param {((option: number | null, sure: string | null) => void) | null} choose
 */
export function questionOf(question, chosen, choose) {
  const parts = [
    html("p", { class: "place" }, question.place),
    html("h2", {}, question.title),
    rich("div", question.text),
    ...question.parts.flatMap(partOf),
  ]
  if (question.answer === "number") {
    if (!choose) return parts
    parts.push(numberField(chosen.option, (value) => choose(value, null)))
  } else {
    const options = optionsOf(question, chosen, choose)
    if (!choose) return [...parts, html("ul", { class: "options" }, ...options)]
    const asked = question.answer === "several" ? "Your answer: choose all that are right" : "Your answer"
    parts.push(html("fieldset", {}, html("legend", {}, asked), ...options))
  }
  if (question.sure.length) {
    const fields = question.sure.map((word) => {
      const field = html("input", { type: "radio", name: "sure", value: word })
      field.checked = word === chosen.sure
      field.disabled = chosen.option === null
      field.onchange = () => choose(null, word)
      return html("label", { class: "pill" }, field, html("span", {}, word))
    })
    const why = html("p", { class: "note", id: "sure" }, SURE)
    const about = { class: "pills", "aria-describedby": "sure" }
    parts.push(html("fieldset", about, html("legend", {}, "How sure are you?"), why, ...fields))
  }
  return parts
}

/**
 * The options, as fields while they are asked.
 * @param {Phone.Question} question
 * @param {{ option: number | null }} chosen
 * @param {((option: number | null, sure: string | null) => void) | null} choose
 */
function optionsOf({ options, answer }, chosen, choose) {
  const several = answer === "several"
  let given = chosen.option
  return options.map((option, i) => {
    const words = rich("span", option)
    if (!choose) return html("li", {}, html("b", {}, LETTERS[i]), words)
    const field = html("input", { type: several ? "checkbox" : "radio", name: "answer", value: i })
    field.checked = several ? positionsOf(given ?? 0).includes(i) : i === given
    field.onchange = () => {
      given = several ? withOption(given, i, field.checked) : i
      choose(given, null)
    }
    return html("label", { class: "option-field" }, field, html("b", {}, LETTERS[i]), words)
  })
}

/**
 * The clock with the time that is left to think; nothing for a participant who has no clock.
 * @param {Phone.Question} question
 * @param {Phone.Own} own
 * @param {number} now seconds since 1970 on the server
 */
export function clockOf({ seconds, since }, { pace }, now) {
  return pace === "none" ? [] : [countdown(seconds * (pace === "10" ? 10 : 1) - (now - since))]
}

/**
 * The participant's answers, and whether the last one is right; `right` is null until that may be shown.
 * @param {(number | null)[] | undefined} answers
 * @param {Phone.Kind} kind
 * @param {Phone.Result["right"]} right
 */
export function ownAnswerOf(answers, kind, right) {
  const given = (answers ?? []).filter((option) => option !== null)
  if (!given.length) return html("p", {}, "You have not answered this question.")
  const isGood = right !== null && isRight(given[given.length - 1], right)
  const mark = right === null ? "" : isGood ? "✓ Right." : "✗ Not right."
  const letters = given.map((value) => wordsOf(kind, value)).join(" → ")
  const node = html("p", { class: "own-answer" })
  if (mark) node.append(html("strong", { class: isGood ? "good" : "bad" }, mark), " ")
  node.append("You answered: ", html("b", {}, letters), ".")
  return node
}

/**
 * A result: what was voted and measured, the reason, and the links to the app.
 * @param {Phone.Result} result
 * @param {Phone.Own} own
 * @param {{ room: string, base: string }} where
 */
export function resultOf(result, own, { room, base }) {
  const answers = own.answers[result.step]
  /** @type {HTMLElement[]} */
  const nodes = [html("h2", {}, result.title), ownAnswerOf(answers, result.answer, result.right)]
  const about = html("details", {}, html("summary", {}, "The question"), rich("div", result.text))
  const options = result.options.map((text) => rich("div", text)).map(item)
  if (result.answer !== "number") about.append(html("ol", { class: "options", type: "A" }, ...options))
  nodes.push(about)
  for (const { words, picture } of result.parts) {
    const mine = picture?.includes('class="run"') ? result.runs.indexOf(own.number) : -1
    const part = partOf({ words: mine < 0 ? words : [...words, "Bold: <b>your run</b>."], picture })
    if (mine >= 0) showOwn(part[part.length - 1], mine)
    nodes.push(...part)
  }
  if (result.why) nodes.push(html("h3", {}, "Why"), rich("div", result.why))
  const links = []
  if (result.own_run) links.push(linkTo("Open my run in Train", `${base}/rooms/${room}/runs/${result.step}`))
  const last = (answers ?? []).filter((option) => option !== null).pop()
  const chosen = { one: [last ?? -1], several: positionsOf(last ?? 0), number: [] }
  for (const position of chosen[result.answer]) {
    const tried = result.tries[position]
    if (tried) links.push(linkTo(tried.label, `${base}/${tried.path}`))
  }
  if (result.link) links.push(linkTo(result.link.label, `${base}/${result.link.path}`))
  if (links.length) nodes.push(html("p", { class: "links" }, ...links))
  return nodes
}

/** @param {Node} node */
const item = (node) => html("li", {}, node)

/**
 * @param {string} label
 * @param {string} address
 */
const linkTo = (label, address) => html("a", { href: address, target: "_blank", rel: "noopener" }, label)

/**
 * What participants choose for themselves: a name if the room allows it, and more time.
 * @param {Phone.Page} page
 * @param {Phone.Own} own
 * @param {(wanted: { name?: string, pace?: string }) => void} change
 */
export function choicesOf(page, own, change) {
  const nodes = []
  if (page.names) {
    const name = html("input", { type: "text", maxlength: 24, autocomplete: "nickname", value: own.alias })
    name.onchange = () => change({ name: name.value })
    nodes.push(html("label", { class: "field" }, "Your name", name))
  }
  const paces = PACES.map(([key, words]) => {
    const field = html("input", { type: "radio", name: "pace", value: key })
    field.checked = key === own.pace
    field.onchange = () => change({ pace: key })
    return html("label", { class: "pill" }, field, html("span", {}, words))
  })
  nodes.push(html("fieldset", { class: "pills" }, html("legend", {}, "Time to think"), ...paces))
  return nodes
}
