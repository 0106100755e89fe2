// What the server sends to a phone (`backend/rooms/phone.py`), and the `Answer` that a phone keeps and sends.
declare namespace Phone {
  interface Link {
    label: string
    path: string
  }
  /** What a question takes: an option, several options, or a number. */
  type Kind = "one" | "several" | "number"
  interface Question {
    step: number
    round: number
    place: string
    title: string
    text: string
    parts: Part[]
    answer: Kind
    options: string[]
    sure: string[]
    seconds: number
    since: number
  }
  /** Sentences and a picture, as HTML. */
  interface Part {
    words: string[]
    picture: string | null
  }
  interface Result {
    step: number
    rounds?: number
    title: string
    text: string
    options: string[]
    parts: Part[]
    runs: number[]
    answer: Kind
    right: number | [low: number, high: number] | null
    tries: Record<number, Link>
    link: Link | null
    own_run: boolean
    why: string
  }
  interface Page {
    version: number
    code: string
    asked: number
    title: string
    phase: "lobby" | "ask" | "discuss" | "frozen" | "result" | "paused" | "over"
    status: string
    names: boolean
    seeds: boolean
    question: Question | null
    result: Result | null
    results: [step: number, title: string][]
    waits: boolean
  }
  /** What the server sends to a board (`components/phone/board.py`). */
  interface Board {
    html: string
    status: string
    more: string[]
    clock: [left: number, begun: string] | null
    waits: boolean
  }
  interface Own {
    number: number
    alias: string
    pace: "standard" | "10" | "none"
    answers: Record<number, (number | null)[]>
    sure: Record<number, string>
    now: number
  }
  interface Answer {
    step: number
    round: number
    asked: number
    option: number
    value: number | null
    sure: string
    kind: Kind
  }
}
