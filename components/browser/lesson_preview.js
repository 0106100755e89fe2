// @ts-check
// The preview of a lesson for its author: a room at one question, in three frames. It begins anew at each save of the
// lesson's file.
import { say } from "./dom.js"
import { BASE, wait } from "./phone_server.js"
import { html } from "./svg.js"

/** @typedef {{ id: string, title: string, file: string, stamp: string, steps: string[] }} Known */

const EACH = 1000 // milliseconds between two looks at the files
const PATH = `${BASE}/board/preview`
const WALL = 1920 // the width of the board in pixels

/** @param {string} id */
const menu = (id) => /** @type {HTMLSelectElement} */ (document.getElementById(id))
/** @param {string} kind */
const frame = (kind) => /** @type {HTMLIFrameElement} */ (document.querySelector(`.${kind} iframe`))
const said = /** @type {HTMLElement} */ (document.getElementById("said"))
const faults = /** @type {HTMLElement} */ (document.getElementById("faults"))
const lessons = menu("lesson")
const steps = menu("step")
let room = ""
let shown = "" // the lesson, its text and the question that the frames show

/**
 * @param {HTMLSelectElement} select
 * @param {[value: string, words: string][]} options
 */
function fill(select, options) {
  const chosen = select.value
  const words = JSON.stringify(options)
  if (select.dataset.words === words) return
  select.dataset.words = words
  select.replaceChildren(...options.map(([value, text]) => html("option", { value }, text)))
  if (options.some(([value]) => value === chosen)) select.value = chosen
}

/** @param {Known} lesson */
async function open(lesson) {
  const body = JSON.stringify({ lesson: lesson.id, step: Number(steps.value || 0), room })
  const headers = { "Content-Type": "application/json" }
  const answer = await fetch(`${PATH}/open`, { method: "POST", headers, body })
  const told = await answer.json()
  if (told.refused) {
    say(said, told.refused)
    shown = "" // it is tried again
    return
  }
  room = told.room
  const host = frame("host")
  // The board opens for the host's cookie, which comes with the host's page.
  host.onload = () => {
    host.onload = null
    frame("board").src = told.board
    frame("phone").src = told.phone
  }
  host.src = told.host
  say(said, `You see ${lesson.file} as it was at ${new Date().toLocaleTimeString()}.`)
}

async function look() {
  const answer = await fetch(`${PATH}/lessons`, { cache: "no-store" })
  /** @type {{ lessons: Known[], faults: string[] }} */
  const told = await answer.json()
  faults.hidden = !told.faults.length
  faults.replaceChildren(...told.faults.map((words) => html("li", {}, words)))
  fill(
    lessons,
    told.lessons.map(({ id, title, file }) => [id, `${title} (${file})`]),
  )
  const lesson = told.lessons.find(({ id }) => id === lessons.value)
  if (!lesson) {
    say(said, "There is no lesson without a fault in the folder.")
    return
  }
  fill(
    steps,
    lesson.steps.map((title, i) => [String(i), `${i + 1}. ${title}`]),
  )
  const now = `${lesson.id} ${lesson.stamp} ${steps.value}`
  if (now === shown) return
  shown = now
  await open(lesson)
}

function fit() {
  const board = frame("board")
  board.style.transform = `scale(${(board.parentElement?.clientWidth ?? WALL) / WALL})`
}

async function run() {
  for (;;) {
    try {
      await look()
    } catch {
      say(said, "The server cannot be reached. This page tries again.")
      shown = ""
    }
    await wait(EACH)
  }
}

addEventListener("resize", fit)
fit()
run()
