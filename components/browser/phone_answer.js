// @ts-check
// The answer that a participant gives: it is sent again until the server has stored or refused it. The browser keeps it
// meanwhile, also when the page is loaded anew.
import { AGAIN, ask, wait } from "./phone_server.js"

/**
 * The answer as the room counts it: the position of an option, the sum of 2 ** position over several, or a number.
 * @param {{ option: number, value?: number | null }} answer
 */
export const givenIn = ({ option, value }) => value ?? option

export class Answering {
  /** @type {Phone.Answer | null} the answer that the server has not stored yet */
  unsent = null
  stored = 0 // answers that the room has stored while this page was open
  #sending = false
  #key
  #room
  #own
  #asked
  #changed
  #refused

  /**
   * @param {string} room
   * @param {() => Phone.Own} own
   * @param {() => number} asked how often the host has deleted answers, as the page knows it
   * @param {() => void} changed
   * @param {(answer: Phone.Answer, words: string) => void} refused
   */
  constructor(room, own, asked, changed, refused) {
    this.#key = `two-heads.answer.${room}`
    this.#room = room
    this.#own = own
    this.#asked = asked
    this.#changed = changed
    this.#refused = refused
    try {
      this.unsent = JSON.parse(localStorage.getItem(this.#key) ?? "null")
    } catch {
      // a browser that keeps nothing
    }
  }

  /**
   * The choice in the page's round: the answer that is not stored yet, or else the one that the room has.
   * @param {Phone.Page} page
   * @returns {{ option: number | null, sure: string }}
   */
  chosen({ question, asked }) {
    if (!question) return { option: null, sure: "" }
    const { step, round } = question
    const { unsent } = this
    if (unsent && unsent.step === step && unsent.round === round && unsent.asked === asked)
      return { option: givenIn(unsent), sure: unsent.sure }
    const own = this.#own()
    const option = own.answers[step]?.[round - 1] ?? null
    return { option, sure: option === null ? "" : (own.sure[step] ?? "") }
  }

  /**
   * Keeps and sends another answer. Null leaves the option, or how sure the participant is, as chosen before.
   * @param {Phone.Page} page
   * @param {number | null} option
   * @param {string | null} sure
   */
  choose(page, option, sure) {
    const { question, asked } = page
    const now = this.chosen(page)
    const wanted = option ?? now.option
    if (wanted === null || !question) return
    const { step, round, answer: kind } = question
    const given = kind === "number" ? { option: 0, value: wanted } : { option: wanted, value: null }
    this.#keep({ step, round, asked, ...given, sure: sure ?? now.sure, kind })
    this.#changed()
    this.send()
  }

  async send() {
    if (this.#sending) return
    this.#sending = true
    while (this.unsent) {
      const answer = this.unsent
      try {
        const { kind: _, ...sent } = answer
        const { status, told } = await ask(`${this.#room}/answer`, sent)
        if (status === 200) this.#store(answer)
        else if (told.again) await wait(1000 * told.again)
        else if (this.unsent === answer) {
          this.#keep(null)
          this.#refused(answer, told.refused)
        }
      } catch {
        await wait(AGAIN)
      }
      this.#changed()
    }
    this.#sending = false
  }

  /** @param {Phone.Answer | null} answer */
  #keep(answer) {
    this.unsent = answer
    try {
      if (answer) localStorage.setItem(this.#key, JSON.stringify(answer))
      else localStorage.removeItem(this.#key)
    } catch {
      // a browser that keeps nothing
    }
  }

  /** @param {Phone.Answer} answer */
  #store(answer) {
    this.stored += 1
    if (this.unsent === answer) this.#keep(null)
    if (answer.asked !== this.#asked()) return // the host may have deleted it since it was stored
    const own = this.#own()
    const both = own.answers[answer.step] ?? [null, null]
    both[answer.round - 1] = givenIn(answer)
    own.answers[answer.step] = both
    own.sure[answer.step] = answer.sure
  }
}
