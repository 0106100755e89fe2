// @ts-check
// The questions from the room, in a part of the page that folds: a field for one's own question, and the list on which
// everybody votes. The list is fetched only while this part is open.
import { say } from "./dom.js"
import { keepOrder, voteWords, withVote } from "./phone_question_order.js"
import { ask, oneByOne } from "./phone_server.js"
import { html } from "./svg.js"

const SPREAD = 2000 // milliseconds within which the phones of a room fetch a list that has changed
const AGAIN = 5000 // milliseconds until a list that did not come is requested again
const MOST = 280 // characters of a question
const NOT_SENT = "No connection. Your question was not sent: send it again."
const NOT_COUNTED = "No connection. Your vote was not counted: vote again."

export class RoomQuestions {
  #summary = html("summary")
  #field = html("textarea", { rows: 2, maxlength: MOST })
  #status = html("p", { role: "status" })
  #list = html("ol", { class: "asked" })
  #sort = html("button", { type: "button", class: "plain", hidden: true }, "Sort by votes")
  /** @type {HTMLDetailsElement} */
  node = html("details", { class: "room-questions", hidden: true })
  #room
  #has = "" // the tag of the list that is shown
  /** @type {Phone.RoomQuestion[]} */
  #listed = []
  /** @type {Set<number>} */
  #own = new Set() // the questions for which this participant has voted
  /** @type {number[]} */
  #order = []
  /** @type {Map<number, ReturnType<typeof itemOf>>} */
  #items = new Map()
  #votes = 0 // begun and ended votes on this page: a list requested before the last of them is out of date
  #voting = 0 // votes that are on their way to the room
  #fetches = 0 // how many lists were requested
  #shown = 0 // the number of the list that is shown
  #missed = false // a list came while votes were on their way, and was not shown
  #reorders = false // the next list is shown in its own order
  #waits = false
  #sending = false
  #inOrder = oneByOne() // the votes: the last one counts

  /** @param {string} room */
  constructor(room) {
    this.#room = room
    const label = html("label", { class: "field" }, "Your question (your name is not shown)", this.#field)
    const form = html("form", {}, label, html("button", { type: "submit" }, "Ask"))
    form.onsubmit = (event) => {
      event.preventDefault()
      this.#ask()
    }
    this.#sort.onclick = () => this.#reorder()
    this.node.append(this.#summary, form, this.#status, this.#sort, this.#list)
    this.node.ontoggle = () => {
      if (this.node.open) this.#reorder()
    }
  }

  /**
   * Takes what the room tells all phones: how many questions are open, and the tag of the list; null if it takes none.
   * @param {Phone.Notice | null} notice
   */
  tell(notice) {
    this.node.hidden = !notice
    if (!notice) return
    say(this.#summary, `Questions from the room (${notice.count})`)
    if (!this.node.open || notice.tag === this.#has || this.#waits) return
    this.#waits = true
    setTimeout(() => this.#fetch(), Math.random() * SPREAD)
  }

  async #fetch() {
    this.#waits = this.#missed = false
    if (this.node.hidden || !this.node.open) return
    const votes = this.#votes
    const fetching = ++this.#fetches
    try {
      const { status, told } = await ask(`${this.#room}/questions`)
      if (status !== 200) say(this.#status, told.refused)
      else if (this.#voting) this.#missed = true
      else if (votes !== this.#votes) this.#fetch()
      else if (fetching > this.#shown) {
        this.#shown = fetching
        this.#show(told)
      }
    } catch {
      if (this.#waits) return
      this.#waits = true
      setTimeout(() => this.#fetch(), AGAIN)
    }
  }

  /** Fetches the list, and shows it in its order by votes. */
  #reorder() {
    this.#reorders = true
    this.#fetch()
  }

  /** @param {{ own: number[], tag: string, questions: Phone.RoomQuestion[] }} told */
  #show({ own, tag, questions }) {
    this.#has = tag
    this.#own = new Set(own)
    this.#listed = questions
    if (this.#reorders) this.#order = []
    this.#reorders = false
    this.#draw()
  }

  #draw() {
    this.#order = keepOrder(this.#order, this.#listed)
    const focused = document.activeElement
    const active = focused instanceof HTMLElement && this.#list.contains(focused) ? focused : null
    for (const [number, { node }] of this.#items) {
      if (this.#order.includes(number)) continue
      node.remove()
      this.#items.delete(number)
    }
    for (const question of this.#listed) {
      const item = this.#items.get(question.number) ?? itemOf(question, () => this.#vote(question.number))
      this.#items.set(question.number, item)
      item.update(question, this.#own.has(question.number))
    }
    const nodes = this.#order.flatMap((number) => this.#items.get(number)?.node ?? [])
    for (const [i, node] of nodes.entries()) {
      if (this.#list.children[i] !== node) this.#list.insertBefore(node, this.#list.children[i] ?? null)
    }
    this.#sort.hidden = nodes.length < 2
    if (active && (active.hidden || !active.isConnected)) this.#summary.focus({ preventScroll: true })
  }

  async #ask() {
    const text = this.#field.value
    if (this.#sending || !text.trim()) return
    this.#sending = true
    try {
      const { status, told } = await ask(`${this.#room}/questions`, { text })
      if (status !== 200) say(this.#status, told.refused)
      else {
        say(
          this.#status,
          told.new ? "Your question is in the list." : "This was asked already. Your vote counts for it.",
        )
        if (this.#field.value === text) this.#field.value = ""
        this.#fetch()
      }
    } catch {
      say(this.#status, NOT_SENT)
    }
    this.#sending = false
  }

  /** @param {number} number */
  async #vote(number) {
    const voted = this.#own.has(number)
    this.#votes += 1
    this.#voting += 1
    if (voted) this.#own.delete(number)
    else this.#own.add(number)
    this.#listed = this.#listed.map((each) => (each.number === number ? withVote(each, voted) : each))
    this.#draw()
    let words = ""
    try {
      const vote = { question: number, up: !voted }
      const { status, told } = await this.#inOrder(() => ask(`${this.#room}/votes`, vote))
      if (status !== 200) words = told.refused
    } catch {
      words = NOT_COUNTED
    }
    this.#votes += 1
    this.#voting -= 1
    say(this.#status, words)
    if (words || this.#missed) this.#fetch() // the list as the room has it
  }
}

/**
 * A question of the list: its vote button, its text, and whether it was answered.
 * @param {Phone.RoomQuestion} question
 * @param {() => void} vote
 */
function itemOf({ text }, vote) {
  const button = html("button", { type: "button", class: "vote" })
  const answered = html("span", { class: "answered" })
  const node = html("li", {}, button, html("span", { class: "words", dir: "auto" }, text), answered)
  button.onclick = vote
  return {
    node,
    /**
     * @param {Phone.RoomQuestion} question
     * @param {boolean} voted
     */
    update(question, voted) {
      say(button, `${voted ? "▲" : "△"} ${question.votes}`) // a shape, because some see no colour
      button.setAttribute("aria-label", voteWords(question))
      button.setAttribute("aria-pressed", String(voted))
      button.hidden = question.answered
      say(answered, question.answered ? `✓ Answered · ${question.votes}` : "")
    },
  }
}
